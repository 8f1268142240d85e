"""Mirrors: the holder keeps the issuer's lines, books them, and both sign how far they agree.

Lines may come in any order; the mirror's head moves over those without a gap, and only they are booked. Two
lines of one number that differ are proof of cheating, since each came under the issuer's signature.
"""

from uuid import UUID

from msgspec import Raw, structs

from wallet.between.completing import said
from wallet.between.desk import Desk
from wallet.between.events import Hear, follow_up
from wallet.between.lines import kept_line, read_line
from wallet.between.messages import (
    Ack,
    Disagree,
    Line,
    Lines,
    Point,
    Refused,
    Statement,
    encode,
)
from wallet.between.shapes import (
    DISPUTED,
    Agreement,
    Checkpoint,
    KeptLine,
    Leg,
    Mirror,
    Payment,
    line_ref,
)
from wallet.ledger.book import MAIN
from wallet.ledger.requests import Memo, Transfer
from wallet.ledger.shapes import NOSTRO, SALES, Place

MOST_LINES = 100
SETTLING = frozenset({"setoff", "settlement"})
CONTESTING = frozenset({"dispute", "released", "returned"})
BY_BOTH = SETTLING | CONTESTING
"""Kinds of lines that both have signed: their `ref` names what was signed."""
SETTLED = "settled"


def take_line(desk: Desk, heard: Hear, raw: Raw) -> KeptLine | None:
    """Keep a line that is new, and move the mirror's head as far as it can go; None when it was known."""
    body = bytes(raw)
    line = read_line(raw)
    agreed = desk.agreement(heard.peer, line.asset) if line else None
    if (
        line is None
        or agreed is None
        or (line.issuer, line.holder, agreed.issuer) != (heard.peer, desk.me, heard.peer)
    ):
        desk.alarm("foreign_line", heard.peer, line.ref if line else "", heard.body)
        return None
    kept = kept_line(line, body)
    known = line_at(desk, heard.peer, line.asset, line.epoch, line.seq)
    if known is not None:
        if known.hash != kept.hash:
            desk.alarm("equivocation", heard.peer, f"{line.asset} {line.seq}", heard.body)
        return None
    desk.keep_line(kept)
    _advance(desk, heard, agreed, line)
    return kept


def line_at(desk: Desk, peer: str, asset: str, epoch: int, seq: int) -> KeptLine | None:
    """The line of that number, of either side."""
    agreed = desk.agreement(peer, asset)
    if agreed is None:
        return None
    key = (agreed.issuer, agreed.acceptor, asset, epoch, seq)
    mirror = desk.mirrors.get((agreed.issuer, agreed.acceptor, asset))
    if key in desk.waiting_lines or mirror is None or seq > mirror.seen:
        return desk.waiting_lines.get(key)
    return next((one for one in desk.drawers.lines(peer, asset, seq - 1, 1) if one.key == key), None)


def _advance(desk: Desk, heard: Hear, agreed: Agreement, line: Line) -> None:
    mirror = desk.mirror(heard.peer, desk.me, line.asset, agreed.currency)
    mirror = structs.replace(mirror, seen=max(mirror.seen, line.seq))
    while (following := desk.waiting_lines.get((*mirror.key, mirror.epoch, mirror.seq + 1))) is not None:
        if not _follows(mirror, following.line):
            desk.alarm("broken_chain", heard.peer, f"{line.asset} {following.line.seq}", following.body)
            break
        mirror = mirror.after(following.line, following.hash)
        _book(desk, following, agreed)
    desk.keep_mirror(mirror)


def kind_of(line: Line) -> str:
    """The word of the holder's own history for a line."""
    if line.kind in SETTLING:
        return "settled"
    if line.kind in CONTESTING:
        return "disputed" if line.kind == "dispute" else "undisputed"
    return "taking" if line.delta > 0 else "given_back"


def _follows(mirror: Mirror, line: Line) -> bool:
    return line.prev == mirror.hash and line.balance == mirror.balance + line.delta


