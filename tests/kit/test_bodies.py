"""JSON bodies, read strictly: each fault under the name of its field."""

from contextlib import suppress
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, Meta, Struct, UnsetType

from kit.errors import BadRequest, Invalid
from kit.web.bodies import MOST_NAMED, read_body


class Part(Struct):
    name: str
    size: int = 0


class Whole(Struct, rename="camel"):
    part: Part | UnsetType | None = UNSET
    parts: Annotated[list[Annotated[Part, Meta(description="one")]], Meta(max_length=9)] = []
    by_name: dict[str, Part] = {}
    words: list[str] = []
    title: Annotated[str, Meta(max_length=9)] = ""


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"zork": 1}, {"zork"}),
        ({"zork": 1, "Part": 2, "by_name": {}}, {"zork", "Part", "by_name"}),
        ({"part": {"name": "x", "zork": {"name": 1}}}, {"part.zork"}),
        ({"parts": [{"name": "x"}, {"name": "x", "zork": 1}]}, {"parts.1.zork"}),
        ({"byName": {"any": {"name": "x", "zork": 1}}}, {"byName.any.zork"}),
        ({"part": {}}, {"part.name"}),
        ({"title": "a\x00"}, {"title"}),
        ({"words": ["a", "\x00"], "part": {"name": "\x00"}}, {"words.1", "part.name"}),
        ({"title": 3}, {"title"}),
        ([], {"body"}),
    ],
)
def test_said_by_name(body: Any, fields: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        read_body(msgspec.json.encode(body), Whole)
    assert set(refused.value.fields) == fields


ALL_WRONG: tuple[tuple[Any, set[str]], ...] = (
    (
        {
            "part": {"size": "x", "zork": 1},
            "parts": [{"name": "x"}, {"name": 3}, {"size": 1.5}],
            "title": "x" * 10,
        },
        {"part.name", "part.size", "part.zork", "parts.1.name", "parts.2.name", "parts.2.size", "title"},
    ),
    (
        {"words": ["a", 3, "\x00"], "byName": {"any": {"size": 1}}, "zork": 1},
        {"words.1", "words.2", "byName.any.name", "zork"},
    ),
    (
        {"parts": [{}] * 10, "part": 3, "words": {"0": "a"}, "byName": []},
        {"parts", "part", "words", "byName"},
    ),
    ({"title": None, "words": ["a\x00"]}, {"title", "words.0"}),
)


@pytest.mark.parametrize(("body", "fields"), ALL_WRONG)
def test_all_that_is_wrong_is_said_at_once(body: Any, fields: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        read_body(msgspec.json.encode(body), Whole)
    assert set(refused.value.fields) == fields


class Closed(Struct, forbid_unknown_fields=True):
    title: str = ""
    inner: "Closed | None" = None
    any: dict[str, Any] = {}


class Ajar(Struct, forbid_unknown_fields=True):
    closed: Closed | None = None
    parts: tuple[Part, ...] = ()


@pytest.mark.parametrize(
    ("shape", "body", "fields"),
    [
        (Closed, b'{"title": "\\u0000", "inner": {"any": {"a": ["\\u0000"]}}}', {"title", "inner.any.a.0"}),
        (Closed, b'{"inner": {"title": 3, "zork": 1}, "zork": 1}', {"inner.title", "inner.zork", "zork"}),
        (Ajar, b'{"closed": {}, "parts": [{"name": "x", "zork": 1}]}', {"parts.0.zork"}),
    ],
)
def test_what_msgspec_lets_through_is_found_in_a_closed_shape_too(
    shape: type[Struct], body: bytes, fields: set[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        read_body(body, shape)
    assert set(refused.value.fields) == fields
    assert read_body(b'{"title": "\\\\u0000"}', Closed).title == "\\u0000"


def test_a_body_that_ends_in_the_middle_is_no_json_whatever_came_before() -> None:
    with pytest.raises(BadRequest):
        read_body(b'{"title": 3, "words": [', Whole)


def test_what_is_known_passes() -> None:
    body = {"part": None, "parts": [{"name": "x", "size": 2}], "byName": {"zork": {"name": "y"}}}
    read = read_body(msgspec.json.encode(body), Whole)
    assert (read.part, read.parts, read.by_name) == (None, [Part("x", 2)], {"zork": Part("y")})
    assert read_body(b"", Whole) == Whole()


def test_not_all_of_a_thousand_are_named() -> None:
    with pytest.raises(Invalid) as refused:
        read_body(msgspec.json.encode({f"z{number}": 1 for number in range(1000)}), Whole)
    assert len(refused.value.fields) == MOST_NAMED


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)
NAMES = st.sampled_from(["part", "parts", "byName", "words", "title", "name", "zork"])


@given(st.dictionaries(NAMES, JSON | st.dictionaries(NAMES, JSON, max_size=3), max_size=4))
def test_any_body_is_read_or_refused(body: Any) -> None:
    try:
        read = read_body(msgspec.json.encode(body), Whole)
    except Invalid:
        return
    assert isinstance(read, Whole)
    assert set(body) <= {"part", "parts", "byName", "words", "title"}


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with suppress(Invalid, BadRequest):
        read_body(raw, Whole)


def test_a_deep_body() -> None:
    for raw in (b"[" * 100_000, b'{"part":' * 100_000, b'{"title":"\xff"}'):
        with pytest.raises((Invalid, BadRequest)):
            read_body(raw, Whole)
