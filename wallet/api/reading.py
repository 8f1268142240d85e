"""Keys and cursors of the money API, read strictly."""

import re

from kit.errors import BadCursor, BadRequest
from kit.web import Call
from kit.web.repeat import LONGEST_KEY


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
