"""Agreements as people read them: what each neighbour may take of ours, what we take of theirs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from people.models.audit import AuditEntry
from wallet.models.currency import OURS, Currency
from wallet.models.village import VillageAgreement
from wallet.pairing import pairing_of
from wallet.queries.village_taking import wire_name
from wallet.queries.village_terms import agreements, is_live, place_of

MOST_ENTRIES = 20
KIND = "village_money"
"""What the journal of the house calls these decisions."""


@dataclass(frozen=True)
class Deal:
    """One agreement and its currency."""

    row: VillageAgreement
    currency: Currency

    @property
    def is_ours(self) -> bool:
        """Whether we issue it, and the neighbour takes it."""
        return self.row.issuer != self.row.peer

    @property
    def is_live(self) -> bool:
        return is_live(self.row)

    @property
    def is_over(self) -> bool:
        return self.row.node_max == 0

    @property
    def waits_for_us(self) -> bool:
        """Whether the neighbour offers something that nobody here has accepted."""
        return not self.is_ours and not self.is_over and not self.row.takes


@dataclass(frozen=True)
class Dealings:
    """Everything agreed with one neighbour. `offerable`: currencies of ours that it could take too."""

    peer: str
    is_active: bool
    deals: Sequence[Deal] = field(default=())
    offerable: Sequence[Currency] = field(default=())

    @property
    def ours(self) -> list[Deal]:
        return [one for one in self.deals if one.is_ours]

    @property
    def theirs(self) -> list[Deal]:
        return [one for one in self.deals if not one.is_ours]


def all_dealings(session: Session) -> list[Dealings]:
    """Every neighbour that we exchange with, or ever agreed with."""
    rows, active = agreements(session), pairing_of(session).peers(session)
    peers = sorted({*active, *(row.peer for row in rows)})
    return [_dealings(session, peer, rows, peer in active) for peer in peers]


def dealings_with(session: Session, peer: str) -> Dealings:
    """The same for one neighbour."""
    return _dealings(session, peer, agreements(session), peer in pairing_of(session).peers(session))


def dealings_at(session: Session, host: str) -> Dealings | None:
    """The same for the neighbour that addresses call `host`."""
    return next((one for one in all_dealings(session) if place_of(one.peer) == host), None)


def offers_to_answer(session: Session) -> int:
    """How many currencies of neighbours wait for a yes."""
    theirs = select(func.count()).where(VillageAgreement.issuer == VillageAgreement.peer)
    return session.scalar(theirs.where(VillageAgreement.node_max > 0, ~VillageAgreement.takes)) or 0


def what_was_done(session: Session, peer: str) -> Sequence[AuditEntry]:
    """What was decided about money with `peer`, here and there, the newest first."""
    about = select(AuditEntry).where(AuditEntry.kind == KIND, AuditEntry.about_id == peer)
    return session.scalars(about.order_by(AuditEntry.seq.desc()).limit(MOST_ENTRIES)).all()


def _dealings(session: Session, peer: str, rows: Iterable[VillageAgreement], is_active: bool) -> Dealings:
    mine = [row for row in rows if row.peer == peer]
    deals = [Deal(row, session.get_one(Currency, row.currency_id)) for row in mine]
    known = {one.row.asset for one in deals}
    more = [one for one in _offerable(session, peer) if wire_name(one) not in known] if is_active else []
    return Dealings(peer, is_active, deals, more)


def _offerable(session: Session, peer: str) -> Sequence[Currency]:
    """Ours, in use, that may leave the house; the network's only to nodes of the network."""
    mine = select(Currency).where(OURS, Currency.archived_at.is_(None), Currency.nature != "gift")
    found = session.scalars(mine.where(Currency.reach != "issuer_only").order_by(Currency.name)).all()
    return [one for one in found if one.reach == "local" or peer in pairing_of(session).network]
