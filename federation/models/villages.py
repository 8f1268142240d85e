"""Villages, who is in them, and peerings that one side has offered."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base
from kit.db.types import Int, Json

OURS, THEIRS = "ours", "theirs"
WAITING, STOPPED = "waiting", "stopped"
MEMBER, ASKED, INVITED, REFUSED, LEFT, REMOVED = "member", "asked", "invited", "refused", "left", "removed"
KNOWN = "known"


class PeeringOffer(Base):
    """One side said: let us exchange. The other has not answered yet; the answer makes a Peer."""

    __tablename__ = "peering_offer"

    actor_uri: Mapped[str] = mapped_column(primary_key=True)
    direction: Mapped[str] = mapped_column(primary_key=True)
    offer_id: Mapped[str]
    gives: Mapped[dict[str, Any]] = mapped_column(Json)
    pair_key: Mapped[str]
    village_uri: Mapped[str]
    state: Mapped[str]
    """`waiting`, `refused`, or `stopped`: one of us ended it, and only a human begins again."""
    at: Mapped[datetime]


class Village(Base):
    """A village as this node knows it. `state` says what this node is to it."""

    __tablename__ = "village"

    uri: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    founder: Mapped[str]
    charter: Mapped[str]
    epoch: Mapped[int] = mapped_column(Int)
    state: Mapped[str] = mapped_column(index=True)
    request_id: Mapped[str]
    """The Join or Invite that is being answered; an answer must name it."""
    roster: Mapped[dict[str, Any]] = mapped_column(Json)
    """The last roster as its founder signed it (the whole activity, with its proof); ours to rebuild."""
    since: Mapped[datetime]
    changed_at: Mapped[datetime]


class VillageMember(Base):
    """One node of a village, or on its way into one."""

    __tablename__ = "village_member"

    village_uri: Mapped[str] = mapped_column(ForeignKey("village.uri", ondelete="CASCADE"), primary_key=True)
    actor_uri: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    request_id: Mapped[str]
    since: Mapped[datetime]
