"""The ledger without a database: the twin that simulations and model tests run on.

It keeps what the tables keep and refuses what the tables refuse, so that a rule that is wrong is caught here
as it would be there.
"""

import copy
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from wallet.ledger.book import CardState, CashedOut, Head
from wallet.ledger.decide import Written
from wallet.ledger.shapes import WALLET, Account, Asset, Entry, Receipt, Transaction


class Forbidden(Exception):
    """A row that the tables would refuse: the rules made a mistake."""


class MemoryStore:
    """A shelf in memory. `currencies`, `passes` and `people` are filled by whoever plays the house."""

    def __init__(self) -> None:
        self.currencies: dict[UUID, Asset] = {}
        self.passes: dict[UUID, CardState] = {}
        self.people: set[UUID] = set()
        self.held: dict[UUID, Account] = {}
        self.chain: list[Transaction] = []
        self.entries: list[Entry] = []
        self.aside: dict[str, int] = {}
        """What open holds may bring to an account, by its id as entries name it."""
        self._by_id: dict[UUID, Transaction] = {}
        self._after: dict[UUID, list[Receipt]] = {}
        self._owned: dict[str, list[UUID]] = {}

    def head(self) -> Head:
        if not self.chain:
            return Head()
        return Head(self.chain[-1].seq, self.chain[-1].hash, len(self.entries))

    def assets(self) -> Iterable[Asset]:
        return self.currencies.values()

    def past(self, ids: Sequence[UUID]) -> Iterable[Transaction]:
        return [self._by_id[one] for one in ids if one in self._by_id]

    def followers(self, ids: Sequence[UUID]) -> Iterable[Receipt]:
        return [receipt for one in dict.fromkeys(ids) for receipt in self._after.get(one, ())]

    def cards(self, ids: Sequence[UUID]) -> Mapping[UUID, CardState]:
        return {one: copy.copy(self.passes[one]) for one in ids if one in self.passes}

    def wallets(self, ids: Sequence[UUID]) -> Iterable[UUID]:
        return [one for one in ids if one in self.people]

    def accounts(
        self, ids: Sequence[UUID], owners: Sequence[str], merging: Sequence[str]
    ) -> Iterable[Account]:
        found = {one: self.held[one] for one in ids if one in self.held}
        for owner in {*owners, *merging}:
            for account_id in self._owned.get(owner, ()):
                account = self.held[account_id]
                if owner in merging or account.balance:
                    found[account.id] = account
        return [copy.copy(account) for account in found.values()]

    def cashed_out(self, account: UUID, since: datetime) -> Iterable[CashedOut]:
        return [
            CashedOut(link.receipt.at, entry.amount)
            for link in self.chain
            for entry in link.receipt.entries
            if link.receipt.kind == "cash_out" and link.receipt.at >= since and entry.debit == account.hex
        ]

    def keep(self, written: Written) -> None:
        """Store what was decided, or nothing of it: raises Forbidden when the tables would refuse."""
        links, entries, touched = len(self.chain), len(self.entries), self._touched_by(written)
        try:
            self._keep(written)
        except Forbidden:
            for account_id, account in touched.items():
                if account is None:
                    self.held.pop(account_id, None)
                else:
                    self.held[account_id] = account
            del self.chain[links:], self.entries[entries:]
            raise
        self._remember(written)

    def _touched_by(self, written: Written) -> dict[UUID, Account | None]:
        """The accounts that may change, as they are; None for those that are not open yet."""
        ids = {account.id for account in written.opened}
        for link in written.links:
            for entry in link.receipt.entries:
                ids |= {UUID(hex=entry.debit), UUID(hex=entry.credit)}
        return {one: copy.copy(self.held[one]) if one in self.held else None for one in ids}

    def _remember(self, written: Written) -> None:
        """What finds them again."""
        for account in written.opened:
            if account.place.kind == WALLET:
                self._owned.setdefault(account.place.owner, []).append(account.id)
        for link in written.links:
            self._by_id[link.receipt.id] = link
            for entry in link.receipt.entries:
                if entry.op != "transfer":
                    change = entry.amount if entry.op == "hold" else -entry.amount
                    self.aside[entry.credit] = self.aside.get(entry.credit, 0) + change
            if link.receipt.refers is not None:
                self._after.setdefault(link.receipt.refers, []).append(link.receipt)
        for card, counter, _ in written.taps:
            self.passes[card].counter = counter

    def _keep(self, written: Written) -> None:
        fresh: set[UUID] = set()
        for account in written.opened:
            _refuse(account.id in self.held, "an account opened twice")
            self.held[account.id] = copy.copy(account)
        for link in written.links:
            head = self.head()
            known = link.receipt.id in self._by_id or link.receipt.id in fresh
            _refuse((link.seq, link.prev) != (head.seq + 1, head.hash), "a fork or a gap")
            _refuse(known, "an id used twice")
            fresh.add(link.receipt.id)
            self.chain.append(link)
            for entry in link.receipt.entries:
                self._apply(entry)

    def _apply(self, entry: Entry) -> None:
        _refuse(entry.number != len(self.entries) + 1, "an entry out of order")
        debit, credit = self.held[UUID(hex=entry.debit)], self.held[UUID(hex=entry.credit)]
        _refuse(not debit.place.asset == credit.place.asset == UUID(hex=entry.asset), "two currencies")
        _refuse(entry.amount <= 0 or debit is credit, "no amount, or one side")
        if entry.op == "transfer":
            debit.debits += entry.amount
            credit.credits += entry.amount
        else:
            debit.held += entry.amount if entry.op == "hold" else -entry.amount
        _refuse(debit.free < 0 or debit.held < 0, "below the floor")
        _refuse((debit.balance, credit.balance) != (entry.debit_after, entry.credit_after), "a wrong balance")
        self.entries.append(entry)


def _refuse(wrong: bool, why: str) -> None:
    if wrong:
        raise Forbidden(why)
