"""Sales that a Pass of another node pays: a row first, then the question, then the journal."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID, uuid5

import msgspec
from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.orm import Session

from kit import clock
from kit.app import App
from kit.auth import Principal
from kit.errors import Busy, Refusal
from sales.journal.asking import Sell
from sales.journal.shapes import Link, Payment
from sales.models.waiting import SaleWaiting
from sales.refusals import NeighbourRefused
from sales.schemas import Sold
from sales.service.recording import asubmit
from wallet.cards.reading import Tap
from wallet.flows_village import look_at_all, pay
from wallet.ledger.requests import Line
from wallet.refusals import BY_NAME, NoSuchTransfer, refusal_named
from wallet.service.posting import request_id
from wallet.village_schemas import Told, VillageSpending
from wallet.village_words import why_words

TILL = Principal(name="till")
PURPOSE = "sale"
ASKING: Final = timedelta(minutes=1)
"""So long after its row a sale may still be on its way to the neighbours: nobody calls it off before."""


async def pay_elsewhere(app: App, ask: Sell, tap: Tap, lines: Sequence[Line]) -> Sold:
    """Ask the neighbours, then write the sale. Raises what they say: Insufficient, CardLost, Busy, … ."""
    await app.db.awrite(lambda session: _note(session, ask))
    spending = VillageSpending(tap=tap, lines=tuple(lines), point=ask.stamp.point_name, sale=ask.content)
    try:
        told = await pay(app, TILL, spending, _key(ask.id))
    except Busy:
        raise  # nobody said no
    except Refusal as refusal:
        await _forget(app, ask.id, _why(refusal.name, getattr(refusal, "missing", 0)))
        raise
    return await _settled(app, ask, told)


async def finish(app: App, sale_id: UUID) -> Sold | None:
    """Look again at a sale that waited; None when none did. Raises why it will never be paid."""
    row = await app.db.aread(lambda session: session.get(SaleWaiting, sale_id))
    if row is None:
        return None
    if row.why:
        raise refusal_named_by(row.why)
    ask, is_young = msgspec.json.decode(row.body, type=Sell), clock.now() < row.made_at + ASKING
    try:
        told, goes_on = await look_at_all(app, request_id(TILL, _key(sale_id)))
    except NoSuchTransfer as refusal:
        if is_young:
            return Sold(link=None)  # whoever sells is about to ask
        await _forget(app, sale_id, refusal.name)  # it was never asked: nothing is owed
        raise
    return Sold(link=None) if goes_on and is_young else await _settled(app, ask, told, row.host)


async def finish_all(app: App) -> None:
    """Go on with every sale that waits."""
    waiting = select(SaleWaiting.id).where(SaleWaiting.why == "")
    for sale_id in await app.db.aread(lambda session: session.scalars(waiting).all()):
        try:
            await finish(app, sale_id)
        except Refusal:
            continue  # it is written down


async def _settled(app: App, ask: Sell, told: Told, known: str | None = None) -> Sold:
    """Paid: into the journal. Waiting: the row stays. Failed: it is said, and nothing was sold.

    `known`: whom the row says it waits for; None while whoever sells stands there.
    """
    hosts = waits_for(told)
    if told.state == "waiting":
        if hosts != known:
            await app.db.awrite(lambda session: _wait(session, ask.id, hosts))
        return Sold(link=None, waits_for=hosts)
    if told.state == "failed":
        await _forget(app, ask.id, _why(told.why, told.missing), "" if known is None else hosts)
        raise refusal_named_by(told.why, told.missing)
    link: Link = await asubmit(app.db, replace(ask, payments=(*ask.payments, *_payments(app, ask, told))))
    await app.db.awrite(lambda session: _drop(session, ask.id))
    return Sold(link=link)


def _payments(app: App, ask: Sell, told: Told) -> list[Payment]:
    """All of them name the payment between nodes: it goes back as a whole."""
    here, names = _host(app.settings.node.url), dict(ask.names)
    return [
        Payment(
            means="pass",
            amount=part.amount,
            asset=part.asset,
            name=names.get(part.asset, part.asset),
            host=_host(part.issuer) if part.issuer else here,
            transfer=told.id.hex,
        )
        for part in told.parts
    ]


def _note(session: Session, ask: Sell) -> None:
    """Raises why it was refused for good: it is not asked again."""
    known = session.get(SaleWaiting, ask.id)
    if known is not None and known.why:
        raise refusal_named_by(known.why)
    if known is None:
        body = msgspec.json.encode(ask)
        session.add(SaleWaiting(id=ask.id, made_at=clock.now(), host="", why="", body=body))


def _wait(session: Session, sale_id: UUID, hosts: str) -> None:
    row = session.get(SaleWaiting, sale_id)
    if row is not None:
        row.host = hosts


async def _forget(app: App, sale_id: UUID, why: str, hosts: str = "") -> None:
    """It was refused for good: kept with its reason, so that the till is told the same again.

    `hosts`: who refused after the till had to wait.
    """

    def unit(session: Session) -> None:
        row = session.get(SaleWaiting, sale_id)
        if row is not None:
            row.why, row.host = why, hosts or row.host

    await app.db.awrite(unit)


def _why(name: str, missing: int) -> str:
    return f"{name} {missing}" if missing else name


def refusal_named_by(why: str, missing: int = 0) -> Refusal:
    """The refusal of this name; what only a neighbour says, such as a limit, in its own words."""
    name, _, more = why.partition(" ")
    if name in BY_NAME:
        return refusal_named(name, missing or (int(more) if more.isdecimal() else 0))
    return NeighbourRefused(why_words(why) or None, fields={"why": why})


def _drop(session: Session, sale_id: UUID) -> None:
    row = session.get(SaleWaiting, sale_id)
    if row is not None:
        session.delete(row)


def waits_for(told: Told) -> str:
    """The hosts that have not answered."""
    return ", ".join(dict.fromkeys(_host(part.issuer) for part in told.parts if part.issuer))


def _host(origin: str) -> str:
    return urlsplit(origin).netloc or origin


def _key(sale_id: UUID) -> str:
    return f"{PURPOSE} {uuid5(sale_id, PURPOSE).hex}"
