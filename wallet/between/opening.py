"""Laying a desk open for some events: what each may need, asked for all of them together."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from msgspec import Raw

from wallet.between import accepting, clearing, issuing
from wallet.between.desk import Desk, Drawers, UseKey
from wallet.between.events import AnyEvent, Begin, Confirm, GiveUp, Hear, Suggest, Withdraw
from wallet.between.lines import read_line
from wallet.between.messages import (
    Abort,
    Cancel,
    Capture,
    Charge,
    Dispute,
    DisputeOver,
    Line,
    Lines,
    NotSigned,
    Present,
    Propose,
    Receipt,
    Refund,
    Release,
    Signed,
)
from wallet.between.mirroring import BY_BOTH, CONTESTING, SETTLED
from wallet.between.rules import Presented
from wallet.between.shapes import DISPUTED, Clearing, transaction_id
from wallet.ledger import requests as ask
from wallet.ledger.book import MAIN, Book, open_book
from wallet.ledger.shapes import ISSUANCE, LOSS, NODE, NOSTRO, RECEIVABLE, SALES, Place

ABOUT_CHARGES = (Charge, Cancel, Capture, Release, Present, Refund)
_OVERTAKEN_BY: Final[dict[type, tuple[str, ...]]] = {Charge: ("present",)}
"""What the answer to a late question depends on, too."""
PROPOSED = Propose | Dispute | DisputeOver
SIGNED = PROPOSED | Signed | NotSigned
MOST_WAITING = 512
NOBODY = UUID(int=0)


def open_desk(drawers: Drawers, me: str, events: Sequence[AnyEvent], now: datetime) -> Desk:
    """Everything that these events may need."""
    desk = Desk(me=me, now=now, epoch=drawers.epoch(), book=Book(), drawers=drawers)
    _open_payments(desk, events)
    _open_peers(desk, events)
    _open_questions(desk, events)
    _open_clearings(desk, events)
    desk.book = open_book(drawers.shelf(), list(_requests(desk, events)))
    return desk


def _open_payments(desk: Desk, events: Sequence[AnyEvent]) -> None:
    ids = [one.payment.id if isinstance(one, Begin) else one.payment for one in events if _is_till(one)]  # type: ignore[union-attr]
    legs = [leg for event in events if isinstance(event, Hear) for leg in _legs_named(event)]
    for payment in desk.drawers.payments(ids) if ids else ():
        desk.lay_payment(payment)
    for payment in desk.drawers.payments_of_legs(legs) if legs else ():
        desk.lay_payment(payment)


def _is_till(event: AnyEvent) -> bool:
    return isinstance(event, Begin | GiveUp)


def _legs_named(heard: Hear) -> Iterator[UUID]:
    """Those of every line that it shows, too: a receipt may show the line of another charge."""
    if isinstance(heard.message, Receipt):
        yield heard.message.id
    yield from (UUID(line.ref) for line in _lines_shown(heard))


def _lines_shown(heard: Hear) -> Iterator[Line]:
    if isinstance(heard.message, Receipt):
        raws: tuple[Raw, ...] = (heard.message.line,) if heard.message.line else ()
    else:
        raws = heard.message.lines if isinstance(heard.message, Lines) else ()
    for raw in raws:
        if (line := read_line(raw)) is not None:
            yield line


def _open_peers(desk: Desk, events: Sequence[AnyEvent]) -> None:
    peers = sorted(set(_peers(desk, events)))
    if not peers:
        return
    for agreed in desk.drawers.agreements(peers):
        peer = agreed.acceptor if agreed.issuer == desk.me else agreed.issuer
        desk.agreements[peer, agreed.asset] = agreed
    for mirror in sorted(desk.drawers.mirrors(peers), key=lambda one: one.key):
        desk.mirrors[mirror.key] = mirror
        if mirror.seen > mirror.seq and mirror.issuer != desk.me:
            for line in desk.drawers.lines(mirror.issuer, mirror.asset, mirror.seq, MOST_WAITING):
                desk.waiting_lines[line.key] = line
    if _may_use_grants(desk, events):
        grants = sorted(desk.drawers.grants(peers), key=lambda one: one.id)
        desk.grants.update({grant.id: grant for grant in grants})


def _may_use_grants(desk: Desk, events: Sequence[AnyEvent]) -> bool:
    """Only what is accepted offline, presented, or answered then."""
    if any(leg.grant for payment in desk.payments.values() for leg in payment.legs):
        return True
    return any(
        isinstance(one, GiveUp) or (isinstance(one, Hear) and isinstance(one.message, Present))
        for one in events
    )


def _peers(desk: Desk, events: Sequence[AnyEvent]) -> Iterator[str]:
    for event in events:
        if isinstance(event, Hear):
            yield event.peer
        elif isinstance(event, Begin):
            yield from (leg.issuer for leg in event.payment.legs)
        elif isinstance(event, Suggest):
            yield event.clearing.peer
    yield from (leg.issuer for payment in desk.payments.values() for leg in payment.legs)


def _open_questions(desk: Desk, events: Sequence[AnyEvent]) -> None:
    asked = [(one, one.message) for one in events if isinstance(one, Hear)]
    ids = [
        transaction_id(heard.peer, verb, message.id)
        for heard, message in asked
        if isinstance(message, ABOUT_CHARGES)
        for verb in {issuing.verb_of(message), "charge", *_OVERTAKEN_BY.get(type(message), ())}
    ]
    handles = sorted({one.handle for _, one in asked if isinstance(one, Charge | Present)})
    for known in desk.drawers.answers(ids) if ids else ():
        desk.answers[known.id] = known
    desk.handles.update({one.handle: one for one in desk.drawers.handles(handles)} if handles else {})
    keys = {key for heard, one in asked for key in _use_keys(desk, heard, one)}
    desk.uses.update(dict.fromkeys(keys, 0) | dict(desk.drawers.uses(sorted(keys))) if keys else {})


def _use_keys(desk: Desk, heard: Hear, message: object) -> Iterator[UseKey]:
    if isinstance(message, Charge) and (agreed := desk.agreement(heard.peer, message.asset)) is not None:
        yield from issuing.use_keys(agreed, message.handle, desk)
        if heard.tapped is not None:
            yield issuing.reads_key(heard.tapped, message.asset)


def _open_clearings(desk: Desk, events: Sequence[AnyEvent]) -> None:
    ids = list(_clearings_named(events))
    for known in desk.drawers.clearings(ids) if ids else ():
        desk.clearings[known.id] = known
    more = sorted({one.peer for one in desk.clearings.values()} - {peer for peer, _ in desk.agreements})
    for agreed in desk.drawers.agreements(more) if more else ():
        peer = agreed.acceptor if agreed.issuer == desk.me else agreed.issuer
        desk.agreements[peer, agreed.asset] = agreed
    for mirror in desk.drawers.mirrors(more) if more else ():
        desk.mirrors[mirror.key] = mirror


def _clearings_named(events: Sequence[AnyEvent]) -> Iterator[UUID]:
    for event in events:
        if isinstance(event, Hear) and isinstance(event.message, SIGNED | Abort):
            yield event.message.id
            if isinstance(event.message, DisputeOver):
                yield event.message.dispute
        elif isinstance(event, Hear):
            yield from (UUID(line.ref) for line in _lines_shown(event) if line.kind in BY_BOTH)
        elif isinstance(event, Suggest):
            yield from _named(event.clearing)
        elif isinstance(event, Confirm | Withdraw):
            yield event.clearing


def _named(clearing: Clearing) -> Iterator[UUID]:
    """What a person here proposes, and the dispute that it would end."""
    yield clearing.id
    if clearing.about is not None and clearing.about.refers is not None:
        yield clearing.about.refers


def _requests(desk: Desk, events: Sequence[AnyEvent]) -> Iterator[ask.AnyRequest]:
    """What the ledger may be asked: the book is opened for all of it at once."""
    for event in events:
        if isinstance(event, Begin) and event.local is not None:
            yield event.local
        elif isinstance(event, Suggest):
            yield from clearing.needed_for(desk, event.clearing)
        elif isinstance(event, Hear) and isinstance(event.message, ABOUT_CHARGES):
            yield from _about_charge(desk, event)
        elif isinstance(event, Hear) and isinstance(event.message, PROPOSED):
            yield from clearing.needed_for(desk, clearing.laid_out(desk, event, event.message))
    for known in desk.clearings.values():
        yield from clearing.needed_for(desk, known)
    for payment in desk.payments.values():
        yield from accepting.needed_after(payment)
    yield from _places(desk, is_contested=_may_be_contested(desk, events))


def _about_charge(desk: Desk, heard: Hear) -> Iterator[ask.AnyRequest]:
    message: Any = heard.message
    asked = transaction_id(heard.peer, issuing.verb_of(message), message.id)
    if isinstance(message, Charge | Present) and message.handle in desk.handles:
        yield _paying(desk, heard, message, asked)
        if isinstance(message, Present):
            yield from _lending(desk, heard.peer, message)
        return
    charge = message.charge if isinstance(message, Refund) else message.id
    verbs = ("charge",) if isinstance(message, Capture) else ("charge", "capture", "present")
    for verb in verbs:
        yield ask.Cancel(id=asked, content="", refers=transaction_id(heard.peer, verb, charge))


def _paying(desk: Desk, heard: Hear, message: Charge | Present, asked: UUID) -> Presented:
    """What was asked before, what follows it, and who pays: one request for all three."""
    return Presented(
        id=asked,
        content="",
        refers=transaction_id(heard.peer, "charge", message.id),
        payers=(heard.holder or ask.Holder(desk.handles[message.handle].wallet),),
        lines=(),
        asset=NOBODY,
        amount=0,
        covered=0,
        accepts=frozenset(),
    )


def _lending(desk: Desk, peer: str, message: Present) -> Iterator[ask.AnyRequest]:
    """Where a holder's debt stands, if there is one already."""
    agreed = desk.agreement(peer, message.asset)
    if agreed is not None:
        owner = str(desk.handles[message.handle].wallet)
        yield _moving(Place(agreed.currency, RECEIVABLE, owner), Place(agreed.currency, NODE, peer))


