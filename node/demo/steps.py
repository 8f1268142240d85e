"""The steps of the story: what people do, and what must then be seen elsewhere."""

import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from node.demo import forgery
from node.demo.asking import send
from node.demo.filling import fill
from node.demo.village import DemoNode, DemoTrouble
from sales import anchors

SOON = 2.0
LATE = 360.0
"""A node that found another one still asleep asks it again after five minutes at the latest."""
NAME = "Veillée sous les étoiles"


@dataclass
class Evening:
    """The village during the story, its neighbours elsewhere, its event, and what money steps hand on."""

    village: list[DemoNode]
    others: list[DemoNode] = field(default_factory=list)
    event: dict[str, Any] = field(default_factory=dict)
    money: dict[str, Any] = field(default_factory=dict)

    @property
    def a(self) -> DemoNode:
        return self.village[0]

    @property
    def b(self) -> DemoNode:
        return self.village[1]

    @property
    def c(self) -> DemoNode:
        return self.village[2]


def ask(node: DemoNode, method: str, path: str, body: Any = None) -> Any:
    """One call of the JSON API with the demonstration's token. Raises DemoTrouble on a refusal."""
    headers = {"authorization": f"Bearer {node.secrets['api_token']}"}
    answer = send(method, node.url + path, json=body, headers=headers)
    if answer.status_code >= 400:
        raise DemoTrouble(f"{node.name}: {method} {path} answered {answer.status_code} {answer.text[:300]}")
    return answer.json() if answer.content else None


def on_agenda(node: DemoNode, name: str) -> list[dict[str, Any]]:
    """The events called `name` on a node's merged agenda."""
    items = ask(node, "GET", f"/api/v1/agenda?q={name.split()[-1]}")["items"]
    return [item for item in items if item["name"] == name]


def wait_until(what: str, holds: Callable[[], bool], seconds: float) -> None:
    """Look again until `holds`. Raises DemoTrouble naming what was never seen."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return
        time.sleep(0.05)
    raise DemoTrouble(f"not seen within {seconds:.0f} s: {what}")


def village_stands(evening: Evening) -> None:
    def all_peers_open() -> bool:
        return all(
            sum(peer["state"] == "active" for peer in ask(node, "GET", "/api/v1/peers")["items"])
            >= len(evening.village) - 1
            for node in evening.village
        )

    wait_until("every node is the peer of every other", all_peers_open, LATE)


def new_event(node: DemoNode, name: str, days: int = 3) -> dict[str, Any]:
    """Write and publish an event at a node; returns it as the API shows it."""
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=days)
    body = {
        "name": name,
        "start": start.isoformat(),
        "end": (start + timedelta(hours=2)).isoformat(),
        "timezone": "Europe/Paris",
        "description": "J’apporte une couverture.",
    }
    event = ask(node, "POST", "/api/v1/events", body)
    published: dict[str, Any] = ask(node, "POST", f"/api/v1/events/{event['id']}/publication")
    return published


def publish(evening: Evening) -> None:
    evening.event = new_event(evening.a, NAME)
    _seen_elsewhere(evening, "the event", lambda shown: len(shown) == 1)


def _seen_elsewhere(evening: Evening, what: str, holds: Callable[[list[dict[str, Any]]], bool]) -> None:
    for node in (evening.b, evening.c):
        wait_until(f"{what} at {node.name}", lambda at=node: holds(on_agenda(at, NAME)), SOON)  # type: ignore[misc]


def change(evening: Evening) -> None:
    ask(evening.a, "PATCH", f"/api/v1/events/{evening.event['id']}", {"price": "Prix libre"})
    _seen_elsewhere(evening, "the new price", lambda shown: [one["price"] for one in shown] == ["Prix libre"])


def cancel(evening: Evening) -> None:
    ask(evening.a, "POST", f"/api/v1/events/{evening.event['id']}/cancellation", {"reason": "Il pleut."})
    _seen_elsewhere(
        evening, "the cancellation", lambda shown: [one["status"] for one in shown] == ["cancelled"]
    )


def sleep_and_catch_up(evening: Evening) -> None:
    evening.b.stop()
    new_event(evening.a, "Soupe de minuit")
    evening.b.start()
    evening.b.wait_until_ready()
    wait_until("what B missed", lambda: len(on_agenda(evening.b, "Soupe de minuit")) == 1, LATE)


def lose_and_refill(evening: Evening) -> None:
    """A node without money of its own: a lost ledger takes more than its peers' agendas."""
    (node,) = evening.others
    wait_until(f"C's events at {node.name}", lambda: bool(received(node)), LATE)
    expected = received(node)
    node.stop(signal.SIGKILL)
    for path in node.folder.glob("node.db*"):
        path.unlink()
    shutil.rmtree(node.folder / "files", ignore_errors=True)
    for name in ("demo.json", anchors.FILE):
        (node.folder / name).unlink(missing_ok=True)
    fill(node)
    node.start()
    node.wait_until_ready()
    wait_until(f"{node.name}'s agenda as before", lambda: received(node) == expected, LATE)


Shown = tuple[str, str, str, str]


def shown(node: DemoNode) -> set[Shown]:
    """What a node's agenda says: whose event, its address, name and state."""
    items = ask(node, "GET", "/api/v1/agenda?limit=200")["items"]
    return {(one["node"]["url"], one["uri"], one["name"], one["status"]) for one in items}


def received(node: DemoNode) -> set[Shown]:
    """What a node's agenda says of the others' events."""
    return {one for one in shown(node) if one[0] != node.url}


def attacks(evening: Evening) -> None:
    before = shown(evening.b)
    for name, attack in forgery.ATTACKS:
        status = attack(evening.a, evening.b)
        if not 400 <= status < 500:
            raise DemoTrouble(f"{evening.b.name} answered {status} to {name}")
    if shown(evening.b) != before:
        raise DemoTrouble("an attack changed the agenda")


STEPS: tuple[tuple[str, Callable[[Evening], None]], ...] = (
    ("the village stands: each node is the peer of each other", village_stands),
    ("A publishes an event: B and C show it within 2 s", publish),
    ("A changes its price: B and C follow", change),
    ("A cancels it: B and C say so", cancel),
    ("B sleeps, A publishes, B wakes and catches up", sleep_and_catch_up),
    ("D, in another village, loses its database: its peer refills it", lose_and_refill),
    ("a forged, a replayed and a tampered message change nothing", attacks),
)
