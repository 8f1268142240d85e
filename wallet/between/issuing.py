"""The issuer: what it answers about charges of its own currencies. Every answer is one link of its ledger.

A question is known by (peer, verb, id): two peers cannot take each other's ids. The same question gets the
same bytes for ever; the same id with other content is a conflict that changes nothing.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from msgspec import Raw

from wallet.between.desk import Desk, UseKey, milliseconds
from wallet.between.events import Hear
from wallet.between.lines import contested_key, line_of
from wallet.between.messages import (
    Cancel,
    Capture,
    Charge,
    Present,
    Receipt,
    Refund,
    Release,
    decode,
    digest,
    encode,
)
from wallet.between.presenting import covered, must_be_listed, not_granted
from wallet.between.proofs import Tapped
from wallet.between.rules import Presented
from wallet.between.shapes import Agreement, KeptAnswer, transaction_id
from wallet.ledger import requests as ask
from wallet.ledger.shapes import NODE, WALLET, Place, Transaction
from wallet.ledger.shapes import Receipt as Written

HOLD: Final = timedelta(hours=24)
"""How long an issuer keeps money set aside for another node."""
UNDOING: Final = frozenset({"cancel", "release"})
Asked = Charge | Cancel | Capture | Release | Present | Refund


def answer(desk: Desk, heard: Hear, asked: Asked) -> bytes:
    """The receipt for this question, the one given before if there was one."""
    known = desk.answers.get(transaction_id(heard.peer, verb_of(asked), asked.id))
    if known is None:
        return _first(desk, heard, asked)
    if known.req == digest(heard.body):
        return known.body
    desk.alarm("conflict", heard.peer, asked.id, heard.body)
    return _encoded(desk, heard, asked, outcome="conflict", why="conflict")


def verb_of(asked: object) -> Any:
    """ "charge", "cancel", …"""
    return type(asked).__name__.lower()


def _first(desk: Desk, heard: Hear, asked: Asked) -> bytes:
    if isinstance(asked, Cancel | Release) and _must_wait(desk, heard, asked):
        return _encoded(desk, heard, asked, outcome="recovering", why="set_aside")
    if isinstance(asked, Present) and must_be_listed(desk, heard.peer, asked):
        return _encoded(desk, heard, asked, outcome="recovering", why="grant_revoked")
    link = _RULES[type(asked)](desk, heard, asked)
    if link is None:  # the same receipt as the charge's own
        return desk.answers[transaction_id(heard.peer, "charge", asked.id)].body
    body = _receipt(desk, heard, asked, link)
    desk.keep_answer(
        KeptAnswer(
            id=transaction_id(heard.peer, verb_of(asked), asked.id),
            peer=heard.peer,
            verb=verb_of(asked),
            asked=asked.id,
            req=digest(heard.body),
            body=body,
        )
    )
    return body


def _charge(desk: Desk, heard: Hear, asked: Charge) -> Transaction | None:
    agreed = desk.agreement(heard.peer, asked.asset)
    why = "presented" if _was_presented(desk, heard, asked) else refused(desk, agreed, heard, asked)
    if why or agreed is None:
        return _no(desk, heard, asked, why)
    link = _asked(desk, _spend(desk, heard, asked, agreed))
    if link.receipt.verdict != "declined":
        for key in _counted(agreed, asked.handle, desk):
            desk.use(key, asked.amount)
        if heard.tapped is not None:
            key = reads_key(heard.tapped, asked.asset)
            desk.use(key, heard.tapped.counter + 1 - desk.used(key))
    return link


def _was_presented(desk: Desk, heard: Hear, asked: Charge) -> bool:
    """Whether its presentation overtook it and was refused: the acceptor has booked its loss by then.

    One that was posted has left the charge cancelled, as the ledger says.
    """
    kept = desk.answers.get(transaction_id(heard.peer, "present", asked.id))
    answer = decode(kept.body) if kept is not None else None
    return isinstance(answer, Receipt) and answer.outcome == "declined"


def refused(desk: Desk, agreed: Agreement | None, heard: Hear, asked: Charge) -> str:
    """Why a charge that was never seen is refused before the wallet is looked at; "" when it is not."""
    if agreed is None or agreed.issuer != desk.me:
        return "not_agreed"
    if asked.epoch != desk.epoch:
        return "wrong_epoch"
    if agreed.is_paused:
        return "paused"
    if asked.exp < desk.ms:
        return "expired"
    return _unknown(desk, heard, asked) or _over(desk, agreed, heard.peer, asked)


def _unknown(desk: Desk, heard: Hear, asked: Charge) -> str:
    handle = desk.handles.get(asked.handle)
    if handle is None:
        return "handle_unknown"
    if handle.status != "active" or heard.no:
        return heard.no or f"card_{handle.status}"
    if heard.tapped is not None and is_replayed(desk, heard.tapped, asked.asset):
        return "card_replayed"
    if heard.holder is not None and heard.holder.card is not None:
        card = desk.book.cards.get(heard.holder.card)
        return "" if card is not None and card.wallet == handle.wallet else "card_unknown"
    return ""


def is_replayed(desk: Desk, tapped: Tapped, asset: str) -> bool:
    """Whether this read of the chip, or a later one, moved money of that asset already."""
    return tapped.counter < desk.used(reads_key(tapped, asset))


def reads_key(tapped: Tapped, asset: str) -> UseKey:
    """Where the reads of a card that are over are counted, for each asset: one tap may pay with two."""
    return tapped.home, asset, f"reads:{tapped.card}"


def _over(desk: Desk, agreed: Agreement, peer: str, asked: Charge) -> str:
    if asked.amount > agreed.per_tap:
        return "over_tap"
    card, minute = _counted(agreed, asked.handle, desk)
    if desk.used(card) + asked.amount > agreed.per_card_day:
        return "over_card_day"
    if desk.used(minute) + asked.amount > agreed.per_minute:
        return "over_minute"
    return "over_node" if _owed_soon(desk, agreed, peer) + asked.amount > agreed.node_max else ""


def _owed_soon(desk: Desk, agreed: Agreement, peer: str) -> int:
    """What we owe the acceptor, what it may take of what is set aside for it, and what stands contested."""
    place = Place(agreed.currency, NODE, peer)
    owed = desk.book.accounts.get(place.account_id)
    contested = desk.used(contested_key(peer, agreed.asset))
    return (owed.balance if owed else 0) + desk.set_aside(place) + contested


def _counted(agreed: Agreement, handle: str, desk: Desk) -> tuple[UseKey, UseKey]:
    """By handle: which card it was is only what the acceptor says."""
    peer, asset = agreed.acceptor, agreed.asset
    return (peer, asset, f"card:{handle}:{desk.day}"), (peer, asset, f"minute:{desk.ms // 60_000}")


def use_keys(agreed: Agreement, handle: str, desk: Desk) -> tuple[UseKey, ...]:
    """What a charge is counted under, to be asked of the drawers for the whole batch."""
    return *_counted(agreed, handle, desk), contested_key(agreed.acceptor, agreed.asset)


def _spend(desk: Desk, heard: Hear, asked: Charge, agreed: Agreement) -> ask.Spend:
    handle = desk.handles[asked.handle]
    return ask.Spend(
        **_common(desk, heard, asked),
        kind="charge",
        payers=(heard.holder or ask.Holder(handle.wallet),),
        lines=(ask.Line("", asked.amount),),
        unit=None if _at_par(desk, agreed) else agreed.currency,
        accepts=frozenset({agreed.currency}),
        acceptor=heard.peer,
        until=desk.now + HOLD if asked.mode == "hold" else None,
    )


def _at_par(desk: Desk, agreed: Agreement) -> bool:
    asset = desk.book.assets.get(agreed.currency)
    return asset is not None and asset.nature == "money" and asset.at_par


def _must_wait(desk: Desk, heard: Hear, asked: Cancel | Release) -> bool:
    """Whether what would go back is set aside for a debt that is to fall: no answer yet, then, and no no.

    The creditor signs only for what leaves it enough (clearing.py), so that this ends.
    """
    charge = desk.book.past.get(_charge_id(heard, asked.id))
    if charge is None or charge.receipt.verdict != "posted" or desk.book.followers.get(charge.receipt.id):
        return False
    owed = desk.book.accounts[UUID(hex=charge.receipt.entries[-1].credit)]
    return owed.free < charge.receipt.amount


def _cancel(desk: Desk, heard: Hear, asked: Cancel | Release) -> Transaction | None:
    if _was_taken(desk, heard, asked.id):
        return _no(desk, heard, asked, "already_closed")
    return _asked(desk, ask.Cancel(**_common(desk, heard, asked), refers=_charge_id(heard, asked.id)))


def _was_taken(desk: Desk, heard: Hear, asked: UUID) -> bool:
    """Whether a charge was presented, or taken after its hold had ended: neither is undone any more."""
    links = [desk.book.past.get(transaction_id(heard.peer, verb, asked)) for verb in ("present", "capture")]
    return any(link is not None and link.receipt.verdict != "declined" for link in links)


def _capture(desk: Desk, heard: Hear, asked: Capture) -> Transaction | None:
    held = _charge_id(heard, asked.id)
    if any(one.kind == "release" for one in desk.book.followers.get(held, ())):
        most = sum(one.amount for one in desk.book.past[held].receipt.entries)
        late = asked.amount <= most
        return _asked(desk, _late(desk, heard, asked)) if late else _no(desk, heard, asked, "over_hold")
    return _asked(desk, ask.Capture(**_common(desk, heard, asked), refers=held, amount=asked.amount))


def _late(desk: Desk, heard: Hear, asked: Capture) -> ask.Spend:
    """The hold ended before it was taken: the wallet pays if it still can, else the acceptor bears it."""
    hold, *_ = desk.book.past[_charge_id(heard, asked.id)].receipt.entries
    place = desk.book.accounts[UUID(hex=hold.debit)].place
    asset = desk.book.assets[place.asset]
    return ask.Spend(
        **_common(desk, heard, asked),
        kind="charge",
        payers=(ask.Holder(UUID(place.owner)),),
        lines=(ask.Line("", asked.amount),),
        unit=None if asset.nature == "money" and asset.at_par else asset.id,
        accepts=frozenset({asset.id}),
        acceptor=heard.peer,
    )


def _present(desk: Desk, heard: Hear, asked: Present) -> Transaction | None:
    charge = desk.book.past.get(_charge_id(heard, asked.id))
    after = desk.book.followers.get(_charge_id(heard, asked.id), ())
    undone = any(one.kind in UNDOING for one in after)
    if charge is not None and charge.receipt.verdict == "posted" and not undone:
        return None
    agreed, handle = desk.agreement(heard.peer, asked.asset), desk.handles.get(asked.handle)
    if agreed is None or handle is None or agreed.issuer != desk.me:
        return _no(desk, heard, asked, "not_agreed" if agreed is None else "handle_unknown")
    why = "cancelled" if undone else not_granted(desk, heard.peer, asked)
    if why:
        return _no(desk, heard, asked, why)
    return _asked(desk, _presented(desk, heard, asked, handle.wallet, agreed.currency))


def _presented(desk: Desk, heard: Hear, asked: Present, wallet: UUID, currency: UUID) -> Presented:
    return Presented(
        **_common(desk, heard, asked),
        refers=_charge_id(heard, asked.id),
        payers=(ask.Holder(wallet),),
        lines=(),
        asset=currency,
        accepts=frozenset({currency}),
        acceptor=heard.peer,
        amount=asked.amount,
        covered=covered(desk, asked),
    )


def _refund(desk: Desk, heard: Hear, asked: Refund) -> Transaction | None:
    """To the charge itself, or to what was taken or presented of it."""
    for verb in ("capture", "present", "charge"):
        refers = transaction_id(heard.peer, verb, asked.charge)
        known = desk.book.past.get(refers)
        if known is not None and known.receipt.verdict in {"posted", "captured"}:
            break
    return _asked(desk, ask.Refund(**_common(desk, heard, asked), refers=refers, amount=asked.amount))


def _no(desk: Desk, heard: Hear, asked: Asked, why: str) -> Transaction:
    return _asked(desk, ask.Decline(**_common(desk, heard, asked), kind=verb_of(asked), why=why))


def _asked(desk: Desk, request: ask.AnyRequest) -> Transaction:
    link = desk.ask_ledger(request)
    if link is None:  # the id is made of the question, whose hash is the content
        raise LookupError("an answer is missing for a transaction that exists")
    return link


def _common(desk: Desk, heard: Hear, asked: Asked) -> dict[str, Any]:
    till = getattr(asked, "till", "")
    return {
        "id": transaction_id(heard.peer, verb_of(asked), asked.id),
        "content": digest(heard.body),
        "memo": ask.Memo(place=heard.peer, point=till),
    }


def _charge_id(heard: Hear, asked: UUID) -> UUID:
    return transaction_id(heard.peer, "charge", asked)


def _receipt(desk: Desk, heard: Hear, asked: Asked, link: Transaction) -> bytes:
    written = link.receipt
    line = line_of(desk, heard.peer, verb_of(asked), asked.id, link)
    return _encoded(
        desk, heard, asked,
        outcome=_outcome(desk, heard, asked, written),
        why=written.why,
        amount=abs(line.line.delta) if line else written.amount if written.verdict == "held" else 0,
        hold_until=milliseconds(written.until) if written.until else 0,
        left=_left(desk, asked),
        **({"line": Raw(line.body)} if line else {}),
    )  # fmt: skip


def _outcome(desk: Desk, heard: Hear, asked: Asked, written: Written) -> Any:
    """The state of the charge after this answer, as its asker must see it."""
    if isinstance(asked, Cancel | Release):
        taken = _was_taken(desk, heard, asked.id)
        return "posted" if taken else _undone(desk, _charge_id(heard, asked.id))
    if written.verdict == "declined":
        return "cancelled" if written.why == "cancelled" else "declined"
    return "held" if written.verdict == "held" else "posted"


def _undone(desk: Desk, charge: UUID) -> str:
    """What became of a charge that was to be undone."""
    link = desk.book.past.get(charge)
    if not any(one.kind in UNDOING for one in desk.book.followers.get(charge, ())):
        return "posted"
    return "reversed" if link is not None and link.receipt.verdict == "posted" else "cancelled"


def _left(desk: Desk, asked: Asked) -> int | None:
    """What the payer still has of the asset."""
    if not isinstance(asked, Charge) or asked.handle not in desk.handles:
        return None
    wallet = str(desk.handles[asked.handle].wallet)
    currencies = {one.currency for (_, asset), one in desk.agreements.items() if asset == asked.asset}
    return sum(
        account.free
        for account in desk.book.accounts_of(wallet)
        if account.place.kind == WALLET and account.place.asset in currencies
    )


def _encoded(desk: Desk, heard: Hear, asked: Asked, **said: Any) -> bytes:
    return encode(
        Receipt(id=asked.id, made=asked.made, verb=verb_of(asked), req=digest(heard.body), at=desk.ms, **said)
    )


_RULES: Final[dict[type, Callable[[Desk, Hear, Any], Transaction | None]]] = {
    Charge: _charge,
    Cancel: _cancel,
    Release: _cancel,
    Capture: _capture,
    Present: _present,
    Refund: _refund,
}

__all__ = ["HOLD", "Asked", "answer", "reads_key", "refused", "use_keys", "verb_of"]
