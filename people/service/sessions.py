"""Sessions: where a person is signed in, for ninety days at most, thirty without a visit."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from kit import clock
from kit.auth import Principal
from kit.errors import NotFound
from kit.i18n import lazy
from kit.ids import new_id
from people import audit
from people.models.person import Person
from people.models.sign_in import IDLE, LONGEST, ApiToken, PersonSession


def open_session(session: Session, person: Person, secret_hash: bytes, device: str) -> PersonSession:
    """A new session for `person`; the browser keeps the secret, the row its hash."""
    now = clock.now()
    row = PersonSession(
        id=new_id(),
        person_id=person.id,
        secret_hash=secret_hash,
        device=device,
        created_at=now,
        seen_at=now,
        expires_at=now + LONGEST,
    )
    person.seen_at = now
    session.add(row)
    return row


def end_session(session: Session, person_id: UUID, session_id: UUID) -> None:
    """End one session of a person. Raises NotFound when it is not theirs."""
    mine = PersonSession.person_id == person_id
    ended = delete(PersonSession).where(PersonSession.id == session_id, mine).returning(PersonSession.id)
    if session.scalar(ended) is None:
        raise NotFound(cause="no such session of this person")


def forget_session(session: Session, session_id: UUID | None) -> None:
    """End this session, whoever owns it, if it is still there: a new sign-in replaces it."""
    session.execute(delete(PersonSession).where(PersonSession.id == session_id))


def end_all(session: Session, person_id: UUID, but: UUID | None = None) -> None:
    """End every session of a person, but one when it is given."""
    others = delete(PersonSession).where(PersonSession.person_id == person_id)
    session.execute(others.where(PersonSession.id != but) if but else others)


def end_for(session: Session, by: Principal, person: Person) -> None:
    """Sign someone out of all their devices, from the back office."""
    end_all(session, person.id)
    audit.record(session, by, lazy("Devices signed out"), person.called, kind="person", about_id=person.id)


def note_seen(session: Session, seen: Mapping[UUID, datetime]) -> None:
    """Write when sessions, tokens and their persons were last seen; ids are of sessions or tokens."""
    for one, at in sorted(seen.items()):
        owner = update(PersonSession).where(PersonSession.id == one).values(seen_at=at)
        person_id = session.scalar(owner.returning(PersonSession.person_id))
        if person_id:
            session.execute(update(Person).where(Person.id == person_id).values(seen_at=at))
        else:
            session.execute(update(ApiToken).where(ApiToken.id == one).values(used_at=at))


def forget_old_sessions(session: Session) -> None:
    """Drop sessions that are over."""
    now = clock.now()
    over = or_(PersonSession.expires_at <= now, PersonSession.seen_at <= now - IDLE)
    session.execute(delete(PersonSession).where(over))
