"""The hot kind that stores arrivals: many in one pass, replays and blocks decided where nothing can race."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import Connection, bindparam, update

from federation.bells import Bell
from federation.blocks import Blocked
from federation.models.inbox import HANDLED, WAITING, InboxMessage, SeenSignature
from federation.refusals import SignatureRefused
from federation.urls import origin
from kit.db import Database, Decision, Rows, Statement
from kit.db.insert import insert_if_new
from kit.errors import Conflict
from kit.i18n import lazy

STORE: Final = "federation.store"
MOST_TOGETHER: Final = 256
Outcome = Literal["stored", "known"] | Exception


class Replayed(SignatureRefused):
    name = "replayed"
    default = lazy("This message came already, with this very signature.")


class ContentChanged(Conflict):
    name = "content_changed"
    default = lazy("Another message came under the same name.")


@dataclass(frozen=True, slots=True)
class Arrival:
    """One verified activity on its way to the table. `expires_at`: until when its signature is remembered."""

    activity_id: str
    content_hash: str
    actor: str
    type: str
    verified: dict[str, str]
    body: bytes
    expires_at: datetime


Group = tuple[Arrival, ...]


@dataclass(slots=True)
class Known:
    """What the database already holds about a batch of arrivals."""

    hashes: dict[str, str]
    signatures: set[str]
    blocked: set[str]


# `ON CONFLICT DO NOTHING` is written alike on both; it matters when several processes store at once.
_MESSAGE: Final = Statement(
    insert_if_new(InboxMessage),
    *("activity_id", "content_hash", "actor", "type", "verified", "body", "state", "reason", "attempts"),
    *("received_at", "next_at"),
)
_AGAIN: Final = Statement(
    update(InboxMessage)
    .where(InboxMessage.activity_id == bindparam("known_id"), InboxMessage.state == bindparam("was"))
    .values(state=bindparam("becomes"), next_at=bindparam("at")),
    *("known_id", "was", "becomes", "at"),
)
_SIGNATURE: Final = Statement(insert_if_new(SeenSignature), "signature_hash", "expires_at")


_HASHES: Final = "SELECT activity_id, content_hash FROM inbox_message WHERE activity_id"
_SEEN: Final = "SELECT signature_hash FROM seen_signature WHERE signature_hash"
_BLOCKED: Final = "SELECT subject FROM block WHERE subject"


class StoreDecider:
    """Rings `bell` once something was stored.

    A Follow that comes again under the same id is handled again: some servers follow, undo and follow anew
    with one constant id, and handling it twice changes nothing.
    """

    def __init__(self, bell: Bell) -> None:
        self._bell = bell

    def load(self, connection: Connection, requests: Sequence[Group]) -> Known:
        arrivals = [arrival for group in requests for arrival in group]
        subjects = {subject for one in arrivals for subject in (one.actor, origin(one.actor))}
        return Known(
            dict(_found(connection, _HASHES, [one.activity_id for one in arrivals])),
            {name for (name,) in _found(connection, _SEEN, [hash_of(one) for one in arrivals])},
            {name for (name,) in _found(connection, _BLOCKED, list(subjects))},
        )

    def decide(self, state: Known, requests: Sequence[Group], now: datetime) -> Decision[list[Outcome]]:
        judged = [[_judge_and_note(state, arrival) for arrival in group] for group in requests]
        pairs = [pair for group in zip(requests, judged, strict=True) for pair in zip(*group, strict=True)]
        messages = [_row(one, now) for one, outcome in pairs if outcome == "stored"]
        again = [
            (one.activity_id, HANDLED, WAITING, now)
            for one, outcome in pairs
            if outcome == "known" and one.type == "Follow"
        ]
        signatures = [
            (hash_of(one), one.expires_at) for one, outcome in pairs if not isinstance(outcome, Exception)
        ]
        return Decision(
            judged,
            [Rows(_MESSAGE, messages), Rows(_SIGNATURE, signatures), Rows(_AGAIN, again)],
            [self._bell.ring] if messages or again else (),
        )


class Counter:
    """Where doors hand arrivals in: those that come while a commit is on its way go together in the next."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._waiting: list[tuple[Arrival, asyncio.Future[Outcome]]] = []
        self._task: asyncio.Task[None] | None = None

    async def store(self, arrival: Arrival) -> None:
        """Return once the arrival is stored, or known. Raises Blocked, Replayed, ContentChanged, Busy."""
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._store_waiting())
        outcome = await future
        if isinstance(outcome, Exception):
            raise outcome

    async def _store_waiting(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
            try:
                outcomes = await self._db.asubmit(STORE, tuple(arrival for arrival, _ in group))
            except Exception as error:
                outcomes = [error] * len(group)
            for (_, future), outcome in zip(group, outcomes, strict=True):
                if not future.done():
                    future.set_result(outcome)


def hash_of(arrival: Arrival) -> str:
    """What recognises the arrival's signature: half of its hash, 128 bits, are enough."""
    return arrival.verified["signature_hash"][:32]


def _found(connection: Connection, select: str, names: list[str]) -> Sequence[Any]:
    """Rows whose key is among `names`: one parameter, however many they are."""
    if connection.dialect.name == "sqlite":
        sql, value = select + " IN (SELECT value FROM json_each(?))", msgspec.json.encode(names).decode()  # noqa: S608 - constants
        return connection.exec_driver_sql(sql, (value,)).fetchall()
    return connection.exec_driver_sql(select + " = ANY(%s)", (names,)).fetchall()


def _judge_and_note(state: Known, arrival: Arrival) -> Outcome:
    outcome = _judge(state, arrival)
    if not isinstance(outcome, Exception):
        state.signatures.add(hash_of(arrival))
        state.hashes.setdefault(arrival.activity_id, arrival.content_hash)
    return outcome


def _judge(state: Known, arrival: Arrival) -> Outcome:
    if arrival.actor in state.blocked or origin(arrival.actor) in state.blocked:
        return Blocked()
    if hash_of(arrival) in state.signatures:
        return Replayed()
    known = state.hashes.get(arrival.activity_id)
    if known is None:
        return "stored"
    return "known" if known == arrival.content_hash else ContentChanged()


def _row(arrival: Arrival, now: datetime) -> tuple[object, ...]:
    return (
        arrival.activity_id,
        arrival.content_hash,
        arrival.actor,
        arrival.type,
        arrival.verified,
        arrival.body,
        WAITING,
        "",
        0,
        now,
        now,
    )
