"""One payment between nodes, step by step: till, this node, each issuer, its receipt, its line.

Every step is read from what was kept when it happened: rows of the payment, exact items of the issuer and the
links of our own chain. Times are milliseconds. `at` is by the clock of whoever wrote it: ours, unless `by`
names a neighbour (its origin); `heard` is always ours.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import MsgspecError
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from wallet.between.desk import milliseconds
from wallet.between.events import follow_up
from wallet.between.messages import Receipt, decode, decode_line, digest
from wallet.between.shapes import FINAL, PAID, line_ref
from wallet.models.currency import Currency
from wallet.models.ledger import LedgerTransaction
from wallet.models.village import VillageEnvelope, VillageItem, VillageLeg, VillageLine, VillagePayment
from wallet.queries.village_payments import Paid, with_legs

FIRST: Final = frozenset({"charge", "refund"})
"""What is asked of an issuer before the till is told anything."""
SECOND: Final = {"undoing": "cancel", "offline_due": "present", "held": "capture"}


@dataclass(frozen=True)
class Proof:
    """What a neighbour said, with the envelope that it signed."""

    item: VillageItem
    envelope: VillageEnvelope

    @property
    def hash(self) -> str:
        return digest(self.item.body)

    @property
    def heard(self) -> int:
        """When this node wrote it down: its id begins with that moment (UUID version 7)."""
        return self.item.envelope_id.int >> 80


@dataclass(frozen=True)
class Step:
    """One thing that happened. `what` has its sentence in `wallet.pages.village_steps`."""

    what: str
    at: int | None = None
    by: str = ""
    heard: int | None = None
    to: str = ""
    currency: Currency | None = None
    amount: int | None = None
    why: str = ""
    proof: Proof | None = None
    said: bytes = b""
    line: VillageLine | None = None
    transfer: UUID | None = None

    @property
    def is_waiting(self) -> bool:
        return self.what.startswith("waits")


@dataclass(frozen=True)
class Timeline:
    """A payment and its steps, in the order in which one led to the next."""

    paid: Paid
    steps: Sequence[Step]
    before: VillagePayment | None
    after: Sequence[VillagePayment]
    given_back: Sequence[tuple[VillagePayment, int]]
    proofs: Sequence[Proof]
    lines: Sequence[VillageLine]

    @property
    def refundable(self) -> int:
        """What may still be given back of a payment that is paid for good, in minor units at par."""
        row = self.paid.row
        if row.kind != "sale" or not row.is_final or row.state not in PAID:
            return 0
        paid = row.local_amount + sum(leg.got or leg.amount for leg, _ in self.paid.legs)
        return paid - sum(amount for one, amount in self.given_back if one.state != "failed")


@dataclass(frozen=True)
class _Known:
    """Everything that was kept about one payment."""

    paid: Paid
    proofs: Mapping[UUID, Sequence[tuple[Proof, Receipt]]]
    lines: Mapping[str, Sequence[VillageLine]]
    links: Mapping[UUID, LedgerTransaction]
    about_local: Sequence[LedgerTransaction] = field(default=())


def timeline(session: Session, payment_id: UUID, now: datetime) -> Timeline | None:
    """Everything about one payment of ours; None when there is none of that id."""
    row = session.get(VillagePayment, payment_id)
    if row is None:
        return None
    known = _known(session, with_legs(session, [row], now)[0])
    later = select(VillagePayment).where(VillagePayment.refers == row.id).order_by(VillagePayment.made)
    after = session.scalars(later).all()
    return Timeline(
        known.paid,
        list(_steps(known)),
        session.get(VillagePayment, row.refers) if row.refers else None,
        after,
        [(one.row, _whole(one)) for one in with_legs(session, after, now)],
        [proof for every in known.proofs.values() for proof, _ in every],
        [line for every in known.lines.values() for line in every],
    )


def _whole(paid: Paid) -> int:
    return paid.row.local_amount + sum(leg.amount for leg, _ in paid.legs)


def proofs_of(session: Session, asked: Sequence[UUID]) -> list[Proof]:
    """What neighbours said about these ids, in the order in which it came."""
    wanted = (
        select(VillageItem, VillageEnvelope)
        .join(VillageEnvelope, VillageEnvelope.id == VillageItem.envelope_id)
        .where(VillageItem.asked.in_(asked))
        .order_by(VillageItem.envelope_id, VillageItem.n)
    )
    return [Proof(item, envelope) for item, envelope in session.execute(wanted)]


def lines_named(session: Session, refs: Sequence[UUID]) -> list[VillageLine]:
    """The lines that these charges and refunds made, in order."""
    wanted = select(VillageLine).where(VillageLine.ref.in_([str(one) for one in refs]))
    return list(session.scalars(wanted.order_by(VillageLine.issuer, VillageLine.epoch, VillageLine.seq)))


def receipt_of(proof: Proof) -> Receipt | None:
    """What an issuer answered, when the item is a receipt."""
    try:
        message = decode(proof.item.body)
    except MsgspecError:
        return None
    return message if isinstance(message, Receipt) else None


def booked_as(line: VillageLine) -> UUID:
    """The link of our own chain that a neighbour's line was written as."""
    return follow_up(line_ref(decode_line(line.body)), "mirror")


