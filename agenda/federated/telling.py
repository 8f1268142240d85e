"""What we tell other nodes of our own events: rows of the outbox, in the transaction of the fact."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct
from sqlalchemy.orm import Session

from agenda.facts import EventCancelled, EventChanged, EventPublished, EventWithdrawn
from agenda.federated.shape import activity, event_object, event_uri, tombstone
from agenda.models.event import Event
from agenda.queries.finding import event_with_tombstone
from config.collective import Collective
from federation.outbox import send
from kit.choices import read_choice, save_choice
from kit.facts import Listener

if TYPE_CHECKING:
    from kit.app import App


class Home(Struct, frozen=True):
    """The node's own origin, kept beside the data so that a listener knows who speaks."""

    choice_name: ClassVar[str] = "agenda_home"

    url: str = ""


def remember_home(app: "App") -> None:
    """Note the node's address when it differs from the one noted."""
    home = Home(app.settings.node.url)
    with app.db.read() as session:
        known = read_choice(session, Home)
    if known != home:
        app.db.write(lambda session: save_choice(session, home))


def on_published(session: Session, fact: EventPublished) -> None:
    """`Create`, then `Announce`: Gancio wants the first, Mobilizon the second."""
    event, home = _spoken_of(session, fact.event_id)
    if event is not None:
        told = event_object(event, read_choice(session, Collective), home)
        _send(session, event, home, activity("Create", event, told, home))
        _send(session, event, home, activity("Announce", event, told["id"], home))


def on_changed(session: Session, fact: EventChanged | EventCancelled) -> None:
    """`Update`, in place of older ones that were not sent yet; `Delete` when it is shared no more."""
    event, home = _spoken_of(session, fact.event_id, even_unshared=True)
    if event is None:
        return
    if event.do_not_share:
        _send(session, event, home, activity("Delete", event, tombstone(event, home), home))
        return
    told = event_object(event, read_choice(session, Collective), home)
    _send(session, event, home, activity("Update", event, told, home), supersede=True)


def on_withdrawn(session: Session, fact: EventWithdrawn) -> None:
    """`Delete` with a tombstone inside."""
    event, home = _spoken_of(session, fact.event_id)
    if event is not None:
        _send(session, event, home, activity("Delete", event, tombstone(event, home), home))


def _spoken_of(session: Session, event_id: object, even_unshared: bool = False) -> tuple[Event | None, str]:
    """The event, None when nobody is told of it, and our origin."""
    home = read_choice(session, Home).url
    event = event_with_tombstone(session, event_id)
    if not home or event is None or (event.do_not_share and not even_unshared):
        return None, home
    return event, home


def _send(
    session: Session, event: Event, home: str, told: dict[str, object], *, supersede: bool = False
) -> None:
    labels = frozenset(tag.slug for tag in event.tags)
    send(session, told, object_id=event_uri(event, home), labels=labels, supersede=supersede)


LISTENERS: Mapping[type, tuple[Listener, ...]] = {
    EventPublished: (on_published,),
    EventChanged: (on_changed,),
    EventCancelled: (on_changed,),
    EventWithdrawn: (on_withdrawn,),
}
