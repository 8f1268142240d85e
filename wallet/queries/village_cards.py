"""What this node answers its peers about cards: what a card is, what its holder may pay there, holds, did.

Nothing personal is in any answer: no name, no mail, no number that is printed. A handle means something to
its issuer and to its home alone.
"""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit import clock
from kit.ports import NoPair
from wallet.between.card_keys import SEALED, open_tap
from wallet.between.desk import milliseconds
from wallet.between.messages import (
    Card,
    Charge,
    Held,
    History,
    Holdings,
    LookUp,
    Movement,
    Movements,
    Refused,
)
from wallet.between.proofs import NotProven, Tapped, read_proof
from wallet.cards.sun import SunError, read_sun
from wallet.ledger.requests import Holder
from wallet.models.card import NTAG424, PassCard
from wallet.models.village_cards import VillageHandle
from wallet.pairing import pairing_of
from wallet.queries.cards import card_by_said
from wallet.queries.village_directory import Whose, listed_by, primary_question, whose
from wallet.queries.village_due import due_cards
from wallet.queries.village_handles import (
    Known,
    OurCard,
    handles_of,
    known_handle,
    known_handles,
    our_card,
    our_cards,
    shown_handles,
)
from wallet.queries.village_movements import numbered_movements
from wallet.queries.village_taking import held_of, spendable_at
from wallet.queries.village_taps import proofs_for, was_told_elsewhere

__all__ = [
    "Whose", "due_cards", "history", "holder_of", "holdings", "look_up", "primary_question", "whose",
]  # fmt: skip

MOST_MOVEMENTS: Final = 50
Shown = Holder | Tapped | str | None
"""What a charge shows of its payer: a card of ours, another home's proof, why not, or only a handle."""


def look_up(session: Session, peer: str, asked: LookUp) -> Card | Refused:
    """What a card is, and what it may pay at `peer`; refused by name.

    By key: a card of ours. By handle: a wallet of our ledger. By a sealed tap: the primary alone, for nodes
    of its network.
    """
    if asked.card.startswith(SEALED):
        return _of_network(session, peer, asked)
    card = our_card(session, peer, asked.card or asked.code)
    if card is not None:
        return _of_ours(session, peer, asked, card)
    handle = known_handle(session, asked.handle)
    return _of_handle(session, peer, asked, handle) if handle else _no(asked, "card_unknown")


def holdings(session: Session, peer: str, asked: Holdings) -> Held | Refused:
    """What `peer`'s member holds here; nobody else is told."""
    handle = known_handle(session, asked.handle)
    if handle is None or handle.home != peer:
        return _no(asked, "handle_unknown")
    now = milliseconds(clock.now())
    return Held(id=asked.id, made=now, at=now, balances=held_of(session, handle.wallet_id))


def history(session: Session, peer: str, asked: History) -> Movements | Refused:
    """How `peer`'s member came to it, from number `after` on; nobody else is told."""
    handle = known_handle(session, asked.handle)
    if handle is None or handle.home != peer:
        return _no(asked, "handle_unknown")
    found = numbered_movements(session, handle.wallet_id, asked.after, MOST_MOVEMENTS + 1)
    now = milliseconds(clock.now())
    told: tuple[Movement, ...] = tuple(found[:MOST_MOVEMENTS])
    return Movements(id=asked.id, made=now, at=now, movements=told, more=len(found) > MOST_MOVEMENTS)


def holder_of(session: Session, peer: str, asked: Charge) -> Shown:
    """Who pays a charge, found before the decision; None: the handle alone says so.

    A card of ours must be in use and prove its tap; another home's member brings that home's proof. A text is
    the name of a refusal.
    """
    return holders_of(session, peer, [asked])[asked.id]


def holders_of(session: Session, peer: str, asked: Sequence[Charge]) -> dict[UUID, Shown]:
    """`holder_of` for everything that came together, in two questions."""
    handles = known_handles(session, [one.handle for one in asked])
    cards = our_cards(session, peer, [one.card for one in asked])
    return {one.id: _shown(session, peer, one, handles.get(one.handle), cards) for one in asked}