def _known(session: Session, paid: Paid) -> _Known:
    ids = [leg.id for leg, _ in paid.legs]
    proofs: dict[UUID, list[tuple[Proof, Receipt]]] = defaultdict(list)
    for proof in proofs_of(session, ids):
        receipt = receipt_of(proof)
        if receipt is not None:
            proofs[proof.item.asked].append((proof, receipt))
    lines: dict[str, list[VillageLine]] = defaultdict(list)
    for line in lines_named(session, ids):
        lines[line.ref].append(line)
    every = [line for found in lines.values() for line in found]
    wanted = [*map(booked_as, every), *(follow_up(one, "loss") for one in ids)]
    links = session.scalars(select(LedgerTransaction).where(LedgerTransaction.id.in_(wanted)))
    return _Known(paid, proofs, lines, {link.id: link for link in links}, _local(session, paid.row))


def _local(session: Session, row: VillagePayment) -> Sequence[LedgerTransaction]:
    if row.local is None:
        return ()
    link = LedgerTransaction
    wanted = select(link).where(or_(link.id == row.local, link.refers == row.local))
    return session.scalars(wanted.order_by(link.seq)).all()


def _steps(known: _Known) -> Iterator[Step]:
    row = known.paid.row
    if row.kind != "found":
        yield Step("asked", row.made)
    yield from _own_part(known, "held")
    for leg, currency in known.paid.legs:
        yield from _first(known, leg, currency)
    yield from _told(known)
    for leg, currency in known.paid.legs:
        yield from _second(known, leg, currency)
    yield from _own_part(known, "captured", "released")
    for leg, currency in known.paid.legs:
        yield from _lost(known, leg, currency)


def _own_part(known: _Known, *verdicts: str) -> Iterator[Step]:
    for link in known.about_local:
        if link.verdict in verdicts:
            amount = known.paid.row.local_amount
            yield Step(f"own_{link.verdict}", milliseconds(link.at), amount=amount, transfer=link.id)


def _first(known: _Known, leg: VillageLeg, currency: Currency) -> Iterator[Step]:
    """The question and its answers."""
    if leg.ask:
        made = known.paid.row.made
        yield Step("sent", made, to=leg.issuer, currency=currency, amount=leg.amount, said=leg.ask)
    answers = [pair for pair in known.proofs.get(leg.id, ()) if pair[1].verb in FIRST]
    for proof, receipt in answers:
        yield _answer(known, leg, currency, proof, receipt)
    told = {receipt.line and decode_line(receipt.line).seq for _, receipt in known.proofs.get(leg.id, ())}
    for line in known.lines.get(str(leg.id), ()):
        if line.seq not in told:
            yield _line(known, leg, currency, line)
    if leg.state == "intent" and known.paid.row.state == "open":
        yield Step("waits_answer", to=leg.issuer)


