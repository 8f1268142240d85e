"""What waits for a neighbour, and what one refused after a wait: until it is written, or forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from kit.errors import Refusal
from sales.giving_back import Returning
from sales.journal.asking import Sell
from sales.journal.shapes import Stamp
from sales.models.waiting import SaleReturning, SaleWaiting
from sales.village import refusal_named_by

MOST = 100


@dataclass(frozen=True)
class Wait:
    """One row. `amount` is that of a sale, in cents; `sale` what is taken back; `no` why it ended."""

    made_at: datetime
    stamp: Stamp
    amount: int | None
    sale: UUID | None
    no: Refusal | None


def waits(session: Session) -> Sequence[Wait]:
    """The newest first. A no that the till was told at once, as of a card with too little, stays out."""
    was_waited_for = (SaleWaiting.why == "") | (SaleWaiting.host != "")
    selling = session.scalars(
        select(SaleWaiting).where(was_waited_for).order_by(SaleWaiting.made_at.desc()).limit(MOST)
    )
    giving = session.scalars(select(SaleReturning).order_by(SaleReturning.made_at.desc()).limit(MOST))
    found = [*map(_selling, selling), *map(_giving, giving)]
    return sorted(found, key=lambda one: one.made_at, reverse=True)


def _selling(row: SaleWaiting) -> Wait:
    ask = msgspec.json.decode(row.body, type=Sell)
    return Wait(row.made_at, ask.stamp, sum(line.gross for line in ask.lines), None, _no(row.why))


def _giving(row: SaleReturning) -> Wait:
    ask = msgspec.json.decode(row.body, type=Returning).ask
    return Wait(row.made_at, ask.stamp, None, ask.refers, _no(row.why))


def _no(why: str) -> Refusal | None:
    return refusal_named_by(why) if why else None