def _shown(
    session: Session, peer: str, asked: Charge, known: Known | None, cards: Mapping[str, OurCard]
) -> Shown:
    if known is None:
        return None
    if known.home == pairing_of(session).own:
        return _holder(session, peer, asked, known, cards.get(asked.card))
    if not asked.sun:
        return "card_unproved" if known.must_prove else None
    try:
        secret = pairing_of(session).secret(session, known.home)
        return read_proof(secret, known.home, asked.sun, asked.handle, peer)
    except NoPair:
        return "card_unproved"
    except NotProven as error:
        return error.why


def _holder(
    session: Session, peer: str, asked: Charge, known: Known, card: OurCard | None
) -> Holder | str | None:
    if card is None:
        return "card_unproved" if _has_proving_card(session, known.wallet_id) else None
    if card.wallet_id != known.wallet_id:
        return "card_unknown"
    counter = prove(session, card, asked.sun)
    if isinstance(counter, str):
        return counter
    if counter is not None and was_told_elsewhere(session, card.id, counter, peer):
        return "card_replayed"
    return Holder(card=card.id, counter=counter)


def prove(session: Session, card: PassCard | OurCard, sun: str) -> int | str | None:
    """The read counter that a chip's message proves, the name of a refusal, or None without a message."""
    if not sun:
        return None
    try:
        return read_sun(sun, pairing_of(session).keys, card.uid).counter
    except SunError as error:
        return f"card_{error.why.removesuffix('_card')}"


def _of_ours(session: Session, peer: str, asked: LookUp, card: PassCard) -> Card | Refused:
    proven = prove(session, card, asked.sun)
    if isinstance(proven, str):
        return _no(asked, proven)
    handles = handles_of(session, [card.wallet_id])[card.wallet_id]
    return Card(
        id=asked.id,
        made=milliseconds(clock.now()),
        state=card.state,
        handles=handles if proven is not None else shown_handles(session, card, handles),
        proofs=proofs_for(session, card, proven, peer, handles) if proven is not None else {},
        balances=spendable_at(session, card.wallet_id, peer),
    )


def _has_proving_card(session: Session, wallet_id: UUID) -> bool:
    mine = select(PassCard.id).where(PassCard.wallet_id == wallet_id, PassCard.chip == NTAG424)
    return session.scalar(mine.limit(1)) is not None


def _of_handle(session: Session, peer: str, asked: LookUp, handle: VillageHandle) -> Card:
    return Card(
        id=asked.id,
        made=milliseconds(clock.now()),
        state=handle.status,
        handles={pairing_of(session).own: handle.handle},
        balances=spendable_at(session, handle.wallet_id, peer),
    )


def _of_network(session: Session, peer: str, asked: LookUp) -> Card | Refused:
    """What any home of the network told us of the card: its state and its handle at us, never its home."""
    pairing = pairing_of(session)
    if not pairing.is_primary or peer not in pairing.network:
        return _no(asked, "not_primary")
    try:
        said = open_tap(pairing.secret(session, peer), asked.card)
    except (NoPair, ValueError):
        return _no(asked, "malformed")
    if (card := card_by_said(session, said)) is not None:
        return _narrowed(session, _of_ours(session, peer, asked, card))
    homes = [one for one in pairing.peers(session) if one in pairing.network]
    rows = [row for row, _by in listed_by(session, pairing.secrets(session, homes), said) if row.rev > 0]
    if len({(row.peer, row.rev) for row in rows}) != 1:
        return _no(asked, "card_ambiguous" if rows else "card_unknown")
    handle = known_handle(session, rows[0].handles.get(pairing.own, ""))
    here = handle if handle is not None and handle.home == rows[0].peer else None
    return Card(
        id=asked.id,
        made=milliseconds(clock.now()),
        state=rows[0].state,
        handles={pairing.own: here.handle} if here else {},
        balances=spendable_at(session, here.wallet_id, peer) if here else {},
    )


def _narrowed(session: Session, answer: Card | Refused) -> Card | Refused:
    own = pairing_of(session).own
    if isinstance(answer, Refused):
        return answer
    return Card(
        id=answer.id,
        made=answer.made,
        state=answer.state,
        handles={own: answer.handles[own]},
        balances=answer.balances,
    )


def _no(asked: LookUp | Holdings | History, why: str) -> Refused:
    return Refused(id=asked.id, made=milliseconds(clock.now()), why=why)
