"""Villages that the nodes' own files declare: they stand without a click, and again after a loss."""

from pathlib import Path

import pytest

from config.settings import VillageSettings
from federation.models.villages import ASKED, MEMBER, Village
from federation.villages import greeting, service
from kit.db import Database
from tests.factories.neighbours import carry
from tests.federation.running import free_port, running
from tests.federation.three import VAL, Make, ask_in, state


def test_declared_by_everyone_stands_without_a_click(make: Make) -> None:
    names = ("cafe", "barn", "shop")
    nodes = [make(name, *(other for other in names if other != name), village=VAL) for name in names]
    for _ in range(2):
        for node in nodes:
            node.greets(*nodes)
        carry(*nodes)
    for one in nodes:
        assert one.members(VAL) == set(names)
        assert all(one.state_with(other) == "active" for other in nodes if other is not one)
    for node in nodes:
        node.greets(*nodes)
    assert carry(*nodes) == []


def test_declared_by_the_newcomer_alone_waits_for_the_founder(make: Make) -> None:
    cafe, barn = make("cafe"), make("barn", village=VAL)
    cafe.act(service.found, "Val")
    barn.greets(cafe)
    cafe.knows(barn)
    carry(cafe, barn)
    assert (state(barn), cafe.members(VAL)) == (ASKED, {"cafe"})


def test_a_request_that_came_too_early_is_made_again(make: Make) -> None:
    """The founder was starting and had not founded its village: it dropped the request and forgot it."""
    cafe, barn = make("cafe", "barn", village=VAL), make("barn", "cafe", village=VAL)
    barn.greets(cafe)
    cafe.knows(barn)
    carry(cafe, barn)
    assert (state(barn), cafe.find(Village, VAL)) == (ASKED, None)
    cafe.greets(barn)
    assert barn.unanswered() == [VAL]
    barn.db.write(lambda session: greeting.ask_again(session, VAL))
    assert barn.unanswered() == []
    carry(cafe, barn)
    assert (state(barn), cafe.members(VAL)) == (MEMBER, {"cafe", "barn"})
    assert barn.unanswered() == []


def test_a_declared_village_stands_when_the_door_opens(db: Database, tmp_path: Path) -> None:
    """Whoever knocks first may ask in already."""
    port = free_port()
    val = f"http://127.0.0.1:{port}/villages/val"
    files = [VillageSettings(id=val, name="Val")]
    with running(db, tmp_path, port=port, village=files) as here, here.app.db.read() as session:
        assert session.get(Village, val) is not None


def test_the_file_lets_a_node_into_the_village_that_it_names_and_no_other(make: Make) -> None:
    cafe, barn = make("cafe", "barn", village=VAL), make("barn", "cafe", village=VAL)
    cafe.greets(barn)
    barn.greets(cafe)
    carry(cafe, barn)
    assert cafe.members(VAL) == {"cafe", "barn"}
    other = cafe.act(service.found, "Ball").uri
    barn.db.write(lambda session: ask_in(session, barn, cafe, other))
    carry(cafe, barn)
    assert cafe.members(other) == {"cafe"}


@pytest.mark.parametrize("lost", ["cafe", "shop"])
def test_a_member_or_founder_that_lost_its_database_finds_the_village_again(make: Make, lost: str) -> None:
    names = ("cafe", "barn", "shop")
    nodes = {name: make(name, *(other for other in names if other != name), village=VAL) for name in names}
    for _ in range(2):
        for node in nodes.values():
            node.greets(*nodes.values())
        carry(*nodes.values())
    nodes["cafe"].village_act(service.change_charter, VAL, "Val d’Ouvette", "Soup.")
    carry(*nodes.values())
    before = nodes["barn"].find(Village, VAL).epoch
    nodes[lost] = make(lost, *(other for other in names if other != lost), village=VAL)
    for _ in range(2):
        for node in nodes.values():
            node.greets(*nodes.values())
        carry(*nodes.values())
    for node in nodes.values():
        kept = node.find(Village, VAL)
        assert (kept.state, kept.name, kept.charter, kept.epoch) == (MEMBER, "Val d’Ouvette", "Soup.", before)
        assert node.members(VAL) == set(names)
        assert all(node.state_with(other) == "active" for other in nodes.values() if other is not node)
