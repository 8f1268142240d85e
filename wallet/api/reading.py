"""Keys and cursors read strictly."""

import re

from kit.errors import BadRequest, Invalid
from kit.i18n import lazy
from kit.web import Call
from kit.web.repeat import LONGEST_KEY


class BadCursor(Invalid):
    name = "bad_cursor"
    default = lazy("This list address is not complete. I start again from the first page.")


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