def _book(desk: Desk, kept: KeptLine, agreed: Agreement) -> None:
    """The same movement in our own ledger: what is owed to us, against what we took."""
    line = kept.line
    owed = Place(agreed.currency, NOSTRO, line.issuer)
    other = _against(agreed, line)
    link = desk.ask_ledger(
        Transfer(
            id=follow_up(line_ref(line), "mirror"),
            content=kept.hash,
            kind=kind_of(line),
            debit=owed if line.delta > 0 else other,
            credit=other if line.delta > 0 else owed,
            amount=abs(line.delta),
            memo=Memo(place=line.issuer, reason=line.ref),
        )
    )
    if link is None or link.receipt.verdict == "declined":
        desk.alarm("not_booked", line.issuer, line.seq, kept.body)


def _against(agreed: Agreement, line: Line) -> Place:
    """What a line moves beside what is owed: what was paid outside, what is contested, what we took."""
    if line.kind in SETTLING:
        return Place(agreed.currency, NOSTRO, SETTLED)
    if line.kind in {"dispute", "released"}:
        return Place(agreed.currency, NOSTRO, DISPUTED)
    return Place(agreed.currency, SALES, MAIN)


def hear_lines(desk: Desk, heard: Hear, message: Lines) -> tuple[UUID, ...]:
    """Keep what is new; a payment that nobody here knows of is undone. Returns what it began or touched."""
    agreed = desk.agreement(heard.peer, message.asset)
    if agreed is None or agreed.issuer != heard.peer:
        desk.alarm("foreign_line", heard.peer, message.asset, heard.body)
        return ()
    fresh = [kept for raw in message.lines if (kept := take_line(desk, heard, raw)) is not None]
    mirror = desk.mirror(heard.peer, desk.me, message.asset, agreed.currency)
    desk.raise_seen(mirror, message.head.seq)
    if message.head.seq == mirror.seq and message.head.seq and message.head != mirror.point:
        desk.alarm("equivocation", heard.peer, f"{message.asset} {mirror.seq}", heard.body)
    return tuple(found for kept in fresh if (found := look_at(desk, heard, kept)) is not None)


def look_at(desk: Desk, heard: Hear, kept: KeptLine) -> UUID | None:
    """Whether we asked for what a line says. Unknown takings are undone; unasked reversals are told."""
    line = kept.line
    if line.kind in BY_BOTH or line.delta < 0:
        if not (_was_signed(desk, line) if line.kind in BY_BOTH else _asked_to_give_back(desk, line)):
            desk.alarm("denied", heard.peer, line.ref, kept.body)
        return None
    if (leg := _leg_of(desk, line)) is None:
        return _undo_found(desk, line)
    if leg.state in {"declined", "cancelled"}:  # both are the issuer's own word, for ever
        desk.alarm("contradiction", heard.peer, line.ref, kept.body)
    return None


def _leg_of(desk: Desk, line: Line) -> Leg | None:
    """What we asked of this issuer under the id that the line names."""
    payment = desk.payments.get(desk.of_leg.get(UUID(line.ref), UUID(line.ref)))
    legs = payment.legs if payment else ()
    return next((one for one in legs if str(one.id) == line.ref and one.issuer == line.issuer), None)


def _asked_to_give_back(desk: Desk, line: Line) -> bool:
    """A refund of ours, or a charge that we undo, and no more than it was."""
    leg = _leg_of(desk, line)
    if leg is None or -line.delta > leg.amount:
        return False
    if desk.payments[desk.of_leg[leg.id]].kind == "refund":
        return line.kind == "refund"
    return leg.state in {"undoing", "cancelled", "reversed"}


def _was_signed(desk: Desk, line: Line) -> bool:
    """By both; when the proposal is ours, its answer may still be on the way."""
    known = desk.clearings.get(UUID(line.ref))
    kind = "release" if line.kind in {"released", "returned"} else line.kind
    if known is None or known.peer != line.issuer or known.kind != kind:
        return False
    is_yes = known.state == "signed" or (known.is_ours and known.state == "proposed")
    amounts = {edge.amount for edge in known.edges if (edge.debtor, edge.asset) == (line.issuer, line.asset)}
    if line.kind == "returned":
        return is_yes and known.about is not None and known.about.to == "payer" and _is_within(line, amounts)
    return is_yes and (line.delta if line.kind == "released" else -line.delta) in amounts


