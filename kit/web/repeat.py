"""A write that may be repeated: `Idempotency-Key` gives the same answer again, byte for byte."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import delete
from sqlalchemy.orm import Mapped, Session, mapped_column
from starlette.responses import Response

from kit import clock
from kit.db import Base
from kit.db.types import Blob, Int, Str, UtcTime
from kit.errors import BadRequest, Conflict
from kit.i18n import lazy
from kit.web.answers import json_answer
from kit.web.call import Call

KEPT_FOR = timedelta(days=14)
LONGEST_KEY = 200


class IdempotencyConflict(Conflict):
    name = "idempotency_conflict"
    default = lazy("This Idempotency-Key was used for another request.")


class RepeatedCall(Base):
    """The answer given to one (caller, door, key), kept for fourteen days."""

    __tablename__ = "repeated_call"

    key: Mapped[str] = mapped_column(Str, primary_key=True)
    request_hash: Mapped[str] = mapped_column(Str)
    status: Mapped[int] = mapped_column(Int)
    media_type: Mapped[str] = mapped_column(Str)
    body: Mapped[bytes] = mapped_column(Blob)
    at: Mapped[datetime] = mapped_column(UtcTime, index=True)


def answer_once(call: Call, session: Session) -> Any:
    """Run the door's handler, or give the answer already given under the same key.

    Raises IdempotencyConflict when the key came with another content.
    """
    if call.door.kind != "api" or not call.idempotency_key:
        return call.door.run(call, session)
    key = _key(call)
    seen = session.get(RepeatedCall, key)
    if seen is None:
        return _first_answer(call, session, key)
    if seen.request_hash != _request_hash(call):
        raise IdempotencyConflict
    return Response(seen.body or None, seen.status, media_type=seen.media_type or None)


def forget_old_answers(session: Session) -> None:
    """Drop answers older than the fourteen days that callers may repeat in."""
    session.execute(delete(RepeatedCall).where(RepeatedCall.at < clock.now() - KEPT_FOR))


def _first_answer(call: Call, session: Session, key: str) -> Response:
    value = call.door.run(call, session)
    response = value if isinstance(value, Response) else json_answer(value, call.door.status)
    session.add(
        RepeatedCall(
            key=key,
            request_hash=_request_hash(call),
            status=response.status_code,
            media_type=response.media_type or "",
            body=bytes(response.body),
            at=clock.now(),
        )
    )
    return response


def _key(call: Call) -> str:
    given = call.idempotency_key or ""
    if len(given) > LONGEST_KEY:
        raise BadRequest(cause="Idempotency-Key too long")
    who = str(call.principal.session_id or call.principal.person_id or call.principal.name)
    return hashlib.sha256(msgspec.json.encode([who, given])).hexdigest()


def _request_hash(call: Call) -> str:
    line = f"{call.request.method} {call.request.url.path}\n".encode()
    return hashlib.sha256(line + call.raw_body).hexdigest()
