"""ActivityPub documents as answers: their type, their ETag, and who asked for what."""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response

from federation.documents.context import ACTIVITY_JSON
from federation.json_guard import check_content_type
from federation.refusals import WrongContentType
from kit.web import Call


def wants_activity(call: Call) -> bool:
    """Whether the caller asks for ActivityPub rather than for a page (ActivityPub §3.2)."""
    accepted = call.request.headers.get("accept", "*/*")
    parts = [part.strip() for part in accepted.split(",")]
    return any(_is_activity(part) for part in parts) or "text/html" not in accepted


def activity_answer(call: Call, document: Mapping[str, Any], *, seconds: int = 0) -> Response:
    """`document`, or 304 when the caller has it already; fresh for `seconds`."""
    return tagged(call, msgspec.json.encode(document), ACTIVITY_JSON, seconds)


def tagged(call: Call, body: bytes, media_type: str, seconds: int) -> Response:
    """Any bytes with a strong ETag (RFC 9110 §8.8.3)."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {
        "etag": etag,
        "vary": "Accept",
        "access-control-allow-origin": "*",
        "cache-control": f"public, max-age={seconds}" if seconds else "no-cache",
    }
    if etag in call.request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)


def _is_activity(part: str) -> bool:
    try:
        check_content_type(part)
    except WrongContentType:
        return False
    return True
