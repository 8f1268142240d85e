"""Lists that go on: `limit`, an opaque `cursor`, and a `Link` to the page that follows (RFC 8288)."""

import base64
import binascii
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct
from starlette.responses import Response

from kit.errors import BadCursor
from kit.web.answers import json_answer
from kit.web.call import Call

T = TypeVar("T")
C = TypeVar("C", bound=tuple[Any, ...])


class Paged(Struct):
    """What every list understands. `cursor` comes from `next` and says where the page before ended."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=4000)] = ""


def one_page(
    call: Call, rows: Sequence[T], order: Callable[[T], C], kind: Any, shape: Callable[[T], Any]
) -> Response:
    """One page of `rows`, a whole list read already, put in `order`; `kind` is the type of its keys.

    An item that goes away between two pages is no trouble: the next one begins where it would have been.
    Raises Invalid (limit), BadCursor.
    """
    asked = call.query(Paged)
    ordered = sorted(rows, key=order)
    begin = bisect_right(ordered, read_cursor(asked.cursor, kind), key=order) if asked.cursor else 0
    shown = ordered[begin : begin + asked.limit]
    goes_on = begin + asked.limit < len(ordered)
    following = next_page(call, make_cursor(order(shown[-1]))) if goes_on else ""
    return linked({"items": [shape(row) for row in shown], "next": following}, following)


def make_cursor(key: Sequence[Any]) -> str:
    """Where a list stops, as text that an address can carry."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def read_cursor(text: str, kind: type[C] | Any) -> C:
    """What `make_cursor` wrote, as a tuple of the type `kind`. Raises BadCursor."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        found: C = msgspec.json.decode(raw, type=kind)
    except (ValueError, binascii.Error, msgspec.MsgspecError, RecursionError) as error:
        raise BadCursor(cause=str(error)) from error
    if any(isinstance(part, str) and "\x00" in part for part in found):
        raise BadCursor(cause="NUL")
    return found


def next_page(call: Call, cursor: str) -> str:
    """The whole address of the page that begins after `cursor`."""
    return call.absolute(call.same_page(cursor=cursor))


def linked(value: Any, following: str) -> Response:
    """`value` with a link to what follows."""
    response = json_answer(value)
    if following:
        response.headers["link"] = f'<{following}>; rel="next"'
    return response
