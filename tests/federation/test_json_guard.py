"""The guard: what is read, what is refused and under which name; nothing else ever leaves it."""

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from federation import refusals
from federation.json_guard import STRANGER, VILLAGER, Limits, check_content_type, read_json, read_object
from federation.json_words import CRITICAL
from federation.namespace import VIL
from kit.errors import Refusal

NAMES = {
    "unreadable_json", "duplicate_key", "too_deep", "too_many_keys", "text_too_long", "too_many_recipients",
    "number_out_of_range", "forbidden_keyword", "message_too_large", "not_understood",
}  # fmt: skip


def refusal(raw: bytes, limits: Limits = STRANGER) -> tuple[str, int]:
    with pytest.raises(Refusal) as refused:
        read_object(raw, limits)
    assert refused.value.name in NAMES
    return refused.value.name, refused.value.status


def nested(levels: int) -> bytes:
    return b'{"a":' * levels + b"1" + b"}" * levels


@pytest.mark.parametrize(("raw", "name"), [
    (b"", "unreadable_json"),
    (b"[]", "unreadable_json"),
    (b"{", "unreadable_json"),
    (b'{"a":1}x', "unreadable_json"),
    (b"\xef\xbb\xbf{}", "unreadable_json"),
    ("{}".encode("utf-16"), "unreadable_json"),
    (b'{"a":"\xff"}', "unreadable_json"),
    (b'{"a":"\x01"}', "unreadable_json"),
    (b'{"a":"\xed\xa0\x80"}', "unreadable_json"),
    (b'{"a":"\\ud800"}', "unreadable_json"),
    (b'{"\\udc00":1}', "unreadable_json"),
    (b'{"a":["\\ud83dx"]}', "unreadable_json"),
    (b'{"a":01}', "unreadable_json"),
    (b"{'a':1}", "unreadable_json"),
    (b'{"a":' + b"9" * 5000 + b"}", "unreadable_json"),
    (b'{"a":1,"a":1}', "duplicate_key"),
    (b'{"o":{"id":"x","\\u0069d":"y"}}', "duplicate_key"),
    (b'{"a":NaN}', "number_out_of_range"),
    (b'{"a":-Infinity}', "number_out_of_range"),
    (b'{"a":1e400}', "number_out_of_range"),
    (b'{"a":9007199254740992}', "number_out_of_range"),
    (b'{"a":[-9007199254740992]}', "number_out_of_range"),
    (b'{"@graph":[]}', "forbidden_keyword"),
    (b'{"o":[{"@included":[]}]}', "forbidden_keyword"),
    (b'{"@reverse":{}}', "forbidden_keyword"),
    (b'{"\\u0040graph":[]}', "forbidden_keyword"),
    (b'{"id":"x","@id":"y"}', "forbidden_keyword"),
    (b'{"o":{"type":"x","@type":"y"}}', "forbidden_keyword"),
    (b'{"@context":{"kind":"@type"}}', "forbidden_keyword"),
    (b'{"@context":["x",{"who":{"@id":"@id"}}]}', "forbidden_keyword"),
    (b'{"@context":{"id":"https://x.example/id"}}', "forbidden_keyword"),
    (b'{"@context":{"x":{"@reverse":"as:object"}}}', "forbidden_keyword"),
    (b'{"@context":{"@base":"https://x.example"}}', "forbidden_keyword"),
    (b'{"@context":{"x":{"@context":{"y":"@graph"}}}}', "forbidden_keyword"),
])  # fmt: skip
def test_refused_by_name(raw: bytes, name: str) -> None:
    assert refusal(raw)[0] == name


@pytest.mark.parametrize("raw", [
    b"{}",
    b' {"a": [1, -0.5, 1e3, true, null, "\\ud83d\\ude02"]}\n',
    b'{"a":9007199254740991}',
    b'{"@context":["https://www.w3.org/ns/activitystreams",{"@language":"und","id":"@id","type":"@type"}]}',
    b'{"@context":{"focalPoint":{"@container":"@list","@id":"toot:focalPoint"},"o":{"@id":"x:o","@type":"@id"}}}',
    b'{"attachment":{"@type":"Recipe","@id":"x"}}',
    b'{"contentMap":{"@none":"a"}}',
])  # fmt: skip
def test_read(raw: bytes) -> None:
    assert read_object(raw) == json.loads(raw)


def test_sizes() -> None:
    exact = b'{"a":"' + b"x" * 100 + b'"}'
    assert read_object(exact, Limits(size=len(exact)))
    assert refusal(exact, Limits(size=len(exact) - 1)) == ("message_too_large", 413)
    assert (STRANGER.size, VILLAGER.size) == (256 * 1024, 1024 * 1024)


