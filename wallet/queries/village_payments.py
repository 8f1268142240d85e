"""Payments at our tills that other nodes paid: what waits, is in doubt or failed; by id, point and day.

What waits is read from a partial index. Everything else is read by its date, newest first, within days that
the reader chose, so that a long past costs nothing.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from wallet.between.desk import milliseconds
from wallet.models.currency import Currency
from wallet.models.village import VillageAnswer, VillageLeg, VillagePayment
from wallet.queries.village_money import IN_DOUBT, in_doubt

PER_PAGE: Final = 30
STATES: Final = ("waiting", "doubt", "failed", "all")


@dataclass(frozen=True)
class Wanted:
    """Which payments. `since`, `until` and the cursor's first part are milliseconds."""

    state: str = "waiting"
    point: str = ""
    since: int | None = None
    until: int | None = None
    before: tuple[int, UUID] | None = None


@dataclass(frozen=True)
class Paid:
    """A payment and its parts, each in its currency. `in_doubt`: its till waits no longer for an answer."""

    row: VillagePayment
    legs: Sequence[tuple[VillageLeg, Currency]]
    in_doubt: bool

    @property
    def issuers(self) -> list[str]:
        return list(dict.fromkeys(leg.issuer for leg, _ in self.legs))


@dataclass(frozen=True)
class PaidPage:
    """Newest first; `next` is the `before` of the following page."""

    rows: Sequence[Paid]
    next: tuple[int, UUID] | None


def payments(session: Session, wanted: Wanted, now: datetime) -> PaidPage:
    """A page of them."""
    found = session.scalars(_matching(wanted, now).limit(PER_PAGE + 1)).all()
    rows = with_legs(session, found[:PER_PAGE], now)
    last = found[PER_PAGE - 1] if len(found) > PER_PAGE else None
    return PaidPage(rows, (last.made, last.id) if last else None)


def count_waiting(session: Session, now: datetime) -> tuple[int, int]:
    """How many are not final, and how many of these are in doubt."""
    waiting = select(func.count()).select_from(VillagePayment).where(~VillagePayment.is_final)
    return session.scalar(waiting) or 0, session.scalar(waiting.where(in_doubt(now))) or 0


def payment_of(session: Session, named: UUID) -> UUID | None:
    """The payment that this id means: its own, or that of one of its parts, or what a peer asked of us."""
    if session.get(VillagePayment, named) is not None:
        return named
    leg = session.get(VillageLeg, named)
    if leg is not None:
        return leg.payment_id
    asked = select(VillageAnswer.asked).where(VillageAnswer.asked == named)
    return session.scalar(asked.limit(1))


def with_legs(session: Session, found: Sequence[VillagePayment], now: datetime) -> list[Paid]:
    """These payments, in this order, with their parts."""
    legs: dict[UUID, list[tuple[VillageLeg, Currency]]] = defaultdict(list)
    wanted = (
        select(VillageLeg, Currency)
        .join(Currency, Currency.id == VillageLeg.currency_id)
        .where(VillageLeg.payment_id.in_([one.id for one in found]))
        .order_by(VillageLeg.payment_id, VillageLeg.n)
    )
    for leg, currency in session.execute(wanted) if found else ():
        legs[leg.payment_id].append((leg, currency))
    late = milliseconds(now)
    return [Paid(one, legs[one.id], _is_doubtful(one, late)) for one in found]


def _is_doubtful(one: VillagePayment, late: int) -> bool:
    return one.kind != "found" and not one.is_final and one.state in IN_DOUBT and one.deadline < late


def _matching(wanted: Wanted, now: datetime) -> Select[VillagePayment]:
    one = VillagePayment
    found = select(one)
    if wanted.state in {"waiting", "doubt"}:
        found = found.where(~one.is_final)
    if wanted.state == "doubt":
        found = found.where(in_doubt(now))
    if wanted.state == "failed":
        found = found.where(one.state == "failed")
    if wanted.point:
        found = found.where(one.point.icontains(wanted.point, autoescape=True))
    if wanted.since is not None:
        found = found.where(one.made >= wanted.since)
    if wanted.until is not None:
        found = found.where(one.made < wanted.until)
    if wanted.before is not None:
        made, key = wanted.before
        found = found.where(or_(one.made < made, and_(one.made == made, one.id < key)))
    return found.order_by(one.made.desc(), one.id.desc())