def _is_within(line: Line, amounts: set[int]) -> bool:
    """What goes back to the payer is no more than was contested: some of it may have gone back before."""
    return line.delta < 0 and -line.delta <= max(amounts, default=0)


def _undo_found(desk: Desk, line: Line) -> UUID:
    agreed = desk.agreements[line.issuer, line.asset]
    leg = Leg(
        id=UUID(line.ref),
        issuer=line.issuer,
        asset=line.asset,
        currency=agreed.currency,
        handle="",
        amount=line.delta,
        ask=b"",
        state="undoing",
    )
    found = Payment(
        id=follow_up(leg.id, "found"),
        kind="found",
        made=line.at,
        deadline=line.at,
        legs=(leg,),
        state="undo",
        why="unknown_here",
    )
    desk.keep_payment(found)
    desk.alarm("found", line.issuer, line.ref)
    return found.id


def statement(desk: Desk, heard: Hear, message: Statement) -> bytes:
    """Our lines for the asker after the one it knows."""
    agreed = desk.agreement(heard.peer, message.asset)
    if agreed is None or agreed.issuer != desk.me:
        return encode(Refused(id=message.id, made=message.made, why="not_agreed"))
    lines = desk.drawers.lines(heard.peer, message.asset, message.after, MOST_LINES)
    mirror = desk.mirror(desk.me, heard.peer, message.asset, agreed.currency)
    return encode(
        Lines(
            id=message.id,
            made=message.made,
            asset=message.asset,
            epoch=desk.epoch,
            head=mirror.point,
            lines=tuple(Raw(one.body) for one in lines),
        )
    )


def hear_ack(desk: Desk, heard: Hear, message: Ack) -> bytes | None:
    """Sign the same point, or show the line that differs; the issuer's own ack makes the agreement."""
    agreed = desk.agreement(heard.peer, message.asset)
    if agreed is None or heard.peer != (agreed.acceptor if message.by == "holder" else agreed.issuer):
        return encode(Refused(id=message.id, made=message.made, why="not_agreed"))
    ours = line_at(desk, heard.peer, message.asset, message.epoch, message.point.seq)
    if ours is None or Point(ours.line.seq, ours.hash, ours.line.balance) != message.point:
        desk.alarm("disagreement", heard.peer, f"{message.asset} {message.point.seq}", heard.body)
        return _disagree(message, ours) if message.by == "holder" else None
    reply = encode(structs.replace(message, by="issuer"))
    _agree(desk, agreed, message, heard.body, reply)
    return reply if message.by == "holder" else None


def _agree(desk: Desk, agreed: Agreement, message: Ack, theirs: bytes, ours: bytes) -> None:
    mirror = desk.mirror(agreed.issuer, agreed.acceptor, agreed.asset, agreed.currency)
    if message.point.seq > mirror.agreed:
        desk.keep_mirror(structs.replace(mirror, agreed=message.point.seq))
        desk.changes.checkpoints.append(
            Checkpoint(
                issuer=agreed.issuer,
                holder=agreed.acceptor,
                asset=agreed.asset,
                epoch=message.epoch,
                point=message.point,
                at=desk.ms,
                theirs=theirs,
                ours=ours,
            )
        )


def _disagree(message: Ack, ours: KeptLine | None) -> bytes:
    point = Point(ours.line.seq, ours.hash, ours.line.balance) if ours else Point(0, "", 0)
    return encode(
        Disagree(
            id=message.id,
            made=message.made,
            asset=message.asset,
            epoch=message.epoch,
            point=point,
            **({"line": Raw(ours.body)} if ours else {}),
        )
    )


__all__ = ["MOST_LINES", "hear_ack", "hear_lines", "line_at", "look_at", "said", "statement", "take_line"]
