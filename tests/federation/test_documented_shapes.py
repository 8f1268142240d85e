"""FEDERATION.md shows what the code says: each example's shape is compared with a running node's."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from agenda.federated.telling import Home
from agenda.schemas import PlaceValues
from config.collective import Collective
from federation.models.outbox import OutboxActivity
from federation.standing import standing_of
from federation.villages import service
from federation.villages.rows import set_member
from kit.choices import save_choice
from kit.db import Database
from tests.factories.events import NOON, published
from tests.factories.neighbours import Neighbour, carry
from tests.nodes import URL

PAGE = Path(__file__).parents[2] / "FEDERATION.md"
EXAMPLE = re.compile(r"<!-- shape: (\w+) -->\n```json\n(.*?)```", re.DOTALL)
EXAMPLES: dict[str, dict[str, Any]] = {
    name: json.loads(text) for name, text in EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))
}
SAID_EXACTLY = {"type", "relationship", "cryptosuite", "proofPurpose", "mode", "status", "eventStatus"}
ACTIVITY = {"accept": "application/activity+json"}
CAFE = Collective(
    name="L’Escargotière",
    kind="cafe",
    tagline="café associatif",
    street="2, place du Lavoir",
    postal_code="99120",
    city="Sault-l’Ouvette",
    latitude=44.3021,
    longitude=5.1204,
    set_up=True,
)
ROOM = PlaceValues(
    name="Grande salle",
    street="2, place du Lavoir",
    postal_code="99120",
    city="Sault",
    latitude=44.3021,
    longitude=5.1204,
)


def differences(documented: Any, running: Any, place: str = "") -> Iterator[str]:
    """What an example says and a running node does not."""
    if type(documented) is not type(running):
        yield f"{place}: {type(documented).__name__}, and it is {type(running).__name__}"
    elif isinstance(documented, dict):
        for name, value in documented.items():
            if name not in running:
                yield f"{place}.{name} is not there"
            else:
                yield from differences(value, running[name], f"{place}.{name}")
    elif isinstance(documented, list) and documented:
        for value in documented:
            if running and isinstance(value, dict):
                yield from differences(value, running[-1], f"{place}[]")
    elif place.rpartition(".")[2] in SAID_EXACTLY and documented != running:
        yield f"{place}: {documented!r}, and it is {running!r}"


@pytest.fixture
def cafe(client: TestClient, db: Database) -> TestClient:
    """The node of the examples, with its village and its event."""

    def fill(session: Any) -> None:
        save_choice(session, CAFE)
        save_choice(session, Home(URL))
        shown = {"price": "Prix libre", "audience": "Dès 6 ans", "wheelchair": True, "hearing_loop": True}
        places = {"capacity": 40, "places_left": 22, "place": ROOM, "tags": ["Manger"]}
        published(session, "Soupe du soir", NOON, description="On mange.", **shown, **places)
        village = service.found(session, standing_of(session), "Val d’Ouvette")
        set_member(session, village, "https://grange.example/actor", "member")

    db.write(fill)
    return client


def told(db: Database, kind: str) -> dict[str, Any]:
    with db.read() as session:
        query = select(OutboxActivity).where(OutboxActivity.type == kind)
        return dict(session.scalars(query.order_by(OutboxActivity.id)).all()[-1].body)


def running_shape(name: str, cafe: TestClient, db: Database) -> dict[str, Any]:
    """The same document from the running node."""
    if name == "create":
        return told(db, "Create")
    if name == "event":
        path = str(told(db, "Create")["object"]["id"]).removeprefix(URL)
    else:
        village = "/villages/val-d-ouvette"
        path = {"actor": "/actor", "group": village, "roster": f"{village}/members"}[name]
    document: dict[str, Any] = cafe.get(path, headers=ACTIVITY).json()
    return document


@pytest.mark.parametrize("name", ["actor", "group", "roster", "create", "event"])
def test_documents(name: str, cafe: TestClient, db: Database) -> None:
    assert not list(differences(EXAMPLES[name], running_shape(name, cafe, db)))


@pytest.mark.parametrize(("name", "kind"), [("offer", "Offer"), ("accept", "Accept")])
def test_peering(name: str, kind: str, make: Any) -> None:
    cafe, barn = make("cafe"), make("barn")
    for one, other in ((cafe, barn), (barn, cafe)):
        one.knows(other)
    meet_in_a_village(cafe, barn)
    assert not list(differences(EXAMPLES[name], told_about_peering((cafe, barn), kind)))


def meet_in_a_village(cafe: Neighbour, barn: Neighbour) -> None:
    village = cafe.act(service.found, "Val d’Ouvette")
    cafe.village_act(service.invite, village.uri, barn.actor)
    carry(cafe, barn)
    barn.village_act(service.join, village.uri)
    carry(cafe, barn)


def told_about_peering(nodes: tuple[Neighbour, ...], kind: str) -> dict[str, Any]:
    """The first such activity about a peering that one of them sent."""
    for node in nodes:
        with node.db.read() as session:
            for row in session.scalars(select(OutboxActivity).where(OutboxActivity.type == kind)):
                if "vil:Peering" in msgspec.json.encode(row.body).decode():
                    return dict(row.body)
    raise LookupError(kind)


def test_every_term_is_in_the_vocabulary() -> None:
    text = PAGE.read_text(encoding="utf-8")
    vocabulary = set(re.findall(r"`(vil:\w+)`", text.partition("## Extension vocabulary")[2]))
    used = set(re.findall(r'"(vil:\w+)"', text)) | set(
        re.findall(r'"(vil:\w+)"', "\n".join(path.read_text(encoding="utf-8") for path in sources()))
    )
    assert not used - vocabulary, "Say it in FEDERATION.md, Extension vocabulary"


def sources() -> Iterator[Path]:
    """The modules that write documents."""
    for room in ("federation", "agenda/federated"):
        yield from (PAGE.parent / room).rglob("*.py")
