"""Top-ups and vouchers as things that a till or a site can sell, and time and points that it can give.

The seller quotes, holds, takes the payment, then fulfils in the unit that writes its own sale: money in a
wallet and a sale on paper come together or not at all. Nothing is set aside before: what is not fulfilled
leaves no trace. The same `id` is fulfilled once, however often it is asked.
"""

from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from kit import clock
from kit.choices import read_choice
from kit.features import Sellable
from wallet.choices import MoneyRules
from wallet.ledger.requests import Holder, Load
from wallet.ledger.shapes import MOST, Memo, content_hash
from wallet.models.currency import Currency
from wallet.models.ledger import LedgerTransaction
from wallet.refusals import (
    AlreadyClosed,
    BadAmount,
    CurrencyArchived,
    CurrencyUnknown,
    OverCap,
    WrongNature,
    refusal_of,
)
from wallet.service.posting import post
from wallet.store.decider import KIND

Kind = Literal["top_up", "gift", "give"]
NATURES_OF: Final[dict[Kind, frozenset[str]]] = {
    "top_up": frozenset({"money"}),
    "gift": frozenset({"gift"}),
    "give": frozenset({"time", "loyalty", "free"}),
}


class LoadAsked(Struct, frozen=True, kw_only=True):
    """What someone wants to buy, or is given: `amount` minor units of a currency, for a wallet or a card.

    `id` is the seller's own for this line. `by` is the person who sells, `point` where.
    """

    id: UUID
    asset: UUID
    amount: int
    wallet: UUID | None = None
    card: UUID | None = None
    counter: int | None = None
    by: str = ""
    point: str = ""


class LoadQuoted(Struct, frozen=True, kw_only=True):
    """What it is called and costs, in euro cents: nothing for time and points. No fee is ever part of it."""

    label: str
    price: int


class LoadHeld(Struct, frozen=True, kw_only=True):
    """What was promised, ready to be kept by the seller as JSON until it is paid."""

    asked: LoadAsked
    quoted: LoadQuoted
    expires_at: datetime | None = None


class LoadForSale:
    """A `Sellable` of one kind."""

    def __init__(self, kind: Kind) -> None:
        self.kind: str = kind
        self._kind = kind

    def quote(self, session: Session, request: LoadAsked) -> LoadQuoted:
        """Raises CurrencyUnknown, CurrencyArchived, WrongNature, BadAmount, OverCap."""
        return self._quote(session, request)[1]

    def hold(self, session: Session, request: LoadAsked) -> LoadHeld:
        """Look whether the ledger would take it now; nothing is written. Raises as `quote` and `fulfil`."""
        currency, quoted = self._quote(session, request)
        held = LoadHeld(asked=request, quoted=quoted, expires_at=self._end(session, currency))
        _foresee(session, self._load(session, held))
        return held

    def fulfil(self, session: Session, held: LoadHeld) -> None:
        """Load it, in the caller's unit. Raises what the ledger says: CardLost, OverCap, IdConflict, … ."""
        post(session, self._load(session, held))

    def release(self, session: Session, held: LoadHeld) -> None:
        """The sale did not take place. Raises AlreadyClosed when it was fulfilled: a correction is needed."""
        if session.scalar(select(LedgerTransaction.seq).where(LedgerTransaction.id == held.asked.id)):
            raise AlreadyClosed

    def _quote(self, session: Session, request: LoadAsked) -> tuple[Currency, LoadQuoted]:
        currency = session.get(Currency, request.asset)
        if currency is None:
            raise CurrencyUnknown
        is_given = self._kind == "give"
        if currency.nature not in NATURES_OF[self._kind] or not (is_given or currency.at_par):
            raise WrongNature
        if currency.archived_at is not None:
            raise CurrencyArchived
        if not 0 < request.amount <= MOST:
            raise BadAmount
        if request.amount > (self._limits(session).get("limit") or MOST):
            raise OverCap
        return currency, LoadQuoted(label=currency.name, price=0 if is_given else request.amount)

    def _load(self, session: Session, held: LoadHeld) -> Load:
        asked = held.asked
        return Load(
            id=asked.id,
            content=content_hash("sold", self._kind, asked),
            kind="gift" if self._kind == "gift" else "top_up",
            asset=asked.asset,
            to=Holder(asked.wallet, asked.card, asked.counter),
            amount=asked.amount,
            lot=asked.id.hex if self._kind == "gift" else "",
            expires_at=held.expires_at,
            memo=Memo(by=asked.by, card=str(asked.card or ""), point=asked.point),
            **self._limits(session),
        )

    def _limits(self, session: Session) -> dict[str, Any]:
        """Vouchers have no limit: whoever buys them gives them."""
        if self._kind == "gift":
            return {}
        rules = read_choice(session, MoneyRules)
        return {"limit": rules.top_up_most, "most": rules.wallet_most}

    def _end(self, session: Session, currency: Currency) -> datetime | None:
        if self._kind != "gift":
            return None
        days = currency.gift_days
        days = read_choice(session, MoneyRules).gift_days if days is None else days
        return clock.now() + timedelta(days=days) if days else None


def _foresee(session: Session, request: Load) -> None:
    """What the ledger would answer, without a row. Raises the refusal."""
    decider: Any = session.info["database"].deciders[KIND]
    connection = session.connection()
    outcome = decider.decide(decider.load(connection, [request]), [request], clock.now()).outcomes[0]
    if isinstance(outcome, Exception):
        raise outcome
    if outcome.receipt.verdict == "declined":
        raise refusal_of(outcome.receipt)


SELLABLES: Final[tuple[Sellable, ...]] = (LoadForSale("top_up"), LoadForSale("gift"), LoadForSale("give"))
