"""Who pays or receives: a wallet, or a card that must be in use and, if it can, prove its tap."""

from uuid import UUID

from wallet.ledger.book import Book, CardState
from wallet.ledger.draft import Declined, Draft
from wallet.ledger.requests import Holder
from wallet.ledger.shapes import Asset


def payer(book: Book, draft: Draft, holder: Holder) -> str:
    """The wallet that pays. A card whose chip can prove its taps must have proved this one.

    Raises Declined `card_unproved`, `card_unknown`, `card_lost`, `card_blocked`, `card_replaced`,
    `card_replayed`.
    """
    if holder.card is None:
        return str(holder.wallet)
    card = _in_use(book, holder.card)
    if card.proves and holder.counter is None:
        raise Declined("card_unproved")
    return _tapped(draft, holder.card, card, holder.counter)


def receiver(book: Book, draft: Draft, holder: Holder) -> str:
    """The wallet that receives; no proof is asked. Raises Declined `wallet_unknown` and as `payer`."""
    if holder.card is not None:
        return _tapped(draft, holder.card, _in_use(book, holder.card), holder.counter)
    if str(holder.wallet) not in book.wallets:
        raise Declined("wallet_unknown")
    return str(holder.wallet)


def _in_use(book: Book, card_id: UUID) -> CardState:
    card = book.cards.get(card_id)
    if card is None:
        raise Declined("card_unknown")
    if card.state != "active":
        raise Declined(f"card_{card.state}")
    return card


def _tapped(draft: Draft, card_id: UUID, card: CardState, counter: int | None) -> str:
    if counter is not None:
        if counter <= card.counter:
            raise Declined("card_replayed")
        draft.taps.append((card_id, counter))
    return str(card.wallet)


def issued_here(book: Book, asset_id: UUID) -> Asset:
    """The currency, when its ledger is this one. Raises Declined `asset_unknown` or `not_ours`."""
    asset = book.assets.get(asset_id)
    if asset is None:
        raise Declined("asset_unknown")
    if not asset.is_ours:
        raise Declined("not_ours")
    return asset


def given_here(book: Book, asset_id: UUID) -> Asset:
    """The currency, when more of it may be given. Raises Declined `asset_archived` too."""
    asset = issued_here(book, asset_id)
    if asset.archived:
        raise Declined("asset_archived")
    return asset
