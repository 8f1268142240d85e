"""Whose cookie, whose token: one read per request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, contains_eager

from kit.db import Question, shared
from people.models.person import GivenRole, Person
from people.models.sign_in import IDLE, ApiToken, DemoLink, PersonSession
from people.proofs import hash_of

_TOKEN: Final = Question(
    select(
        ApiToken.id,
        ApiToken.scopes,
        ApiToken.used_at,
        Person.id,
        Person.name,
        Person.email,
        GivenRole.role,
    )
    .join(Person, Person.id == ApiToken.person_id)
    .outerjoin(GivenRole, GivenRole.person_id == Person.id)
    .where(
        ApiToken.secret_hash == bindparam("secret"),
        ApiToken.revoked_at.is_(None),
        ApiToken.expires_at.is_(None) | (ApiToken.expires_at > bindparam("now")),
        Person.archived_at.is_(None),
    )
)
"""Asked at every request of a program: a row for each role of its person."""


@dataclass(frozen=True)
class KnownToken:
    """A working token, and the person that it speaks for; `called` as screens name them."""

    id: UUID
    scopes: Sequence[str]
    used_at: datetime | None
    person_id: UUID
    called: str
    email: str
    roles: frozenset[str]


def session_of_cookie(session: Session, secret: str, now: datetime) -> PersonSession | None:
    """The live session of a cookie, with its person; None when it is over, unknown or its person archived."""
    found = session.scalars(
        select(PersonSession)
        .join(PersonSession.person)
        .options(contains_eager(PersonSession.person))
        .where(
            PersonSession.secret_hash == hash_of(secret),
            PersonSession.expires_at > now,
            PersonSession.seen_at > now - IDLE,
            Person.archived_at.is_(None),
        )
    )
    return found.one_or_none()


def token_of_secret(session: Session, secret: str, now: datetime) -> KnownToken | None:
    """The working token of a secret, with its person; None when it opens nothing."""
    hashed = hash_of(secret)
    return shared(session, (KnownToken, hashed), partial(_token, hashed, now))


def _token(hashed: bytes, now: datetime, session: Session) -> KnownToken | None:
    rows = _TOKEN.rows(session, secret=hashed, now=now)
    if not rows:
        return None
    key, scopes, used_at, person_id, name, email, _ = rows[0]
    roles = frozenset(row[-1] for row in rows if row[-1] is not None)
    return KnownToken(key, scopes, used_at, person_id, name or email, email, roles)


def person_of_demo_link(session: Session, secret: str) -> Person | None:
    """Whom a reusable link of the demo signs in."""
    link = session.get(DemoLink, hash_of(secret))
    return session.get(Person, link.person_id) if link else None
