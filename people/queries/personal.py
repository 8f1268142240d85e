"""What this room knows of a person, in words that other programs can read."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from people.models.audit import AuditEntry
from people.models.person import Person
from people.queries.listing import sessions_of, tokens_of


def known(session: Session, person_id: UUID) -> Mapping[str, Any]:
    """Name, address, roles, devices, keys, and what they did in the back office."""
    person = session.get(Person, person_id)
    if person is None:
        return {}
    return {
        "name": person.name,
        "email": person.email,
        "language": person.language,
        "created_at": person.created_at,
        "roles": [{"role": given.role, "given_at": given.given_at} for given in person.given_roles],
        "devices": _devices(session, person_id),
        "api_keys": _keys(session, person_id),
        "acts": _acts(session, person_id),
    }


def _devices(session: Session, person_id: UUID) -> list[dict[str, Any]]:
    return [
        {"device": one.device, "since": one.created_at, "seen_at": one.seen_at}
        for one in sessions_of(session, person_id)
    ]


def _keys(session: Session, person_id: UUID) -> list[dict[str, Any]]:
    return [
        {"name": key.name, "scopes": key.scopes, "created_at": key.created_at, "used_at": key.used_at}
        for key in tokens_of(session, person_id)
    ]


def _acts(session: Session, person_id: UUID) -> list[dict[str, Any]]:
    theirs = select(AuditEntry).where(AuditEntry.who_id == person_id).order_by(AuditEntry.seq)
    return [{"at": one.at, "verb": one.verb, "about": one.about} for one in session.scalars(theirs)]
