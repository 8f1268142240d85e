"""A running node and its neighbours, for the tests that knock at doors."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, close_all_sessions

from federation.actors.service import remember_actor
from federation.models.peers import ACTIVE, Peer
from kit import clock
from kit.db import Database
from tests.factories.neighbours import Neighbour, neighbour
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


@pytest.fixture
def make(new_database_url: Callable[[], str]) -> Iterator[Callable[..., Neighbour]]:
    """A function that makes nodes that talk without a network."""
    made: list[Neighbour] = []

    def make_one(name: str, *peers: str, village: str = "") -> Neighbour:
        made.append(neighbour(name, new_database_url(), peers, village))
        return made[-1]

    yield make_one
    close_all_sessions()
    for node in made:
        node.db.close()


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
