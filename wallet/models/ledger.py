"""The ledger's tables. Only entries move accounts, only triggers apply entries, nothing is ever rewritten."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base, make_append_only
from wallet.models.guards import guard_ledger, keep_rows


class LedgerAccount(Base):
    """Where one owner's part of one currency stands. Balances are moved by the triggers of entries alone."""

    __tablename__ = "ledger_account"
    __table_args__ = (
        UniqueConstraint("id", "currency_id"),
        Index(None, "owner", "kind"),
        Index(None, "kind", "currency_id"),
        Index(
            "ix_ledger_account_holds",
            "currency_id",
            sqlite_where=text("held > 0"),
            postgresql_where=text("held > 0"),
        ),
        CheckConstraint("debits >= 0", name="debits"),
        CheckConstraint("credits >= 0", name="credits"),
        CheckConstraint("held >= 0", name="held"),
        CheckConstraint("credits - debits - held >= floor", name="floor"),
        CheckConstraint(
            "kind IN ('wallet', 'issuance', 'opening', 'sales', 'expired', 'node', 'melt', 'loss', "
            "'disputed', 'receivable', 'fees', 'suspense', 'bank')",
            name="kind",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    currency_id: Mapped[UUID] = mapped_column(ForeignKey("currency.id"))
    kind: Mapped[str]
    owner: Mapped[str]
    lot: Mapped[str]
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
    floor: Mapped[int]
    debits: Mapped[int]
    credits: Mapped[int]
    held: Mapped[int]
    touched: Mapped[int]

    @property
    def balance(self) -> int:
        """In minor units of the currency."""
        return self.credits - self.debits


class LedgerTransaction(Base):
    """A link of the chain. `body` holds the exact bytes that were hashed and answered.

    `verdict` and `kind`, `at`, `refers` repeat what the body says, for searching. Its entries have the
    numbers `first` to `last`.
    """

    __tablename__ = "ledger_tx"
    __table_args__ = (
        CheckConstraint("length(hash) = 64 AND length(prev) = 64", name="hashes"),
        CheckConstraint("last >= first - 1", name="numbers"),
        CheckConstraint(
            "verdict IN ('posted', 'held', 'captured', 'released', 'declined')",
            name="verdict",
        ),
        Index(
            "ix_ledger_tx_refers",
            "refers",
            sqlite_where=text("refers IS NOT NULL"),
            postgresql_where=text("refers IS NOT NULL"),
        ),
        Index(None, "at"),
        Index(None, "kind", "seq"),
        Index(
            "ix_ledger_tx_holds",
            "at",
            sqlite_where=text("verdict = 'held'"),
            postgresql_where=text("verdict = 'held'"),
        ),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(unique=True)
    kind: Mapped[str]
    verdict: Mapped[str]
    at: Mapped[datetime]
    content: Mapped[str]
    refers: Mapped[UUID | None]
    first: Mapped[int]
    last: Mapped[int]
    prev: Mapped[str]
    hash: Mapped[str]
    body: Mapped[bytes]


class LedgerEntry(Base):
    """One step of a transaction. `transfer` moves, `hold` sets aside, `free` ends the hold `closes`."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        ForeignKeyConstraint(["debit", "currency_id"], ["ledger_account.id", "ledger_account.currency_id"]),
        ForeignKeyConstraint(["credit", "currency_id"], ["ledger_account.id", "ledger_account.currency_id"]),
        CheckConstraint("amount > 0 AND amount <= 9007199254740991", name="amount"),
        CheckConstraint("debit <> credit", name="two_sides"),
        CheckConstraint("op IN ('transfer', 'hold', 'free')", name="op"),
        CheckConstraint("(op = 'free') = (closes IS NOT NULL)", name="closes"),
        Index(
            "uq_ledger_entry_closes",
            "closes",
            unique=True,
            sqlite_where=text("closes IS NOT NULL"),
            postgresql_where=text("closes IS NOT NULL"),
        ),
        Index(None, "debit", "number"),
        Index(None, "credit", "number"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tx_seq: Mapped[int] = mapped_column(ForeignKey("ledger_tx.seq"))
    op: Mapped[str]
    currency_id: Mapped[UUID]
    debit: Mapped[UUID]
    credit: Mapped[UUID]
    amount: Mapped[int]
    debit_after: Mapped[int]
    credit_after: Mapped[int]
    closes: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.number"))


class SignedHead(Base):
    """The chain's last link as the node signed it: who holds a copy can prove that the past was rewritten."""

    __tablename__ = "ledger_head"

    seq: Mapped[int] = mapped_column(ForeignKey("ledger_tx.seq"), primary_key=True)
    hash: Mapped[str]
    issuer: Mapped[str]
    signed_at: Mapped[datetime]
    key_id: Mapped[str]
    public_key: Mapped[bytes]
    signature: Mapped[bytes]

    @property
    def signed(self) -> bytes:
        """The bytes that the Ed25519 signature covers."""
        return f"hameau ledger head 1\n{self.issuer}\n{self.seq}\n{self.hash}".encode()


make_append_only(LedgerTransaction.__table__)  # type: ignore[arg-type]
make_append_only(LedgerEntry.__table__)  # type: ignore[arg-type]
make_append_only(SignedHead.__table__)  # type: ignore[arg-type]
keep_rows(SignedHead.__table__)
guard_ledger(LedgerAccount.__table__, LedgerTransaction.__table__, LedgerEntry.__table__)
