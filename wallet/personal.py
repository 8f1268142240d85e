"""What this room knows of a person: their copy, what to settle before they leave, how it is forgotten."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from kit.features import MenuEntry, PersonalData
from kit.i18n import _, language, lazy
from wallet.money import amount_text
from wallet.queries.balances import Balance, balances
from wallet.queries.cards import marks_of, wallet_cards
from wallet.queries.personal import wallet_id_of
from wallet.queries.village_mine import Elsewhere, elsewhere
from wallet.service.leaving import forget_wallet, gives_up, keeps
from wallet.statement_file import told

MOST_MOVES = 10_000


def known(session: Session, person_id: UUID) -> Mapping[str, Any]:
    """Wallet, balances, every movement, cards and what happened to them, and what other nodes told."""
    wallet_id = wallet_id_of(session, person_id)
    if wallet_id is None:
        return {"wallet": None}
    cards = [_card(session, card) for card in wallet_cards(session, wallet_id)]
    away = [_place(one) for one in elsewhere(session, wallet_id, last=MOST_MOVES)]
    return {"wallet": str(wallet_id), "cards": cards, "elsewhere": away, **told(session, wallet_id)}


def blocks_erasure(session: Session, person_id: UUID) -> Sequence[str]:
    """What would be lost: one sentence that says how much, one that says what I can do."""
    wallet_id = wallet_id_of(session, person_id)
    held = balances(session, wallet_id) if wallet_id else ()
    said = []
    if kept := keeps(held):
        said += [
            _("Money is left in my wallet: {amounts}.").format(amounts=_amounts(kept)),
            _("I spend it first, or I take it back at the counter."),
        ]
    elif left := gives_up(held):
        said += [
            _("Something is left in my wallet: {amounts}.").format(amounts=_amounts(left)),
            _("I spend it first, or I give it up in “My money”."),
        ]
    for one in elsewhere(session, wallet_id, last=0) if wallet_id else ():
        if one.sums:
            said.append(_("Something is left at {place}. I spend it there first.").format(place=one.host))
    return said


def _card(session: Session, card: Any) -> dict[str, Any]:
    marks = [{"at": line.mark.at, "state": line.mark.state} for line in marks_of(session, card.id)]
    return {"number": card.number, "state": card.state, "kind": card.kind, "marks": marks}


def _place(one: Elsewhere) -> dict[str, Any]:
    moves = [
        {"at": move.at, "kind": move.kind, "amount": move.amount, "asset": move.currency.code}
        for move in one.moves
    ]
    balances = {sum_.currency.code: sum_.amount for sum_ in one.sums}
    return {"node": one.peer, "true_at": one.at, "balances": balances, "movements": moves}


def _amounts(held: Sequence[Balance]) -> str:
    """Each currency by itself: they are never added."""
    sums: dict[UUID, tuple[Any, int]] = {}
    for one in held:
        sums[one.currency.id] = (one.currency, sums.get(one.currency.id, (None, 0))[1] + one.amount)
    return ", ".join(
        f"{amount_text(total, currency.scale, currency.symbol, language())} ({currency.name})"
        for currency, total in sums.values()
    )


PERSONAL_DATA = PersonalData(export=known, blocks_erasure=blocks_erasure, erase=forget_wallet)
MY_SECTIONS = (
    MenuEntry(lazy("My money"), "wallet.my_money", "piggy-bank", needs="signed_in"),
    MenuEntry(lazy("My Pass cards"), "wallet.my_cards", "contactless-payment", needs="signed_in"),
)
