"""Answers of the API that a program may keep: a strong ETag, and 304 for who holds the answer already."""

import hashlib

from starlette.responses import Response

from kit.web.call import Call

API = "/api/v1/"
DEPENDS_ON = "Accept-Language, Authorization"


def with_etag(call: Call, response: Response) -> Response:
    """`response` of a GET under its ETag, which varies by language and by who asks; RFC 9110 §13.1.2.

    The answer was made all the same: what a 304 saves is the way, not the work.
    """
    is_read = call.request.method == "GET" and call.request.url.path.startswith(API)
    if not is_read or response.status_code != 200 or "etag" in response.headers:
        return response
    tag = _tag(call, bytes(response.body))
    if _holds(call.request.headers.get("if-none-match", ""), tag):
        link = response.headers.get("link")
        response = Response(status_code=304, headers={"link": link} if link else None)
    response.headers["etag"] = tag
    response.headers["cache-control"] = "private, no-cache" if _is_someone(call) else "no-cache"
    response.headers["vary"] = DEPENDS_ON
    return response


def _tag(call: Call, body: bytes) -> str:
    who = str(call.principal.session_id or call.principal.person_id or "") if _is_someone(call) else ""
    seen = "\n".join((call.language, who, *sorted(call.principal.scopes or ()), ""))
    return f'"{hashlib.sha256(seen.encode() + body).hexdigest()[:32]}"'


def _is_someone(call: Call) -> bool:
    return call.principal.is_signed_in or call.principal.scopes is not None


def _holds(given: str, tag: str) -> bool:
    """Weak comparison, as If-None-Match asks; `*` is any answer."""
    held = [part.strip().removeprefix("W/") for part in given.split(",")]
    return "*" in held or tag in held
