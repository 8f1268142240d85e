"""A bare ledger: the same durable rows and groups of payments as ours, without its rules and triggers.

Each group looks up its keys, its accounts and the last link, then writes transactions with their bytes and
chained hashes, entries, and the new balances: the sentences that the driver runs quickest, written by hand.
Published libraries only, none of our code: where ours gets slower, the reference must not follow.
"""

import hashlib
import os
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import msgspec
import psycopg

MOST = 512
"""Payments per commit, at most."""
SALES = UUID(int=1)
CURRENCY = UUID(int=2)

TABLES = """
CREATE TABLE account (id {uuid} PRIMARY KEY, currency {uuid} NOT NULL, kind TEXT NOT NULL,
  owner TEXT NOT NULL, debits BIGINT NOT NULL, credits BIGINT NOT NULL, held BIGINT NOT NULL,
  touched BIGINT NOT NULL){strict};
CREATE INDEX account_owner ON account (owner, kind);
CREATE INDEX account_kind ON account (kind, currency);
CREATE TABLE tx (seq BIGINT PRIMARY KEY, id {uuid} NOT NULL UNIQUE, kind TEXT NOT NULL, verdict TEXT NOT NULL,
  at {time} NOT NULL, content TEXT NOT NULL, refers {uuid}, first BIGINT NOT NULL, last BIGINT NOT NULL,
  prev TEXT NOT NULL, hash TEXT NOT NULL, body {bytes} NOT NULL){strict};
CREATE INDEX tx_refers ON tx (refers) WHERE refers IS NOT NULL;
CREATE INDEX tx_at ON tx (at);
CREATE INDEX tx_kind ON tx (kind, seq);
CREATE TABLE entry (number BIGINT PRIMARY KEY, tx BIGINT NOT NULL, op TEXT NOT NULL, currency {uuid} NOT NULL,
  debit {uuid} NOT NULL, credit {uuid} NOT NULL, amount BIGINT NOT NULL, debit_after BIGINT NOT NULL,
  credit_after BIGINT NOT NULL, closes BIGINT){strict};
CREATE UNIQUE INDEX entry_closes ON entry (closes) WHERE closes IS NOT NULL;
CREATE INDEX entry_debit ON entry (debit, number);
CREATE INDEX entry_credit ON entry (credit, number);
"""

Row = tuple[Any, ...]


@dataclass(slots=True, eq=False)
class Payment:
    """What a client asks for, and where it hears that it is on disk."""

    id: UUID
    wallet: UUID
    label: str
    amount: int
    content: str
    done: "Future[None]" = field(default_factory=Future)


@dataclass(slots=True)
class Head:
    """The last link."""

    seq: int = 0
    hash: str = "0" * 64
    last: int = 0


@dataclass(slots=True)
class Balance:
    """What an account was debited and credited."""

    debits: int
    credits: int
    touched: int = 0


@dataclass(slots=True)
class Group:
    """Rows of one commit."""

    transactions: list[Row] = field(default_factory=list)
    entries: list[Row] = field(default_factory=list)


class Rows(Protocol):
    """One database."""

    def keep(self, payments: Sequence[Payment]) -> None:
        """Write them in one transaction, flushed when this returns."""
        ...

    def balances(self) -> dict[UUID, int]: ...

    def close(self) -> None: ...


