"""Wallets of other nodes' cards in our ledger: how they are born, and how they become a member's."""

from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit.ids import new_id
from wallet.ledger.requests import Merge
from wallet.ledger.shapes import WALLET, Memo, content_hash
from wallet.models.card import ACTIVE
from wallet.models.ledger import LedgerAccount
from wallet.models.village_cards import VillageHandle, VillageProving
from wallet.pairing import pairing_of
from wallet.queries.village_directory import Whose
from wallet.refusals import BY_NAME, WalletHeld
from wallet.service.posting import post
from wallet.service.wallets import new_wallet

_MERGES: Final = UUID("5d7f6b0e-3f0c-5b0a-9d55-0f6a3c1e9c03")


def wallet_here(session: Session, found: Whose) -> UUID:
    """The wallet that a card opens in our ledger: an anonymous one is born for a card of another node.

    It is known by the handle that the card's home gave us, else by one that lasts until the home names it.
    Raises CardLost, CardBlocked, CardReplaced: such a card opens nothing.
    """
    if found.state != ACTIVE:
        raise BY_NAME[f"card_{found.state}"]
    if found.wallet_here is not None:
        return found.wallet_here
    card = found.keys.get(found.home, "")
    named = found.handles.get(pairing_of(session).own)
    born = None if named else _of_card(session, found.home, card)
    if born is None:
        born = _born(session, named or f"s_{new_id().hex}", found.home, card)
        if found.proofs:  # it is this chip's alone, until its home names a member
            session.add(VillageProving(handle=born.handle, proves=True))
    return born.wallet_id


def bound_wallet(session: Session, handle: str, home: str, card: str) -> VillageHandle:
    """The wallet of a member of `home`; what its card had here as nobody's joins it.

    Raises WalletHeld while something is set aside in what should join.
    """
    known = session.get(VillageHandle, handle)
    strangers = [one for one in _of_cards(session, home, card) if one.handle != handle]
    if known is None and strangers:
        known = VillageHandle(
            handle=handle, wallet_id=strangers[0].wallet_id, home=home, rev=0, status=ACTIVE, card=card
        )
        session.add(known)
        session.flush()
    known = known or _born(session, handle, home, card)
    for stranger in strangers:
        join(session, stranger, known)
    return known


def join(session: Session, stranger: VillageHandle, member: VillageHandle) -> None:
    """Both handles open the member's wallet from now on; what the other held moves there, lot by lot.

    Raises WalletHeld, before anything is written.
    """
    source, target = stranger.wallet_id, member.wallet_id
    if source == target:
        return
    _refuse_held(session, source)
    post(
        session,
        Merge(
            id=uuid5(_MERGES, f"{source}/{target}"),
            content=content_hash("merge", source, target),
            kind="merge",
            memo=Memo(),
            source=source,
            target=target,
        ),
    )
    stranger.wallet_id = target
    session.flush()


def _born(session: Session, handle: str, home: str, card: str) -> VillageHandle:
    row = VillageHandle(
        handle=handle, wallet_id=new_wallet(session).id, home=home, rev=0, status=ACTIVE, card=card
    )
    session.add(row)
    session.flush()
    return row


def _of_card(session: Session, home: str, card: str) -> VillageHandle | None:
    return next(iter(_of_cards(session, home, card)), None)


def _of_cards(session: Session, home: str, card: str) -> list[VillageHandle]:
    """What a card of `home` opens here as nobody's. What its home named once is a member's, card or not."""
    mine = select(VillageHandle).where(VillageHandle.home == home, VillageHandle.card == card)
    mine = mine.where(VillageHandle.rev == 0)
    return list(session.scalars(mine.order_by(VillageHandle.handle))) if card else []


def _refuse_held(session: Session, wallet_id: UUID) -> None:
    held = select(LedgerAccount.id).where(
        LedgerAccount.owner == str(wallet_id), LedgerAccount.kind == WALLET, LedgerAccount.held > 0
    )
    if session.scalar(held.limit(1)) is not None:
        raise WalletHeld
