"""A person's data leaves with them, or is taken away; every room says what it knows."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from kit.auth import Principal
from kit.facts import emit
from kit.features import PersonalData
from kit.i18n import lazy
from people import audit
from people.facts import PersonErased
from people.models.audit import AuditEntry
from people.models.sign_in import SignInAttempt
from people.refusals import ErasureBlocked
from people.service import roles
from people.service.persons import get


def what_is_known(session: Session, person_id: UUID, rooms: Mapping[str, PersonalData]) -> dict[str, Any]:
    """Everything each room knows of a person, by the room's name."""
    return {name: dict(room.export(session, person_id)) for name, room in rooms.items()}


def reasons_to_wait(session: Session, person_id: UUID, rooms: Iterable[PersonalData]) -> list[str]:
    """Sentences that say why this person cannot be erased yet."""
    return [sentence for room in rooms for sentence in room.blocks_erasure(session, person_id)]


def erase(session: Session, by: Principal, person_id: UUID, rooms: Iterable[PersonalData]) -> None:
    """Forget a person in `rooms`, this one last. Raises ErasureBlocked, LastAdministrator, NotFound."""
    rooms = tuple(rooms)
    roles.refuse_last_administrator(session, get(session, person_id))
    if reasons := reasons_to_wait(session, person_id, rooms):
        raise ErasureBlocked(" ".join(reasons))
    for room in rooms:
        room.erase(session, person_id)
    audit.record(session, Principal(session_id=by.session_id), lazy("Person erased"), kind="person")
    emit(session, PersonErased(person_id))


def forget(session: Session, person_id: UUID) -> None:
    """Take away the person's own rows; what they did in the back office stays, without their name."""
    person = get(session, person_id)
    session.execute(delete(SignInAttempt).where(SignInAttempt.email == person.email))
    acts = update(AuditEntry).where(AuditEntry.who_id == person_id)
    session.execute(acts.values(who_id=None, who_name="", search=""))
    about = update(AuditEntry).where(AuditEntry.kind == "person", AuditEntry.about_id == str(person_id))
    session.execute(about.values(about="", about_id="", details={}, search=""))
    session.delete(person)
    session.flush()