class BareLedger:
    """Clients wait in a queue; one thread commits together what waits."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self._queue: queue.SimpleQueue[Payment | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._live)
        self._thread.start()

    def pay(self, wallet: UUID, label: str, amount: int) -> None:
        """One payment, on disk when this returns."""
        payment = asked(wallet, label, amount)
        self._queue.put(payment)
        payment.done.result()

    def close(self) -> None:
        """Finish what waits."""
        self._queue.put(None)
        self._thread.join()
        self.rows.close()

    def _live(self) -> None:
        while (first := self._queue.get()) is not None:
            payments = [first]
            while len(payments) < MOST and (more := self._next()) is not None:
                payments.append(more)
            self.rows.keep(payments)
            for payment in payments:
                payment.done.set_result(None)

    def _next(self) -> Payment | None:
        try:
            found = self._queue.get_nowait()
        except queue.Empty:
            return None
        if found is None:
            self._queue.put(None)
        return found


def asked(wallet: UUID, label: str, amount: int) -> Payment:
    """A payment with a key that sorts by time (UUIDv7) and the hash of what was asked."""
    made = (time.time_ns() // 1_000_000 << 80) | 7 << 76 | 2 << 62
    key = UUID(int=made | int.from_bytes(os.urandom(9), "big") >> 10)
    said = hashlib.sha256(msgspec.json.encode(("spend", label, amount, wallet))).hexdigest()
    return Payment(key, wallet, label, amount, said)


def grouped(payments: Sequence[Payment], head: Head, balances: dict[UUID, Balance], at: datetime) -> Group:
    """The rows of these payments; `balances` and `head` are what they were, and become what they are."""
    group = Group()
    sales = balances[SALES]
    for payment in payments:
        payer = balances[payment.wallet]
        payer.debits += payment.amount
        sales.credits += payment.amount
        head.last += 1
        payer.touched = sales.touched = head.last
        after = (payer.credits - payer.debits, sales.credits - sales.debits)
        _link(group, head, payment, after, at)
    return group


def _link(group: Group, head: Head, payment: Payment, after: tuple[int, int], at: datetime) -> None:
    entry = (head.last, "transfer", CURRENCY.hex, payment.wallet.hex, SALES.hex, payment.amount, *after, None)
    body = msgspec.json.encode(
        {
            "id": payment.id,
            "kind": "spend",
            "verdict": "posted",
            "at": at,
            "request": payment.content,
            "first": head.last,
            "entries": (entry,),
            "split": ((0, head.last, payment.amount),),
            "memo": {
                "point": "Bar",
                "by": payment.wallet.hex,
                "lines": ({"label": payment.label, "amount": payment.amount},),
            },
        }
    )
    prev, head.hash = head.hash, hashlib.sha256(bytes.fromhex(head.hash) + body).hexdigest()
    head.seq += 1
    said = ("spend", "posted", at, payment.content, None, head.last, head.last)
    group.transactions.append((head.seq, payment.id, *said, prev, head.hash, body))
    moved = (CURRENCY, payment.wallet, SALES, payment.amount, *after, None)
    group.entries.append((head.last, head.seq, "transfer", *moved))


class SqliteRows:
    """The standard `sqlite3`, write-ahead log, a full flush at each commit."""

    def __init__(self, file: Path, wallets: Sequence[UUID], plenty: int, pause: Callable[[], None]) -> None:
        self._pause = pause
        self._connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self._connection.execute(f"PRAGMA {pragma}")
        script = TABLES.format(uuid="BLOB", time="TEXT", bytes="BLOB", strict=" STRICT")
        self._connection.executescript(script.replace("BIGINT", "INTEGER"))
        rows = [_opened(wallet, "wallet", plenty) for wallet in wallets] + [_opened(SALES, "sales", 0)]
        self._connection.executemany("INSERT INTO account VALUES (?, ?, ?, ?, ?, ?, ?, ?)", map(_bytes, rows))

    def keep(self, payments: Sequence[Payment]) -> None:
        run, many = self._connection.execute, self._connection.executemany
        run("BEGIN IMMEDIATE")
        if self._among("SELECT id FROM tx WHERE id IN", [one.id.bytes for one in payments]):
            raise ValueError("a key was used before")
        balances = self._accounts({SALES, *(one.wallet for one in payments)})
        group = grouped(payments, self._head(), balances, datetime.now(UTC))
        many("INSERT INTO tx VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", map(_bytes, group.transactions))
        many("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", map(_bytes, group.entries))
        moved = [(one.debits, one.credits, one.touched, key.bytes) for key, one in balances.items()]
        many("UPDATE account SET debits = ?, credits = ?, touched = ? WHERE id = ?", moved)
        self._pause()
        run("COMMIT")

    def balances(self) -> dict[UUID, int]:
        rows = self._connection.execute("SELECT id, credits - debits FROM account")
        return {UUID(bytes=key): balance for key, balance in rows}

    def close(self) -> None:
        self._connection.close()

    def _head(self) -> Head:
        row = self._connection.execute("SELECT seq, hash, last FROM tx ORDER BY seq DESC LIMIT 1").fetchone()
        return Head(*row) if row else Head()

    def _accounts(self, keys: set[UUID]) -> dict[UUID, Balance]:
        wanted = "SELECT id, debits, credits FROM account WHERE id IN"
        rows = self._among(wanted, [key.bytes for key in keys])
        return {UUID(bytes=key): Balance(debits, credits) for key, debits, credits in rows}

    def _among(self, sql: str, keys: Sequence[bytes]) -> list[Row]:
        return self._connection.execute(f"{sql} ({','.join('?' * len(keys))})", keys).fetchall()


class PostgresRows:
    """psycopg, one array for each column, everything of a group in three sentences of one pipeline."""

    _TX = (
        "INSERT INTO tx SELECT * FROM unnest(%b::bigint[], %b::uuid[], %b::text[], %b::text[], "
        "%b::timestamptz[], %b::text[], %b::uuid[], %b::bigint[], %b::bigint[], %b::text[], %b::text[], "
        "%b::bytea[])"
    )
    _ENTRY = (
        "INSERT INTO entry SELECT * FROM unnest(%b::bigint[], %b::bigint[], %b::text[], %b::uuid[], "
        "%b::uuid[], %b::uuid[], %b::bigint[], %b::bigint[], %b::bigint[], %b::bigint[])"
    )
    _ACCOUNT = (
        "UPDATE account SET debits = n.debits, credits = n.credits, touched = n.touched "
        "FROM unnest(%b::bigint[], %b::bigint[], %b::bigint[], %b::uuid[]) n (debits, credits, touched, id) "
        "WHERE account.id = n.id"
    )

    def __init__(self, address: str, wallets: Sequence[UUID], plenty: int) -> None:
        self._connection = psycopg.connect(address)
        with self._connection.transaction():
            self._connection.execute(TABLES.format(uuid="UUID", time="TIMESTAMPTZ", bytes="BYTEA", strict=""))
            rows = [_opened(wallet, "wallet", plenty) for wallet in wallets] + [_opened(SALES, "sales", 0)]
            self._connection.cursor().executemany(
                "INSERT INTO account VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", rows
            )

    def keep(self, payments: Sequence[Payment]) -> None:
        with self._connection.transaction():
            balances, head = self._found(payments)
            group = grouped(payments, head, balances, datetime.now(UTC))
            moved = [(one.debits, one.credits, one.touched, key) for key, one in balances.items()]
            with self._connection.pipeline():
                self._connection.execute(self._TX, _columns(group.transactions))
                self._connection.execute(self._ENTRY, _columns(group.entries))
                self._connection.execute(self._ACCOUNT, _columns(moved))

    def balances(self) -> dict[UUID, int]:
        return dict(self._connection.execute("SELECT id, credits - debits FROM account").fetchall())

    def close(self) -> None:
        self._connection.close()

    def _found(self, payments: Sequence[Payment]) -> tuple[dict[UUID, Balance], Head]:
        """Keys, accounts and the last link, asked for together."""
        keys, accounts = [one.id for one in payments], sorted({SALES, *(one.wallet for one in payments)})
        wanted = "SELECT id, debits, credits FROM account WHERE id = ANY(%s) ORDER BY id FOR UPDATE"
        with self._connection.pipeline():
            used = self._connection.execute("SELECT id FROM tx WHERE id = ANY(%s)", (keys,))
            rows = self._connection.execute(wanted, (accounts,))
            last = self._connection.execute("SELECT seq, hash, last FROM tx ORDER BY seq DESC LIMIT 1")
        if used.fetchone():
            raise ValueError("a key was used before")
        row = last.fetchone()
        return {key: Balance(*more) for key, *more in rows}, Head(*row) if row else Head()


def _opened(key: UUID, kind: str, credits: int) -> Row:
    return (key, CURRENCY, kind, key.hex, 0, credits, 0, 0)


def _bytes(row: Row) -> Row:
    """SQLite keeps ids as sixteen bytes and times as text."""
    return tuple([_plain(value) for value in row])


def _plain(value: Any) -> Any:
    if type(value) is UUID:
        return value.bytes
    return value.isoformat() if type(value) is datetime else value


def _columns(rows: Sequence[Row]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
