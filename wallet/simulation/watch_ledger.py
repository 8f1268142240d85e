"""I1 to I5 and I13: each ledger, recounted beside the rules from the bytes of its links.

Nothing here asks the ledger what it thinks: balances, holds, hashes and ends of lots are found again.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec import json

from wallet.between.shapes import DISPUTED
from wallet.ledger.memory import MemoryStore
from wallet.ledger.shapes import Entry, Place, Receipt, Transaction
from wallet.simulation.shapes import Violation

BELOW_ZERO: Final = frozenset({"issuance", "opening", "bank", "receivable", "loss"})
"""Kinds of account that money comes out of."""


class LedgerWatch:
    """One ledger as its links say, from the first one on."""

    def __init__(self, me: str, ledger: MemoryStore) -> None:
        self.me, self._ledger = me, ledger
        self._seq, self._hash, self._entries = 0, "0" * 64, 0
        self._sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        """By account: debited, credited, held."""
        self._holds: dict[int, tuple[Entry, Receipt]] = {}
        self._open: dict[UUID, Receipt] = {}
        self.receipts: dict[UUID, Receipt] = {}
        self.asked: dict[tuple[str, str], Receipt] = {}
        """By (peer, hash of its question): what came of it."""
        self._aside: Counter[str] = Counter()
        """By account: what holds may bring it, and what is contested of it."""
        self.aside_for: dict[UUID, int] = {}
        """By transaction: the same of the account it pays, once it was written."""

    @property
    def open_holds(self) -> list[Receipt]:
        """What is set aside now."""
        return list(self._open.values())

    def is_open(self, hold: UUID) -> bool:
        """Whether what this transaction set aside still is."""
        return hold in self._open

    def look(self, links: Sequence[Transaction]) -> None:
        """Follow new links. Raises Violation."""
        touched = {account for link in links for account in self._follow(link)}
        for account in touched:
            self._compare(account)

    def _follow(self, link: Transaction) -> set[str]:
        expected = hashlib.sha256(bytes.fromhex(self._hash) + link.body).hexdigest()
        if (link.seq, link.prev, link.hash) != (self._seq + 1, self._hash, expected):
            raise Violation("I5", f"link {link.seq} of {self.me} does not follow")
        receipt = json.decode(link.body, type=Receipt)
        if receipt.id in self.receipts:
            raise Violation("I6", f"{self.me} wrote {receipt.id} twice")
        self._seq, self._hash = link.seq, link.hash
        self.receipts[receipt.id] = receipt
        if receipt.memo.place:
            self.asked.setdefault((receipt.memo.place, receipt.request), receipt)
        touched: set[str] = set()
        for entry in receipt.entries:
            self._apply(entry, receipt)
            touched |= {entry.debit, entry.credit}
        if receipt.entries:
            self.aside_for[receipt.id] = self._aside[receipt.entries[-1].credit]
        return touched

    def _apply(self, entry: Entry, receipt: Receipt) -> None:
        self._entries += 1
        if entry.number != self._entries or entry.amount <= 0 or entry.debit == entry.credit:
            raise Violation("I4", f"entry {entry.number} of {self.me}")
        if entry.op == "transfer":
            self._sums[entry.debit][0] += entry.amount
            self._sums[entry.credit][1] += entry.amount
            self._note_contested(entry)
            self._refuse_late_voucher(entry, receipt)
        elif entry.op == "hold":
            self._sums[entry.debit][2] += entry.amount
            self._aside[entry.credit] += entry.amount
            self._holds[entry.number] = (entry, receipt)
            self._open[receipt.id] = receipt
            self._refuse_late_voucher(entry, receipt)
        else:
            self._free(entry)
        self._refuse_other_balance(entry)

    def _refuse_other_balance(self, entry: Entry) -> None:
        """Histories show the balances that stand in entries."""
        after = (self.owed(UUID(hex=entry.debit)), self.owed(UUID(hex=entry.credit)))
        if after != (entry.debit_after, entry.credit_after):
            raise Violation("I4", f"entry {entry.number} of {self.me} shows other balances")

    def _note_contested(self, entry: Entry) -> None:
        if self.place(entry.credit).kind == DISPUTED:
            self._aside[entry.debit] += entry.amount
        elif self.place(entry.debit).kind == DISPUTED:
            self._aside[entry.credit] -= entry.amount

    def _free(self, entry: Entry) -> None:
        hold, receipt = self._holds.pop(entry.closes or 0, (None, None))
        if hold is None or (hold.debit, hold.amount) != (entry.debit, entry.amount):
            raise Violation("I3", f"entry {entry.number} of {self.me} frees what was not held")
        self._sums[entry.debit][2] -= entry.amount
        self._aside[hold.credit] -= entry.amount
        if receipt is not None:
            self._open.pop(receipt.id, None)

    def _refuse_late_voucher(self, entry: Entry, receipt: Receipt) -> None:
        """I13: neither after its end, nor at another node when it is for its own house alone."""
        source, target = self.place(entry.debit), self.place(entry.credit)
        asset = self._ledger.currencies[UUID(hex=entry.asset)]
        if source.kind != "wallet" or target.kind not in {"sales", "node"}:
            return
        if target.kind == "node" and asset.reach == "issuer_only":
            raise Violation("I13", f"{asset.code} of {self.me} was spent at {target.owner}")
        is_late = source.expires_at is not None and source.expires_at <= receipt.at
        if is_late and receipt.kind != "capture":
            raise Violation("I13", f"{asset.code} of {self.me} was spent after its end by {receipt.id}")

    def place(self, account: str) -> Place:
        """Where an account stands; 32 hexadecimal digits."""
        return self._ledger.held[UUID(hex=account)].place

    def _compare(self, account: str) -> None:
        """The store's account is what its entries say, and not below its floor."""
        kept = self._ledger.held[UUID(hex=account)]
        debits, credits, held = self._sums[account]
        if (kept.debits, kept.credits) != (debits, credits):
            raise Violation("I4", f"{kept.place.kind} of {kept.place.owner} at {self.me}")
        if kept.held != held or held < 0:
            raise Violation("I3", f"{kept.place.kind} of {kept.place.owner} at {self.me} holds {kept.held}")
        if credits - debits - held < 0 and kept.place.kind not in BELOW_ZERO:
            raise Violation("I2", f"{kept.place.kind} of {kept.place.owner} at {self.me}")

    def look_at_all(self) -> None:
        """Every account, and the sum of each currency. Raises Violation."""
        sums: dict[UUID, int] = defaultdict(int)
        for account in self._ledger.held.values():
            self._compare(account.id.hex)
            sums[account.place.asset] += account.balance
        wrong = [asset for asset, total in sums.items() if total]
        if wrong:
            raise Violation("I1", f"the accounts of {wrong[0]} at {self.me} add up to {sums[wrong[0]]}")

    def owed(self, account: UUID) -> int:
        """The balance of an account, recounted."""
        debits, credits, _ = self._sums.get(account.hex, (0, 0, 0))
        return credits - debits
