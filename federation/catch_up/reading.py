"""From collections of a villager to activities as if it had sent them."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from federation.inbox.content import content_hash_of
from federation.reading import actor_of, id_of, object_of, owner_of, type_of, values_of
from federation.urls import same_origin, web_url


def items_of(page: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Embedded items of a collection or of one of its pages."""
    listed = values_of(page.get("orderedItems")) or values_of(page.get("items"))
    return [item for item in listed if isinstance(item, dict)]


def first_page(collection: Mapping[str, Any]) -> tuple[str | None, dict[str, Any] | None]:
    """The address of the first page, or the page itself where it is embedded."""
    embedded = object_of(collection, "first")
    return (None, embedded) if embedded else (id_of(collection.get("first")), None)


def published_by(actor: str, items: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Activities of an outbox that are the actor's own, oldest first."""
    return [
        dict(item) for item in reversed(list(items)) if actor_of(item) == actor and _is_at_home(actor, item)
    ]


def updates_of(actor: str, items: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """An `Update` for each object that belongs to the actor, named after its content."""
    return [
        {
            "id": f"{item['id']}#pulled-{content_hash_of(dict(item))[:32]}",
            "type": "Update",
            "actor": actor,
            "object": dict(item),
        }
        for item in items
        if type_of(item) and owner_of(item) == actor and _is_at_home(actor, item)
    ]


def given(takes: Mapping[str, Any], activities: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that the villager shares with us: its coming events are public, what it gives is its choice.

    Deletions are always heard. Labels are read from the address of each tag at its owner's agenda.
    """
    setting = takes.get("agenda") or {}
    mode, tags = setting.get("mode", "all"), frozenset(setting.get("tags", ()))
    return [
        activity
        for activity in activities
        if mode == "all" or type_of(activity) == "Delete" or (mode == "tags" and tags & _labels(activity))
    ]


def _labels(activity: Mapping[str, Any]) -> frozenset[str]:
    worn = values_of((object_of(activity) or {}).get("tag"))
    addresses = [str(tag.get("href", "")) for tag in worn if isinstance(tag, dict)]
    return frozenset(
        label for address in addresses for label in parse_qs(urlsplit(address).query).get("tag", ())
    )


def _is_at_home(actor: str, item: Mapping[str, Any]) -> bool:
    found = web_url(item.get("id"))
    return found is not None and found.isascii() and same_origin(found, actor)
