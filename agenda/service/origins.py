"""The nodes that events come from: our copy of what federation says of them."""

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from agenda.models.event import VISIBLE, Event
from agenda.models.origin import Origin
from agenda.models.place import Place
from agenda.queries.finding import origin_by_uri
from agenda.schemas import OriginValues
from agenda.service.derived import touch
from kit import clock
from kit.colour import DEFAULT, is_colour
from kit.ids import new_id


def know_origin(session: Session, values: OriginValues) -> Origin:
    """Add or refresh a node. An empty value keeps what we had."""
    origin = origin_by_uri(session, values.uri)
    if origin is None:
        origin = _new_origin(values.uri)
        session.add(origin)
    for field in ("name", "url", "city"):
        setattr(origin, field, getattr(values, field)[:200] or getattr(origin, field))
    if is_colour(values.accent):
        origin.accent, origin.pennant = values.accent, values.pennant % 6
    if values.latitude is not None and values.longitude is not None:
        origin.latitude, origin.longitude = values.latitude, values.longitude
    origin.updated_at = clock.now()
    session.flush()
    touch(session)
    return origin


def show_origin(session: Session, uri: str, *, shown: bool) -> None:
    """Show or hide everything that comes from a node, when the exchange opens or closes."""
    origin = origin_by_uri(session, uri)
    if origin is None or origin.shown is shown:
        return
    origin.shown = shown
    listed = Event.status.in_(VISIBLE) if shown else False
    session.execute(update(Event).where(Event.origin_id == origin.id).values(listed=listed))
    touch(session)


def hide_host(session: Session, address: str) -> None:
    """Hide every node at `https://host`, or of that bare host, after a block."""
    base = address if "://" in address else f"https://{address}"
    found = select(Origin.uri).where(
        or_(Origin.uri == base, Origin.uri.startswith(f"{base}/", autoescape=True))
    )
    for uri in session.scalars(found).all():
        show_origin(session, uri, shown=False)


def forget_origin(session: Session, uri: str) -> None:
    """The node is no more: its events, its places and itself leave our agenda."""
    origin = origin_by_uri(session, uri)
    if origin is None:
        return
    session.execute(delete(Event).where(Event.origin_id == origin.id))
    session.execute(delete(Place).where(Place.origin_id == origin.id))
    session.delete(origin)
    touch(session)


def _new_origin(uri: str) -> Origin:
    origin = Origin(id=new_id(), uri=uri, accent=DEFAULT, pennant=0, city="", shown=True)
    origin.name, origin.url = origin.host, origin.node_url
    return origin
