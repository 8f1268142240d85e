"""One transaction being written: each step is checked against the book, nothing is kept until it is whole."""

import copy
from uuid import UUID

from wallet.ledger.book import Book, Head
from wallet.ledger.shapes import MOST, Account, Entry, Operation, Place


class Declined(Exception):
    """A rule said no, by name; `missing` is in minor units. It is written down and stays the answer."""

    def __init__(self, why: str, missing: int = 0) -> None:
        super().__init__(why)
        self.why, self.missing = why, missing


class Draft:
    """Entries and new accounts of one transaction."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self.first = book.head.last + 1
        self.entries: list[Entry] = []
        self.opened: list[Account] = []
        self.taps: list[tuple[UUID, int]] = []
        self._touched: dict[UUID, Account] = {}

    def account(self, account_id: UUID) -> Account:
        """The account as this draft leaves it. Raises Declined `account_unknown`."""
        if account_id not in self._touched:
            known = self._book.accounts.get(account_id)
            if known is None:
                raise Declined("account_unknown")
            self._touched[account_id] = copy.copy(known)
        return self._touched[account_id]

    def at(self, place: Place) -> Account:
        """The account of a place, opened when it is the first time."""
        account_id = place.account_id
        if account_id not in self._touched and account_id not in self._book.accounts:
            self._touched[account_id] = Account(account_id, place, place.floor)
            self.opened.append(Account(account_id, place, place.floor))
        return self.account(account_id)

    def move(self, debit: Account, credit: Account, amount: int) -> None:
        """Transfer. Raises Declined `insufficient` or `bad_amount`."""
        _check(amount)
        if debit.free < amount:
            raise Declined("insufficient", amount - debit.free)
        if max(debit.debits, credit.credits) + amount > MOST:  # so that every balance stays exact in JSON
            raise Declined("bad_amount")
        debit.debits += amount
        credit.credits += amount
        self._write("transfer", debit, credit, amount)
        credit.touched = self.entries[-1].number

    def hold(self, debit: Account, credit: Account, amount: int) -> None:
        """Set aside in `debit` what may go to `credit`. Raises Declined as `move`."""
        _check(amount)
        if debit.free < amount:
            raise Declined("insufficient", amount - debit.free)
        debit.held += amount
        self._write("hold", debit, credit, amount)

    def free(self, hold: Entry) -> tuple[Account, Account]:
        """End a hold; returns whose it was and for whom."""
        debit, credit = self.account(UUID(hex=hold.debit)), self.account(UUID(hex=hold.credit))
        debit.held -= hold.amount
        self._write("free", debit, credit, hold.amount, hold.number)
        return debit, credit

    def keep(self, head: Head) -> None:
        """Let the book show what was drafted."""
        for account in self._touched.values():
            self._book.put(account)
        for card, counter in self.taps:
            self._book.cards[card].counter = counter
        self._book.head = head

    def _write(
        self, op: Operation, debit: Account, credit: Account, amount: int, closes: int | None = None
    ) -> None:
        number = self.first + len(self.entries)
        debit.touched = number
        asset = debit.place.asset.hex
        self.entries.append(
            Entry(
                number, op, asset, debit.id.hex, credit.id.hex,
                amount, debit.balance, credit.balance, closes,
            )
        )  # fmt: skip


def _check(amount: int) -> None:
    if not 0 < amount <= MOST:
        raise Declined("bad_amount")
