"""Tags and pictures of an ActivityPub object, read as tolerantly as the rest (see `reading`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from federation.reading import Object, address_of, plain_text, type_of, types_of, values_of
from federation.urls import web_url


@dataclass(frozen=True)
class Tag:
    """A hashtag, mention or place name: `name` keeps its "#" or "@"; `href` may be ""."""

    kind: str
    name: str
    href: str


@dataclass(frozen=True)
class Picture:
    """An image of an object: where it is, its alternative text ("" when none), its media type ("")."""

    url: str
    alt: str
    media_type: str


def tags_of(owner: Object) -> tuple[Tag, ...]:
    """Tags that have a name; the type is guessed from "#" or "@" where it is missing."""
    found = []
    for value in values_of(owner.get("tag")):
        name = plain_text(value.get("name")).strip() if isinstance(value, dict) else ""
        if name:
            kind = type_of(value) or {"#": "Hashtag", "@": "Mention"}.get(name[0], "")
            found.append(Tag(kind, name, web_url(address_of(value)) or ""))
    return tuple(found)


def pictures_of(owner: Object) -> tuple[Picture, ...]:
    """Images among `image` and `attachment`, in this order; other attachments are left out."""
    return tuple(_pictures(owner))


def _pictures(owner: Object) -> Iterator[Picture]:
    for name in ("image", "attachment"):
        for value in values_of(owner.get(name)):
            if isinstance(value, str):
                value = {"type": "Image" if name == "image" else "", "url": value}
            link = _picture_link(value) if isinstance(value, dict) else None
            if link is not None:
                yield link


def _picture_link(value: dict[str, Any]) -> Picture | None:
    """The first usable link of an image; `url` may be a text, a link or a list of links."""
    for link in [*values_of(value.get("url")), *values_of(value.get("href"))]:
        address = web_url(address_of(link))
        said = link.get("mediaType") if isinstance(link, dict) else None
        media_type = said or value.get("mediaType") or ""
        if address and _is_image(value, media_type, address):
            return Picture(address, _alt(value), media_type if isinstance(media_type, str) else "")
    return None


def _is_image(value: dict[str, Any], media_type: Any, address: str) -> bool:
    if isinstance(media_type, str) and media_type:
        return media_type.startswith("image/")
    if "Image" in types_of(value):
        return True
    path = address.lower().partition("?")[0]
    return path.endswith((".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif"))


def _alt(value: dict[str, Any]) -> str:
    return next(filter(None, (plain_text(value.get(name)) for name in ("name", "summary", "content"))), "")