def test_depth() -> None:
    assert read_object(nested(32))
    assert refusal(nested(33)) == ("too_deep", 400)
    assert refusal(b'{"a":' + b"[" * 32 + b"]" * 32 + b"}")[0] == "too_deep"
    assert refusal(b'{"a":' + b"[" * 100_000)[0] == "too_deep"
    assert refusal(b'{"@context":' + nested(33) + b"}")[0] == "too_deep"


def test_keys() -> None:
    many = {f"k{number}": {"x": 1} for number in range(1000)}
    assert read_object(json.dumps(many).encode())
    assert refusal(json.dumps({**many, "one": 1}).encode())[0] == "too_many_keys"


@pytest.mark.parametrize("escaped", ["", "\\u00e9"])
def test_texts(escaped: str) -> None:
    size = 64 * 1024 - (1 if escaped else 0)
    assert read_object(('{"a":"' + escaped + "x" * size + '"}').encode())
    assert refusal(('{"a":["' + escaped + "x" * (size + 1) + '"]}').encode())[0] == "text_too_long"
    assert refusal(('{"' + escaped + "x" * (size + 1) + '":1}').encode())[0] == "text_too_long"


def test_recipients() -> None:
    people = [f"https://a.example/{number}" for number in range(500)]
    assert read_object(json.dumps({"to": people, "cc": people}).encode())
    assert (
        refusal(json.dumps({"to": people, "cc": people, "bto": ["x", "y"]}).encode())[0]
        == "too_many_recipients"
    )
    assert refusal(json.dumps({"object": {"to": people * 3}}).encode())[0] == "too_many_recipients"


@pytest.mark.parametrize("value", [["vil:hold"], "vil:hold", [1], [["vil:hold"]], {"a": 1}])
def test_critical(value: Any) -> None:
    assert refusal(json.dumps({CRITICAL: value}).encode()) == ("not_understood", 422)
    assert refusal(json.dumps({f"{VIL}critical": value}).encode())[0] == "not_understood"
    assert refusal(json.dumps({"object": {CRITICAL: value}}).encode())[0] == "not_understood"


def test_critical_but_understood() -> None:
    raw = json.dumps({CRITICAL: ["vil:epoch"], "vil:epoch": 3, "unknown": 1}).encode()
    assert read_object(raw, understood=frozenset({"vil:epoch"}))["vil:epoch"] == 3


@pytest.mark.parametrize("value", [
    "application/activity+json",
    "Application/Activity+JSON; charset=utf-8",
    'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
    'application/ld+json;charset=utf-8;profile="https://x.example https://www.w3.org/ns/activitystreams"',
    "application/ld+json; profile=https://www.w3.org/ns/activitystreams",
])  # fmt: skip
def test_content_type(value: str) -> None:
    check_content_type(value)


@pytest.mark.parametrize("value", [
    None, "", "application/json", "text/html", "application/ld+json", "application/activity+jsonx",
    'application/ld+json; profile="https://www.w3.org/ns/activitystreams-2"',
    'text/html; profile="https://www.w3.org/ns/activitystreams"', "application/activity+json, text/html",
])  # fmt: skip
def test_other_content_types(value: str | None) -> None:
    with pytest.raises(refusals.WrongContentType) as refused:
        check_content_type(value)
    assert refused.value.status == 415


def refusal_of(raw: bytes) -> Refusal | None:
    """None when it was read, and read as every other reader would."""
    try:
        data = read_object(raw)
    except Refusal as refused:
        return refused
    assert data == json.loads(raw)
    return None


tokens = st.sampled_from(
    [
        *(b"{", b"}", b"[", b"]", b",", b":", b'"a"', b'"@id"', b'"id"', b'"@context"', b'"@reverse"'),
        *(b"1", b"-0", b"1e999", b"9007199254740993", b"NaN", b"null", b"true", b'"\\ud800"', b'"\\u0000"'),
        *(b'"to"', b'"object"', b'"vil:critical"', b'"\\', b"\xff", b" "),
    ]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inside: (
        st.lists(inside, max_size=4)
        | st.dictionaries(
            st.text()
            | st.sampled_from(["@context", "@id", "id", "@type", "type", "@graph", CRITICAL, "to", "object"]),
            inside,
        )
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=300) | st.lists(tokens, max_size=40).map(b"".join))
@example(b"[" * 200_000)
@example(b'{"a":' * 50_000)
def test_any_bytes(raw: bytes) -> None:
    refused = refusal_of(raw)
    assert refused is None or (refused.name in NAMES and 400 <= refused.status < 500)


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=8), values, max_size=6))
def test_any_json(data: dict[str, Any]) -> None:
    refused = refusal_of(json.dumps(data).encode())
    assert refused is None or refused.name in NAMES


def test_values_alone_are_json_too() -> None:
    assert read_json(b"[1]") == [1]
    with pytest.raises(refusals.NumberOutOfRange):
        read_json(b"9007199254740993")
