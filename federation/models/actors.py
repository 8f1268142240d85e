"""Remote actors and their keys, as last seen."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base
from kit.db.types import Json


class RemoteActor(Base):
    """One actor of another node: where it is written to, and the profile it shows."""

    __tablename__ = "remote_actor"

    uri: Mapped[str] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(index=True)
    type: Mapped[str]
    name: Mapped[str]
    username: Mapped[str]
    url: Mapped[str]
    inbox: Mapped[str]
    shared_inbox: Mapped[str]
    outbox: Mapped[str]
    upcoming: Mapped[str]
    profile: Mapped[dict[str, Any]] = mapped_column(Json)
    fetched_at: Mapped[datetime]
    used_at: Mapped[datetime] = mapped_column(index=True)
    gone_at: Mapped[datetime | None]

    @property
    def delivery_inbox(self) -> str:
        """Where its public messages go: the shared inbox when it has one."""
        return self.shared_inbox or self.inbox


class ActorKey(Base):
    """A public key that an actor listed; kept after it was replaced, to verify old statements."""

    __tablename__ = "actor_key"
    __table_args__ = (Index(None, "actor_uri"),)

    key_id: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    actor_uri: Mapped[str]
    material: Mapped[str]
    state: Mapped[str]
    """`trusted`; `offered`: a villager's new key that neither an old key nor a human has vouched for;
    `retired`."""
    first_seen_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class FetchFailure(Base):
    """An address that could not be fetched: asked again only after `until`."""

    __tablename__ = "fetch_failure"

    url: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    until: Mapped[datetime] = mapped_column(index=True)
