"""What this node and its neighbours owe each other now: a few questions, whatever the past holds.

A neighbour is named by its origin (`peer`). Of a currency that we issue, we owe what the neighbour holds;
of one that it issues, it owes us what our mirror of its lines says. Amounts are minor units,
`…_ms` milliseconds.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from wallet.between.desk import milliseconds
from wallet.between.shapes import LEG_FINAL
from wallet.models.currency import Currency
from wallet.models.village import (
    VillageAgreement,
    VillageCheckpoint,
    VillageClearing,
    VillageLeg,
    VillageMirror,
    VillagePayment,
    VillageUse,
)
from wallet.queries.village_disputes import standing

SETTLE_AT: Final = 0.8
"""Of a limit: from there on it is time to settle (ledger.md §3.8)."""
OPEN: Final = ("proposed", "waiting")
IN_DOUBT: Final = ("open", "undo")
MINUTE_MS: Final = 60_000
Key = tuple[str, str]
"""Peer and asset."""


@dataclass(frozen=True)
class Waiting:
    """Payments of ours that an issuer has not answered for good. In doubt: their till waits no longer."""

    count: int = 0
    amount: int = 0
    since_ms: int = 0
    in_doubt: int = 0
    offline: int = 0

    def __add__(self, other: "Waiting") -> "Waiting":
        since = min(one.since_ms for one in (self, other) if one.count) if self.count or other.count else 0
        return Waiting(
            self.count + other.count,
            self.amount + other.amount,
            since,
            self.in_doubt + other.in_doubt,
            self.offline + other.offline,
        )


@dataclass(frozen=True)
class Used:
    """What a neighbour took of our currency: in this minute, and today with how many cards, which most."""

    minute: int = 0
    cards: int = 0
    most: int = 0


@dataclass(frozen=True)
class Side:
    """One currency between us and one neighbour. `is_ours`: we issue it, so that we owe what it holds."""

    peer: str
    asset: str
    currency: Currency
    is_ours: bool
    agreement: VillageAgreement | None = None
    mirror: VillageMirror | None = None
    checkpoint: VillageCheckpoint | None = None
    waiting: Waiting = Waiting()
    used: Used = Used()
    falling: int = 0
    """In proposals that nobody has answered yet."""
    contested: int = 0
    """Stands aside until both have signed who gets it; it counts to the limit."""

    @property
    def may_fall(self) -> int:
        """Of what is owed: neither proposed already nor what a payment under way may have to undo."""
        under_way = 0 if self.is_ours else self.waiting.amount
        return max(0, self.owed - self.falling - under_way)

    @property
    def owed(self) -> int:
        """By its issuer."""
        return self.mirror.balance if self.mirror else 0

    @property
    def limit(self) -> int:
        """The most that may be owed; 0 when nothing new is taken."""
        return self.agreement.node_max if self.agreement else 0

    @property
    def is_nearly_full(self) -> bool:
        return self.owed > 0 and self.owed + self.contested >= self.limit * SETTLE_AT

    @property
    def is_paused(self) -> bool:
        return bool(self.agreement and (self.agreement.is_paused_here or self.agreement.is_paused_there))

    @property
    def not_agreed(self) -> int:
        """Lines that only one of both has signed."""
        return max(self.mirror.seq - self.mirror.agreed, 0) if self.mirror else 0

    @property
    def not_seen(self) -> int:
        """Lines that the issuer speaks of and that we do not have yet."""
        return max(self.mirror.seen - self.mirror.seq, 0) if self.mirror and not self.is_ours else 0

    @property
    def is_at_par(self) -> bool:
        """Whether it is worth euros, so that it may be set off or settled."""
        return self.currency.nature == "money" and self.currency.at_par


@dataclass(frozen=True)
class Between:
    """Everything between us and one neighbour."""

    peer: str
    sides: Sequence[Side] = field(default=())

    @property
    def ours(self) -> list[Side]:
        """Our currencies: what we owe."""
        return [one for one in self.sides if one.is_ours]

    @property
    def theirs(self) -> list[Side]:
        """Its currencies: what it owes us."""
        return [one for one in self.sides if not one.is_ours]

    @property
    def waiting(self) -> Waiting:
        return sum((one.waiting for one in self.sides), Waiting())

    @property
    def is_paused(self) -> bool:
        return bool(self.sides) and all(one.is_paused for one in self.sides if one.agreement)

    @property
    def is_paused_here(self) -> bool:
        return any(one.agreement.is_paused_here for one in self.sides if one.agreement)

    @property
    def is_paused_there(self) -> bool:
        return any(one.agreement.is_paused_there for one in self.sides if one.agreement)

    @property
    def agreed_at(self) -> int | None:
        """When the last checkpoint was signed by both."""
        return max((one.checkpoint.at for one in self.sides if one.checkpoint), default=None)

    @property
    def setoff(self) -> "SetOff | None":
        """The debts that may fall against each other: the pair of currencies of which most falls."""
        pairs = [
            SetOff(ours, theirs)
            for ours in self.ours
            for theirs in self.theirs
            if ours.is_at_par and theirs.is_at_par and ours.may_fall > 0 and theirs.may_fall > 0
        ]
        return max(pairs, key=lambda pair: pair.falls, default=None)

    @property
    def payable(self) -> list[Side]:
        """What we owe and may pay by bank transfer."""
        return [one for one in self.ours if one.is_at_par and one.may_fall > 0]


@dataclass(frozen=True)
class SetOff:
    """What we owe and what we are owed, at par: as much of both falls."""

    ours: Side
    theirs: Side

    @property
    def falls(self) -> int:
        return min(self.ours.may_fall, self.theirs.may_fall)


def all_between(session: Session, me: str, now: datetime) -> list[Between]:
    """Every neighbour that we have or had money with; those with something new first is the page's matter."""
    return _grouped(sides(session, me, now))


