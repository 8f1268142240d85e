"""Reads of followers and followings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from federation.models.actors import RemoteActor
from federation.models.follows import ACCEPTED, Follower, Following

PAGE = 50


@dataclass(frozen=True)
class Follow:
    """One line of a list of follows, either way."""

    actor: str
    name: str
    url: str
    state: str
    since: datetime


def followers(session: Session, after: str = "", limit: int = PAGE) -> list[Follow]:
    """Who follows us, by address, past `after`."""
    rows = session.execute(
        select(Follower, RemoteActor.name, RemoteActor.url)
        .outerjoin(RemoteActor, RemoteActor.uri == Follower.actor_uri)
        .where(Follower.actor_uri > after)
        .order_by(Follower.actor_uri)
        .limit(limit)
    )
    return [
        Follow(one.actor_uri, name or "", url or one.actor_uri, ACCEPTED, one.since)
        for one, name, url in rows
    ]


def followings(session: Session, after: str = "", limit: int = PAGE) -> list[Follow]:
    """Whom we follow or asked to, by address, past `after`."""
    rows = session.execute(
        select(Following, RemoteActor.name, RemoteActor.url)
        .outerjoin(RemoteActor, RemoteActor.uri == Following.actor_uri)
        .where(Following.actor_uri > after)
        .order_by(Following.actor_uri)
        .limit(limit)
    )
    return [
        Follow(one.actor_uri, name or "", url or one.actor_uri, one.state, one.asked_at)
        for one, name, url in rows
    ]


def followed_actors(session: Session) -> Sequence[str]:
    """Those that said yes."""
    return session.scalars(select(Following.actor_uri).where(Following.state == ACCEPTED)).all()


def count_followers(session: Session) -> int:
    """How many follow us."""
    return session.scalar(select(func.count()).select_from(Follower)) or 0


def count_followings(session: Session) -> int:
    """How many we follow."""
    return session.scalar(select(func.count()).select_from(Following)) or 0
