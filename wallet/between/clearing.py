"""Clearing: what two nodes owe each other falls by both signatures, or because it was paid outside.

The proposer sets its own part aside and signs by proposing; the other one's yes makes both signatures, and is
final. A proposal is asked until it is answered: no timeout decides.
"""

from typing import Final

from msgspec import structs

from wallet.between import disputing
from wallet.between.completing import proposal_of
from wallet.between.desk import Desk
from wallet.between.events import Confirm, Hear, Outcome, Suggest, Withdraw, follow_up
from wallet.between.lines import line_of
from wallet.between.messages import (
    Abort,
    Dispute,
    DisputeOver,
    Edge,
    NotSigned,
    Propose,
    Signed,
    Waiting,
    digest,
    encode,
)
from wallet.between.reserve import needed_back
from wallet.between.shapes import CALLED_OFF, Clearing
from wallet.ledger import requests as ask
from wallet.ledger.book import MAIN
from wallet.ledger.shapes import ISSUANCE, NODE, Place

FOR_PEOPLE: Final = frozenset({"settlement", "release"})
"""What a person signs: what was paid outside, and how a dispute ends."""


def suggest(desk: Desk, event: Suggest) -> Outcome:
    """Set our part aside and propose. `why`: more than is owed, or a currency that nobody agreed on."""
    clearing = event.clearing
    if clearing.id in desk.clearings:
        return Outcome(clearings=(clearing.id,))
    why = _wrong(desk, clearing)
    mine = _mine(desk, clearing)
    if why or (clearing.kind == "settlement" and mine is None):
        return Outcome(why=why or "not_ours")
    if mine is not None and clearing.kind != "release":
        link = desk.ask_ledger(_moved(desk, clearing, mine, is_hold=True))
        if link is None or link.receipt.verdict == "declined":
            return Outcome(why=link.receipt.why if link else "conflict")
    body = encode(proposal_of(clearing))
    desk.keep_clearing(structs.replace(clearing, ask=body, hash=digest(body), state="proposed", is_ours=True))
    return Outcome(clearings=(clearing.id,))


Proposed = Propose | Dispute | DisputeOver


def hear_proposal(desk: Desk, heard: Hear, message: Proposed) -> bytes:
    """Sign what both books say, or say why not; what was paid outside waits for a person."""
    known = desk.clearings.get(message.id)
    if known is None:
        clearing = laid_out(desk, heard, message)
        if disputing.must_wait(desk, clearing):
            return encode(Waiting(id=message.id, made=message.made))
        known = _new(desk, clearing)
        desk.keep_clearing(known)
    elif not known.is_ours and known.peer == heard.peer and not known.hash:
        pass  # its end came before it: it stays refused
    elif known.is_ours or known.peer != heard.peer or known.hash != digest(heard.body):
        desk.alarm("conflict", heard.peer, message.id, heard.body)
        return encode(NotSigned(id=message.id, made=message.made, why="conflict"))
    return answer_of(known)


def laid_out(desk: Desk, heard: Hear, message: Proposed) -> Clearing:
    """A peer's proposal as a row, nothing decided yet."""
    if isinstance(message, Dispute):
        return disputing.dispute_of(desk, heard, message)
    if isinstance(message, DisputeOver):
        return disputing.release_of(desk, heard, message)
    return Clearing(
        id=message.id,
        peer=heard.peer,
        kind=message.kind,
        edges=message.edges,
        state="waiting",
        is_ours=False,
        hash=digest(heard.body),
        ask=heard.body,
        made=message.made,
        reference=message.reference,
    )


def _new(desk: Desk, clearing: Clearing) -> Clearing:
    why = _wrong(desk, clearing)
    if why:
        return structs.replace(clearing, state="refused", why=why)
    return clearing if clearing.kind in FOR_PEOPLE else _sign(desk, clearing)


