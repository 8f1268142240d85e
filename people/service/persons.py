"""Persons come, change, leave."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit import clock
from kit.auth import Principal
from kit.db import insert
from kit.errors import NotFound
from kit.facts import emit
from kit.i18n import LANGUAGES, lazy
from kit.ids import new_id
from people import audit
from people.facts import PersonArchived, PersonJoined, PersonRestored
from people.models.person import ADMINISTRATOR, GivenRole, Person
from people.refusals import AddressTaken
from people.service import roles, sessions, tokens
from people.words import clean_name, folded, normal_email


def find(session: Session, email: str) -> Person | None:
    """The person of this address, normalised or not. Raises Invalid when it is no address."""
    return session.scalars(select(Person).where(Person.email == normal_email(email))).one_or_none()


def get(session: Session, person_id: UUID) -> Person:
    """The person. Raises NotFound."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound(cause="no such person")
    return person


def welcome(session: Session, email: str, *, name: str = "", language: str = "") -> Person:
    """The person of this address, made now if nobody has it. Raises Invalid."""
    address = normal_email(email)
    new = {"id": new_id(), "email": address, "search": "", "sort_name": "", "created_at": clock.now()}
    new |= {"name": "", "language": language if language in LANGUAGES else ""}
    added = session.scalar(insert(session, Person).values(new).on_conflict_do_nothing().returning(Person.id))
    person = session.scalars(select(Person).where(Person.email == address)).one()
    if added:
        _call(person, name)
        session.flush()
        emit(session, PersonJoined(person.id))
    return person


def add(session: Session, by: Principal, email: str, name: str = "", language: str = "") -> Person:
    """Add someone from the back office. Raises AddressTaken, Invalid."""
    if find(session, email):
        raise AddressTaken(fields={"email": str(AddressTaken.default)})
    person = welcome(session, email, name=name, language=language)
    audit.record(session, by, lazy("Person added"), person.called, kind="person", about_id=person.id)
    return person


def change(session: Session, by: Principal, person: Person, *, name: str, language: str) -> None:
    """Another name or language. Raises Invalid."""
    before = {"name": person.name, "language": person.language}
    _call(person, name)
    person.language = language if language in LANGUAGES else ""
    if before != {"name": person.name, "language": person.language} and by.person_id != person.id:
        audit.record(
            session,
            by,
            lazy("Person changed"),
            person.called,
            kind="person",
            about_id=person.id,
            details=before,
        )


def move(session: Session, person: Person, email: str) -> str:
    """Give `person` a new, proved address; returns the old one. Raises AddressTaken."""
    address = normal_email(email)
    owner = find(session, address)
    if owner and owner.id != person.id:
        raise AddressTaken
    old, person.email = person.email, address
    _call(person, person.name)
    who = audit.itself(person)
    audit.record(session, who, lazy("Mail address changed"), person.called, kind="person", about_id=person.id)
    return old


def archive(session: Session, by: Principal, person_id: UUID) -> Person:
    """Close someone's access; sessions and tokens end at once. Raises LastAdministrator, NotFound."""
    person = get(session, person_id)
    if not person.is_archived:
        roles.refuse_last_administrator(session, person)
        person.archived_at = clock.now()
        sessions.end_all(session, person.id)
        tokens.revoke_all(session, person.id)
        audit.record(session, by, lazy("Person archived"), person.called, kind="person", about_id=person.id)
        emit(session, PersonArchived(person.id))
    return person


def restore(session: Session, by: Principal, person_id: UUID) -> Person:
    """Open someone's access again. Raises NotFound."""
    person = get(session, person_id)
    if person.is_archived:
        person.archived_at = None
        audit.record(session, by, lazy("Person restored"), person.called, kind="person", about_id=person.id)
        emit(session, PersonRestored(person.id))
    return person


def make_administrator(session: Session, name: str, email: str) -> Person:
    """The first administrator: added if need be, opened again if archived. Raises Invalid."""
    person = welcome(session, email, name=name)
    person.archived_at = None
    if name and not person.name:
        _call(person, name)
    if ADMINISTRATOR not in person.roles:
        person.given_roles.append(GivenRole(role=ADMINISTRATOR, given_at=clock.now()))
        by = Principal(name="hameau")
        audit.record(
            session,
            by,
            lazy("Role given"),
            person.called,
            kind="person",
            about_id=person.id,
            details={"roles": [ADMINISTRATOR]},
        )
    return person


def _call(person: Person, name: str) -> None:
    person.name = clean_name(name)
    person.search = folded(f"{person.name} {person.email}")
    person.sort_name = folded(person.called)
