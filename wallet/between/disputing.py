"""Disputes: an amount that either side contests stands aside, until both have signed what becomes of it.

The issuer moves it out of what it owes the holder, and back; each step is a line that the holder books. What
goes back to whoever paid is first the holder's again and then given back, so that no line is ever edited.
"""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from msgspec import structs

from wallet.between.desk import Desk
from wallet.between.disputing_words import Dispute, DisputeOver
from wallet.between.events import Hear, follow_up
from wallet.between.lines import line_of
from wallet.between.messages import Edge, Line, digest
from wallet.between.mirroring import line_at
from wallet.between.reserve import needed_back
from wallet.between.shapes import CALLED_OFF, DISPUTED, Clearing, Contested, KeptLine, transaction_id
from wallet.between.times import DISPUTE
from wallet.ledger import requests as ask
from wallet.ledger.shapes import NODE, Place

CONTESTABLE: Final = frozenset({"charge", "capture", "present"})
"""What was paid. Everything else between two nodes both have signed, or the holder has asked for."""
NOBODY: Final = Contested(epoch=0, seq=0, line="")


def dispute_of(desk: Desk, heard: Hear, said: Dispute) -> Clearing:
    """A peer's dispute as a row, nothing decided yet. Without an agreement nobody owes anything."""
    agreed = desk.agreement(heard.peer, said.asset)
    edges = (Edge(agreed.issuer, agreed.acceptor, said.asset, said.amount),) if agreed else ()
    about = Contested(epoch=said.epoch, seq=said.seq, line=said.line, evidence=said.evidence)
    return _row(heard, said, "dispute", edges, about)


def release_of(desk: Desk, heard: Hear, said: DisputeOver) -> Clearing:
    """A peer's offer of how a dispute ends, as a row."""
    known = find(desk, said.dispute)
    is_theirs = known is not None and known.peer == heard.peer
    before = (known.about if known and is_theirs else None) or NOBODY
    about = structs.replace(before, evidence="", refers=said.dispute, to=said.to)
    edges = known.edges if known and is_theirs else ()
    return _row(heard, said, "release", edges, about)


def _row(
    heard: Hear, said: Dispute | DisputeOver, kind: str, edges: tuple[Edge, ...], about: Contested
) -> Clearing:
    return Clearing(
        id=said.id,
        peer=heard.peer,
        kind="dispute" if kind == "dispute" else "release",
        edges=edges,
        state="waiting",
        is_ours=False,
        hash=digest(heard.body),
        ask=heard.body,
        made=said.made,
        reference=said.reason,
        about=about,
    )


def find(desk: Desk, dispute: UUID | None) -> Clearing | None:
    """A dispute, as it is at this desk or in the drawers."""
    if dispute is None:
        return None
    return desk.clearings.get(dispute) or next(iter(desk.drawers.clearings([dispute])), None)


def must_wait(desk: Desk, one: Clearing) -> bool:
    """Whether a peer's proposal crosses one of ours about the same line, whose answer decides first.

    Nothing is kept meanwhile: it is asked again. Each pair has one side that does not wait, so that it ends:
    the issuer answers the holder's dispute, and the holder calls its own offer off.
    """
    if one.about is None or len(one.edges) != 1 or one.edges[0].debtor not in {desk.me, one.peer}:
        return False
    is_holder = one.edges[0].creditor == desk.me
    if one.kind == "dispute" and not is_holder:
        return False
    ours = [other for other in about_line(desk, one) if _is_out(other) and other.kind == one.kind]
    if one.kind == "release" and is_holder:
        for other in ours:
            desk.keep_clearing(structs.replace(other, why=CALLED_OFF))
    return bool(ours)


def _is_out(one: Clearing) -> bool:
    """Whether we proposed it, and were not answered yet."""
    return one.is_ours and one.state == "proposed"


