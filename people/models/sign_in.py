"""Attempts to sign in, and the sessions and tokens that came of them. Secrets are kept as hashes only."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kit.db import Base
from kit.db.types import Json
from people.models.person import Person

SIGN_IN, CHANGE_ADDRESS, SETUP = "sign_in", "change_address", "setup"
PURPOSES = (SIGN_IN, CHANGE_ADDRESS, SETUP)
MOST_TRIES = 5
LONGEST = timedelta(days=90)
IDLE = timedelta(days=30)


class SignInAttempt(Base):
    """One mail with a link and a code, usable once until `expires_at`, whichever of the two comes first.

    `person_id` is set when the purpose concerns a known person (a new address, a set-up link).
    """

    __tablename__ = "sign_in_attempt"
    __table_args__ = (CheckConstraint("purpose IN ('" + "','".join(PURPOSES) + "')", name="purpose"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    email: Mapped[str] = mapped_column(index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    link_hash: Mapped[bytes] = mapped_column(unique=True)
    code_hash: Mapped[bytes | None]
    language: Mapped[str] = mapped_column(default="")
    back: Mapped[str] = mapped_column(default="")
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]

    def is_open(self, now: datetime) -> bool:
        """Whether its link may still be used."""
        return self.used_at is None and now < self.expires_at

    def takes_codes(self, now: datetime) -> bool:
        """Whether its code may still be tried."""
        return self.is_open(now) and self.code_hash is not None and self.tries < MOST_TRIES


class PersonSession(Base):
    """A browser where a person is signed in. The cookie holds 256 random bits; the row their SHA-256."""

    __tablename__ = "person_session"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[bytes] = mapped_column(unique=True)
    device: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)

    person: Mapped[Person] = relationship(lazy="raise")


class ApiToken(Base):
    """A key that a program uses on the JSON API, on behalf of the person it belongs to, within its scopes."""

    __tablename__ = "api_token"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    scopes: Mapped[list[Any]] = mapped_column(Json)
    secret_hash: Mapped[bytes] = mapped_column(unique=True)
    hint: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")

    def works(self, now: datetime) -> bool:
        """Whether it still opens doors."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class DemoLink(Base):
    """A link of the demo that signs in again and again; its door exists only where `node.demo` is set."""

    __tablename__ = "demo_link"

    secret_hash: Mapped[bytes] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
