"""A storm over a village: processes are killed at any moment while people write, and nothing may be lost."""

import random
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from kit.ids import new_id
from node.demo.village import DemoNode

CALM_AFTER = 120.0
ANSWERS_WITHIN = 10.0
Shown = tuple[str, str, str]
"""Address, name and state of an event."""


class NotAnswered(Exception):
    """The node died before it answered: nobody knows whether it wrote."""


@dataclass
class Author(threading.Thread):
    """Someone who writes, changes and cancels events at one node, and repeats what was not answered."""

    node: DemoNode
    seed: int
    known: dict[str, tuple[str, str]] = field(default_factory=dict)
    """What the node acknowledged: name and state by id."""
    given_up: set[str] = field(default_factory=set)
    """Names of events whose writing was never answered, nor asked again."""
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.chance = random.Random(self.seed)  # noqa: S311 - no secret here
        self.done = threading.Event()
        self.number = 0

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        while not self.done.is_set():
            self.chance.choice((self.write, self.write, self.rename, self.cancel))()
            self.done.wait(self.chance.uniform(0, 0.15))

    def write(self) -> None:
        """Write an event and publish it; sometimes give up when the node dies."""
        self.number += 1
        name = f"Orage {self.seed} {self.number}"
        try:
            made = self.ask("POST", "/api/v1/events", _event(name), patience=self.chance.choice((0, 9, 9, 9)))
        except NotAnswered:
            self.given_up.add(name)
            return
        self.known[made["id"]] = (name, "draft")
        self.ask("POST", f"/api/v1/events/{made['id']}/publication")
        self.known[made["id"]] = (name, "published")

    def rename(self) -> None:
        """Change the name of one of the published events."""
        for event_id, (name, status) in self._one_published():
            renamed = f"{name} bis"
            self.ask("PATCH", f"/api/v1/events/{event_id}", {"name": renamed})
            self.known[event_id] = (renamed, status)

    def cancel(self) -> None:
        """Cancel one of the published events."""
        for event_id, (name, _) in self._one_published():
            self.ask("POST", f"/api/v1/events/{event_id}/cancellation", {"reason": "Il pleut."})
            self.known[event_id] = (name, "cancelled")

    def _one_published(self) -> list[tuple[str, tuple[str, str]]]:
        published = [item for item in self.known.items() if item[1][1] == "published"]
        return [self.chance.choice(published)] if published else []

    def ask(self, method: str, path: str, body: Any = None, patience: int = 9_999) -> Any:
        """Ask once, and again under the same key while nobody answers. Raises NotAnswered out of patience."""
        headers = {
            "authorization": f"Bearer {self.node.secrets['api_token']}",
            "idempotency-key": str(new_id()),
        }
        for _ in range(patience + 1):
            try:
                answer = httpx2.request(
                    method,
                    self.node.url + path,
                    json=body,
                    headers=headers,
                    timeout=ANSWERS_WITHIN,
                    trust_env=False,
                )
            except httpx2.HTTPError:
                time.sleep(0.1)
                continue
            if answer.status_code < 400:
                return answer.json()
            self.refused.append(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
            if answer.status_code != 503:
                raise NotAnswered(self.refused[-1])
        raise NotAnswered(f"{method} {path}")


def _event(name: str) -> dict[str, Any]:
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=20)
    return {
        "name": name,
        "start": start.isoformat(),
        "end": (start + timedelta(hours=2)).isoformat(),
        "timezone": "Europe/Paris",
    }


def rage(nodes: list[DemoNode], rounds: int, chance: random.Random) -> None:
    """Kill a node at any moment, `rounds` times, sometimes while it is still waking up."""
    for _ in range(rounds):
        victim = chance.choice(nodes)
        time.sleep(chance.uniform(0, 0.8))
        victim.stop(signal.SIGKILL)
        time.sleep(chance.choice((0, 0, 0.5)))
        victim.start()
        if chance.random() < 0.7:
            victim.wait_until_ready()
    for node in nodes:
        node.wait_until_ready()


def events_of(node: DemoNode) -> list[dict[str, Any]]:
    """Every event a node shows, page after page."""
    return list(_pages(node, "/api/v1/agenda?limit=200"))


def _pages(node: DemoNode, path: str) -> Iterator[dict[str, Any]]:
    address = node.url + path
    while address:
        answer = httpx2.get(address, timeout=30, trust_env=False)
        answer.raise_for_status()
        yield from answer.json()["items"]
        address = answer.json()["next"]


def shown_of(node: DemoNode, owner: DemoNode) -> list[Shown]:
    """What `node` shows of the storm's events of `owner`, sorted; a doubled event stands twice."""
    return sorted(
        (one["uri"], one["name"], one["status"])
        for one in events_of(node)
        if one["node"]["url"] == owner.url and one["name"].startswith("Orage")
    )


def wait_for_calm(nodes: list[DemoNode]) -> None:
    """Return once every node shows of every owner what the owner shows; raises AssertionError when never."""
    deadline = time.monotonic() + CALM_AFTER
    while differences := list(_differences(nodes)):
        assert time.monotonic() < deadline, "\n".join(differences[:20])
        time.sleep(0.5)


def _differences(nodes: list[DemoNode]) -> Iterator[str]:
    for owner in nodes:
        own = shown_of(owner, owner)
        for node in nodes:
            there = shown_of(node, owner)
            for missing in set(own) - set(there):
                yield f"{node.name} lacks {missing}"
            for more in set(there) - set(own):
                yield f"{node.name} shows {more}, its owner does not"
            if len(there) != len(set(there)):
                yield f"{node.name} shows something of {owner.name} twice"


def integrity_of(node: DemoNode) -> list[str]:
    """What SQLite itself says of a node's file: "ok", and no reference to a row that is not there."""
    with closing(sqlite3.connect(f"file:{node.folder / 'node.db'}?mode=ro", uri=True)) as connection:
        told = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
        return told + [f"lost reference {row}" for row in connection.execute("PRAGMA foreign_key_check")]
