"""ActivityPub documents as answers: their type, their ETag, and who asked for a page instead."""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response

from federation.documents.context import ACTIVITY_JSON
from kit.web import Call

WANTED = ("application/activity+json", "application/ld+json")


def wants_activity(call: Call) -> bool:
    """Whether the caller asks for ActivityPub (ActivityPub §3.2); a browser asks for HTML."""
    accepted = call.request.headers.get("accept", "*/*")
    return any(kind in accepted for kind in WANTED) or "text/html" not in accepted


def activity_answer(call: Call, document: Mapping[str, Any], status: int = 200) -> Response:
    """`document` with a strong ETag (RFC 9110 §8.8.3), or 304 when the caller has it already."""
    body = msgspec.json.encode(document)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"etag": tag, "vary": "Accept", "access-control-allow-origin": "*", "cache-control": "no-cache"}
    if tag in call.request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, status, headers=headers, media_type=ACTIVITY_JSON)
