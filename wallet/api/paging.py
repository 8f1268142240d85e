"""Lists that go on: a cursor, and a `Link` header to the page that follows (RFC 8288)."""

from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from kit.web import Call, json_answer


def following(call: Call, cursor: object) -> str:
    """The address of the page that starts after `cursor`; "" when there is none."""
    if cursor in (None, ""):
        return ""
    asked = {name: value for name, value in call.request.query_params.items() if name != "cursor" and value}
    return call.absolute(f"{call.request.url.path}?{urlencode(asked | {'cursor': str(cursor)})}")


def linked(value: Any, after: str) -> Response:
    """`value` with a link to what follows."""
    response = json_answer(value)
    if after:
        response.headers["link"] = f'<{after}>; rel="next"'
    return response
