"""What a currency was called at a moment: receipts keep the words of their day."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wallet.models.currency import Currency, CurrencyWording


class Wordings:
    """The words of some currencies through time, read in one question."""

    def __init__(self, session: Session, currencies: Iterable[UUID]) -> None:
        wanted = select(CurrencyWording).where(CurrencyWording.currency_id.in_(set(currencies)))
        self._words: dict[UUID, list[CurrencyWording]] = {}
        for words in session.scalars(wanted.order_by(CurrencyWording.number)):
            self._words.setdefault(words.currency_id, []).append(words)

    def at(self, currency: Currency, moment: datetime) -> Currency | CurrencyWording:
        """The words of that moment; the first ones when none was written yet."""
        every = self._words.get(currency.id, [])
        told = [words for words in every if words.at <= moment] or every[:1]
        return told[-1] if told else currency
