"""Knock at a node's doors and say what changed."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import Connection
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from kit import clock
from kit.app import App
from kit.auth import Principal
from kit.db import Base
from kit.features import House
from kit.web import Door
from people.permissions import EVERY_SCOPE
from people.proofs import new_token
from people.service import persons, tokens
from tests.people.browsers import add_person, sign_in
from tests.pos_api.tills import make_operators, pair
from wallet.between.port import Village
from wallet.federated.engine import Engine

NOTES = {"rate_mark", "seen_signature", "job_lease", "fetch_failure", "ledger_tx", "pin_pause"}
"""Rows that note who knocked, which address did not answer, and that the ledger declined: a refusal writes
them on purpose. (What the ledger moves stands in `ledger_entry` and `ledger_account`.)"""
PROBLEM = "application/problem+json"
OFFICE = Principal(name="tests")


@dataclass
class Node:
    """A node in this process, with a stranger's browser, the team's, and a token of every scope."""

    app: App
    stranger: TestClient
    team: TestClient
    token: str
    known: dict[str, list[str]]
    """Values that exist, by the name of the variable part of an address."""
    till: dict[str, str] = field(default_factory=dict)
    """What a paired till sends, held by a manager."""
    seen: dict[str, str] = field(default_factory=dict)
    """The rows when they were last looked at: what a refusal must leave as they are."""

    @property
    def house(self) -> House:
        return self.app.house

    @property
    def bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}

    def rows(self) -> dict[str, str]:
        """A fingerprint per table, notes left out."""
        with self.app.db.read() as session:
            self.seen = dict.fromkeys(_names(), "") | dict(_fingerprints(session.connection()))
        return self.seen

    def browser_for(self, door: Door) -> TestClient:
        return self.team if door.kind in {"page", "file"} else self.stranger

    def headers_for(self, door: Door) -> dict[str, str]:
        if door.needs == "machine":
            return self.till
        return self.bearer if door.kind == "api" else {}


def furnish(app: App, new_client: Callable[[], TestClient]) -> Node:
    """Sign an administrator in, make a token, and write one of each thing through the API."""
    app.ports.give(Village, Engine(app))  # no neighbour answers it
    team = new_client()
    sign_in(app, team, "odile@example.org", "administrator")
    token = make_token(app)
    node = Node(app, new_client(), team, token, {})
    node.till = _till(node)
    event = _made(node, "/api/v1/events", dict(EVENT))
    place = _made(node, "/api/v1/places", {"name": "La Grange", "city": "Les Hauts-Prés"})
    tag = _made(node, "/api/v1/tags", {"name": "Conte"})
    person = str(add_person(app, "colette@example.org"))
    node.known = {
        "id": [event["id"], place["id"], tag["id"], person, *_money(node)],
        "slug": [event["slug"]],
        "room": ["agenda"],
        "part": ["look", "name"],
        "step": ["address", "event"],
        "verb": ["cancel", "postpone", "online"],
    }
    return node


EVENT = {
    "name": "Soupe et contes",
    "start": "2027-03-04T18:00:00Z",
    "end": "2027-03-04T20:00:00Z",
    "timezone": "Europe/Paris",
    "description": "J’apporte mon bol.",
}


def make_token(app: App, *scopes: str) -> str:
    """A token of the administrator with these scopes, or with every one."""
    secret = new_token()

    def unit(session: Session) -> None:
        person = persons.find(session, "odile@example.org")
        assert person is not None
        tokens.make_token(
            session,
            OFFICE,
            person,
            secret,
            name="Tests",
            scopes=list(scopes or [EVERY_SCOPE]),
            known_scopes=scopes,
        )

    app.db.write(unit)
    return secret


def named(answer: Any) -> str:
    """The name of a refusal told as problem details; everything RFC 9457 asks is checked on the way."""
    assert answer.headers["content-type"] == PROBLEM, answer.text
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["type"].startswith("https://")
    assert told["title"]
    assert told["detail"]
    return str(told["title"])


def _till(node: Node) -> dict[str, str]:
    make_operators(node.app)
    till = pair(node.app, node.stranger)
    till.hold("3333")
    return {"authorization": f"Bearer {till.token}", "hameau-operator": till.operator}


def _made(node: Node, path: str, body: dict[str, Any]) -> Any:
    answer = node.stranger.post(path, json=body, headers=node.bearer)
    assert answer.status_code == 201, answer.text
    return answer.json()


def _money(node: Node) -> list[str]:
    """A currency, a card and its wallet, a top-up, and something set aside."""
    asset = _made(node, "/api/v1/assets", {"name": "Galet", "where_spent": "Au café."})
    card = _made(node, "/api/v1/cards", {"uid": "04A2B3C4D5E6F7"})
    amount = {"amount": 1_500, "asset": asset["id"], "card": card["id"]}
    top_up = _made(node, "/api/v1/top-ups", amount)
    held = {"lines": [{"label": "Soupe", "amount": 300}], "payers": [{"card": card["id"]}]}
    aside = _made(node, "/api/v1/spends", {**held, "until": (clock.now() + timedelta(days=1)).isoformat()})
    return [asset["id"], card["id"], card["wallet"], top_up["id"], aside["id"]]


def _names() -> list[str]:
    return [table.name for table in Base.metadata.sorted_tables if table.name not in NOTES]


def _fingerprints(connection: Connection) -> Iterator[tuple[str, str]]:
    """Of the tables that have rows. Read by the driver alone: this is done thousands of times."""
    cursor = cast(Any, connection.connection.cursor())
    each = _in_turn if connection.dialect.name == "sqlite" else _at_once
    for name, rows in each(cursor):
        yield name, hashlib.sha256("\n".join(sorted(rows)).encode("utf-8", "surrogatepass")).hexdigest()
    cursor.close()


def _in_turn(cursor: Any) -> Iterator[tuple[str, list[str]]]:
    for name in _names():
        if rows := cursor.execute(f'SELECT * FROM "{name}"').fetchall():  # noqa: S608 - our names
            yield name, list(map(repr, rows))


def _at_once(cursor: Any) -> Iterator[tuple[str, list[str]]]:
    """One question: a server is far away."""
    every = (f"SELECT '{name}', one::text FROM \"{name}\" one" for name in _names())  # noqa: S608 - our names
    found: dict[str, list[str]] = {}
    for name, row in cursor.execute(" UNION ALL ".join(every)).fetchall():
        found.setdefault(name, []).append(row)
    yield from found.items()
