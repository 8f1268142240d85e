"""The engine of money between nodes: what peers say is decided and written, and what comes of it is said.

It holds no rule and no money: rows do (`wallet.between`, `wallet.village_store`). What is kept in memory is
who waits for an answer; after a crash tills ask again by their own ids, and the driver drives the rows.
"""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

import structlog

from kit import clock
from kit.app import App
from kit.errors import Busy
from kit.faults import at
from wallet.between.completing import to_say
from wallet.between.desk import milliseconds
from wallet.between.envelope import Evidence, Said
from wallet.between.events import AnyEvent, Begin, GiveUp, Hear, Outcome
from wallet.between.issuing import Asked
from wallet.between.items import read_item
from wallet.between.messages import (
    Abort,
    AnyMessage,
    Charge,
    Dispute,
    DisputeOver,
    Message,
    NotSigned,
    Propose,
    Receipt,
    Refused,
    Signed,
    encode,
)
from wallet.between.proofs import Tapped
from wallet.between.shapes import Payment
from wallet.between.strict import Malformed
from wallet.between.times import SECOND
from wallet.federated.evidence import evidence_for, last_heard
from wallet.federated.hearing import PLAIN, hear_plain, holders_of
from wallet.federated.lanes import Lanes
from wallet.ledger.requests import Holder
from wallet.queries.village_cards import Shown
from wallet.village_store.decider import KIND, Batch
from wallet.village_store.waiting import payment_by_id

log = structlog.get_logger("wallet.village")

Clearings = Propose | Dispute | DisputeOver | Abort
LONGEST_WAIT: Final = 10.0
"""Seconds that nobody waits beyond, whatever a till's deadline is."""


class Engine:
    """One for each process. `lanes` is given before it starts."""

    def __init__(self, app: App) -> None:
        self._app, self._db = app, app.db
        self._tills: dict[UUID, list[asyncio.Future[Payment]]] = {}
        self._asked: dict[UUID, asyncio.Future[AnyMessage]] = {}
        self._told: dict[UUID, Message] = {}
        self._heard_at: dict[str, int] = {}
        self.lanes: Lanes | None = None

    async def hear(self, said: Said) -> Sequence[bytes]:
        """Answers for the peer that spoke, written down already."""
        self._heard_at[said.peer] = now_ms()
        messages = [(body, message) for body in said.items if (message := read(body)) is not None]
        plain = [message for _, message in messages if isinstance(message, PLAIN)]
        answers = [
            encode(answer)
            for message in plain
            if (answer := await hear_plain(self._db, said.peer, message, self._told)) is not None
        ]
        for message in plain:
            self._answer_asker(message)
        events = await self._events(said.peer, messages)
        if events:
            outcomes = await self._decide(Batch(events=events, said=said), _moment(messages))
            answers += [answer for outcome in outcomes for answer in outcome.answers]
        return answers

    async def begin(self, event: Begin) -> Outcome:
        """Write the payment down, say what it asks, wait until the till may be answered."""
        answered = asyncio.get_running_loop().create_future()
        self._tills.setdefault(event.payment.id, []).append(answered)
        try:
            (outcome,) = await self._decide(Batch(events=(event,)), "payment-begun")
            if outcome.why or not outcome.rows or is_answered(outcome.rows[0]):
                return outcome
            payment = await self._until(answered, outcome.rows[0])
            return Outcome(payments=(payment.id,), rows=(payment,), why=payment.why)
        finally:
            self._forget(event.payment.id, answered)

    async def tell(self, event: AnyEvent) -> Outcome:
        """Decide something that a person here did, and say what comes of it."""
        (outcome,) = await self._decide(Batch(events=(event,)), "clearing-signed")
        if outcome.to:  # lost on the way, it is the answer when that one asks again
            self.say(outcome.to, outcome.answers)
        return outcome

    async def ask(self, peer: str, message: Message, ms: int) -> AnyMessage | None:
        """The answer to a question that moves no money; None when none came in time."""
        if not self.reachable(peer):
            return None
        answered = self._asked.setdefault(message.id, asyncio.get_running_loop().create_future())
        self.say_plain(peer, message)
        try:
            return await asyncio.wait_for(asyncio.shield(answered), ms / SECOND)
        except TimeoutError:
            return None
        finally:
            self._asked.pop(message.id, None)

    def reachable(self, peer: str) -> bool:
        """Whether `peer` answered lately."""
        return self.lanes is not None and self.lanes.reachable(peer)

    async def payment(self, payment: UUID) -> Payment | None:
        """A payment as it is now."""
        return await self._db.aread(lambda session: payment_by_id(session, payment))

    async def evidence(self, peer: str, item: UUID) -> Evidence | None:
        """The proof of what `peer` said under this id."""
        return await self._db.aread(lambda session: evidence_for(session, peer, item))

    async def give_up(self, payments: Iterable[Payment]) -> None:
        """Undo payments whose tills are gone: nobody is there to be told yes."""
        events = tuple(GiveUp(payment=one.id) for one in payments if one.id not in self._tills)
        if events:
            await self._decide(Batch(events=events), "offline-accepted")

    def say(self, peer: str, items: Sequence[bytes]) -> None:
        """Queue items for a peer; rows say them again when they are lost."""
        if self.lanes is not None and items:
            self.lanes.tell(peer, items)

    def say_plain(self, peer: str, message: Message) -> None:
        """Say something that is no payment, and remember it until it is answered."""
        self._told[message.id] = message
        self.say(peer, [encode(message)])

    async def _decide(self, batch: Batch, moment: str) -> list[Outcome]:
        at(f"{moment}.before")
        outcomes: list[Outcome] = await self._db.asubmit(KIND, batch)
        at(f"{moment}.after")
        for outcome in outcomes:
            for payment in outcome.rows:
                at(_stage(payment))
        for outcome in outcomes:
            for payment in outcome.rows:
                self._go_on(payment)
        return outcomes

    def _go_on(self, payment: Payment) -> None:
        """Tell the till first, then say what comes next."""
        if is_answered(payment):
            for waiting in self._tills.get(payment.id, ()):
                if not waiting.done():
                    waiting.set_result(payment)
        for peer, item in to_say(payment):
            self.say(peer, [item])

    async def _events(self, peer: str, messages: Sequence[tuple[bytes, AnyMessage]]) -> tuple[AnyEvent, ...]:
        asked = [(body, message) for body, message in messages if not isinstance(message, PLAIN)]
        charges = [message for _, message in asked if isinstance(message, Charge)]
        holders = await holders_of(self._db, peer, charges) if charges else {}
        return tuple(heard_as(peer, body, message, holders.get(message.id)) for body, message in asked)

    async def _until(self, answered: "asyncio.Future[Payment]", payment: Payment) -> Payment:
        """Wait as long as the till does; then give up once, which decides no money."""
        left = min(LONGEST_WAIT, max(0.0, (payment.deadline - now_ms()) / SECOND))
        if not all(self.reachable(leg.issuer) for leg in payment.legs):
            left = 0.0
        done, _ = await asyncio.wait([answered], timeout=left)
        if not done:
            await self._take_or_undo(payment)
            done, _ = await asyncio.wait([answered], timeout=0)
        return answered.result() if done else (await self.payment(payment.id) or payment)

    async def _take_or_undo(self, payment: Payment) -> None:
        """A till waits no longer. Under a grant it may take the money all the same; nobody else may."""
        heard = [await self._last_heard(leg.issuer) for leg in payment.legs]
        event = GiveUp(payment=payment.id, may_be_offline=True, heard_at=min(heard, default=0))
        await self._decide(Batch(events=(event,)), "offline-accepted")

    async def _last_heard(self, peer: str) -> int:
        """Milliseconds; a process that began while `peer` was silent finds it in what was kept."""
        if peer not in self._heard_at:
            kept = await self._db.aread(lambda session: last_heard(session, peer))
            self._heard_at[peer] = max(kept, self._heard_at.get(peer, 0))
        return self._heard_at[peer]

    def _forget(self, payment: UUID, answered: "asyncio.Future[Payment]") -> None:
        waiting = [one for one in self._tills.get(payment, ()) if one is not answered]
        if waiting:
            self._tills[payment] = waiting
        else:
            self._tills.pop(payment, None)

    def _answer_asker(self, message: AnyMessage) -> None:
        asker = self._asked.get(message.id)
        if asker is not None and not asker.done():
            asker.set_result(message)


