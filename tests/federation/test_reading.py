"""Tolerant reading: many shapes, one answer, and never a fault on anything that passed the guard."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation import attachments, reading
from federation.json_guard import read_object
from kit.errors import Refusal

URL = "https://a.example/1"


@pytest.mark.parametrize(
    "value",
    [
        URL,
        [URL],
        {"id": URL},
        [{"id": URL}],
        {"href": URL},
        {"@list": [URL]},
        [None, "", "javascript:x", URL],
        [[], URL],
    ],
)
def test_ids_in_every_shape(value: Any) -> None:
    assert reading.id_of(value) == URL


@pytest.mark.parametrize("value", [None, "", 3, [], {}, {"id": {"id": URL}}, "urn:x", {"id": ["x"]}])
def test_no_id(value: Any) -> None:
    assert reading.id_of(value) is None


def test_one_actor_or_none() -> None:
    assert reading.actor_of({"actor": {"id": URL}}) == URL
    assert reading.actor_of({"actor": [URL, URL]}) == URL
    assert reading.actor_of({"actor": [URL, "https://b.example/2"]}) is None
    assert reading.owner_of({"actor": URL}) == URL
    assert reading.owner_of({"attributedTo": {"id": URL}, "actor": "https://b.example/2"}) == URL


def test_types() -> None:
    full = {"type": ["as:Event", f"{reading.AS}Note", "vil:X", 3]}
    assert reading.types_of(full) == {"Event", "Note", "vil:X"}
    assert reading.type_of(full) == "Event"
    assert (reading.type_of("x"), reading.types_of(None)) == ("", frozenset())


@pytest.mark.parametrize(
    "deleted", [URL, {"id": URL}, {"type": "Tombstone", "id": URL}, {"type": "Event", "id": URL}]
)
def test_what_is_deleted(deleted: Any) -> None:
    assert reading.target_of({"type": "Delete", "object": deleted}) == URL


def test_texts() -> None:
    assert reading.text_of({"name": "Bal"}, "name") == "Bal"
    assert reading.text_of({"name": ["", "Bal"]}, "name") == "Bal"
    assert reading.text_of({"name": {"@value": "Bal", "@language": "fr"}}, "name") == "Bal"
    assert reading.text_of({"nameMap": {"en": "Ball", "fr-FR": "Bal"}}, "name") == "Bal"
    assert reading.text_of({"nameMap": {"en": "Ball"}}, "name") == "Ball"
    assert reading.text_of({"name": 3, "nameMap": [1]}, "name") == ""


def test_times_and_numbers() -> None:
    assert reading.time_of({"t": "2026-11-21T20:00:00+01:00"}, "t") == datetime(2026, 11, 21, 19, tzinfo=UTC)
    for late in (None, 3, "", "2026-11-21T20:00:00", "tomorrow", "0001-01-01T00:00:00+14:00", "9" * 50):
        assert reading.time_of({"t": late}, "t") is None
    assert reading.number_of({"n": "48.85"}, "n") == 48.85
    for odd in (None, True, "x", "nan", "1e999", [1]):
        assert reading.number_of({"n": odd}, "n") is None


def test_recipients() -> None:
    found = reading.recipients_of({"to": "as:Public", "cc": [URL, {"id": URL}, 3, ["x"]], "audience": "x"})
    assert found == ("as:Public", URL)
    assert reading.is_public({"cc": ["Public"]})
    assert not reading.is_public({"to": [URL], "object": {"to": ["as:Public"]}})


def test_tags_and_pictures() -> None:
    owner = {
        "tag": [{"name": " #bal "}, {"type": "Mention", "name": "@a@b", "href": URL}, {"name": ""}, "x", 3],
        "image": "https://a.example/x.png",
        "attachment": [
            {"type": "Document", "url": URL, "mediaType": "image/webp", "name": "alt"},
            {"type": "Image", "url": "data:image/png;base64,x"},
            {"type": "Document", "url": URL, "mediaType": "text/html"},
            "https://a.example/y.txt",
        ],
    }
    assert [(tag.kind, tag.name) for tag in attachments.tags_of(owner)] == [
        ("Hashtag", "#bal"),
        ("Mention", "@a@b"),
    ]
    assert [(one.url, one.alt) for one in attachments.pictures_of(owner)] == [
        ("https://a.example/x.png", ""),
        (URL, "alt"),
    ]


NAMES = [
    *("id", "type", "href", "url", "name", "nameMap", "tag", "attachment", "image", "to", "mediaType"),
    *("@value", "@list", "actor", "attributedTo", "object", "startTime"),
]
READERS: list[Callable[[dict[str, Any]], object]] = [
    *(reading.id_of, reading.ids_of, reading.types_of, reading.type_of, reading.actor_of, reading.owner_of),
    *(reading.object_of, reading.target_of, reading.url_of, reading.recipients_of, reading.is_public),
    *(attachments.tags_of, attachments.pictures_of),
]
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.text(max_size=8)
    | st.sampled_from([URL, "as:Public", "Image"]),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inside, max_size=6),
    max_leaves=15,
)


@settings(deadline=None, max_examples=200)
@given(st.dictionaries(st.sampled_from(NAMES), values))
def test_never_a_fault(data: dict[str, Any]) -> None:
    try:
        owner = read_object(json.dumps(data).encode())
    except Refusal:
        return
    for read in READERS:
        read(owner)
    for name in NAMES:
        reading.text_of(owner, name)
        reading.time_of(owner, name)
        reading.number_of(owner, name)
        reading.values_of(owner.get(name))
