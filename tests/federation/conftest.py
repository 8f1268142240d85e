"""A running node and its neighbours, for the tests that knock at doors."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, close_all_sessions

from federation.actors.service import remember_actor
from federation.models.peers import ACTIVE, Peer
from federation.villages import service
from kit import clock
from kit.db import Database
from tests.factories.neighbours import Neighbour, carry, neighbour
from tests.federation.running import Running, Stranger, running, stranger
from tests.federation.three import VAL, Make, Three


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


@pytest.fixture
def three(make: Make) -> Three:
    """A café that founded a village, a barn and a workshop; all know each other's address."""
    nodes = make("cafe"), make("barn"), make("shop")
    for node in nodes:
        node.knows(*(other for other in nodes if other is not node))
    nodes[0].act(service.found, "Val", "We share our agenda.")
    return nodes


@pytest.fixture
def village(three: Three) -> Three:
    """The same, all three in the village."""
    cafe, barn, shop = three
    for guest in (barn, shop):
        cafe.village_act(service.invite, VAL, guest.actor)
        carry(*three)
        guest.village_act(service.join, VAL)
        carry(*three)
    return three


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
