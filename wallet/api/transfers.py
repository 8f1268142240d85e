"""`/api/v1/transfers/{id}`: a transfer as it was written, for ever the same."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct, json
from sqlalchemy import select
from sqlalchemy.orm import Session

from kit.web import Call, api, read
from wallet.ledger.shapes import Entry, Line, Receipt
from wallet.models.ledger import LedgerAccount, LedgerTransaction
from wallet.refusals import NoSuchTransfer


class MoneyJson(Struct, frozen=True):
    """So many minor units of a currency."""

    amount: int
    asset: UUID


class StandingJson(Struct, frozen=True):
    """Where value stands. `owner`: a wallet's id, or a name; `lot`: vouchers given together."""

    kind: str
    owner: str
    lot: str
    expires_at: datetime | None


class EntryJson(Struct, frozen=True):
    """`transfer` moves, `hold` sets aside, `free` ends the hold `closes`; balances are those after it."""

    number: int
    op: str
    amount: int
    asset: UUID
    source: StandingJson
    target: StandingJson
    source_after: int
    target_after: int
    closes: int | None


class PaidLineJson(Struct, frozen=True):
    """A line of what was paid for, and what paid it."""

    label: str
    amount: int
    paid: list[MoneyJson]


class TransferJson(Struct, frozen=True):
    """A link of the ledger's chain. `why` and `missing` belong to what was declined."""

    id: UUID
    seq: int
    kind: str
    verdict: str
    at: datetime
    refers: UUID | None
    until: datetime | None
    why: str
    missing: int
    sums: list[MoneyJson]
    lines: list[PaidLineJson]
    entries: list[EntryJson]
    place: str
    point: str
    reason: str
    by: str
    card: str
    prev: str
    hash: str


@read
def get_transfer(call: Call, session: Session) -> TransferJson:
    return transfer_json(session, call.path["id"])


def transfer_json(session: Session, transfer_id: UUID) -> TransferJson:
    """From rows that never change, so that the same question always has the same answer.

    Raises NoSuchTransfer.
    """
    row = session.scalar(select(LedgerTransaction).where(LedgerTransaction.id == transfer_id))
    if row is None:
        raise NoSuchTransfer
    receipt = json.decode(row.body, type=Receipt)
    memo = receipt.memo
    return TransferJson(
        **{name: getattr(receipt, name) for name in COPIED},
        seq=row.seq,
        sums=_sums(receipt),
        lines=[_line(receipt, number, line) for number, line in enumerate(memo.lines)],
        entries=_entries(receipt, places(session, receipt.entries)),
        **{name: getattr(memo, name) for name in ("place", "point", "reason", "by", "card")},
        prev=row.prev,
        hash=row.hash,
    )


AT_ONCE = 500
"""An opening may name thousands of accounts; a database takes so many values in one question."""
COPIED = ("id", "kind", "verdict", "at", "refers", "until", "why", "missing")


def places(session: Session, entries: Iterable[Entry]) -> dict[UUID, StandingJson]:
    """The accounts of these entries, by id."""
    named = list({UUID(hex=side) for entry in entries for side in (entry.debit, entry.credit)})
    found: dict[UUID, StandingJson] = {}
    for start in range(0, len(named), AT_ONCE):
        rows = select(LedgerAccount).where(LedgerAccount.id.in_(named[start : start + AT_ONCE]))
        found |= {row.id: standing_json(row) for row in session.scalars(rows)}
    return found


def standing_json(account: LedgerAccount) -> StandingJson:
    return StandingJson(account.kind, account.owner, account.lot, account.expires_at)


def _entries(receipt: Receipt, known: Mapping[UUID, StandingJson]) -> list[EntryJson]:
    return [
        EntryJson(
            number=entry.number,
            op=entry.op,
            amount=entry.amount,
            asset=UUID(hex=entry.asset),
            source=known[UUID(hex=entry.debit)],
            target=known[UUID(hex=entry.credit)],
            source_after=entry.debit_after,
            target_after=entry.credit_after,
            closes=entry.closes,
        )
        for entry in receipt.entries
    ]


def _sums(receipt: Receipt) -> list[MoneyJson]:
    """What moved or was set aside, by currency; what became free when nothing else happened."""
    moved = [entry for entry in receipt.entries if entry.op != "free"] or receipt.entries
    return _by_asset((entry.asset, entry.amount) for entry in moved)


def _line(receipt: Receipt, number: int, line: Line) -> PaidLineJson:
    assets = {entry.number: entry.asset for entry in receipt.entries}
    parts = [part for part in receipt.split if part.line == number]
    return PaidLineJson(
        line.label, line.amount, _by_asset((assets[part.entry], part.amount) for part in parts)
    )


def _by_asset(amounts: Iterable[tuple[str, int]]) -> list[MoneyJson]:
    found: dict[str, int] = {}
    for asset, amount in amounts:
        found[asset] = found.get(asset, 0) + amount
    return [MoneyJson(amount, UUID(hex=asset)) for asset, amount in found.items()]


DOORS = (
    api(
        "GET", "/api/v1/transfers/{id:uuid}", "api.transfer", get_transfer,
        scope="money:read", needs="money.see", answer=TransferJson, refusals=(NoSuchTransfer,),
        summary="One transfer as it was written",
    ),
)  # fmt: skip