def between(session: Session, me: str, now: datetime, peer: str) -> Between:
    """The same for one neighbour; without sides when there never was any money."""
    return Between(peer, sides(session, me, now, peer))


def sides(session: Session, me: str, now: datetime, peer: str = "") -> list[Side]:
    """Every currency of every neighbour, or of one."""
    agreements, mirrors = _agreements(session, peer), _mirrors(session, me, peer)
    waiting, used, falling = waiting_legs(session, now), _uses(session, now), _falling(session, peer)
    contested = standing(session, peer)
    found = []
    for key in sorted({*agreements, *mirrors}):
        agreement, currency = agreements.get(key, (None, None))
        mirror, checkpoint, known = mirrors.get(key, (None, None, None))
        currency = currency or known
        if currency is not None:
            side = Side(
                *key, currency, currency.issuer == me, agreement, mirror, checkpoint,
                waiting.get(key, Waiting()), used.get(key, Used()), falling[key],
                contested[key],
            )  # fmt: skip
            found.append(side)
    return found


def peers_with_money(session: Session, me: str) -> list[str]:
    """The origins of everyone that we agreed with, or owe, or are owed by."""
    agreed = session.scalars(select(VillageAgreement.peer).distinct())
    other = case((VillageMirror.issuer == me, VillageMirror.holder), else_=VillageMirror.issuer)
    return sorted({*agreed, *session.scalars(select(other).distinct())})


def waiting_legs(session: Session, now: datetime) -> dict[Key, Waiting]:
    """What is not final, by issuer and asset: rows of a partial index, so that the past does not count."""
    payment, leg = VillagePayment, VillageLeg
    late = in_doubt(now)
    found = session.execute(
        select(
            leg.issuer,
            leg.asset,
            func.count(),
            func.sum(leg.amount),
            func.min(payment.made),
            func.sum(case((late, 1), else_=0)),
            func.sum(case((payment.state == "offline", leg.amount), else_=0)),
        )
        .join(leg, leg.payment_id == payment.id)
        .where(~payment.is_final, leg.state.not_in(LEG_FINAL))
        .group_by(leg.issuer, leg.asset)
    )
    return {(row[0], row[1]): Waiting(row[2], *(int(one) for one in row[3:])) for row in found}


def in_doubt(now: datetime) -> ColumnElement[bool]:
    """Not known to be paid or not, and no till waits any more; what nobody asked for is only undone."""
    payment = VillagePayment
    return and_(payment.kind != "found", payment.state.in_(IN_DOUBT), payment.deadline < milliseconds(now))


def _falling(session: Session, peer: str) -> Mapping[Key, int]:
    """What open proposals are about, by neighbour and asset; they are few."""
    wanted = select(VillageClearing.peer, VillageClearing.edges).where(VillageClearing.state.in_(OPEN))
    found: dict[Key, int] = defaultdict(int)
    for who, edges in session.execute(wanted.where(VillageClearing.peer == peer) if peer else wanted):
        for edge in edges:
            found[who, edge["asset"]] += edge["amount"]
    return found


def _agreements(session: Session, peer: str) -> Mapping[Key, tuple[VillageAgreement, Currency]]:
    wanted = select(VillageAgreement, Currency).join(Currency, Currency.id == VillageAgreement.currency_id)
    if peer:
        wanted = wanted.where(VillageAgreement.peer == peer)
    return {(one.peer, one.asset): (one, currency) for one, currency in session.execute(wanted)}


def _mirrors(
    session: Session, me: str, peer: str
) -> Mapping[Key, tuple[VillageMirror, VillageCheckpoint | None, Currency]]:
    """Each with its last checkpoint, found by its key."""
    mirror, point = VillageMirror, VillageCheckpoint
    wanted = (
        select(mirror, point, Currency)
        .join(Currency, Currency.id == mirror.currency_id)
        .outerjoin(
            point,
            and_(
                point.issuer == mirror.issuer,
                point.holder == mirror.holder,
                point.asset == mirror.asset,
                point.epoch == mirror.epoch,
                point.seq == mirror.agreed,
            ),
        )
    )
    if peer:
        wanted = wanted.where(or_(mirror.issuer == peer, mirror.holder == peer))
    return {
        (one.holder if one.issuer == me else one.issuer, one.asset): (one, agreed, currency)
        for one, agreed, currency in session.execute(wanted)
    }


def _uses(session: Session, now: datetime) -> dict[Key, Used]:
    """What was counted today of our own currencies."""
    use, minute = VillageUse, f"minute:{milliseconds(now) // MINUTE_MS}"
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    card = use.what.like(f"card:%:{now:%Y%m%d}")
    rows = session.execute(
        select(
            use.peer,
            use.asset,
            func.sum(case((use.what == minute, use.amount), else_=0)),
            func.sum(case((card, 1), else_=0)),
            func.max(case((card, use.amount), else_=0)),
        )
        .where(use.at >= today, or_(use.what == minute, card))
        .group_by(use.peer, use.asset)
    )
    return {(row[0], row[1]): Used(*(int(one) for one in row[2:])) for row in rows}


def _grouped(found: Iterable[Side]) -> list[Between]:
    by_peer: dict[str, list[Any]] = defaultdict(list)
    for side in found:
        by_peer[side.peer].append(side)
    return [Between(peer, tuple(every)) for peer, every in by_peer.items()]
