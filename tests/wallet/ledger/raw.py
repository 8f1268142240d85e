"""The hand of a burglar: a plain connection, past the software, with the driver's own settings.

On SQLite that means no foreign keys and no delete triggers on REPLACE. `Raw.pay` writes what an honest writer
would write; every attack is that, with something changed.
"""

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg

from kit.db.types import instant_text

TABLES = (
    "currency", "currency_wording", "wallet", "pass_card", "card_mark", "card_tap",
    "ledger_account", "ledger_tx", "ledger_entry", "ledger_head",
)  # fmt: skip
Row = dict[str, Any]


class Refused(Exception):
    """The database said no."""


class Raw:
    """One connection; `run` is a transaction of one statement, `together` one of several."""

    def __init__(self, url: str) -> None:
        self.is_sqlite = url.startswith("sqlite")
        self.connection: Any = (
            sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
            if self.is_sqlite
            else psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
        )

    def run(self, sql: str, **values: Any) -> list[Row]:
        """Raises Refused when the database refuses, after which nothing of the statement may remain."""
        if not self.is_sqlite:
            sql = re.sub(r":(\w+)", r"%(\1)s", sql)
        try:
            with closing(self.connection.cursor()) as cursor:
                cursor.execute(sql, {name: self._sent(value) for name, value in values.items()})
                names = [column[0] for column in cursor.description or ()]
                return [dict(zip(names, map(self._got, row), strict=True)) for row in self._fetched(cursor)]
        except (sqlite3.Error, psycopg.Error) as error:
            raise Refused(str(error)) from error

    @contextmanager
    def together(self) -> Iterator[None]:
        self.run("BEGIN")
        try:
            yield
        except BaseException:
            self.run("ROLLBACK")
            raise
        self.run("COMMIT")

    def put(self, table: str, row: Row, verb: str = "INSERT") -> None:
        names = ", ".join(row)
        marks = ", ".join(f":{name}_" for name in row)
        values = {f"{name}_": value for name, value in row.items()}
        self.run(f"{verb} INTO {table} ({names}) VALUES ({marks})", **values)

    def everything(self) -> dict[str, list[str]]:
        """Every row of every table of money, to be compared before and after."""
        return {
            table: sorted(repr(row) for row in self.run(f"SELECT * FROM {table}"))  # noqa: S608
            for table in TABLES
        }

    def one(self, sql: str, **values: Any) -> Row:
        return self.run(sql, **values)[0]

    def next_link(self, entries: int = 1, **changes: Any) -> Row:
        """The row that an honest writer would add to the chain."""
        last = self.one("SELECT seq, hash, last FROM ledger_tx ORDER BY seq DESC LIMIT 1")
        new = uuid4()
        link = {
            "seq": last["seq"] + 1, "id": new, "kind": "spend", "verdict": "posted",
            "at": self.one("SELECT at FROM ledger_tx ORDER BY seq DESC LIMIT 1")["at"],
            "content": "", "refers": None, "first": last["last"] + 1, "last": last["last"] + entries,
            "prev": last["hash"], "hash": hashlib.sha256(new.bytes).hexdigest(), "body": b"{}",
        }  # fmt: skip
        return {**link, **changes}

    def step(self, link: Row, debit: UUID, credit: UUID, amount: int, **changes: Any) -> Row:
        """The entry that an honest writer would add for this movement, as the first one of `link`."""
        giver, taker = self.account(debit), self.account(credit)
        moved = amount if changes.get("op", "transfer") == "transfer" else 0
        entry = {
            "number": link["first"], "tx_seq": link["seq"], "op": "transfer",
            "currency_id": giver["currency_id"], "debit": debit, "credit": credit, "amount": amount,
            "debit_after": giver["credits"] - giver["debits"] - moved,
            "credit_after": taker["credits"] - taker["debits"] + moved, "closes": None,
        }  # fmt: skip
        return {**entry, **changes}

    def account(self, account: UUID) -> Row:
        return self.one("SELECT * FROM ledger_account WHERE id = :wanted", wanted=account)

    def pay(self, debit: UUID, credit: UUID, amount: int, verb: str = "INSERT", **changes: Any) -> Row:
        """One transaction of one entry; `changes` are what the burglar says otherwise in the entry."""
        link = self.next_link()
        entry = self.step(link, debit, credit, amount, **changes)
        with self.together():
            self.put("ledger_tx", link)
            self.put("ledger_entry", entry, verb)
        return entry

    def _sent(self, value: Any) -> Any:
        if self.is_sqlite and isinstance(value, UUID):
            return value.bytes
        return instant_text(value) if self.is_sqlite and isinstance(value, datetime) else value

    def _got(self, value: Any) -> Any:
        return (
            UUID(bytes=value) if self.is_sqlite and isinstance(value, bytes) and len(value) == 16 else value
        )

    def _fetched(self, cursor: Any) -> list[Any]:
        return list(cursor.fetchall()) if cursor.description else []
