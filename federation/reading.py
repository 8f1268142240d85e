"""Tolerant reading of ActivityPub objects: every property may be absent, one value, a list or an object.

Nothing here raises on data that passed `json_guard`: what cannot be understood is None, "" or empty.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from federation.namespace import PUBLIC_NAMES
from federation.urls import web_url

AS: Final = "https://www.w3.org/ns/activitystreams#"

Object = Mapping[str, Any]

_MOST: Final = 1000
"""Values read of one property; the guard allows no more recipients than that."""

_YEARS: Final = range(1900, 3000)
"""Others are mistakes, and overflow when zones are applied."""


def values_of(value: Any) -> list[Any]:
    """`value` as a list: absent and null are empty, `@list` and `@set` are opened."""
    if isinstance(value, dict) and ("@list" in value or "@set" in value):
        value = value.get("@list", value.get("@set"))
    if isinstance(value, list):
        return [item for item in value[:_MOST] if item is not None]
    return [] if value is None else [value]


def object_of(owner: Object, name: str = "object") -> dict[str, Any] | None:
    """The first embedded object of a property, or None where there is none or an address alone."""
    return next((value for value in values_of(owner.get(name)) if isinstance(value, dict)), None)


def id_of(value: Any) -> str | None:
    """The first web address that a value gives: itself, its `id`, or the `href` of a link."""
    return next(iter(ids_of(value)), None)


def ids_of(value: Any) -> tuple[str, ...]:
    """Every web address that a value gives, in order, each once."""
    found = (web_url(address_of(item)) for item in values_of(value))
    return tuple(dict.fromkeys(address for address in found if address is not None))


def types_of(value: Any) -> frozenset[str]:
    """Short type names of an object: `as:Event` and the full AS2 address both give `Event`."""
    if not isinstance(value, dict):
        return frozenset()
    return frozenset(_short(name) for name in values_of(value.get("type")) if isinstance(name, str))


def type_of(value: Any) -> str:
    """The first type name, "" when there is none."""
    names = values_of(value.get("type")) if isinstance(value, dict) else []
    return next((_short(name) for name in names if isinstance(name, str)), "")


def actor_of(activity: Object) -> str | None:
    """The one actor of an activity; None when there is none, or several."""
    return _only(ids_of(activity.get("actor")))


def owner_of(owned: Object) -> str | None:
    """Who an object belongs to: `attributedTo`, else `actor`; None when unclear."""
    return _only(ids_of(owned.get("attributedTo"))) or actor_of(owned)


def target_of(activity: Object, name: str = "object") -> str | None:
    """The address of what an activity is about, embedded or not (a Tombstone, an object, a bare id)."""
    return id_of(activity.get(name))


def text_of(owner: Object, name: str, language: str = "fr") -> str:
    """A text such as `name` or `content`, in `language` if its map (`nameMap`) has it. May be HTML."""
    translated = owner.get(f"{name}Map")
    if isinstance(translated, dict):
        texts = {key[:2].lower(): text for key, text in translated.items() if isinstance(text, str)}
        if language in texts:
            return texts[language]
        if owner.get(name) is None and texts:
            return next(iter(texts.values()))
    return next(filter(None, map(plain_text, values_of(owner.get(name)))), "")


def url_of(owner: Object, media_type: str = "text/html") -> str | None:
    """The address to show: the link of `media_type` if one says so, else the first; None if none."""
    links = [link for link in values_of(owner.get("url")) if web_url(address_of(link))]
    wanted = [link for link in links if isinstance(link, dict) and link.get("mediaType") == media_type]
    plain = [link for link in links if isinstance(link, str)]
    chosen = next(iter([*wanted, *plain, *links]), None)
    return web_url(address_of(chosen))


def recipients_of(owner: Object) -> tuple[str, ...]:
    """Everyone addressed, each once; the public collection keeps the name it was given."""
    named = (values_of(owner.get(name)) for name in ("to", "cc", "bto", "bcc", "audience"))
    addresses = (address_of(value) or "" for values in named for value in values)
    return tuple(dict.fromkeys(item for item in addresses if item in PUBLIC_NAMES or web_url(item)))


def is_public(owner: Object) -> bool:
    """Whether the public collection, under any of its three names, is addressed."""
    return not PUBLIC_NAMES.isdisjoint(recipients_of(owner))


def time_of(owner: Object, name: str) -> datetime | None:
    """An instant with its offset; None when absent, unreadable or without offset."""
    value = owner.get(name)
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        instant = datetime.fromisoformat(value)
        return instant if instant.utcoffset() is not None and instant.year in _YEARS else None
    except ValueError:
        return None


def number_of(owner: Object, name: str) -> float | None:
    """A number, also where it was written as text; None otherwise."""
    value = owner.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if abs(number) < 2**53 else None


def _only(addresses: tuple[str, ...]) -> str | None:
    return addresses[0] if len(addresses) == 1 else None


def address_of(value: Any) -> str | None:
    """What a value points at, unchecked: a text itself, the `id` of an object, the `href` of a link."""
    if isinstance(value, dict):
        value = value.get("id") or value.get("href")
    return value if isinstance(value, str) else None


def _short(name: str) -> str:
    return name.removeprefix(AS).removeprefix("as:")


def plain_text(value: Any) -> str:
    """A text, or the text of a `{"@value": …}`; "" otherwise."""
    if isinstance(value, dict):
        value = value.get("@value")
    return value if isinstance(value, str) else ""
