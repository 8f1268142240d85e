"""What the demonstration's cards did: loaded, given to, paid with, once given back."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit import clock
from kit.demo import DemoSpec
from people.models.person import GivenRole
from wallet.ledger.requests import Holder, Load, Refund, Spend
from wallet.ledger.shapes import Line, Memo, Receipt, content_hash
from wallet.models.card import NTAG424, PassCard
from wallet.models.currency import Currency
from wallet.service.posting import post

_DEMO: Final = UUID("5d7f6b0e-3f0c-5b0a-9d55-0f6a3c1e9ad1")
EURO: Final = frozenset({"money", "gift"})
SELLERS: Final = ("cashier", "till_manager", "administrator")
MOST_THINGS: Final = 3


@dataclass(frozen=True)
class Carried:
    """A card, what was brought into its wallet, how many times it pays, what it is given afterwards."""

    card: PassCard
    holds: Sequence[tuple[Currency, int]]
    spends: int
    given: Sequence[tuple[Currency, int]]

    @property
    def euros(self) -> int:
        """What it can pay prices in euro with, in cents."""
        return sum(amount for currency, amount in self.holds if currency.nature in EURO)


class Moves:
    """Transactions of one node. The same collective always does the same."""

    def __init__(
        self, session: Session, spec: DemoSpec, point: str, goods: Sequence[tuple[str, int]]
    ) -> None:
        self._session, self._url, self._point = session, spec.url, point
        self._goods = [Line(label, amount) for label, amount in goods]
        self._chance = random.Random(spec.name_key)  # noqa: S311 - believable, not secret
        sellers = (
            select(GivenRole.person_id).where(GivenRole.role.in_(SELLERS)).order_by(GivenRole.role.desc())
        )
        self._by = str(session.scalar(sellers.limit(1)) or "")

    def tell(self, carried: Sequence[Carried]) -> None:
        """Everybody loads, then pays in turns; the first spend is given back in part; some are thanked."""
        for one in carried:
            self._load_all(one.card, one.holds)
        paid = [self._spend(one.card, turn, lines) for turn, one, lines in self._turns(carried)]
        if paid:
            self._give_back(paid[0])
        for one in carried:
            self._load_all(one.card, one.given, "Merci pour le service")

    def _turns(self, carried: Sequence[Carried]) -> Iterator[tuple[int, Carried, tuple[Line, ...]]]:
        left = {one.card.id: one.euros for one in carried}
        for turn in range(1, max(one.spends for one in carried) + 1):
            for one in carried:
                lines = self._basket(left[one.card.id]) if one.spends >= turn else ()
                left[one.card.id] -= sum(line.amount for line in lines)
                if lines:
                    yield turn, one, lines

    def _basket(self, most: int) -> tuple[Line, ...]:
        """One to three things that so much money can pay."""
        wanted = self._chance.sample(self._goods, self._chance.randint(1, MOST_THINGS))
        taken: list[Line] = []
        for line in wanted:
            if sum(one.amount for one in taken) + line.amount <= most:
                taken.append(line)
        return tuple(taken)

    def _load_all(self, card: PassCard, what: Sequence[tuple[Currency, int]], reason: str = "") -> None:
        for currency, amount in what:
            self._load(card, currency, amount, reason)

    def _load(self, card: PassCard, currency: Currency, amount: int, reason: str) -> None:
        is_gift = currency.nature == "gift"
        key = self._id(card, f"{currency.code} {reason}")
        post(
            self._session,
            Load(
                id=key,
                content=content_hash("demo load", amount),
                kind="gift" if is_gift else "top_up",
                asset=currency.id,
                to=Holder(card=card.id),
                amount=amount,
                lot=key.hex if is_gift else "",
                expires_at=clock.now() + timedelta(days=currency.gift_days or 365) if is_gift else None,
                memo=self._memo(card, reason=reason),
            ),
        )

    def _spend(self, card: PassCard, turn: int, lines: tuple[Line, ...]) -> Receipt:
        counter = turn if card.chip == NTAG424 else None
        return post(
            self._session,
            Spend(
                id=self._id(card, f"spend {turn}"),
                content=content_hash("demo spend", lines),
                payers=(Holder(card=card.id, counter=counter),),
                lines=lines,
                memo=self._memo(card, lines),
            ),
        )

    def _give_back(self, paid: Receipt) -> None:
        amount = paid.memo.lines[0].amount
        post(
            self._session,
            Refund(
                id=uuid5(_DEMO, f"refund {paid.id}"),
                content=content_hash("demo refund", amount),
                kind="refund",
                refers=paid.id,
                amount=amount,
                memo=Memo(point=self._point, by=self._by, card=paid.memo.card, reason="Servi par erreur"),
            ),
        )

    def _id(self, card: PassCard, what: str) -> UUID:
        return uuid5(_DEMO, f"{self._url} {card.number} {what}")

    def _memo(self, card: PassCard, lines: tuple[Line, ...] = (), reason: str = "") -> Memo:
        return Memo(point=self._point, by=self._by, card=str(card.id), reason=reason, lines=lines)
