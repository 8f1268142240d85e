"""What the OpenAPI document allows, and much that it does not: named 4xx, never 5xx, no changed row."""

from functools import cache
from typing import Any

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok

from kit.features import fold
from kit.web import Door
from node import openapi
from node.features import FEATURES
from tests.doors.knocking import Node, make_token, named
from tests.doors.test_bytes import addresses
from tests.nodes import URL

QUIET = list(HealthCheck)
DOORS = {door.name: door for door in fold(FEATURES).doors.values() if door.kind == "api"}
ENDING = {"pos.operators.leave"}
"""Takes no input, and the till would be nobody's at the doors that follow."""
LOOKS_OUTSIDE = {"api.follows.create", "api.peers.create"}
"""Doors that ask another machine: what they send and refuse is tested beside the HTTP client."""


@cache
def operations() -> dict[str, Any]:
    """Every operation of the document, by the name of its door."""
    document = openapi.document(fold(FEATURES), URL, "0")
    schema = schemathesis.openapi.from_dict(msgspec.to_builtins(document))
    found = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    return {operation.definition.raw["operationId"]: operation for operation in found}


def test_the_document_says_every_door_of_the_api() -> None:
    assert set(operations()) == set(DOORS)


def knock(node: Node, case: Case[Any], headers: dict[str, str]) -> Any:
    """Send one generated request as it is."""
    sent = case.as_transport_kwargs(base_url=URL)
    body = {name: sent[name] for name in ("json", "data", "content") if sent.get(name) is not None}
    if "data" in body:
        body = {"content": body["data"] if isinstance(body["data"], bytes) else str(body["data"]).encode()}
    given_headers = {name.lower().encode(): _header(value) for name, value in (case.headers or {}).items()}
    ours = {name.encode(): value.encode() for name, value in headers.items()}
    return node.stranger.request(
        case.method, sent["url"], params=sent.get("params"), headers={**given_headers, **ours}, **body
    )


def _header(value: Any) -> bytes:
    return str(value).replace("\n", "").replace("\r", "").encode("latin-1", "replace")


def _look_at(node: Node, case: Case[Any], headers: dict[str, str]) -> None:
    before = node.seen
    answer = knock(node, case, headers)
    assert answer.status_code < 500, (
        f"{case.method} {case.formatted_path}: {answer.status_code} {answer.text[:300]}"
    )
    if answer.status_code >= 400:
        named(answer)
        assert case.method == "GET" or node.rows() == before
    elif case.method != "GET":
        node.rows()


def _tries() -> list[tuple[str, GenerationMode]]:
    """Every door with what its document allows, and with what it does not where it asks for anything."""
    names = sorted(set(DOORS) - LOOKS_OUTSIDE - ENDING)
    asking = [name for name in names if DOORS[name].body or DOORS[name].query or "{" in DOORS[name].path]
    return [(name, GenerationMode.POSITIVE) for name in names] + [
        (name, GenerationMode.NEGATIVE) for name in asking
    ]


def _called(tries: list[tuple[str, GenerationMode]]) -> str:
    (first, mode), (last, _) = tries[0], tries[-1]
    return f"{mode.value}: {first} to {last}"


@pytest.mark.parametrize(
    "tries", [_tries()[start : start + 8] for start in range(0, len(_tries()), 8)], ids=_called
)
def test_any_input(node: Node, tries: list[tuple[str, GenerationMode]]) -> None:
    for name, mode in tries:
        _try(node, name, mode)


def _examples(node: Node, door: Door) -> int:
    """Rules are the same on both databases: PostgreSQL meets fewer; so do tills, whose doors are many."""
    is_less = door.needs == "machine" or not node.app.db.is_sqlite
    return 5 if is_less else 15


def _try(node: Node, name: str, mode: GenerationMode) -> None:
    operation = operations()[name]
    known = node.known["id"]
    node.rows()

    @given(case=operation.as_strategy(generation_mode=mode), choice=st.integers(0, 2 * len(known)))
    @settings(
        max_examples=_examples(node, DOORS[name]),
        deadline=None,
        database=None,
        suppress_health_check=QUIET,
    )
    def check(case: Case[Any], choice: int) -> None:
        if choice < len(known) and "id" in (case.path_parameters or {}):
            case.path_parameters["id"] = known[choice]
        _look_at(node, case, node.headers_for(DOORS[name]))

    check()


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_without_the_scope_nothing_happens(node: Node) -> None:
    for door in DOORS.values():
        if door.scope:
            _knock_without(node, door)


def _knock_without(node: Node, door: Door) -> None:
    other = make_token(node.app, "events:read" if door.scope != "events:read" else "people:read")
    address = next(addresses(door, node))
    before = node.rows()
    headers: tuple[tuple[dict[str, str], int], ...] = (
        ({}, 401),
        ({"authorization": "Bearer hameau_nobody"}, 401),
        ({"authorization": f"Bearer {other}"}, 403),
    )
    for sent, status in headers:
        answer = node.stranger.request(door.method, address, headers=sent, json={})
        assert answer.status_code == status, answer.text
        named(answer)
    cookie = node.team.request(door.method, address, json={})
    assert cookie.status_code == 401, "the API takes tokens, never cookies"
    assert node.rows() == before


@pytest.mark.parametrize("name", ["api.events.create", "api.places.create", "api.tags.create"])
def test_a_repeated_write_is_answered_once(node: Node, name: str) -> None:
    start = {"start": "2027-05-01T18:00:00Z"} if name == "api.events.create" else {}
    path, body = DOORS[name].path, {"name": "Veillée", **start}
    headers = {**node.bearer, "idempotency-key": "the same twice"}
    first = node.stranger.post(path, json=body, headers=headers)
    assert first.status_code == 201, first.text
    before = node.rows()
    again = node.stranger.post(path, json=body, headers=headers)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    other = node.stranger.post(path, json={**body, "name": "Autre"}, headers=headers)
    assert (other.status_code, named(other)) == (409, "idempotency conflict")
    long = node.stranger.post(path, json=body, headers={**headers, "idempotency-key": "x" * 201})
    assert long.status_code == 400
    assert node.rows() == before
