"""Words of JSON-LD that a plain reader must refuse, and the ones of a message that bind us (protocol.md §8).

Documents are plain JSON with a fixed profile: contexts are never fetched, so nothing may hide behind one.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from federation.namespace import VIL
from federation.refusals import ForbiddenKeyword, NotUnderstood, TooManyRecipients

CRITICAL: Final = "vil:critical"
"""Property that lists the ones which must be understood, or the whole message is refused."""

_ADDRESSED: Final = ("to", "cc", "bto", "bcc", "audience")
_REFUSED: Final = frozenset({"@graph", "@included", "@reverse", "@nest", "@import", "@base"})
_TWICE: Final = (("id", "@id"), ("type", "@type"))
"""Said both ways, a plain reader and a JSON-LD reader would see two different objects."""

_OWN_NAMES: Final = {"id": "@id", "type": "@type"}
_KEYWORD: Final = re.compile(r"@[A-Za-z]+")


def check_words(data: Any) -> None:
    """Raises ForbiddenKeyword on `@graph`, `@included`, `@reverse` and their like, or a renamed keyword."""
    pending = [data]
    while pending:
        value = pending.pop()
        if type(value) is list:
            pending += value
        elif type(value) is dict:
            _check_members(value)
            for name, member in value.items():
                if name == "@context":
                    _check_context(member)
                elif type(member) is dict or type(member) is list:
                    pending.append(member)


def check_critical(data: Mapping[str, Any], understood: frozenset[str]) -> None:
    """Raises NotUnderstood when the message, or its object, demands a property that is not known."""
    for part in (data, data.get("object")):
        demanded = part.get(CRITICAL, part.get(f"{VIL}critical")) if isinstance(part, Mapping) else None
        names = demanded if isinstance(demanded, list) else [] if demanded is None else [demanded]
        for name in names:
            if not isinstance(name, str) or name not in understood:
                raise NotUnderstood(cause=f"critical property {name!r}")


def check_recipients(data: Mapping[str, Any], most: int) -> None:
    """Raises TooManyRecipients when the message, or its object, addresses more than allowed."""
    for part in (data, data.get("object")):
        if isinstance(part, Mapping):
            lists = (part.get(name) for name in _ADDRESSED)
            if sum(len(value) for value in lists if isinstance(value, list)) > most:
                raise TooManyRecipients


def _check_members(value: dict[str, Any]) -> None:
    if not _REFUSED.isdisjoint(value):
        raise ForbiddenKeyword(cause=f"{sorted(_REFUSED & set(value))}")
    for plain, keyword in _TWICE:
        if keyword in value and plain in value:
            raise ForbiddenKeyword(cause=f"{plain} and {keyword}")


def _check_context(context: Any) -> None:
    """An inline context may define terms, but not give keywords other names, nor read backwards."""
    pending = [context]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending += value
        elif isinstance(value, dict):
            if not _REFUSED.isdisjoint(value):
                raise ForbiddenKeyword(cause=f"{sorted(_REFUSED & set(value))} in a context")
            for term, meaning in value.items():
                _check_term(term, meaning)
            pending += [member for member in value.values() if isinstance(member, dict | list)]


def _check_term(term: str, meaning: Any) -> None:
    if term.startswith("@"):
        return
    named = meaning.get("@id") if isinstance(meaning, dict) else meaning
    if isinstance(named, str) and _KEYWORD.fullmatch(named) and _OWN_NAMES.get(term) != named:
        raise ForbiddenKeyword(cause=f"{term!r} renamed {named!r}")
    if term in _OWN_NAMES and named != _OWN_NAMES[term]:
        raise ForbiddenKeyword(cause=f"{term!r} means something else")