def wrong(desk: Desk, one: Clearing) -> str:
    """Why a line may not be contested, or a dispute not end so; "" when it may."""
    edge = one.edges[0] if len(one.edges) == 1 else None
    agreed = desk.agreement(one.peer, edge.asset) if edge else None
    if one.about is None or edge is None or agreed is None:
        return "no_such_dispute" if one.kind == "release" else "not_agreed"
    if agreed.issuer != edge.debtor or {edge.debtor, edge.creditor} != {desk.me, one.peer}:
        return "not_agreed"
    if one.kind == "release":
        return _wrong_release(desk, one, edge)
    return _wrong_line(desk, one, edge, one.about) or _taken_or_gone(desk, one, edge)


def _wrong_line(desk: Desk, one: Clearing, edge: Edge, about: Contested) -> str:
    kept = contested_line(desk, one)
    if kept is None or kept.hash != about.line:
        return "line_unknown"
    line = kept.line
    if line.kind not in CONTESTABLE or line.delta <= 0:
        return "not_contestable"
    if over_line(desk, line, edge):
        return "over_line"
    if desk.ms - line.at > DISPUTE:
        return "dispute_late"
    return "in_doubt" if edge.creditor == desk.me and _is_in_doubt(desk, line) else ""


def over_line(desk: Desk, line: Line, edge: Edge) -> bool:
    """Whether it is more than the line, or at its issuer, more than was not given back of it since."""
    most = line.delta if edge.creditor == desk.me else min(line.delta, _left(desk, edge.creditor, line))
    return edge.amount > most


def _is_in_doubt(desk: Desk, line: Line) -> bool:
    """Whether our till's payment is not over: it may still be undone by itself."""
    ref = UUID(line.ref)
    known = desk.payments.get(desk.of_leg.get(ref, ref))
    found = [known] if known else desk.drawers.payments_of_legs([ref])
    return any(not payment.is_final for payment in found)


def _taken_or_gone(desk: Desk, one: Clearing, edge: Edge) -> str:
    if any(_stands(desk, other, one) for other in about_line(desk, one) if other.kind == "dispute"):
        return "already_disputed"
    agreed = desk.agreements[one.peer, edge.asset]
    owed = desk.mirror(agreed.issuer, agreed.acceptor, edge.asset, agreed.currency).balance
    if edge.creditor == desk.me:
        owed -= needed_back(desk, one.peer, edge.asset, but=one.id)
    return "more_than_owed" if edge.amount > owed else ""


def _stands(desk: Desk, other: Clearing, one: Clearing) -> bool:
    """Of two that cross on their way, the holder's counts: the issuer has moved nothing for its own yet."""
    if other.state == "refused":
        return False
    return not (_is_out(other) and not one.is_ours and other.edges[0].debtor == desk.me)


def _wrong_release(desk: Desk, one: Clearing, edge: Edge) -> str:
    about = one.about
    known = find(desk, about.refers) if about else None
    if known is None or (known.kind, known.peer) != ("dispute", one.peer) or known.state == "proposed":
        return "no_such_dispute"
    if known.state != "signed":
        return "nothing_aside"
    if known.edges != one.edges:
        return "bad_edges"
    if edge.creditor == desk.me and one.is_ours and _is_on_its_way(desk, known):
        return "not_yet"
    others = [other.state for other in about_line(desk, one) if other.kind == "release"]
    if "signed" in others:
        return "already_ended"
    return "being_released" if {"proposed", "waiting"} & set(others) else ""


def _is_on_its_way(desk: Desk, dispute: Clearing) -> bool:
    """Whether its line has not come: the issuer may not know yet that we signed."""
    return any(other.id == dispute.id for other in desk.drawers.unfallen(dispute.peer))


