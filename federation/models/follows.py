"""Who follows us, and whom we follow."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

ASKED, ACCEPTED, REFUSED = "asked", "accepted", "refused"


class Follower(Base):
    """A remote actor that gets our public messages."""

    __tablename__ = "follower"

    actor_uri: Mapped[str] = mapped_column(primary_key=True)
    follow_id: Mapped[str]
    inbox: Mapped[str]
    since: Mapped[datetime]


class Following(Base):
    """A remote actor whose public messages we asked for. `follow_id` is the Follow that we sent."""

    __tablename__ = "following"

    actor_uri: Mapped[str] = mapped_column(primary_key=True)
    follow_id: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    @property
    def is_accepted(self) -> bool:
        return self.state == ACCEPTED
