"""Events announced by address, as Mobilizon groups do: fetched at their origin, which vouches for them."""

from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from agenda.federated.reading import read_event
from agenda.models.announced import MOST_WAITING, AnnouncedEvent
from agenda.queries.finding import event_by_uri, origin_by_uri
from agenda.schemas import OriginValues
from agenda.service.origins import know_origin
from agenda.service.received import receive_event
from config.collective import Collective
from federation.exchange import exchange_of
from federation.relations import relation_of
from kit import clock
from kit.app import App
from kit.choices import read_choice
from kit.errors import Refusal
from kit.jobs import Job

AT_ONCE = 20


def note_announced(session: Session, uri: str, teller: str) -> None:
    """Remember an event to fetch: at its teller's origin, unknown so far, and not too many at once."""
    if urlsplit(uri)[:2] != urlsplit(teller)[:2] or event_by_uri(session, uri) is not None:
        return
    waiting = session.scalar(select(func.count()).select_from(AnnouncedEvent)) or 0
    if waiting < MOST_WAITING:
        session.merge(AnnouncedEvent(uri=uri, teller=teller, at=clock.now()))


async def fetch_announced(app: App) -> None:
    """Fetch what waits, each once: an event that cannot be had will be announced or told again."""
    for uri, teller in await app.db.aread(_waiting):
        try:
            found = await exchange_of(app).fetcher.document(uri)
            await app.db.awrite(partial(_take, found=found, teller=teller))
        except Refusal:
            pass
        finally:
            await app.db.awrite(partial(_forget, uri=uri))


def _waiting(session: Session) -> list[tuple[str, str]]:
    oldest = select(AnnouncedEvent.uri, AnnouncedEvent.teller).order_by(AnnouncedEvent.at).limit(AT_ONCE)
    return [(uri, teller) for uri, teller in session.execute(oldest)]


def _take(session: Session, found: dict[str, Any], teller: str) -> None:
    """Keep a fetched event as its teller's, if we still listen to it. Raises NotReadable."""
    if relation_of(session, teller) == "stranger":
        return
    usual = read_choice(session, Collective).timezone
    told = read_event(found, teller, clock.now(), usual, fetched=True)
    origin = origin_by_uri(session, teller) or know_origin(session, OriginValues(uri=teller))
    receive_event(session, origin, told)


def _forget(session: Session, uri: str) -> None:
    session.execute(delete(AnnouncedEvent).where(AnnouncedEvent.uri == uri))


JOBS = (Job("agenda.announced", timedelta(seconds=30), fetch_announced),)
