"""The node is killed before and after each commit of what comes after a sale; money goes back once.

Each operation dies at its first write, at its second, … until one has no such write left and is answered.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import httpx2
import pytest

from kit.ids import new_id
from node.demo.asking import send
from node.demo.filling import fill
from node.demo.ports import free_port_base
from node.demo.purse import card_of, holds, verify
from node.demo.steps import Evening
from node.demo.till_steps import POS, PairedTill, pair
from node.demo.village import make_nodes
from tests.pos_api.dying import DIE_AT, DyingNode

CARD = {"uid": "04A1B2C3D4E584"}
"""A chip of the demonstration, with money on it, and no voucher."""
Body = dict[str, Any]


@pytest.fixture(scope="module")
def till(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PairedTill]:
    (made,) = make_nodes(tmp_path_factory.mktemp("killed"), free_port_base(1), 1)
    fill(made)
    node = DyingNode(made.key, made.port, made.folder, secrets=made.secrets)
    node.start()
    try:
        node.wait_until_ready()
        evening = Evening([node] * 3)
        pair(evening)
        yield evening.money["till"]
        assert verify(node)["ok"]
    finally:
        node.stop()


def operation(till: PairedTill, **said: Any) -> Body:
    """With an id, a count and a moment of its own."""
    till.count += 1
    return {"id": str(new_id()), "count": till.count, "at": datetime.now(UTC).isoformat(), **said}


def say(till: PairedTill, path: str, body: Body, die_at: str = "") -> httpx2.Response | None:
    """Ask, and perhaps let the node die of it: then nobody answers."""
    headers = {"authorization": f"Bearer {till.token}", "hameau-operator": till.operator}
    more = {DIE_AT: die_at} if die_at else {}
    try:
        return send("POST", till.node.url + POS + path, json=body, headers=headers | more)
    except httpx2.HTTPError:
        return None


def killed_everywhere(till: PairedTill, act: Callable[[], tuple[str, Body, Callable[[Body], None]]]) -> int:
    """Let `act` prepare an operation for each death, and check what the same bytes give afterwards.

    Returns how many commits the operation has.
    """
    assert isinstance(till.node, DyingNode)
    for number in count(1):
        for when in ("before", "after"):
            path, body, check = act()
            answer = say(till, path, body, f"{number}.{when}")
            if answer is not None:
                assert answer.status_code == 201, answer.text
                return number - 1
            till.node.comes_back()
            again, once_more = say(till, path, body), say(till, path, body)
            assert again is not None, (number, when)
            assert once_more is not None, (number, when)
            assert again.status_code == 201, (number, when, again.text)
            assert again.json() == once_more.json(), (number, when)
            check(again.json())
    raise AssertionError("unreachable")


def held(till: PairedTill) -> int:
    return sum(holds(till.node, card_of(till.node, CARD["uid"])["wallet"]).values())


def sale_of_two(till: PairedTill, **more: Any) -> str:
    """One paid by a Pass, the other in cash."""
    by_pass = {"means": "pass", "amount": till.amount, "tap": till.tap(CARD)["ref"]}
    cash = {"means": "cash", "amount": till.amount}
    sold = till.sell(2, by_pass, cash, **more)["sale"]
    assert sold["state"] == "paid"
    return str(sold["id"])


def test_a_part_of_a_sale_is_given_back_once(till: PairedTill) -> None:
    def act() -> tuple[str, Body, Callable[[Body], None]]:
        sale = sale_of_two(till)
        before = held(till)

        def check(_told: Body) -> None:
            assert held(till) - before == till.amount, "a Pass is given back before cash, and once"
            now = till.ask("GET", f"/sales/{sale}")["sale"]
            assert [one["left"] for one in now["lines"]] == ["1"]
            assert len(now["credit_notes"]) == 1

        body = operation(till, lines=[{"line": 0, "quantity": "1"}], reason="Erreur")
        return f"/sales/{sale}/refund", body, check

    assert killed_everywhere(till, act) >= 1


def test_a_receipt_by_qr_code_is_counted_once(till: PairedTill) -> None:
    sale, copies = str(till.sell(1, {"means": "cash", "amount": till.amount})["sale"]["id"]), count(1)

    def act() -> tuple[str, Body, Callable[[Body], None]]:
        copy = next(copies)

        def check(told: Body) -> None:
            assert (told["copy"], told["is_duplicate"]) == (copy, copy > 1)
            assert send("GET", told["address"]).status_code == 200

        return f"/sales/{sale}/receipt", operation(till, way="qr"), check

    assert killed_everywhere(till, act) >= 1


def test_a_day_of_training_is_closed_once(till: PairedTill) -> None:
    till.ask("POST", "/training", {"is_training": True})
    numbers = count(1)

    def act() -> tuple[str, Body, Callable[[Body], None]]:
        till.sell(1, {"means": "cash", "amount": till.amount}, is_training=True)
        number = next(numbers)

        def check(told: Body) -> None:
            assert (told["number"], told["is_training"]) == (number, True)
            assert told["totals"]["turnover"] == till.amount
            assert told["drawer"]["difference"] == 0

        body = operation(till, point=till.point, counted=till.amount, left=0, is_training=True)
        return "/closings", body, check

    assert killed_everywhere(till, act) >= 1
    till.ask("POST", "/training", {"is_training": False})
