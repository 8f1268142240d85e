"""What is contested between us and neighbours: the line, where it stands, how somebody offers to end it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from wallet.between.disputing import CONTESTABLE
from wallet.between.messages import decode_line
from wallet.between.shapes import KeptLine
from wallet.between.times import DISPUTE
from wallet.models.currency import Currency
from wallet.models.village import VillageAgreement, VillageLine
from wallet.models.village_dispute import VillageDispute

MOST: Final = 100
LIVE: Final = ("proposed", "waiting", "signed")


@dataclass(frozen=True)
class Disputed:
    """One dispute with its offers, oldest first. `line`: what it contests, when it is known here.

    `is_coming`: signed by both, and the neighbour's line of it has not come: nobody here ends it before.
    `other`: the dispute of the same line that counts, when this one was refused.
    """

    row: VillageDispute
    offers: Sequence[VillageDispute]
    currency: Currency | None
    line: VillageLine | None
    is_coming: bool = False
    other: UUID | None = None

    @property
    def amount(self) -> int:
        return int(self.row.edges[0]["amount"]) if self.row.edges else 0

    @property
    def is_owed_by_us(self) -> bool:
        """Whether the line is one that we wrote, for the neighbour."""
        return bool(self.row.edges) and self.row.edges[0]["debtor"] != self.row.peer

    @property
    def offer(self) -> VillageDispute | None:
        """The offer that is not refused: at most one."""
        return next((one for one in self.offers if one.state in LIVE), None)

    @property
    def state(self) -> str:
        """`proposed`, `refused`, `aside` (signed by both), `answer` (we are asked how it ends), `ended`."""
        if self.row.state != "signed":
            return self.row.state
        if self.offer is None or (self.offer.is_ours and self.offer.state == "proposed"):
            return "aside"
        return "ended" if self.offer.state == "signed" else "answer"

    @property
    def to_do(self) -> str:
        """What a person here does next: `answer`, `offer` an end, `wait` for its line; "" for nothing."""
        if self.state == "aside" and self.offer is None:
            return "wait" if self.is_coming else "offer"
        return "answer" if self.state == "answer" else ""


def disputes(session: Session, peer: str | None = None) -> list[Disputed]:
    """The newest ones, of every neighbour or of one."""
    wanted = select(VillageDispute).where(VillageDispute.kind == "dispute", VillageDispute.asset != "")
    if peer is not None:
        wanted = wanted.where(VillageDispute.peer == peer)
    return _whole(session, session.scalars(wanted.order_by(VillageDispute.made.desc()).limit(MOST)).all())


def dispute_by_id(session: Session, named: UUID) -> Disputed | None:
    """The dispute of this id, or the one that an offer of this id would end."""
    row = session.get(VillageDispute, named)
    if row is not None and row.refers is not None:
        row = session.get(VillageDispute, row.refers)
    return _whole(session, [row])[0] if row is not None and row.asset else None


def count_to_answer(session: Session) -> int:
    """Offers of neighbours that wait for a person here."""
    waiting = select(func.count()).where(VillageDispute.state == "waiting", ~VillageDispute.is_ours)
    return session.scalar(waiting) or 0


def kept_line(session: Session, side: tuple[str, str, str], epoch: int, seq: int) -> KeptLine | None:
    """A line by its number, with its exact bytes."""
    issuer, holder, asset = side
    row = session.get(VillageLine, (issuer, holder, asset, seq, epoch))
    return KeptLine(decode_line(row.body), row.hash, row.body) if row is not None else None


def contested_seqs(session: Session, peer: str, asset: str) -> Mapping[tuple[int, int], UUID]:
    """Which lines of a currency are contested and not refused, by epoch and number, and by which dispute."""
    one = VillageDispute
    wanted = select(one.epoch, one.seq, one.id).where(
        one.peer == peer, one.asset == asset, one.kind == "dispute", one.state.in_(LIVE)
    )
    return {(epoch, seq): key for epoch, seq, key in session.execute(wanted)}


def may_contest(line: VillageLine, now_ms: int) -> bool:
    """Whether a line is a payment that nobody has yet to ask too late about."""
    return line.kind in CONTESTABLE and line.delta > 0 and now_ms - line.at <= DISPUTE


def contested_lines(
    session: Session, lines: Iterable[VillageLine], me: str
) -> Mapping[tuple[str, int, int], UUID]:
    """Which of these lines are contested and not refused: by asset, epoch and number."""
    sides = {(line.holder if line.issuer == me else line.issuer, line.asset) for line in lines}
    return {
        (asset, *where): dispute
        for peer, asset in sides
        for where, dispute in contested_seqs(session, peer, asset).items()
    }


def standing(session: Session, peer: str = "") -> Mapping[tuple[str, str], int]:
    """What stands aside now, by neighbour and asset: signed by both, and not ended."""
    one, end = VillageDispute, aliased(VillageDispute)
    ended = select(end.id).where(end.refers == one.id, end.kind == "release", end.state == "signed")
    wanted = select(one.peer, one.asset, one.edges).where(
        one.kind == "dispute", one.state == "signed", ~ended.exists()
    )
    found: dict[tuple[str, str], int] = defaultdict(int)
    for who, asset, edges in session.execute(wanted.where(one.peer == peer) if peer else wanted):
        found[who, asset] += sum(int(edge["amount"]) for edge in edges)
    return found


def _whole(session: Session, rows: Sequence[VillageDispute]) -> list[Disputed]:
    if not rows:
        return []
    wanted = select(VillageDispute).where(VillageDispute.refers.in_([row.id for row in rows]))
    offers: dict[UUID | None, list[VillageDispute]] = {}
    for offer in session.scalars(wanted.order_by(VillageDispute.made)):
        offers.setdefault(offer.refers, []).append(offer)
    money = _currencies(session, {row.peer for row in rows})
    come, counting = _come(session, rows), _counting(session, rows)
    return [
        Disputed(
            row,
            offers.get(row.id, []),
            money.get((row.peer, row.asset)),
            _line(session, row),
            is_coming=row.state == "signed" and _is_owed_by_them(row) and str(row.id) not in come,
            other=counting.get(_where(row)) if row.state == "refused" else None,
        )
        for row in rows
    ]


def _is_owed_by_them(row: VillageDispute) -> bool:
    """Whether the neighbour writes the lines: those of what we hold have to come."""
    return bool(row.edges) and row.edges[0]["debtor"] == row.peer


def _where(row: VillageDispute) -> tuple[str, str, int, int]:
    return row.peer, row.asset, row.epoch, row.seq


def _come(session: Session, rows: Sequence[VillageDispute]) -> set[str]:
    """Ids of disputes whose line the neighbour has written, and we have."""
    theirs = {str(row.id): row.peer for row in rows if row.state == "signed" and _is_owed_by_them(row)}
    wanted = select(VillageLine.ref, VillageLine.issuer).where(VillageLine.ref.in_(theirs))
    return {ref for ref, issuer in session.execute(wanted) if theirs[ref] == issuer}


def _counting(session: Session, rows: Sequence[VillageDispute]) -> Mapping[tuple[str, str, int, int], UUID]:
    """For the lines of refused disputes: the one that was not refused."""
    refused, one = {_where(row) for row in rows if row.state == "refused"}, VillageDispute
    wanted = select(one).where(
        one.kind == "dispute", one.state.in_(LIVE), one.seq.in_({seq for *_, seq in refused})
    )
    found = session.scalars(wanted) if refused else ()
    return {_where(row): row.id for row in found if _where(row) in refused}


def _currencies(session: Session, peers: set[str]) -> dict[tuple[str, str], Currency]:
    wanted = (
        select(VillageAgreement.peer, VillageAgreement.asset, Currency)
        .join(Currency, Currency.id == VillageAgreement.currency_id)
        .where(VillageAgreement.peer.in_(peers))
    )
    return {(peer, asset): currency for peer, asset, currency in session.execute(wanted)}


def _line(session: Session, row: VillageDispute) -> VillageLine | None:
    if not row.edges:
        return None
    edge = row.edges[0]
    return session.get(VillageLine, (edge["debtor"], edge["creditor"], row.asset, row.seq, row.epoch))
