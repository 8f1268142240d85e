"""Whose cookie, whose token: one read per request."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from people.models.person import Person
from people.models.sign_in import IDLE, ApiToken, DemoLink, PersonSession
from people.proofs import hash_of


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


def token_of_secret(session: Session, secret: str, now: datetime) -> ApiToken | None:
    """The working token of a secret, with its person; None when it opens nothing."""
    found = session.scalars(
        select(ApiToken)
        .join(ApiToken.person)
        .options(contains_eager(ApiToken.person))
        .where(ApiToken.secret_hash == hash_of(secret), Person.archived_at.is_(None))
    ).one_or_none()
    return found if found and found.works(now) else None


def person_of_demo_link(session: Session, secret: str) -> Person | None:
    """Whom a reusable link of the demo signs in."""
    link = session.get(DemoLink, hash_of(secret))
    return session.get(Person, link.person_id) if link else None
