"""Lists of the API: `{"items": […], "next": …}` with a `Link` header (RFC 8288)."""

from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from msgspec import Meta, Struct
from starlette.responses import Response

from kit.web import Call, json_answer

T = TypeVar("T")


class Asked(Struct):
    """`after` is the id of the last item already read."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    after: str = ""


def listed(call: Call, rows: Sequence[T], key: Callable[[T], str], shape: Callable[[T], Struct]) -> Response:
    """One page of `rows`, which are in their order."""
    asked = call.query(Asked)
    keys = [key(row) for row in rows]
    begin = keys.index(asked.after) + 1 if asked.after in keys else 0
    shown = rows[begin : begin + asked.limit]
    goes_on = begin + asked.limit < len(rows)
    following = call.absolute(call.same_page(after=key(shown[-1]))) if goes_on else ""
    response = json_answer({"items": [shape(row) for row in shown], "next": following})
    if following:
        response.headers["link"] = f'<{following}>; rel="next"'
    return response
