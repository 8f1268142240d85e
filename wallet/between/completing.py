"""What must be said next, read off the rows: nothing that waits has a queue of its own that could be lost.

Every message is made of its row alone, so that each repeat has the same bytes.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid5

from wallet.between.messages import (
    Abort,
    Ack,
    Cancel,
    Capture,
    Dispute,
    DisputeOver,
    Point,
    Present,
    Propose,
    Release,
    Statement,
    encode,
)
from wallet.between.shapes import Clearing, Contested, Leg, Mirror, Payment

_IDS = UUID("5d7f6b0e-3f0c-5b0a-9d55-0f6a3c1e9b03")


def to_say(payment: Payment) -> Iterator[tuple[str, bytes]]:
    """(peer, item) for each leg that waits for an answer."""
    for leg in payment.legs:
        if not leg.is_final and (item := item_for(payment, leg)):
            yield leg.issuer, item


def item_for(payment: Payment, leg: Leg) -> bytes:
    """The exact bytes to say about this leg now; empty when there is nothing to say."""
    if leg.state == "intent":
        return leg.ask
    if leg.state == "undoing":
        return said(payment, leg, "release" if leg.was_held else "cancel")
    if leg.state == "held" and payment.state == "commit":
        return said(payment, leg, "capture")
    return said(payment, leg, "present") if leg.state == "offline_due" else b""


def said(payment: Payment, leg: Leg, verb: str) -> bytes:
    """What this node says, each time the same, about a leg under that verb."""
    if verb == "cancel":
        return encode(Cancel(id=leg.id, made=payment.made, reason="undone"))
    if verb == "release":
        return encode(Release(id=leg.id, made=payment.made))
    if verb == "capture":
        return encode(Capture(id=leg.id, made=payment.made, amount=leg.amount))
    return _presented(payment, leg) if verb == "present" and leg.grant else leg.ask


def _presented(payment: Payment, leg: Leg) -> bytes:
    return encode(
        Present(
            id=leg.id,
            made=payment.made,
            grant=leg.grant or payment.id,
            asset=leg.asset,
            epoch=leg.epoch,
            handle=leg.handle,
            card=leg.card,
            amount=leg.amount,
            taken=payment.taken,
        )
    )


def statement_for(mirror: Mirror, made: int) -> bytes:
    """Asks for what is missing after the last line known without a gap."""
    asked = uuid5(_IDS, f"{mirror.issuer}\n{mirror.asset}\n{mirror.epoch}\n{mirror.seq}\n{made}")
    return encode(Statement(id=asked, made=made, asset=mirror.asset, epoch=mirror.epoch, after=mirror.seq))


def ack_for(mirror: Mirror, made: int) -> bytes:
    """ "I have every line up to here.\""""
    asked = uuid5(_IDS, f"ack\n{mirror.issuer}\n{mirror.asset}\n{mirror.epoch}\n{mirror.seq}")
    point = Point(mirror.seq, mirror.hash, mirror.balance)
    return encode(Ack(id=asked, made=made, asset=mirror.asset, epoch=mirror.epoch, point=point))


def proposal_of(clearing: Clearing) -> Propose | Dispute | DisputeOver:
    """What the peer is asked to sign."""
    if clearing.about is not None:
        return _contest_of(clearing, clearing.about)
    return Propose(
        id=clearing.id,
        made=clearing.made,
        kind="setoff" if clearing.kind == "setoff" else "settlement",
        edges=clearing.edges,
        reference=clearing.reference,
    )


def _contest_of(clearing: Clearing, about: Contested) -> Dispute | DisputeOver:
    head: dict[str, Any] = {"id": clearing.id, "made": clearing.made, "reason": clearing.reference}
    if about.refers is not None and about.to:
        return DisputeOver(**head, dispute=about.refers, to=about.to)
    (edge,) = clearing.edges
    return Dispute(
        **head,
        asset=edge.asset,
        epoch=about.epoch,
        seq=about.seq,
        line=about.line,
        amount=edge.amount,
        evidence=about.evidence,
    )


def abort_of(clearing: Clearing) -> bytes:
    """Asks to forget a proposal, unless it was signed already."""
    return encode(Abort(id=clearing.id, made=clearing.made))
