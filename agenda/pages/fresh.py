"""Answers that a browser or a reader may keep: a weak ETag from the agenda's version and who looks."""

import hashlib
from collections.abc import Callable
from functools import cache

import msgspec
from sqlalchemy.orm import Session
from starlette.responses import Response

from agenda.pages.shelf import shelf_of
from agenda.queries.marks import agenda_version
from kit import clock
from kit.templates import TEMPLATES
from kit.web import Call

FIVE_MINUTES = 300


def fresh(call: Call, session: Session, make: Callable[[], Response]) -> Response:
    """304 when the caller already holds this answer (RFC 9110 §13.1.2), else what `make` gives."""
    if call.notice:
        return make()
    tag = _tag(call, session)
    given = call.request.headers.get("if-none-match", "")
    same = tag in (part.strip() for part in given.split(","))
    response = Response(status_code=304) if same else _made(call, tag, make)
    response.headers["etag"] = tag
    response.headers["cache-control"] = "private, no-cache" if call.principal.is_signed_in else "no-cache"
    response.headers["vary"] = "Accept-Language, Cookie, Authorization"
    return response


def _made(call: Call, tag: str, make: Callable[[], Response]) -> Response:
    """Strangers share what was made for one of them; a person's page is made for that person."""
    if call.principal.is_signed_in or call.principal.scopes is not None:
        return make()
    shelf = shelf_of(call.app.db)
    kept = shelf.find(tag)
    if kept is None:
        kept = make()
        shelf.keep(tag, kept)
    return kept


def open_to_sites(response: Response) -> Response:
    """Let pages of other sites read it: public data, without cookies."""
    response.headers["access-control-allow-origin"] = "*"
    return response


def _tag(call: Call, session: Session) -> str:
    """Everything that the answer depends on; what ended leaves lists, so five minutes are one of them."""
    seen = [
        agenda_version(session),
        str(call.request.url),
        call.language,
        call.request.cookies.get("theme", ""),
        msgspec.to_builtins(call.collective),
        call.features_off.names,
        [str(call.principal.session_id), sorted(call.principal.permissions)],
        int(clock.now().timestamp()) // FIVE_MINUTES,
        call.app.version,
        _templates_mark(),
    ]
    return f'W/"{hashlib.sha256(msgspec.json.encode(seen)).hexdigest()[:24]}"'


@cache
def _templates_mark() -> int:
    """When the templates last changed: an update of the software is a change of every page."""
    return int(max(path.stat().st_mtime for path in TEMPLATES.rglob("*.html")))