def about_line(desk: Desk, one: Clearing) -> Iterator[Clearing]:
    """Every other dispute and release of the same line, as they are at this desk."""
    about, asset = one.about or NOBODY, one.edges[0].asset
    kept = {other.id: other for other in desk.drawers.contests(one.peer, asset, about.epoch, about.seq)}
    kept.update({other.id: other for other in desk.clearings.values()})
    for other in kept.values():
        is_same = other.peer == one.peer and other.edges and other.edges[0].asset == asset
        at = other.about
        if other.id != one.id and is_same and at and (at.epoch, at.seq) == (about.epoch, about.seq):
            yield other


def contested_line(desk: Desk, one: Clearing) -> KeptLine | None:
    """The line that it is about, when we have every line up to it."""
    if one.about is None or len(one.edges) != 1:
        return None
    edge, agreed = one.edges[0], desk.agreement(one.peer, one.edges[0].asset)
    if agreed is None:
        return None
    mirror = desk.mirror(agreed.issuer, agreed.acceptor, edge.asset, agreed.currency)
    if one.about.seq > mirror.seq:
        return None
    return line_at(desk, one.peer, edge.asset, one.about.epoch, one.about.seq)


def _left(desk: Desk, holder: str, line: Line) -> int:
    """What was not given back of a charge yet, by our own ledger."""
    charge = _charge_id(holder, line)
    link = desk.book.past.get(charge)
    if link is None:
        return 0
    taken = sum(entry.amount for entry in link.receipt.entries if entry.op == "transfer")
    after = [entry for receipt in desk.book.followers.get(charge, ()) for entry in receipt.entries]
    return taken - sum(entry.amount for entry in after if entry.op == "transfer")


def _charge_id(holder: str, line: Line) -> UUID:
    return transaction_id(holder, line.kind, UUID(line.ref))


def stands_at(desk: Desk, one: Clearing, dispute: UUID) -> Place:
    """Where the issuer keeps what is contested: one account for each dispute, never below zero."""
    return Place(desk.agreements[one.peer, one.edges[0].asset].currency, DISPUTED, str(dispute))


def carry_out(desk: Desk, one: Clearing) -> bool:
    """Both have signed how it ends; whether the issuer's ledger did it."""
    kept, about, (edge,) = contested_line(desk, one), one.about, one.edges
    link = desk.ask_ledger(_free(desk, one)) if about and about.refers else None
    if kept is None or about is None or link is None or link.receipt.verdict == "declined":
        return False
    line_of(desk, one.peer, "released", one.id, link)
    left = min(edge.amount, _left(desk, edge.creditor, kept.line))
    if about.to == "payer" and left > 0:
        back = desk.ask_ledger(_back(one, kept.line, left))
        if back is None or back.receipt.verdict == "declined":
            return False
        line_of(desk, one.peer, "returned", one.id, back)
    return True


def _free(desk: Desk, one: Clearing) -> ask.Transfer:
    (edge,) = one.edges
    aside = stands_at(desk, one, one.about.refers or one.id if one.about else one.id)
    return ask.Transfer(
        id=follow_up(one.id, "release"),
        content="dispute_over",
        kind="dispute_over",
        debit=aside,
        credit=Place(aside.asset, NODE, one.peer),
        amount=edge.amount,
        memo=ask.Memo(place=one.peer, reason=one.reference),
    )


def _back(one: Clearing, line: Line, amount: int) -> ask.Refund:
    return ask.Refund(
        id=follow_up(one.id, "back"),
        content="dispute_over",
        refers=_charge_id(one.peer, line),
        amount=amount,
        memo=ask.Memo(place=one.peer, reason=one.reference),
    )


def needed_for(desk: Desk, one: Clearing) -> Iterator[ask.AnyRequest]:
    """What the issuer's ledger may be asked, and what it must know of the charge."""
    kept = contested_line(desk, one)
    if kept is not None and kept.line.issuer == desk.me:
        yield _back(one, kept.line, 1)
        if one.kind == "release":
            yield _free(desk, one)


__all__ = ["carry_out", "dispute_of", "find", "must_wait", "needed_for", "release_of", "stands_at", "wrong"]