def _told(known: _Known) -> Iterator[Step]:
    """What the till was told, and when this node knew it."""
    row = known.paid.row
    if row.kind == "found":
        yield Step("found", why=row.why)
    elif row.kind == "refund":
        if row.state in FINAL:
            yield Step("back" if row.state in PAID else "not_back", _last_heard(known), why=row.why)
    elif row.state == "offline" or row.taken:
        yield Step("taken_offline", row.taken)
    elif row.state in PAID:
        yield Step("told_yes", _last_heard(known))
    elif row.state != "open":
        yield Step("told_no", row.deadline if row.why == "no_answer" else _last_heard(known), why=row.why)


def _last_heard(known: _Known) -> int | None:
    heard = [
        proof.heard for every in known.proofs.values() for proof, receipt in every if receipt.verb in FIRST
    ]
    return max(heard, default=None)


def _second(known: _Known, leg: VillageLeg, currency: Currency) -> Iterator[Step]:
    """What was asked of the issuer once the till was told, and what it answered."""
    asked: set[str] = set()
    for proof, receipt in known.proofs.get(leg.id, ()):
        if receipt.verb in FIRST:
            continue
        if receipt.verb not in asked:
            asked.add(receipt.verb)
            yield Step(f"sent_{receipt.verb}", to=leg.issuer, currency=currency, amount=leg.amount)
        yield _answer(known, leg, currency, proof, receipt)
    still = SECOND.get(leg.state)
    if still is not None and known.paid.row.state != "open" and still not in asked:
        verb = "release" if still == "cancel" and leg.was_held else still
        yield Step(f"sent_{verb}", to=leg.issuer, currency=currency, amount=leg.amount)
        yield Step("waits_answer", to=leg.issuer)


def _answer(known: _Known, leg: VillageLeg, currency: Currency, proof: Proof, receipt: Receipt) -> Step:
    line = _line_in(known, leg, receipt)
    is_back = receipt.verb == "refund" and receipt.outcome == "posted"
    return Step(
        "answered_back" if is_back else f"answered_{receipt.outcome}",
        receipt.at,
        by=leg.issuer,
        heard=proof.heard,
        currency=currency,
        amount=receipt.amount,
        why=receipt.why,
        proof=proof,
        line=line,
        transfer=_booked(known, line),
    )


def _line_in(known: _Known, leg: VillageLeg, receipt: Receipt) -> VillageLine | None:
    if not receipt.line:
        return None
    seq = decode_line(receipt.line).seq
    return next((one for one in known.lines.get(str(leg.id), ()) if one.seq == seq), None)


def _line(known: _Known, leg: VillageLeg, currency: Currency, line: VillageLine) -> Step:
    """A line that came with a statement rather than with an answer."""
    return Step(
        "line",
        line.at,
        by=leg.issuer,
        currency=currency,
        amount=line.delta,
        line=line,
        transfer=_booked(known, line),
    )


def _booked(known: _Known, line: VillageLine | None) -> UUID | None:
    return found if line is not None and (found := booked_as(line)) in known.links else None


def _lost(known: _Known, leg: VillageLeg, currency: Currency) -> Iterator[Step]:
    link = known.links.get(follow_up(leg.id, "loss"))
    if link is not None:
        lost = leg.amount - leg.got
        yield Step("loss", milliseconds(link.at), currency=currency, amount=lost, transfer=link.id)


def timeline_ids(session: Session, named: UUID) -> list[UUID]:
    """The ids under which a payment was spoken of: those of its parts, or its own when a peer asked it."""
    legs = select(VillageLeg.id).where(VillageLeg.payment_id == named).order_by(VillageLeg.n)
    return list(session.scalars(legs)) or [named]
