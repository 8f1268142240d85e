"""What a tap pays at this node: for most taps, a card of ours with enough on it, two small questions say it.

Neighbours are thought of only when that is not so: their handles and agreements cost a tap more than its
payment does.
"""

from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from kit import clock
from wallet.cards.reading import Meant, Tap, meant_by
from wallet.cards.uid import NOTATIONS
from wallet.ledger.shapes import WALLET
from wallet.models.card import PassCard
from wallet.models.currency import Currency
from wallet.models.ledger import LedgerAccount
from wallet.pairing import pairing_of
from wallet.queries.village_directory import Whose
from wallet.queries.village_sources import CENTS, EURO_NATURES, Here, Purse

_UIDS: Final = [f"uid{at}" for at in range(len(NOTATIONS))]
"""What a reader wrote may mean one chip number in each notation."""
_CODES: Final = ["code0", "code1"]
_CARD: Final = (
    select(PassCard.id, PassCard.wallet_id, PassCard.state)
    .where(
        PassCard.uid.in_([bindparam(name) for name in _UIDS])
        | PassCard.code.in_([bindparam(name) for name in _CODES])
        | (PassCard.number == bindparam("number"))
    )
    .limit(2)
)
_FREE: Final = (
    select(func.sum(LedgerAccount.credits - LedgerAccount.debits - LedgerAccount.held))
    .join(Currency, Currency.id == LedgerAccount.currency_id)
    .where(LedgerAccount.owner == bindparam("owner"), LedgerAccount.kind == WALLET)
    .where(LedgerAccount.credits > LedgerAccount.debits)
    .where(LedgerAccount.expires_at.is_(None) | (LedgerAccount.expires_at > bindparam("now")))
    .where(Currency.nature.in_(sorted(EURO_NATURES)), Currency.at_par, Currency.scale == CENTS)
    .where(Currency.issuer == bindparam("own"))
)
"""Put together once: that costs more than asking it, at every tap."""


def purse_here(session: Session, tap: Tap, amount: int) -> Purse | None:
    """The purse of a card of ours, in use, that can pay `amount` cents here by itself.

    None for any other tap, and for one that must be proven: `wallet.flows_village.find` knows them all.
    """
    meant = meant_by(tap)
    if tap.has_message or meant.picc_data or meant.is_nothing:
        return None
    cards = session.connection().execute(_CARD, _said(meant)).all()
    if len(cards) != 1 or cards[0].state != "active":
        return None
    own, card = pairing_of(session).own, cards[0]
    free = _free(session, card.wallet_id, own) if amount else 0
    if free < amount:
        return None
    found = Whose(home=own, state=card.state, card=card.id, wallet_here=card.wallet_id)
    return Purse(found, Here(free), ())


def _free(session: Session, wallet: UUID, own: str) -> int:
    asked = {"owner": str(wallet), "own": own, "now": clock.now()}
    return int(session.connection().execute(_FREE, asked).scalar() or 0)


def _said(meant: Meant) -> dict[str, str | None]:
    """Nothing is equal to what is not there."""
    said: dict[str, str | None] = dict.fromkeys((*_UIDS, *_CODES, "number"))
    said |= dict(zip(_UIDS, meant.uids, strict=False))
    said |= dict(zip(_CODES, meant.codes, strict=False))
    return said | {"number": next(iter(meant.numbers), None)}