def _sign(desk: Desk, clearing: Clearing) -> Clearing:
    """Both have signed from here on: our part falls now."""
    mine = _mine(desk, clearing)
    if mine is not None and clearing.kind == "release":
        is_done = disputing.carry_out(desk, clearing)
        return structs.replace(
            clearing, state="signed" if is_done else "refused", why="" if is_done else "insufficient"
        )
    if mine is not None:
        link = desk.ask_ledger(_moved(desk, clearing, mine, is_hold=False))
        if link is None or link.receipt.verdict == "declined":
            return structs.replace(clearing, state="refused", why="insufficient")
        line_of(desk, clearing.peer, clearing.kind, clearing.id, link)
    return structs.replace(clearing, state="signed")


def confirm(desk: Desk, event: Confirm) -> Outcome:
    """A person says whether the money came, or whether a dispute ends so; the peer is told."""
    clearing = desk.clearings.get(event.clearing)
    why = _not_for_us(clearing)
    if clearing is None or why:
        return Outcome(why=why)
    no_why = "disagreed" if clearing.kind == "release" else "not_received"
    no = structs.replace(clearing, state="refused", why=no_why)
    answered = _sign(desk, clearing) if event.is_right else no
    desk.keep_clearing(answered)
    return Outcome(clearings=(clearing.id,), answers=(answer_of(answered),), to=clearing.peer)


def _not_for_us(clearing: Clearing | None) -> str:
    """Why no person here answers it; "" when one does."""
    if clearing is None:
        return "not_known"
    if clearing.is_ours:
        return "not_ours_to_sign"
    if clearing.kind not in FOR_PEOPLE:
        return "not_for_people"
    return "" if clearing.state == "waiting" else "not_waiting"


def withdraw(desk: Desk, event: Withdraw) -> Outcome:
    """Ask for a proposal of ours back; what was set aside stays so until the other one has answered."""
    clearing = desk.clearings.get(event.clearing)
    if clearing is None or not clearing.is_ours:
        return Outcome(why="not_known" if clearing is None else "not_ours_to_call_off")
    if clearing.state != "proposed":
        return Outcome(why="not_waiting")
    desk.keep_clearing(structs.replace(clearing, why=CALLED_OFF))
    return Outcome(clearings=(clearing.id,))


def hear_signed(desk: Desk, heard: Hear, message: Signed | NotSigned) -> Outcome:
    """The other one's answer to our proposal: our part falls, or is free again."""
    clearing = desk.clearings.get(message.id)
    if clearing is None or not clearing.is_ours or clearing.peer != heard.peer:
        desk.alarm("unasked", heard.peer, message.id, heard.body)
        return Outcome()
    if clearing.state != "proposed":
        return Outcome()
    if isinstance(message, NotSigned):
        _free(desk, clearing)
        desk.keep_clearing(structs.replace(clearing, state="refused", why=message.why))
    elif message.hash == clearing.hash:
        _take(desk, clearing)
        desk.keep_clearing(structs.replace(clearing, state="signed", why=""))
    else:
        desk.alarm("other_question", heard.peer, message.id, heard.body)
        return Outcome()
    return Outcome(clearings=(clearing.id,))


def hear_abort(desk: Desk, heard: Hear, message: Abort) -> bytes:
    """Forget a proposal for ever, unless we signed it."""
    known = desk.clearings.get(message.id)
    if known is not None and (known.is_ours or known.peer != heard.peer):
        return encode(NotSigned(id=message.id, made=message.made, why="conflict"))
    if known is not None and known.state != "waiting":
        return answer_of(known)
    if known is None:
        known = Clearing(
            id=message.id, peer=heard.peer, kind="setoff", edges=(), state="refused", is_ours=False,
            hash="", ask=b"", made=message.made,
        )  # fmt: skip
    aborted = structs.replace(known, state="refused", why=CALLED_OFF)
    desk.keep_clearing(aborted)
    return answer_of(aborted)


def answer_of(clearing: Clearing) -> bytes:
    """What we answer to a peer's proposal, in the state it is in."""
    if clearing.state == "signed":
        return encode(Signed(id=clearing.id, made=clearing.made, hash=clearing.hash))
    if clearing.state == "waiting":
        return encode(Waiting(id=clearing.id, made=clearing.made))
    return encode(NotSigned(id=clearing.id, made=clearing.made, why=clearing.why))


