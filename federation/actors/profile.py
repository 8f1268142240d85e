"""From an actor document to the few fields that this node keeps; everything is bounded and plain."""

from collections.abc import Mapping
from typing import Any

from federation.facts import ActorKnown
from federation.html_guard import plain_text
from federation.namespace import VIL
from federation.reading import id_of, number_of, object_of, text_of, type_of, url_of
from federation.urls import same_origin, web_url

LONGEST_NAME = 200
LONGEST_SUMMARY = 2000
ACTOR_TYPES = frozenset({"Application", "Group", "Organization", "Person", "Service"})


def is_actor(document: Mapping[str, Any]) -> bool:
    """Whether this is an actor that can be written to: a known type, an id, an inbox at its origin."""
    inbox, uri = web_url(document.get("inbox")), web_url(document.get("id"))
    return type_of(document) in ACTOR_TYPES and uri is not None and same_origin(uri, inbox or "")


def columns_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a RemoteActor row, its times excepted. Addresses at other origins are left out."""
    uri = str(document["id"])
    endpoints = object_of(document, "endpoints") or {}
    return {
        "type": type_of(document),
        "name": text_of(document, "name")[:LONGEST_NAME],
        "username": str(document.get("preferredUsername") or "")[:LONGEST_NAME],
        "url": url_of(document) or uri,
        "inbox": _at_home(uri, document.get("inbox")),
        "shared_inbox": _at_home(uri, endpoints.get("sharedInbox")),
        "outbox": _at_home(uri, id_of(document.get("outbox"))),
        "upcoming": _at_home(
            uri, id_of(_term(document, "upcomingEvents") or _term(endpoints, "upcomingEvents"))
        ),
        "profile": dict(document),
    }


def fact_of(document: Mapping[str, Any]) -> ActorKnown:
    """What the rooms above are told of this actor."""
    place = object_of(document, "location") or {}
    address = object_of(place, "address") or {}
    return ActorKnown(
        uri=str(document["id"]),
        name=text_of(document, "name")[:LONGEST_NAME],
        url=url_of(document) or str(document["id"]),
        kind=_short_text(_term(document, "kind")),
        accent=_short_text(_term(document, "accent")),
        pennant=_small_number(_term(document, "pennant")),
        latitude=number_of(place, "latitude"),
        longitude=number_of(place, "longitude"),
        city=_short_text(address.get("addressLocality")),
        summary=plain_text(text_of(document, "summary"))[:LONGEST_SUMMARY],
        icon=url_of(object_of(document, "icon") or {}) or "",
    )


def _term(document: Mapping[str, Any], name: str) -> Any:
    """One of our terms, under any of the ways a JSON-LD writer may spell it."""
    return next((document[key] for key in (name, f"vil:{name}", VIL + name) if key in document), None)


def _at_home(uri: str, address: object) -> str:
    found = web_url(address)
    return found if found is not None and same_origin(uri, found) else ""


def _short_text(value: object) -> str:
    return value[:LONGEST_NAME] if isinstance(value, str) else ""


def _small_number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1000 else 0
