"""The journal's tables. Entries are added at the end of their chain and never change; the rest repeats them.

`sale`, `sale_payment`, `closing` and `journal_operator` say again what the signed bytes say, for searching.
`journal_head`, `journal_series` and `journal_period` are where the next entry goes; everything can be worked
out again.
"""

# ruff: noqa: S608 - names of our own columns, no input

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base, make_append_only
from sales.journal.shapes import GENESIS
from wallet.models.guards import keep_rows, let_in, let_rise


class JournalEntry(Base):
    """A link of a chain ("real" or "training"). `body` holds the exact bytes that `mac` signs.

    `day` is the business day, "YYYY-MM-DD".
    """

    __tablename__ = "journal_entry"
    __table_args__ = (
        CheckConstraint("length(mac) = 64 AND length(prev) = 64", name="macs"),
        CheckConstraint("chain IN ('real', 'training')", name="chain"),
        Index(None, "chain", "point", "seq"),
        Index(
            "ix_journal_entry_refers",
            "refers",
            sqlite_where=text("refers IS NOT NULL"),
            postgresql_where=text("refers IS NOT NULL"),
        ),
        Index(None, "chain", "kind", "seq"),
    )

    chain: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(unique=True)
    kind: Mapped[str]
    at: Mapped[datetime]
    day: Mapped[str]
    point: Mapped[UUID | None]
    refers: Mapped[UUID | None]
    prev: Mapped[str]
    mac: Mapped[str]
    body: Mapped[bytes]


class SaleRow(Base):
    """A sale or a credit note, by what people look for. `till_at` is the till's own clock."""

    __tablename__ = "sale"
    __table_args__ = (
        UniqueConstraint("chain", "series", "number"),
        UniqueConstraint("chain", "seq"),
        ForeignKeyConstraint(["chain", "seq"], ["journal_entry.chain", "journal_entry.seq"]),
        CheckConstraint("(kind = 'credit_note') = (refers IS NOT NULL)", name="refers"),
        CheckConstraint("number > 0", name="number"),
        Index(
            "ix_sale_refers",
            "refers",
            sqlite_where=text("refers IS NOT NULL"),
            postgresql_where=text("refers IS NOT NULL"),
        ),
        Index(None, "chain", "day", "seq"),
        Index(None, "device", "seq"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    chain: Mapped[str]
    seq: Mapped[int]
    kind: Mapped[str]
    series: Mapped[str]
    number: Mapped[int]
    at: Mapped[datetime]
    till_at: Mapped[datetime]
    day: Mapped[str]
    point: Mapped[UUID]
    operator: Mapped[str]
    device: Mapped[UUID]
    total: Mapped[int]
    refers: Mapped[UUID | None]


class SalePayment(Base):
    """One means of a sale; what a correction takes back stands below zero. `transfer` is the ledger's."""

    __tablename__ = "sale_payment"
    __table_args__ = (
        ForeignKeyConstraint(["chain", "seq"], ["journal_entry.chain", "journal_entry.seq"]),
        Index(None, "sale_id"),
        Index(None, "means", "asset"),
    )

    chain: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sale_id: Mapped[UUID]
    means: Mapped[str]
    asset: Mapped[str]
    host: Mapped[str]
    amount: Mapped[int]
    transfer: Mapped[str]


class ClosingRow(Base):
    """A closing, by its number at its level ("day", "month", "year")."""

    __tablename__ = "closing"
    __table_args__ = (
        UniqueConstraint("chain", "seq"),
        ForeignKeyConstraint(["chain", "seq"], ["journal_entry.chain", "journal_entry.seq"]),
        Index(None, "chain", "level", "day"),
    )

    chain: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    id: Mapped[UUID]
    point: Mapped[UUID]
    day: Mapped[str]
    at: Mapped[datetime]
    turnover: Mapped[int]


class JournalOperator(Base):
    """Whose entry it is, by the code that people search: an operator's, or that of a person of the office."""

    __tablename__ = "journal_operator"
    __table_args__ = (ForeignKeyConstraint(["chain", "seq"], ["journal_entry.chain", "journal_entry.seq"]),)

    chain: Mapped[str] = mapped_column(primary_key=True)
    operator: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class JournalHead(Base):
    """The end of a chain, sealed: whoever removes the last entry cannot make this row."""

    __tablename__ = "journal_head"

    chain: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int]
    mac: Mapped[str]
    seal: Mapped[str]
    perpetual: Mapped[int]
    year: Mapped[int]
    year_to_date: Mapped[int]


class JournalSeries(Base):
    """The last number of a series: a till's, or that of a kind of closing."""

    __tablename__ = "journal_series"

    chain: Mapped[str] = mapped_column(primary_key=True)
    series: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]


class JournalPeriod(Base):
    """What is open at a point of sale, or in a month or year; `day` is empty while nothing was written."""

    __tablename__ = "journal_period"

    chain: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[str] = mapped_column(primary_key=True)
    point: Mapped[UUID] = mapped_column(primary_key=True)
    point_name: Mapped[str]
    day: Mapped[str | None]
    since: Mapped[int]
    opened: Mapped[datetime | None]
    opening: Mapped[int]
    sales: Mapped[int]
    follows: Mapped[str]


for _table in (JournalEntry, SaleRow, SalePayment, ClosingRow, JournalOperator):
    make_append_only(_table.__table__)  # type: ignore[arg-type]
    keep_rows(_table.__table__)
_FIRST = f"(NEW.seq = 1 AND NEW.prev = '{GENESIS}')"
let_in(
    JournalEntry.__table__,
    "follows the last one",
    "(EXISTS (SELECT 1 FROM journal_entry last WHERE last.chain = NEW.chain AND last.seq = NEW.seq - 1 "
    f"AND last.mac = NEW.prev) OR {_FIRST}) "
    "AND NOT EXISTS (SELECT 1 FROM journal_entry later WHERE later.chain = NEW.chain "
    "AND later.seq >= NEW.seq)",
)
let_rise(JournalHead.__table__, "seq")
let_rise(JournalSeries.__table__, "number")
