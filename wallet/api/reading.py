"""Bodies and keys read strictly: whatever is wrong is said under the name of its field."""

import re
from collections.abc import Iterator
from typing import Any, Final, TypeVar

from msgspec import Struct, to_builtins

from kit.errors import BadRequest, Invalid
from kit.i18n import _, lazy
from kit.web import Call
from kit.web.repeat import LONGEST_KEY

S = TypeVar("S", bound=Struct)
UNKNOWN: Final = re.compile(r"Object contains unknown field `(?P<name>.*)`", re.DOTALL)
MISSING: Final = re.compile(r"Object missing required field `(?P<name>.*)`", re.DOTALL)
UNKNOWN_SAID: Final = lazy("Nobody knows this field.")


class BadCursor(Invalid):
    name = "bad_cursor"
    default = lazy("This list address is not complete. I start again from the first page.")


def body_of(call: Call, shape: type[S]) -> S:
    """The JSON body. Raises BadRequest, or Invalid with a sentence under the name of each wrong field."""
    try:
        value = call.body(shape)
    except Invalid as refusal:
        raise Invalid(fields=dict(_named(*item) for item in refusal.fields.items())) from refusal
    bad = [path for path, text in _texts(to_builtins(value)) if "\x00" in text]
    if bad:
        raise Invalid(fields={path: _("This field holds a character that cannot be kept.") for path in bad})
    return value


def key_of(call: Call) -> str | None:
    """The Idempotency-Key. Raises BadRequest when it is too long."""
    key = call.idempotency_key
    if key and len(key) > LONGEST_KEY:
        raise BadRequest(cause="Idempotency-Key too long")
    return key or None


def number_of(cursor: str) -> int | None:
    """A cursor that is a number; "" is the start. Raises BadCursor."""
    if not cursor:
        return None
    if not re.fullmatch(r"[0-9]{1,16}", cursor, re.ASCII):
        raise BadCursor
    return int(cursor)


def _named(where: str, said: str) -> tuple[str, str]:
    """msgspec names the object that holds a wrong field; callers want the field's own name."""
    before = "" if where == "body" else f"{where}."
    if unknown := UNKNOWN.fullmatch(said):
        return before + unknown["name"], str(UNKNOWN_SAID)
    if missing := MISSING.fullmatch(said):
        return before + missing["name"], _("I fill in this field.")
    return where, said


def _texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _texts(part, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _texts(part, f"{path}[{number}]")
