"""The chain again, link by link: bytes, hashes, entries, and the balance of every account after each."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

import msgspec
from sqlalchemy.orm import Session

from wallet.ledger.shapes import GENESIS, MOST, Entry, Receipt
from wallet.verify.reading import ENTRIES, LINKS, Row, hexed, rows

_receipt: Final = msgspec.json.Decoder(Receipt).decode


@dataclass(slots=True)
class Sums:
    """What an account must have after the entries so far."""

    debits: int = 0
    credits: int = 0
    held: int = 0
    touched: int = 0

    @property
    def totals(self) -> tuple[int, int, int]:
        """Out, in, set aside."""
        return self.debits, self.credits, self.held


@dataclass(slots=True)
class Replay:
    """Every entry again. `accounts` is by 32 digits, `holds` those still open by their number."""

    accounts: dict[str, Sums] = field(default_factory=dict)
    holds: dict[int, Entry] = field(default_factory=dict)
    prev: str = GENESIS
    seq: int = 0
    last: int = 0

    def links(self, session: Session) -> Iterator[tuple[str, str]]:
        """Each link's name, and why it is broken ("" when it is not)."""
        entries = rows(session, ENTRIES)
        for row in rows(session, LINKS):
            yield f"ledger_tx {row[0]}", self._link(row, entries)
        for row in entries:
            yield f"ledger_entry {row[0]}", "it belongs to no transaction"

    def _link(self, row: Row, entries: Iterator[Row]) -> str:
        seq, prev, link, body = row[:4]
        if seq != self.seq + 1:
            return "a transaction is missing before it"
        if prev != self.prev:
            return "it does not follow the one before it"
        if hashlib.sha256(bytes.fromhex(prev) + body).hexdigest() != link:
            return "its bytes are not those that were hashed"
        self.seq, self.prev = seq, link
        try:
            receipt = _receipt(body)
        except msgspec.MsgspecError:
            return "its bytes cannot be read"
        return self._said(row, receipt) or self._entries(receipt, entries, seq)

    def _said(self, row: Row, receipt: Receipt) -> str:
        refers = receipt.refers.hex if receipt.refers else None
        said = (receipt.id.hex, receipt.kind, receipt.verdict, receipt.request, refers, receipt.first)
        _, _, _, _, key, kind, verdict, content, referred, first, last = row
        if said != (hexed(key), kind, verdict, content, referred and hexed(referred), first):
            return "its columns do not say what its bytes say"
        if first != self.last + 1 or last != self.last + len(receipt.entries):
            return "its entries are not numbered after the last one"
        if receipt.verdict == "declined" and receipt.entries:
            return "it was declined and moves something"
        return ""

    def _entries(self, receipt: Receipt, entries: Iterator[Row], seq: int) -> str:
        for entry, row in zip(receipt.entries, islice(entries, len(receipt.entries)), strict=False):
            self.last += 1
            if not _is_same(entry, row, seq):
                return f"its entry {entry.number} is not the one that was hashed"
            if trouble := self._apply(entry):
                return f"its entry {entry.number} {trouble}"
        if self.last != receipt.first + len(receipt.entries) - 1:
            return "one of its entries is missing"
        return ""

    def _apply(self, entry: Entry) -> str:
        debit = self.accounts.setdefault(entry.debit, Sums())
        credit = self.accounts.setdefault(entry.credit, Sums())
        if not 0 < entry.amount <= MOST or debit is credit:
            return "has no amount, or one side"
        debit.touched = entry.number
        if entry.op == "transfer":
            debit.debits += entry.amount
            credit.credits += entry.amount
            credit.touched = entry.number
        elif entry.op == "hold":
            debit.held += entry.amount
            self.holds[entry.number] = entry
        elif trouble := self._free(entry, debit):
            return trouble
        after = (debit.credits - debit.debits, credit.credits - credit.debits)
        return "" if after == (entry.debit_after, entry.credit_after) else "says another balance"

    def _free(self, entry: Entry, debit: Sums) -> str:
        hold = self.holds.pop(entry.closes or 0, None)
        if hold is None or (hold.debit, hold.amount) != (entry.debit, entry.amount):
            return "ends a hold that is not open"
        debit.held -= entry.amount
        return ""


def _is_same(entry: Entry, row: Row, seq: int) -> bool:
    number, tx_seq, op, asset, debit, credit, amount, debit_after, credit_after, closes = row
    return (
        entry.number == number
        and tx_seq == seq
        and entry.op == op
        and entry.amount == amount
        and entry.debit == hexed(debit)
        and entry.credit == hexed(credit)
        and entry.asset == hexed(asset)
        and entry.debit_after == debit_after
        and entry.credit_after == credit_after
        and entry.closes == closes
    )
