"""The exported files of an evening, and the balances that they must add up to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit.db import Database
from wallet.exports.names import Standing, account_name, commodity
from wallet.models.currency import Currency
from wallet.models.ledger import LedgerAccount

Balances = dict[tuple[str, str], Decimal]


@dataclass(frozen=True)
class Written:
    """One exported file, to be read by its own program."""

    path: Path

    def changed(self, old: str, new: str, times: int = 1) -> "Written":
        """The same file with a planted mistake."""
        text = self.path.read_text(encoding="utf-8")
        assert old in text
        self.path.write_text(text.replace(old, new, times), encoding="utf-8")
        return self


def write_file(db: Database, export: Callable[[Session], Iterator[bytes]], path: Path) -> Written:
    with db.read() as session:
        path.write_bytes(b"".join(export(session)))
    return Written(path)


def balances(db: Database) -> Balances:
    """What the tables say of each account that ever moved; as in bookkeeping, debits are positive."""
    with db.read() as session:
        rows = session.execute(
            select(LedgerAccount, Currency).join(Currency).where(LedgerAccount.touched > 0)
        )
        return {
            (account_name(Standing(one.kind, one.owner, one.lot)), commodity(currency.code)): Decimal(
                one.debits - one.credits
            ).scaleb(-currency.scale)
            for one, currency in rows
        }