def _moving(debit: Place, credit: Place) -> ask.Transfer:
    return ask.Transfer(id=NOBODY, content="", kind="", debit=debit, credit=credit, amount=1)


def _may_be_contested(desk: Desk, events: Sequence[AnyEvent]) -> bool:
    """Whether what is contested may move: by a signature, or by a line, also one that waited for others."""
    if any(one.about is not None for one in desk.clearings.values()):
        return True
    shown = [line for event in events if isinstance(event, Hear) for line in _lines_shown(event)]
    return any(
        line.kind in CONTESTING for line in [*shown, *(one.line for one in desk.waiting_lines.values())]
    )


def _places(desk: Desk, *, is_contested: bool) -> Iterator[ask.AnyRequest]:
    """The house's own accounts for every asset that these peers and this node agreed on."""
    for (peer, _), agreed in desk.agreements.items():
        if agreed.issuer == desk.me:
            yield _moving(Place(agreed.currency, NODE, peer), Place(agreed.currency, ISSUANCE, MAIN))
        else:
            yield _moving(Place(agreed.currency, NOSTRO, peer), Place(agreed.currency, LOSS, MAIN))
            yield _moving(Place(agreed.currency, NOSTRO, SETTLED), Place(agreed.currency, SALES, MAIN))
            if is_contested:
                yield _moving(Place(agreed.currency, NOSTRO, DISPUTED), Place(agreed.currency, SALES, MAIN))
