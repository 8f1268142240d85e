"""Places: kept by the collective, or made from what received events say."""

import hashlib
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from agenda.models.event import DELETED, Event
from agenda.models.origin import Origin
from agenda.models.place import Place
from agenda.queries.finding import place_by_id
from agenda.refusals import NameTaken, PlaceInUse
from agenda.rules import check_place
from agenda.schemas import PlaceValues
from agenda.service.audit import note
from agenda.service.derived import touch
from agenda.service.retelling import retell
from agenda.service.slugs import free_slug
from agenda.words import fold
from kit import clock
from kit.auth import Principal
from kit.ids import new_id


def create_place(session: Session, by: Principal, values: PlaceValues) -> Place:
    """Add a place. Raises Invalid, NameTaken when one has the same name and address."""
    check_place(values)
    if _same(session, None, values):
        raise NameTaken
    place = _make(session, None, values, values.city)
    note(session, by, "place.created", f"place:{place.id}", place.name)
    touch(session)
    return place


def edit_place(session: Session, by: Principal, place_id: UUID, values: PlaceValues) -> Place:
    """Change a place; its events show it at once. Raises NoSuchPlace, NameTaken, Invalid."""
    check_place(values)
    place = place_by_id(session, place_id)
    twin = _same(session, None, values)
    if twin is not None and twin.id != place.id:
        raise NameTaken
    _write(place, values)
    retell(session, Event.place_id == place.id)
    note(session, by, "place.edited", f"place:{place.id}", place.name)
    touch(session)
    return place


def delete_place(session: Session, by: Principal, place_id: UUID) -> None:
    """Raises PlaceInUse while an event takes place there, NoSuchPlace."""
    place = place_by_id(session, place_id)
    if session.scalar(select(exists().where(Event.place_id == place.id, Event.status != DELETED))):
        raise PlaceInUse
    session.execute(update(Event).where(Event.place_id == place.id).values(place_id=None))
    session.delete(place)
    note(session, by, "place.deleted", f"place:{place.id}", place.name)
    touch(session)


def merge_place(session: Session, by: Principal, place_id: UUID, into_id: UUID) -> Place:
    """Every event of the first place moves to the second; the first disappears. Raises NoSuchPlace."""
    place, into = place_by_id(session, place_id), place_by_id(session, into_id)
    if place is into:
        return into
    moved = list(session.scalars(select(Event.id).where(Event.place_id == place.id)))
    session.execute(update(Event).where(Event.place_id == place.id).values(place_id=into.id))
    session.delete(place)
    retell(session, Event.id.in_(moved))
    note(session, by, "place.merged", f"place:{into.id}", f"{place.name} → {into.name}")
    touch(session)
    return into


def find_or_make(session: Session, origin: Origin | None, values: PlaceValues) -> Place:
    """The place of this name and address from this origin (None: ours), made when it is new."""
    place = _same(session, origin, values)
    if place is None:
        return _make(session, origin, values, values.city, origin.host if origin else "")
    if origin is not None:
        _write(place, values)
    return place


def _same(session: Session, origin: Origin | None, values: PlaceValues) -> Place | None:
    whose = Place.origin_id.is_(None) if origin is None else Place.origin_id == origin.id
    return session.scalars(select(Place).where(whose, Place.fingerprint == _fingerprint(values))).first()


def _make(session: Session, origin: Origin | None, values: PlaceValues, *hints: str) -> Place:
    place = Place(id=new_id(), origin_id=origin.id if origin else None)
    place.slug = free_slug(session, Place.slug, place.id, values.name, *(hint for hint in hints if hint))
    _write(place, values)
    session.add(place)
    session.flush()
    return place


def _write(place: Place, values: PlaceValues) -> None:
    place.name, place.street = values.name.strip(), values.street.strip()
    place.postal_code, place.city = values.postal_code.strip(), values.city.strip()
    place.country = values.country.upper()
    place.latitude, place.longitude = values.latitude, values.longitude
    place.wheelchair, place.note = values.wheelchair, values.note.strip()
    place.fingerprint = _fingerprint(values)
    place.updated_at = clock.now()


def _fingerprint(values: PlaceValues) -> str:
    text = "|".join(fold(part) for part in (values.name, values.street, values.city))
    return hashlib.sha256(text.encode()).hexdigest()
