"""Villagers: the floor that villages and peering build on."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base
from kit.db.types import Json

ACTIVE, PAUSED = "active", "paused"


class Peer(Base):
    """A node that we exchange with by agreement. `state` is set by peering; only `active` ones are sent to.

    `gives` says what we share by scope: {"agenda": {"mode": "all" | "tags" | "none", "tags": ["music"]}}.
    """

    __tablename__ = "peer"

    actor_uri: Mapped[str] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(index=True)
    gives: Mapped[dict[str, Any]] = mapped_column(Json)
    since: Mapped[datetime]
    pulled_at: Mapped[datetime | None]
    pull_etags: Mapped[dict[str, str]] = mapped_column(Json)
    is_paused_here: Mapped[bool] = mapped_column(default=False)
    is_paused_there: Mapped[bool] = mapped_column(default=False)
    offer_id: Mapped[str] = mapped_column(default="")
    """The offer that was accepted; both sides name it when they change or end the peering."""
    takes: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """What it says that it shares with us, in the shape of `gives`."""
    pair_key: Mapped[str] = mapped_column(default="")
    """Its X25519 key for this pair (multibase): pseudonyms and card keys are derived from it later."""
    village_uri: Mapped[str] = mapped_column(default="")
    """The village that brought us together; empty for a peering of its own."""

    @property
    def is_active(self) -> bool:
        return self.state == ACTIVE

    def lets_through(self, scope: str, labels: frozenset[str]) -> bool:
        """Whether what we share with it under `scope` includes something labelled so."""
        shared = self.gives.get(scope) or {}
        mode = shared.get("mode", "none")
        return mode == "all" or (mode == "tags" and bool(labels & set(shared.get("tags", ()))))
