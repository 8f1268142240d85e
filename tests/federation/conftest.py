"""A running node and its neighbours, for the tests that knock at doors."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from federation.actors.service import remember_actor
from federation.models.peers import ACTIVE, Peer
from kit import clock
from kit.db import Database
from tests.federation.running import Running, Stranger, running, stranger


@pytest.fixture
def here(db: Database, tmp_path: Path) -> Iterator[Running]:
    """A node that runs."""
    with running(db, tmp_path) as node:
        yield node


@pytest.fixture
def someone() -> Iterator[Stranger]:
    """An actor of another host that nobody here knows yet."""
    with stranger() as found:
        yield found


@pytest.fixture
def villager(here: Running) -> Iterator[Stranger]:
    """An actor of another host that is a peer of `here`."""
    with stranger("villager") as found:
        make_villager(here, found)
        yield found


def make_villager(here: Running, other: Stranger) -> None:
    """Make `other` known and a peer that everything is shared with."""
    row = Peer(
        actor_uri=other.actor,
        origin=other.url,
        state=ACTIVE,
        gives={"agenda": {"mode": "all"}},
        since=clock.now(),
        pulled_at=clock.now(),
        pull_etags={},
    )

    def know(session: Session) -> None:
        remember_actor(session, other.document())
        session.add(row)

    here.app.db.write(know)
