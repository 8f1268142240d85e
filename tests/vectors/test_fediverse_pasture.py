"""Objects seen in the wild (funfedi.dev): each passes the guard, is read without a fault and shown safely."""

import json
from html.parser import HTMLParser
from typing import Any

import pytest

from federation.attachments import pictures_of, tags_of
from federation.html_guard import SCHEMES, TAGS, clean_html, link_address, plain_text
from federation.json_guard import read_object
from federation.reading import (
    actor_of,
    id_of,
    ids_of,
    is_public,
    number_of,
    owner_of,
    recipients_of,
    target_of,
    text_of,
    time_of,
    type_of,
    types_of,
    url_of,
)
from tests.vectors.folder import load

INPUTS = load("fediverse-pasture-inputs.json")["inputs"]
ALL = [(group, number) for group, part in INPUTS.items() for number in range(len(part["examples"]))]


def objects(group: str) -> list[dict[str, Any]]:
    """As they arrive: through the guard."""
    return [read_object(json.dumps(example).encode()) for example in INPUTS[group]["examples"]]


class Shown(HTMLParser):
    """What a browser would find."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.rels: set[str | None] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag == "a":
            self.links += [value or "" for name, value in attrs if name == "href"]
            self.rels.add(dict(attrs).get("rel"))


@pytest.mark.parametrize(("group", "number"), ALL, ids=lambda part: str(part))
def test_read_without_fault_and_shown_safely(group: str, number: int) -> None:
    value = objects(group)[number]
    assert isinstance(type_of(value), str)
    for read in (actor_of, id_of, ids_of, is_public, owner_of, recipients_of, target_of, types_of, url_of):
        read(value)
    tags_of(value)
    pictures_of(value)
    time_of(value, "published")
    number_of(value, "width")
    for name in ("name", "summary", "content"):
        shown = Shown(clean_html(text_of(value, name)))
        assert shown.tags <= TAGS
        assert shown.attributes <= {"href", "hreflang", "rel", "lang", "dir", "start", "reversed"}
        assert shown.rels <= {"nofollow noopener"}
        assert all(link.partition(":")[0] in SCHEMES and link_address(link) for link in shown.links)


@pytest.mark.parametrize("group", ["html_tags", "html_tags_article", "html_tags_summary"])
def test_html_tags(group: str) -> None:
    name = "summary" if group == "html_tags_summary" else "content"
    cleaned = [clean_html(text_of(value, name)) for value in objects(group)]
    assert cleaned[0] == "<b>bold</b>"
    assert "<ol><li>ordered</li></ol>" in cleaned
    assert not any(
        word in html for html in cleaned for word in ("<script", "alert", "<img", "<audio", "<video")
    )
    assert any("Fernstraßen<wbr>bau" in html for html in cleaned)


def test_html_bad() -> None:
    for value in objects("html_bad"):
        assert not Shown(clean_html(text_of(value, "content"))).tags


def test_html_anchor() -> None:
    for value in objects("html_anchor"):
        shown = Shown(clean_html(text_of(value, "content")))
        assert len(shown.links) == 1
        assert shown.attributes <= {"href", "hreflang", "rel"}
    assert plain_text(text_of(objects("html_anchor")[0], "content")) == "funfedi"


def test_public_addressing() -> None:
    assert all(is_public(value) for value in objects("public_addressing"))


def test_attributed_to() -> None:
    first = "http://pasture-one-actor/actor"
    assert [owner_of(value) for value in objects("attributed_to")] == [first, first, None, first, first]


def test_url() -> None:
    found = [url_of(value) for value in objects("url")]
    remote, html = "http://remote.example/objects/123", "http://html.example/objects/123"
    assert found[:2] == [remote, remote]
    assert found[3] == "http://other.example/objects/123"
    assert (found[4], found[6:11]) == (html, [html] * 5)
    assert found[11] == "https://notype.example/"


def test_in_reply_to() -> None:
    found = [id_of(value.get("inReplyTo")) for value in objects("in_reply_to")]
    note = "http://pasture-one-actor/assets/note1.jsonap"
    assert found == [note, "http://invalid.example/", note, note, note, None, note]


@pytest.mark.parametrize("group", ["hashtags", "hashtag_jsonld"])
def test_hashtags(group: str) -> None:
    for value in objects(group):
        (tag,) = tags_of(value)
        assert (tag.kind, tag.name) == ("Hashtag", value["tag"]["name"])


def test_mentions() -> None:
    kinds = [[tag.kind for tag in tags_of(value)] for value in objects("mentions")]
    assert kinds[3] == []
    assert kinds[9] == ["Mention", "Mention"]
    assert all(found == ["Mention"] for number, found in enumerate(kinds) if number not in (3, 9))


@pytest.mark.parametrize("group", ["image_attachments", "recommended_attachments", "attachments"])
def test_pictures(group: str) -> None:
    for value in objects(group):
        for picture in pictures_of(value):
            assert link_address(picture.url)
            assert picture.media_type in ("", "image/png", "image/jpeg")
    names = [value["content"] for value in objects(group) if pictures_of(value)]
    assert not [name for name in names if "Video" in name or "Audio" in name or "Text" in name]
    assert [name for name in names if "mage" in name or "Link object" in name]


def test_image_description() -> None:
    found = [[picture.alt for picture in pictures_of(value)] for value in objects("image_description")]
    assert found == [[""], ["name"], ["name"], [""]]


def test_content_warnings() -> None:
    assert [text_of(value, "summary") for value in objects("content_warnings")][:3] == [
        "",
        "summary",
        "summary",
    ]


def test_language() -> None:
    german = [text_of(value, "content", "de") for value in objects("language")]
    assert german == [
        "text",
        "Deutsch",
        "text",
        "Deutsch",
        "Deutsch",
        "Deutsch",
        "English",
        "Deutsch",
        "Deutsch",
    ]


def test_object_types() -> None:
    said = [example["type"] for example in INPUTS["object_types"]["examples"]]
    read = [types_of(value) for value in objects("object_types")]
    assert read == [frozenset({one}) for one in said[:12]] + [frozenset({"Note", "Article"}), frozenset()]


def test_necessary_properties() -> None:
    assert [id_of(value) for value in objects("necessary_properties")] == [None] * 5
    assert [time_of(value, "published") for value in objects("necessary_properties")] == [None] * 5


def test_context_and_quotes_change_nothing() -> None:
    for group in ("context", "quotes"):
        assert all(text_of(value, "content") for value in objects(group))
