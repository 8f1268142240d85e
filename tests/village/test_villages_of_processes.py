"""Villages of real nodes: three processes, three databases, HTTP between them."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import pytest

from node.demo.filling import fill
from node.demo.ports import free_port_base
from node.demo.steps import ask, new_event, on_agenda
from node.demo.village import DemoNode, make_nodes, start_all, stop_all
from tests.waiting import until

ALONE = "[[village]]"


@pytest.fixture
def declared(tmp_path: Path) -> Iterator[list[DemoNode]]:
    """Three nodes whose files list each other and a village."""
    yield from _running(make_nodes(tmp_path, free_port_base(3), 3))


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[list[DemoNode]]:
    """Three nodes whose files name nobody."""
    nodes = make_nodes(tmp_path, free_port_base(3), 3)
    for node in nodes:
        text = node.config.read_text(encoding="utf-8")
        node.config.write_text(text[: text.index(ALONE)], encoding="utf-8")
    yield from _running(nodes)


def _running(nodes: list[DemoNode]) -> Iterator[list[DemoNode]]:
    try:
        for node in nodes:
            fill(node)
        start_all(nodes)
        yield nodes
    finally:
        stop_all(nodes)


def peers(node: DemoNode) -> dict[str, dict[str, Any]]:
    """Peers and offers of a node, by address of the other."""
    return {one["url"].rstrip("/"): one for one in ask(node, "GET", "/api/v1/peers")["items"]}


def states(node: DemoNode, *others: DemoNode) -> list[str]:
    """What each of `others` is to `node`."""
    known = peers(node)
    return [known[other.url]["state"] if other.url in known else "" for other in others]


def village(node: DemoNode) -> dict[str, Any]:
    """The only village that a node knows; empty when there is none."""
    items: list[dict[str, Any]] = ask(node, "GET", "/api/v1/villages")["items"]
    return items[0] if items else {}


def members(node: DemoNode) -> set[str]:
    """Addresses of those who are in it."""
    found = village(node)
    if not found:
        return set()
    listed = ask(node, "GET", f"/api/v1/villages/{found['id']}/members")["items"]
    return {one["actor"].removesuffix("/actor") for one in listed}


def all_exchange(nodes: list[DemoNode]) -> bool:
    return all(
        set(states(one, *(other for other in nodes if other is not one))) == {"active"} for one in nodes
    )


def test_a_village_by_configuration_stands_by_itself(declared: list[DemoNode]) -> None:
    everyone = {node.url for node in declared}
    until("everyone exchanges", lambda: all_exchange(declared))
    until("everyone holds the list", lambda: all(members(node) == everyone for node in declared))
    a, b, c = declared
    kept = httpx2.get(f"{c.url}/villages/val-d-ouvette/members", headers=AS_NODE, trust_env=False).json()
    assert kept["actor"] == f"{a.url}/actor"
    assert kept["proof"]["verificationMethod"].startswith(f"{a.url}/actor#")
    a.stop()
    name = "Bal sans fondateur"
    new_event(b, name)
    until("the others go on without the founder", lambda: len(on_agenda(c, name)) == 1)
    a.start()
    a.wait_until_ready()
    until("the founder catches up", lambda: len(on_agenda(a, name)) == 1)


def test_invited_and_joined_by_hand_then_left(alone: list[DemoNode]) -> None:
    a, b, c = alone
    made = ask(a, "POST", "/api/v1/villages", {"name": "Val", "charter": "Nous partageons."})
    assert [village(node) for node in (b, c)] == [{}, {}]
    ask(a, "POST", f"/api/v1/villages/{made['id']}/invitations", {"address": b.url})
    until("the invitation", lambda: village(b).get("state") == "invited")
    assert village(b)["charter"] == "Nous partageons."
    ask(b, "POST", f"/api/v1/villages/{village(b)['id']}/membership")
    until("A and B exchange", lambda: states(a, b) == states(b, a) == ["active"])
    ask(c, "POST", "/api/v1/villages/requests", {"address": made["uri"]})
    until("the request", lambda: len(_asking(a, made["id"])) == 1)
    assert states(b, c) == [""]
    _answer_yes(a, made["id"])
    until("everyone exchanges", lambda: all_exchange(alone))
    ask(c, "DELETE", f"/api/v1/villages/{made['id']}/membership")
    until("A and B without C", lambda: members(a) == members(b) == {a.url, b.url})
    until("C exchanges no more", lambda: "active" not in {*states(c, a, b), *states(a, c), *states(b, c)})
    assert states(a, b) == ["active"]


def test_a_peering_of_two_what_is_shared_and_its_end(alone: list[DemoNode]) -> None:
    a, b, _ = alone
    ask(a, "POST", "/api/v1/peers", {"address": b.url, "gives": {"agenda": {"mode": "none"}}})
    until("the invitation", lambda: states(b, a) == ["invited"])
    ask(b, "POST", f"/api/v1/peers/{peers(b)[a.url]['id']}/acceptance", {})
    until("both exchange", lambda: states(a, b) == states(b, a) == ["active"])
    new_event(b, "Bal de B")
    until("B's event at A", lambda: len(on_agenda(a, "Bal de B")) == 1)
    new_event(a, "Secret de A")
    until("B pulls from A", lambda: peers(b)[a.url]["last_exchange_in"] is not None)
    assert on_agenda(b, "Secret de A") == []
    ask(a, "PATCH", f"/api/v1/peers/{peers(a)[b.url]['id']}", {"gives": {"agenda": {"mode": "all"}}})
    until("what A kept for itself", lambda: len(on_agenda(b, "Secret de A")) == 1)
    assert peers(b)[a.url]["takes"] == {"agenda": {"mode": "all"}}
    new_event(a, "Bal de A")
    until("A's event at B", lambda: len(on_agenda(b, "Bal de A")) == 1)
    ask(a, "PATCH", f"/api/v1/peers/{peers(a)[b.url]['id']}", {"gives": {"agenda": {"mode": "none"}}})
    until("B hides what A takes back", lambda: on_agenda(b, "Bal de A") == [])
    ask(a, "PATCH", f"/api/v1/peers/{peers(a)[b.url]['id']}", {"gives": {"agenda": {"mode": "all"}}})
    until("B shows it again", lambda: len(on_agenda(b, "Bal de A")) == 1)
    ask(b, "PATCH", f"/api/v1/peers/{peers(b)[a.url]['id']}", {"paused": True})
    until("the pause at A", lambda: states(a, b) == ["paused"])
    new_event(a, "Bal pendant la pause")
    ask(b, "PATCH", f"/api/v1/peers/{peers(b)[a.url]['id']}", {"paused": False})
    until("what was missed", lambda: len(on_agenda(b, "Bal pendant la pause")) == 1)
    ask(b, "DELETE", f"/api/v1/peers/{peers(b)[a.url]['id']}")
    until("the end at A", lambda: states(a, b) == ["stopped"])
    until("B hides A's events", lambda: on_agenda(b, "Bal de A") == [])


AS_NODE = {"accept": "application/activity+json"}


def _asking(node: DemoNode, village_id: str) -> list[str]:
    """Forms of the office that let somebody in."""
    with closing(_office(node)) as browser:
        text = browser.get(f"/admin/village/{village_id}").text
    return re.findall(r'action="([^"]*/accept)"', text)


def _answer_yes(node: DemoNode, village_id: str) -> None:
    (form,) = _asking(node, village_id)
    with closing(_office(node)) as browser:
        assert browser.post(form).status_code == 303


def _office(node: DemoNode) -> httpx2.Client:
    """An administrator's browser."""
    headers = {"sec-fetch-site": "same-origin"}
    browser = httpx2.Client(base_url=node.url, headers=headers, trust_env=False, timeout=60)
    browser.post(node.secrets["admin_sign_in"])
    return browser
