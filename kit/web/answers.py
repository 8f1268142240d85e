"""What goes back: JSON, and refusals as RFC 9457 problem details."""

from typing import Any

import msgspec
from starlette.responses import Response

from kit.errors import Refusal

PROBLEM = "application/problem+json"
PROBLEM_TYPES = "https://hameau.example/problems/"


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """RFC 9457 problem details; `errors` holds a sentence per wrong field."""

    type: str
    title: str
    status: int = 400
    detail: str = ""
    errors: dict[str, str] = {}


def json_answer(value: Any, status: int = 200) -> Response:
    """`value` as JSON; None is an empty 204."""
    if value is None:
        return Response(status_code=204)
    return Response(msgspec.json.encode(value), status, media_type="application/json")


def problem(refusal: Refusal) -> Response:
    """A refusal as problem details; its cause stays in the log."""
    value = Problem(
        type=PROBLEM_TYPES + refusal.name,
        title=refusal.name.replace("_", " "),
        status=refusal.status,
        detail=refusal.sentence,
        errors=refusal.fields,
    )
    body = msgspec.to_builtins(value) | {"status": refusal.status}
    response = Response(msgspec.json.encode(body), refusal.status, media_type=PROBLEM)
    if refusal.retry_after is not None:
        response.headers["retry-after"] = str(refusal.retry_after)
    if refusal.status == 401:
        response.headers["www-authenticate"] = "Bearer"
    return response
