"""The hot kind that stores arrivals: many in one pass, replays and blocks decided where nothing can race."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects import postgresql

from federation.bells import Bell
from federation.blocks import Blocked
from federation.models.inbox import HANDLED, WAITING, InboxMessage, SeenSignature
from federation.models.origins import Block
from federation.refusals import SignatureRefused
from federation.urls import origin
from kit.db import Decision, Rows, Statement
from kit.errors import Conflict
from kit.i18n import lazy

STORE: Final = "federation.store"
Outcome = Literal["stored", "known"]


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


@dataclass(slots=True)
class Known:
    """What the database already holds about a batch of arrivals."""

    hashes: dict[str, str]
    signatures: set[str]
    blocked: set[str]


# `ON CONFLICT DO NOTHING` is written alike on both; it matters when several processes store at once.
_MESSAGE: Final = Statement(
    postgresql.insert(InboxMessage).on_conflict_do_nothing(),
    *("activity_id", "content_hash", "actor", "type", "verified", "body", "state", "reason", "attempts"),
    *("received_at", "next_at"),
)
_AGAIN: Final = Statement(
    update(InboxMessage)
    .where(InboxMessage.activity_id == bindparam("known_id"), InboxMessage.state == bindparam("was"))
    .values(state=bindparam("becomes"), next_at=bindparam("at")),
    *("known_id", "was", "becomes", "at"),
)
_SIGNATURE: Final = Statement(
    postgresql.insert(SeenSignature).on_conflict_do_nothing(), "signature_hash", "expires_at"
)


class StoreDecider:
    """Rings `bell` once something was stored.

    A Follow that comes again under the same id is handled again: some servers follow, undo and follow anew
    with one constant id, and handling it twice changes nothing.
    """

    def __init__(self, bell: Bell) -> None:
        self._bell = bell

    def load(self, connection: Connection, requests: Sequence[Arrival]) -> Known:
        ids = {arrival.activity_id for arrival in requests}
        signatures = {hash_of(arrival) for arrival in requests}
        subjects = {subject for one in requests for subject in (one.actor, origin(one.actor))}
        known = connection.execute(
            select(InboxMessage.activity_id, InboxMessage.content_hash).where(
                InboxMessage.activity_id.in_(ids)
            )
        )
        seen = select(SeenSignature.signature_hash).where(SeenSignature.signature_hash.in_(signatures))
        blocked = select(Block.subject).where(Block.subject.in_(subjects))
        return Known(
            {row.activity_id: row.content_hash for row in known},
            set(connection.scalars(seen)),
            set(connection.scalars(blocked)),
        )

    def decide(self, state: Known, requests: Sequence[Arrival], now: datetime) -> Decision[Outcome]:
        outcomes: list[Outcome | Exception] = []
        messages: list[tuple[object, ...]] = []
        signatures: list[tuple[object, ...]] = []
        again: list[tuple[object, ...]] = []
        for arrival in requests:
            outcome = _judge(state, arrival)
            outcomes.append(outcome)
            if not isinstance(outcome, Exception):
                state.signatures.add(hash_of(arrival))
                signatures.append((hash_of(arrival), arrival.expires_at))
            if outcome == "known" and arrival.type == "Follow":
                again.append((arrival.activity_id, HANDLED, WAITING, now))
            if outcome == "stored":
                state.hashes[arrival.activity_id] = arrival.content_hash
                messages.append(_row(arrival, now))
        return Decision(
            outcomes,
            [Rows(_MESSAGE, messages), Rows(_SIGNATURE, signatures), Rows(_AGAIN, again)],
            [self._bell.ring] if messages or again else (),
        )


def hash_of(arrival: Arrival) -> str:
    """The hash that recognises the arrival's signature."""
    return arrival.verified["signature_hash"]


def _judge(state: Known, arrival: Arrival) -> Outcome | Exception:
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
