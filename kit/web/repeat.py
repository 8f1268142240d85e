"""A write that may be repeated: `Idempotency-Key` gives the same answer again, byte for byte.

A `write` is answered and noted in one transaction. A `flow` has several: a row claims the key first, under
the number of its process, the answer is written into it when the flow has ended, and a refusal gives the key
back.
"""

import hashlib
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec
import structlog
from sqlalchemy import delete
from sqlalchemy.orm import Mapped, Session, mapped_column
from starlette.responses import Response

from kit import clock
from kit.db import Base
from kit.db.processes import runs
from kit.db.types import Blob, Int, Str, UtcTime
from kit.errors import BadRequest, Busy, Conflict
from kit.i18n import lazy
from kit.web.answers import json_answer
from kit.web.call import Call

log = structlog.get_logger("repeat")
KEPT_FOR = timedelta(days=14)
CLAIMED_FOR = timedelta(minutes=5)
"""Longer than any flow: past it the key runs again, even if the process that claimed it lives."""
UNDER_WAY = 0
"""The status of a claim whose flow has not ended."""
LONGEST_KEY = 200
READS = ("GET", "HEAD")


class IdempotencyConflict(Conflict):
    name = "idempotency_conflict"
    default = lazy("This Idempotency-Key was used for another request.")


class StillUnderWay(Conflict):
    name = "still_under_way"
    default = lazy("The first request with this Idempotency-Key is still under way.")


class RepeatedCall(Base):
    """The answer given to one (caller, door, key), kept for fourteen days; status 0 while it is under way."""

    __tablename__ = "repeated_call"

    key: Mapped[str] = mapped_column(Str, primary_key=True)
    request_hash: Mapped[str] = mapped_column(Str)
    status: Mapped[int] = mapped_column(Int)
    media_type: Mapped[str] = mapped_column(Str)
    body: Mapped[bytes] = mapped_column(Blob)
    at: Mapped[datetime] = mapped_column(UtcTime, index=True)


def answer_once(call: Call, session: Session) -> Any:
    """Run the door's `write`, or give the answer already given under the same key.

    Raises IdempotencyConflict when the key came with another content.
    """
    if call.door.kind != "api" or not call.idempotency_key:
        return call.door.run(call, session)
    key = _key(call)
    seen = _seen(call, session, key)
    if seen is not None:
        return _again(seen)
    response = _as_response(call, call.door.run(call, session))
    session.merge(_row(call, key, response))
    return response


def is_claimed(call: Call) -> bool:
    """Whether the key of this call is kept here: flows of the API that do not carry it themselves."""
    door = call.door
    is_ours = door.kind == "api" and door.mode == "flow" and not door.repeatable
    return is_ours and door.method not in READS and bool(call.idempotency_key)


def flow_once(call: Call) -> Response:
    """Run the door's `flow`, or give the answer already given. Raises IdempotencyConflict, StillUnderWay."""
    key = _key(call)
    if (given := call.app.db.write(partial(_claim, call, key))) is not None:
        return given
    try:
        response = _as_response(call, call.door.run(call))
    except BaseException:
        call.app.db.write(partial(_give_back, key))
        raise
    try:
        call.app.db.write(partial(_keep, _row(call, key, response)))
    except Busy:  # what was asked is done: say so
        log.warning("answer not kept", door=call.door.name)
    return response


async def aflow_once(call: Call) -> Response:
    """`flow_once` in the event loop."""
    key = _key(call)
    if (given := await call.app.db.awrite(partial(_claim, call, key))) is not None:
        return given
    try:
        response = _as_response(call, await call.door.run(call))
    except BaseException:
        await call.app.db.awrite(partial(_give_back, key))
        raise
    try:
        await call.app.db.awrite(partial(_keep, _row(call, key, response)))
    except Busy:
        log.warning("answer not kept", door=call.door.name)
    return response


def forget_old_answers(session: Session) -> None:
    """Drop answers older than the fourteen days that callers may repeat in."""
    session.execute(delete(RepeatedCall).where(RepeatedCall.at < clock.now() - KEPT_FOR))


def _claim(call: Call, key: str, session: Session) -> Response | None:
    """Note that this call begins, or give the answer of the one before."""
    seen = _seen(call, session, key)
    if seen is not None:
        return _again(seen)
    process = session.info["database"].process
    session.merge(_row(call, key, Response(str(process), UNDER_WAY)))
    return None


def _seen(call: Call, session: Session, key: str) -> RepeatedCall | None:
    """The answer given before; a claim that nobody can hold any more counts for nothing."""
    seen = session.get(RepeatedCall, key)
    if seen is None:
        return None
    if seen.request_hash != _request_hash(call):
        raise IdempotencyConflict
    if seen.status != UNDER_WAY:
        return seen
    if seen.at > clock.now() - CLAIMED_FOR and runs(session, int(seen.body or 0)):
        raise StillUnderWay(retry_after=2)
    return None


def _keep(row: RepeatedCall, session: Session) -> None:
    session.merge(row)


def _give_back(key: str, session: Session) -> None:
    session.execute(delete(RepeatedCall).where(RepeatedCall.key == key, RepeatedCall.status == UNDER_WAY))


def _again(seen: RepeatedCall) -> Response:
    return Response(seen.body or None, seen.status, media_type=seen.media_type or None)


def _as_response(call: Call, value: Any) -> Response:
    return value if isinstance(value, Response) else json_answer(value, call.door.status)


def _row(call: Call, key: str, response: Response) -> RepeatedCall:
    return RepeatedCall(
        key=key,
        request_hash=_request_hash(call),
        status=response.status_code,
        media_type=response.media_type or "",
        body=bytes(response.body),
        at=clock.now(),
    )


def _key(call: Call) -> str:
    given = call.idempotency_key or ""
    if len(given) > LONGEST_KEY:
        raise BadRequest(cause="Idempotency-Key too long")
    by = call.principal
    who = str(by.session_id or by.person_id or by.machine_id or by.name)
    return hashlib.sha256(msgspec.json.encode([who, given])).hexdigest()


def _request_hash(call: Call) -> str:
    url = call.request.url
    target = f"{url.path}?{url.query}" if url.query else url.path
    return hashlib.sha256(f"{call.request.method} {target}\n".encode() + call.raw_body).hexdigest()
