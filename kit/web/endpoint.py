"""From a request to a handler: guard the door, read the body, open the right transaction, answer."""

import asyncio
import inspect
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import anyio
import structlog
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from config.collective import Collective, FeaturesOff
from kit.choices import read_choice
from kit.errors import (
    BadRequest,
    Forbidden,
    NotFound,
    Refusal,
    SignInNeeded,
    TooLarge,
    TooSlow,
    UnsupportedMedia,
)
from kit.i18n import SOURCE, choose_language, speaking
from kit.web.answers import json_answer, problem
from kit.web.call import Call, split_form
from kit.web.doors import Door, Kind
from kit.web.fresh import with_etag
from kit.web.repeat import aflow_once, answer_once, flow_once, is_claimed

log = structlog.get_logger("door")
BODY_SECONDS: dict[Kind, float] = {"page": 120.0, "file": 120.0, "api": 60.0, "protocol": 20.0}
"""How long a body may take to arrive; machines are expected to send theirs at once."""
_UNKNOWN = Collective()
"""Nobody has asked yet which collective this is: the reader's own language counts."""
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


class Endpoint:
    """One door as an ASGI application."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self._is_async = inspect.iscoroutinefunction(door.run)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        response = await self._serve(Call(request, request.app.state.app, self.door))
        await response(scope, receive, send)

    async def _serve(self, call: Call) -> Response:
        if self.door.kind != "protocol":  # machines are answered in the source language
            call.language = _language(call, _UNKNOWN)
        try:
            with speaking(call.language):
                await _read_body(call)
            if self._is_async:
                return await _serve_async(call)
            return await anyio.to_thread.run_sync(_serve, call, limiter=call.app.threads)
        except (Refusal, StatementError) as error:
            return await anyio.to_thread.run_sync(refuse, call, _named(error), limiter=call.app.threads)


def _named(error: Exception) -> Refusal:
    """The refusal itself: a column that cannot keep a value says so inside SQLAlchemy's own error."""
    cause = error.orig if isinstance(error, StatementError) else error
    if isinstance(cause, Refusal):
        return cause
    raise error


def refuse(call: Call, refusal: Refusal) -> Response:
    """The answer to a named "no": a page for people, problem details for programs."""
    log.info("refused", door=call.door.name, refusal=refusal.name, status=refusal.status, cause=refusal.cause)
    if call.door.is_for_machines:
        with speaking(SOURCE if call.door.kind == "protocol" else call.language):
            return problem(refusal)
    if refusal.status == 401 and not call.principal.is_signed_in:
        return call.see_other("people.sign_in", back=call.request.url.path)
    with speaking(call.language):
        return call.app.error_page(call, refusal)


def _serve(call: Call) -> Response:
    with call.app.db.read() as session:
        _know(call, session)
        with speaking(call.language):
            _guard(call)
            if call.door.mode == "read":
                return _answer(call, call.door.run(call, session))
    with speaking(call.language):
        if call.door.mode == "write":
            return _answer(call, call.app.db.write(lambda session: answer_once(call, session)))
        return _answer(call, flow_once(call) if is_claimed(call) else call.door.run(call))


async def _serve_async(call: Call) -> Response:
    if call.door.kind == "api":
        await call.app.db.alook(partial(_know_first, call))
    elif call.door.kind != "protocol":
        await call.app.db.aread(partial(_know_first, call))
    with speaking(call.language):
        return _answer(call, await (aflow_once(call) if is_claimed(call) else call.door.run(call)))


def _know_first(call: Call, session: Session) -> None:
    _know(call, session)
    with speaking(call.language):
        _guard(call)
        if call.door.first is not None:
            call.found = call.door.first(call, session)


def _know(call: Call, session: Session) -> None:
    """Who asks, for which collective, in which language."""
    call.collective = read_choice(session, Collective)
    call.features_off = read_choice(session, FeaturesOff)
    call.principal = call.app.identify(call, session)
    call.language = _language(call, call.collective)
    if call.door.kind == "page" and call.request.url.path.startswith("/admin"):
        call.badges = call.app.count_badges(call, session)


def _language(call: Call, collective: Collective) -> str:
    wanted = call.request.cookies.get("language")
    accepted = call.request.headers.get("accept-language", "")
    return choose_language(wanted, accepted, collective.language)


def _guard(call: Call) -> None:
    """Refuse what the door does not allow. Raises NotFound, SignInNeeded or Forbidden."""
    door, principal = call.door, call.principal
    if call.app.house.feature_of_door.get(door.name) in call.features_off.names:
        raise NotFound
    if door.scope:
        if principal.scopes is None:
            raise SignInNeeded(cause="no bearer token")
        if not principal.has_scope(door.scope):
            raise Forbidden(cause=f"scope {door.scope} missing")
    if door.needs == "public" or (door.needs == "machine" and principal.machine_id):
        return
    if not principal.is_signed_in:
        raise SignInNeeded
    if door.needs != "signed_in" and not principal.may(door.needs):
        raise Forbidden


def _answer(call: Call, value: Any) -> Response:
    response = value if isinstance(value, Response) else json_answer(value, call.door.status)
    return with_etag(call, response) if call.door.kind == "api" else response


async def _read_body(call: Call) -> None:
    """Read the body under the door's cap. Raises TooLarge, Forbidden (another site), UnsupportedMedia."""
    if call.request.method in {"GET", "HEAD"}:
        return
    if call.door.kind in {"page", "file"}:
        _refuse_other_sites(call.request)
    call.raw_body = await _capped(call.request, call.door)
    kind = call.request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in FORM_TYPES and call.door.kind in {"page", "file"}:
        call.request._body = call.raw_body
        try:
            call.fields, call.files = await split_form(await call.request.form())
        except (MultiPartException, UnicodeDecodeError) as error:
            raise BadRequest(cause=str(error)) from error
    elif call.door.kind == "api" and call.raw_body and kind != "application/json":
        raise UnsupportedMedia(cause=f"content type {kind!r}")


async def _capped(request: Request, door: Door) -> bytes:
    """The body, under the door's cap and before its deadline. Raises TooLarge, TooSlow or BadRequest."""
    body, is_more = bytearray(), True
    try:
        async with asyncio.timeout(BODY_SECONDS[door.kind]):
            while is_more:
                message = await request.receive()
                if message["type"] == "http.disconnect":
                    raise BadRequest(cause="the caller hung up")
                body += message.get("body", b"")
                if len(body) > door.max_body:
                    raise TooLarge(cause=f"body above {door.max_body} bytes")
                is_more = message.get("more_body", False)
    except TimeoutError as error:
        raise TooSlow(cause=f"{len(body)} bytes so far") from error
    return bytes(body)


def _refuse_other_sites(request: Request) -> None:
    """Cross-site request forgery: `Sec-Fetch-Site`, else `Origin`, must be ours (interfaces.md §2)."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise Forbidden(cause=f"sec-fetch-site {site}")
        return
    origin = request.headers.get("origin")
    if origin is None or urlsplit(origin).netloc != request.headers.get("host"):
        raise Forbidden(cause="origin missing or foreign")