def heard_as(peer: str, body: bytes, message: AnyMessage, shown: Shown) -> Hear:
    """The event of a message, with what was found of its payer before the decision."""
    return Hear(
        peer=peer,
        body=body,
        message=message,
        holder=shown if isinstance(shown, Holder) else None,
        tapped=shown if isinstance(shown, Tapped) else None,
        no=shown if isinstance(shown, str) else "",
    )


def read(body: bytes) -> AnyMessage | None:
    """What an item says; None, and a log line, when nobody can read it."""
    try:
        return read_item(body)
    except Malformed as error:
        log.warning("an item that says nothing we know", why=error.why)
        return None


def _moment(messages: Sequence[tuple[bytes, AnyMessage]]) -> str:
    """Which commit of a payment comes next, for `kit.faults`."""
    if any(isinstance(message, Receipt) for _, message in messages):
        return "receipt-noted"
    if any(isinstance(message, Clearings) for _, message in messages):
        return "clearing-asked"
    if any(isinstance(message, Signed | NotSigned) for _, message in messages):
        return "clearing-signed"
    is_asked = any(isinstance(message, Asked) for _, message in messages)
    return "answer-decided" if is_asked else "agreement-noted"


def _stage(payment: Payment) -> str:
    """How far a payment of several issuers came with that commit, for `kit.faults`; else nothing."""
    if payment.state == "commit":
        return "decision-taken.after"
    has_hold = any(leg.state == "held" for leg in payment.legs)
    return "hold-kept.after" if has_hold and payment.state == "open" else ""


def is_answered(payment: Payment) -> bool:
    """Whether the till may be told: yes is for ever, and no means that all is being undone."""
    return payment.is_paid or payment.state in {"undo", "failed"}


def now_ms() -> int:
    """Milliseconds of the node's clock."""
    return milliseconds(clock.now())


__all__ = ["Busy", "Engine", "Refused", "heard_as", "is_answered", "now_ms", "read"]
