"""Any form and any question at every page of the house: a page or a named refusal, which changes no row."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from kit.features import fold
from kit.web import Door
from node.features import FEATURES
from tests.doors.knocking import Node
from tests.doors.test_bytes import addresses

KINDS = {"page", "file"}
ENDING = {"people.sign_out", "people.erase_me", "people.end_others", "node.turn_off"}
"""Doors after which the same browser would see nothing else."""
EVERY = [door for door in fold(FEATURES).doors.values() if door.kind in KINDS and door.name not in ENDING]
ASKED = [door.name for door in EVERY if door.method == "GET"]
SENT = [door.name for door in EVERY if door.method == "POST"]
DOORS = {door.name: door for door in EVERY}
NASTY = st.text(max_size=40) | st.sampled_from(
    [
        "\x00",
        "\ud800",
        "\u202e",
        "9" * 400,
        "-1",
        "1e400",
        "nan",
        "on",
        "2026-02-30",
        "2026-03-29",
        "02:30",
        "25:00",
        "0001-01-01",
        "9999-12-31",
        "Europe/Nowhere",
        "../../etc/passwd",
        "%",
        "_",
        "'",
        '"><script>alert(1)</script>',
        "//evil.example",
        "javascript:alert(1)",
        "http://127.0.0.1:1/",
        "http://[::1",
        "x" * 5_000,
        "[x](javascript:alert(1))",
        "#12345g",
        "publish",
        "new",
    ]
)


def _shapes(shape: type[Struct] = Struct) -> Iterator[type[Struct]]:
    for child in shape.__subclasses__():
        yield child
        yield from _shapes(child)


def _field_names() -> list[str]:
    """The names of the fields of every form and every filter of the house."""
    rooms = ("agenda.", "people.", "wallet.", "sales.", "pos_api.", "node.", "federation.")
    edges = [
        shape
        for shape in _shapes()
        if shape.__module__.startswith(rooms) and {"pages", "schemas"} & set(shape.__module__.split("."))
    ]
    return sorted({field.encode_name for shape in edges for field in msgspec.structs.fields(shape)})


FIELDS = st.dictionaries(st.sampled_from(_field_names()), NASTY, max_size=12)


def _encoded(fields: dict[str, str]) -> str:
    return urlencode({name: value.encode("utf-8", "surrogatepass") for name, value in fields.items()})


@pytest.mark.parametrize("names", [SENT[0::2], SENT[1::2]], ids=["half of the doors", "the other half"])
def test_any_form(node: Node, names: list[str]) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded"}

    @given(name=st.sampled_from(names), fields=FIELDS)
    @settings(max_examples=80, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def check(name: str, fields: dict[str, str]) -> None:
        before = node.rows()
        answer = node.team.post(_address(node, DOORS[name]), content=_encoded(fields), headers=kind)
        _must_be_calm(name, answer, fields)
        if answer.status_code >= 400:
            assert node.rows() == before, (name, fields)

    check()


def test_any_question(node: Node) -> None:
    @given(name=st.sampled_from(ASKED), fields=FIELDS)
    @settings(max_examples=120, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def check(name: str, fields: dict[str, str]) -> None:
        answer = node.team.get(f"{_address(node, DOORS[name])}?{_encoded(fields)}")
        _must_be_calm(name, answer, fields)

    check()


def _address(node: Node, door: Door) -> str:
    return next(addresses(door, node))


def _must_be_calm(name: str, answer: Any, fields: dict[str, str]) -> None:
    assert answer.status_code < 500, (name, fields)
    assert "<script>alert(1)" not in answer.text, (name, fields)
    assert 'href="javascript:' not in answer.text, (name, fields)
    assert not answer.headers.get("location", "/").startswith(("//", "javascript")), (name, fields)