def _free(desk: Desk, clearing: Clearing) -> None:
    if _mine(desk, clearing) is not None and clearing.kind != "release":
        held = follow_up(clearing.id, "hold")
        desk.ask_ledger(ask.Release(id=follow_up(held, "release"), content="release", refers=held))


def _take(desk: Desk, clearing: Clearing) -> None:
    if _mine(desk, clearing) is None:
        return
    if clearing.kind == "release":
        if not disputing.carry_out(desk, clearing):
            desk.alarm("not_taken", clearing.peer, clearing.id)
        return
    held = follow_up(clearing.id, "hold")
    link = desk.ask_ledger(ask.Capture(id=follow_up(held, "capture"), content="capture", refers=held))
    if link is None or link.receipt.verdict == "declined":
        desk.alarm("not_taken", clearing.peer, clearing.id)
    else:
        line_of(desk, clearing.peer, clearing.kind, clearing.id, link)


def _mine(desk: Desk, clearing: Clearing) -> Edge | None:
    """What we owe of it."""
    return next((edge for edge in clearing.edges if edge.debtor == desk.me), None)


def _moved(desk: Desk, clearing: Clearing, edge: Edge, *, is_hold: bool) -> ask.Transfer:
    """What we owe falls, and so does what is in circulation, unless it only stands aside."""
    currency = desk.agreements[clearing.peer, edge.asset].currency
    is_dispute = clearing.kind == "dispute"
    return ask.Transfer(
        id=follow_up(clearing.id, "hold" if is_hold else "fall"),
        content=clearing.kind,
        kind=clearing.kind,
        debit=Place(currency, NODE, clearing.peer),
        credit=disputing.stands_at(desk, clearing, clearing.id)
        if is_dispute
        else Place(currency, ISSUANCE, MAIN),
        amount=edge.amount,
        is_hold=is_hold,
        memo=ask.Memo(place=clearing.peer, reason=clearing.reference),
    )


def _wrong(desk: Desk, clearing: Clearing) -> str:
    """Why these debts may not fall; "" when they may."""
    if clearing.about is not None:
        return disputing.wrong(desk, clearing)
    kind, edges = clearing.kind, clearing.edges
    if not edges or len({edge.debtor for edge in edges}) != len(edges):
        return "bad_edges"
    if kind == "setoff" and (len(edges) != 2 or len({edge.amount for edge in edges}) != 1):
        return "bad_edges"
    if kind == "settlement" and len(edges) != 1:
        return "bad_edges"
    return next((why for edge in edges if (why := _wrong_edge(desk, clearing, edge))), "")


def _wrong_edge(desk: Desk, clearing: Clearing, edge: Edge) -> str:
    peer = clearing.peer
    agreed = desk.agreement(peer, edge.asset)
    if agreed is None or {edge.debtor, edge.creditor} != {desk.me, peer} or agreed.issuer != edge.debtor:
        return "not_agreed"
    asset = desk.book.assets.get(agreed.currency)
    if asset is None or asset.nature != "money" or not asset.at_par or edge.amount <= 0:
        return "not_at_par"
    owed = desk.mirror(agreed.issuer, agreed.acceptor, agreed.asset, agreed.currency).balance
    if edge.creditor == desk.me:
        owed -= needed_back(desk, peer, edge.asset, but=clearing.id)
    return "more_than_owed" if edge.amount > owed else ""


def needed_for(desk: Desk, clearing: Clearing) -> tuple[ask.AnyRequest, ...]:
    """What the ledger may be asked for this clearing."""
    mine = _mine(desk, clearing)
    if mine is None or desk.agreement(clearing.peer, mine.asset) is None:
        return ()
    more = tuple(disputing.needed_for(desk, clearing)) if clearing.about else ()
    if clearing.kind == "release":
        return more
    held = follow_up(clearing.id, "hold")
    return (
        *more,
        _moved(desk, clearing, mine, is_hold=True),
        _moved(desk, clearing, mine, is_hold=False),
        ask.Release(id=follow_up(held, "release"), content="", refers=held),
    )
