"""Bytes of a peer are read in one way only, or not at all."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet.between.strict import LARGEST, MOST_DEPTH, Malformed, read_strict

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
leaves = st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | texts
values = st.recursive(
    leaves, lambda some: st.lists(some, max_size=4) | st.dictionaries(texts, some, max_size=4), max_leaves=12
)


def nested(levels: int, opening: str = "[", closing: str = "]") -> bytes:
    """An object with `levels` levels in all."""
    return f'{{"a":{opening * (levels - 1)}{closing * (levels - 1)}}}'.encode()


@given(st.dictionaries(texts, values, max_size=6), st.booleans())
def test_what_is_plain_json_is_read_as_any_reader_would(data: dict[str, object], is_ascii: bool) -> None:
    assert read_strict(json.dumps(data, ensure_ascii=is_ascii).encode(), most_depth=64) == data


@given(st.binary(max_size=200))
def test_any_bytes_are_an_object_or_a_named_refusal(body: bytes) -> None:
    try:
        assert isinstance(read_strict(body), dict)
    except Malformed:
        return


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"1",
        b'"a"',
        b"null",
        b"{",
        b"{} {}",
        b'{"a":1,"a":1}',
        b'{"a":{"b":1,"\\u0062":2}}',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":1E2}',
        b'{"a":-0.0}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":-Infinity}',
        b'{"a":9007199254740992}',
        b'{"a":-9007199254740992}',
        b'{"a":' + b"9" * 100_000 + b"}",
        b'{"a":01}',
        b'{"a":"\\ud800"}',
        b'{"\\uDFFF":1}',
        b'{"a":"\\ude00\\ud83d"}',
        b'{"a":"\\u0000"}',
        b'{"a":"\\\\\\u0000"}',
        b'{"a":"\x00"}',
        b'{"a":"\n"}',
        b'{"a":"\xff"}',
        b'{"a":"\xed\xa0\x80"}',
        b"\xef\xbb\xbf{}",
        '{"a":1}'.encode("utf-16"),
        b"{'a':1}",
        b'{"a":1,}',
        b'{"a":1}//',
        nested(MOST_DEPTH + 1),
        nested(MOST_DEPTH + 1, '{"a":', "}").replace(b'{"a":}', b"{}"),
        nested(100_000),
        b'{"a":' * 100_000,
    ],
    ids=lambda body: repr(body[:30]),
)
def test_where_readers_disagree_nothing_is_read(body: bytes) -> None:
    with pytest.raises(Malformed):
        read_strict(body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":9007199254740991,"b":-9007199254740991}',
        b'{"a":"\\ud83d\\ude00"}',
        b'{"a":"\\\\u0000 \\\\ud800"}',
        b' {"a" : [ ] } ',
        b'{"a":"' + b"[{" * 1000 + b'"}',
        nested(MOST_DEPTH),
    ],
    ids=lambda body: repr(body[:30]),
)
def test_what_only_looks_like_it_is_read(body: bytes) -> None:
    assert read_strict(body) == json.loads(body)


def test_the_depth_is_the_callers() -> None:
    assert read_strict(nested(3), most_depth=3)
    with pytest.raises(Malformed):
        read_strict(nested(4), most_depth=3)
