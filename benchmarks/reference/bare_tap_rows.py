"""Rows of the bare tap: what the issuer and the acceptor of money must keep, without any rule.

Both: a ledger (transactions with their bytes and chained hashes, entries, balances), the numbered lines of
what one owes the other, how far they go, and the signed envelopes with their items. The issuer: its answers,
and what each card took. The acceptor: the payments and their legs, first as asked, then as answered.
"""

import hashlib
import sqlite3
import time
from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import msgspec

from benchmarks.reference.bare_envelope import Opened, Ring

PLENTY = 10**12
SALES, OWED, CURRENCY = (UUID(int=number).bytes for number in (1, 2, 3))
Row = tuple[Any, ...]

TABLES = """
CREATE TABLE account (id BLOB PRIMARY KEY, currency BLOB NOT NULL, kind TEXT NOT NULL, owner TEXT NOT NULL,
  debits INTEGER NOT NULL, credits INTEGER NOT NULL, held INTEGER NOT NULL, touched INTEGER NOT NULL) STRICT;
CREATE INDEX account_owner ON account (owner, kind);
CREATE INDEX account_kind ON account (kind, currency);
CREATE TABLE tx (seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, kind TEXT NOT NULL, at TEXT NOT NULL,
  content TEXT NOT NULL, prev TEXT NOT NULL, hash TEXT NOT NULL, body BLOB NOT NULL) STRICT;
CREATE INDEX tx_at ON tx (at);
CREATE INDEX tx_kind ON tx (kind, seq);
CREATE TABLE entry (number INTEGER PRIMARY KEY, tx INTEGER NOT NULL, currency BLOB NOT NULL,
  debit BLOB NOT NULL, credit BLOB NOT NULL, amount INTEGER NOT NULL) STRICT;
CREATE INDEX entry_debit ON entry (debit, number);
CREATE INDEX entry_credit ON entry (credit, number);
CREATE TABLE line (issuer TEXT NOT NULL, holder TEXT NOT NULL, asset TEXT NOT NULL, epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL, kind TEXT NOT NULL, ref TEXT NOT NULL, delta INTEGER NOT NULL,
  balance INTEGER NOT NULL, at INTEGER NOT NULL, hash TEXT NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY (issuer, holder, asset, epoch, seq)) STRICT;
CREATE INDEX line_ref ON line (ref);
CREATE TABLE mirror (asset TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash TEXT NOT NULL,
  balance INTEGER NOT NULL) STRICT;
CREATE TABLE envelope (root TEXT PRIMARY KEY, peer TEXT NOT NULL, hashes BLOB NOT NULL,
  sig TEXT NOT NULL) STRICT;
CREATE TABLE item (root TEXT NOT NULL, n INTEGER NOT NULL, asked BLOB NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY (root, n)) STRICT;
CREATE INDEX item_asked ON item (asked);
CREATE TABLE answer (id BLOB PRIMARY KEY, peer TEXT NOT NULL, verb TEXT NOT NULL, asked BLOB NOT NULL,
  req TEXT NOT NULL, body BLOB NOT NULL) STRICT;
CREATE INDEX answer_asked ON answer (asked);
CREATE TABLE used (peer TEXT NOT NULL, asset TEXT NOT NULL, what TEXT NOT NULL, amount INTEGER NOT NULL,
  at TEXT NOT NULL, PRIMARY KEY (peer, asset, what)) STRICT;
CREATE TABLE payment (id BLOB PRIMARY KEY, state TEXT NOT NULL, is_final INTEGER NOT NULL,
  made INTEGER NOT NULL, sale BLOB NOT NULL) STRICT;
CREATE INDEX payment_waiting ON payment (made) WHERE is_final = 0;
CREATE INDEX payment_made ON payment (made);
CREATE TABLE leg (id BLOB PRIMARY KEY, payment BLOB NOT NULL, issuer TEXT NOT NULL, asset TEXT NOT NULL,
  amount INTEGER NOT NULL, ask BLOB NOT NULL, state TEXT NOT NULL, got INTEGER NOT NULL) STRICT;
CREATE INDEX leg_payment ON leg (payment);
"""


class Movement(NamedTuple):
    """One transaction of the ledger."""

    id: bytes
    kind: str
    content: str
    debit: bytes
    credit: bytes
    amount: int


class Rows(Protocol):
    """One side."""

    @property
    def tables(self) -> str: ...

    def write(self, connection: sqlite3.Connection, units: Sequence[Any]) -> Sequence[Any]:
        """Write a group, in one transaction that somebody else commits; what each unit comes to."""
        ...


class IssuerRows:
    """What A keeps of each envelope of charges: it comes to the receipts."""

    def __init__(self, ring: Ring, wallets: Sequence[UUID]) -> None:
        self._ring, self._wallets = ring, wallets

    @property
    def tables(self) -> str:
        return TABLES + opened([wallet.bytes for wallet in self._wallets]) + opened([OWED])

    def write(self, connection: sqlite3.Connection, units: Sequence[Opened]) -> list[list[bytes]]:
        """Raises ValueError for an id used before."""
        said = [(item, msgspec.json.decode(item)) for unit in units for item in unit.items]
        ids = [UUID(charge["id"]).bytes for _, charge in said]
        if among(connection, "SELECT id FROM answer WHERE id IN", ids):
            raise ValueError("an id was used before")
        moves = [
            Movement(key, "charge", _digest(item), UUID(charge["handle"]).bytes, OWED, charge["amount"])
            for key, (item, charge) in zip(ids, said, strict=True)
        ]
        left = move(connection, moves)
        receipts = self._answer(connection, said, moves, left)
        keep_envelopes(connection, units, self._ring.to, ids)
        self._count(connection, [charge for _, charge in said])
        told = iter(receipts)
        return [[next(told) for _ in unit.items] for unit in units]

    def _answer(
        self,
        connection: sqlite3.Connection,
        said: Sequence[tuple[bytes, dict[str, Any]]],
        moves: Sequence[Movement],
        left: dict[bytes, int],
    ) -> list[bytes]:
        asset = said[0][1]["asset"]
        seq, head, balance = last_line(connection, asset)
        lines, answers = list[Row](), list[Row]()
        for (_, charge), one in zip(said, moves, strict=True):
            seq, balance, now = seq + 1, balance + one.amount, int(time.time() * 1000)
            line = {
                "issuer": self._ring.me, "holder": self._ring.to, "asset": asset, "epoch": 1, "seq": seq,
                "kind": "charge", "ref": charge["id"], "delta": one.amount, "balance": balance, "at": now,
                "prev": head,
            }  # fmt: skip
            body = msgspec.json.encode(line)
            head = hashlib.sha256(body).hexdigest()
            lines.append(line_row(line, head, body))
            receipt = {
                "t": "receipt", "id": charge["id"], "made": charge["made"], "verb": "charge",
                "req": one.content, "at": now, "outcome": "posted", "amount": one.amount, "hold_until": 0,
                "left": left[one.debit], "line": msgspec.Raw(body),
            }  # fmt: skip
            said_yes = msgspec.json.encode(receipt)
            answers.append((one.id, self._ring.to, "charge", one.id, one.content, said_yes))
        keep_lines(connection, lines, (asset, seq, head, balance))
        connection.executemany("INSERT INTO answer VALUES (?, ?, ?, ?, ?, ?)", answers)
        return [row[-1] for row in answers]

    def _count(self, connection: sqlite3.Connection, charges: Sequence[dict[str, Any]]) -> None:
        """What a card took today, and what all of them took this minute."""
        now = time.time()
        day, minute = int(now // 86_400), f"minute:{int(now // 60)}"
        uses = [(charge["asset"], f"card:{charge['handle']}:{day}", charge["amount"]) for charge in charges]
        uses += [(charge["asset"], minute, charge["amount"]) for charge in charges]
        connection.executemany(
            "INSERT INTO used VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET amount = used.amount + excluded.amount",
            [(self._ring.to, *use, str(day)) for use in uses],
        )


class AcceptorRows:
    """What B keeps: a payment as it is asked (a tuple), and what an envelope of receipts says (an Opened)."""

    def __init__(self, ring: Ring) -> None:
        self._ring = ring

    @property
    def tables(self) -> str:
        return TABLES + opened([SALES, OWED])

    def write(self, connection: sqlite3.Connection, units: Sequence[Any]) -> Sequence[None]:
        begun = [unit for unit in units if type(unit) is tuple]
        heard = [unit for unit in units if type(unit) is Opened]
        self._begin(connection, begun)
        if heard:
            self._note(connection, heard)
        return [None] * len(units)

    def _begin(
        self, connection: sqlite3.Connection, begun: Sequence[tuple[dict[str, Any], bytes, bytes]]
    ) -> None:
        """`begun`: charge, its bytes, the sale's bytes."""
        ids = [UUID(charge["id"]).bytes for charge, _, _ in begun]
        payments = [(key, charge["made"], sale) for key, (charge, _, sale) in zip(ids, begun, strict=True)]
        connection.executemany("INSERT INTO payment VALUES (?, 'open', 0, ?, ?)", payments)
        legs = [
            (key, key, self._ring.to, charge["asset"], charge["amount"], ask)
            for key, (charge, ask, _) in zip(ids, begun, strict=True)
        ]
        connection.executemany("INSERT INTO leg VALUES (?, ?, ?, ?, ?, ?, 'intent', 0)", legs)

    def _note(self, connection: sqlite3.Connection, heard: Sequence[Opened]) -> None:
        receipts = [msgspec.json.decode(item, type=Heard) for unit in heard for item in unit.items]
        ids = [UUID(receipt.id).bytes for receipt in receipts]
        if len(among(connection, "SELECT id FROM leg WHERE id IN", ids)) != len(ids):
            raise ValueError("nobody asked for this")
        lines = sorted((self._line(receipt) for receipt in receipts), key=lambda row: int(row[4]))
        keep_lines(connection, lines, (lines[-1][2], lines[-1][4], lines[-1][10], lines[-1][8]))
        moves = [
            Movement(hashlib.sha256(row[-1]).digest()[:16], "taking", row[10], OWED, SALES, row[7])
            for row in lines
        ]
        move(connection, moves)
        connection.executemany(
            "UPDATE payment SET state = 'ok', is_final = 1 WHERE id = ?", [(k,) for k in ids]
        )
        got = [(receipt.amount, key) for receipt, key in zip(receipts, ids, strict=True)]
        connection.executemany("UPDATE leg SET state = 'posted', got = ? WHERE id = ?", got)
        keep_envelopes(connection, heard, self._ring.to, ids)

    def _line(self, receipt: "Heard") -> Row:
        body = bytes(receipt.line)
        line = msgspec.json.decode(body)
        if (line["issuer"], line["holder"], line["ref"]) != (self._ring.to, self._ring.me, receipt.id):
            raise ValueError("another line")
        return line_row(line, hashlib.sha256(body).hexdigest(), body)


class Heard(msgspec.Struct):
    """What B reads of a receipt."""

    id: str
    amount: int
    line: msgspec.Raw


def opened(accounts: Sequence[bytes]) -> str:
    """Accounts that hold more than anybody spends."""
    row = "INSERT INTO account VALUES (x'{key}', x'{currency}', 'any', '{key}', 0, {plenty}, 0, 0);"
    return "".join(row.format(key=key.hex(), currency=CURRENCY.hex(), plenty=PLENTY) for key in accounts)


def move(connection: sqlite3.Connection, moves: Sequence[Movement]) -> dict[bytes, int]:
    """Chained transactions, entries, new balances: what each account is left with."""
    if among(connection, "SELECT id FROM tx WHERE id IN", [one.id for one in moves]):
        raise ValueError("a key was used before")
    keys = list({one.debit for one in moves} | {one.credit for one in moves})
    found = among(connection, "SELECT id, debits, credits FROM account WHERE id IN", keys)
    sums = {key: [debits, credits] for key, debits, credits in found}
    last = connection.execute("SELECT seq, hash FROM tx ORDER BY seq DESC LIMIT 1").fetchone()
    seq, head = last or (0, "0" * 64)
    links, entries = list[Row](), list[Row]()
    for one in moves:
        seq, at, prev = seq + 1, time.time(), head
        sums[one.debit][0] += one.amount
        sums[one.credit][1] += one.amount
        said = {
            "id": one.id.hex(), "kind": one.kind, "verdict": "posted", "at": at, "request": one.content,
            "entries": [["transfer", one.debit.hex(), one.credit.hex(), one.amount]], "memo": "Bar",
        }  # fmt: skip
        body = msgspec.json.encode(said)
        head = hashlib.sha256(bytes.fromhex(prev) + body).hexdigest()
        links.append((seq, one.id, one.kind, str(at), one.content, prev, head, body))
        entries.append((seq, seq, CURRENCY, one.debit, one.credit, one.amount))
    connection.executemany("INSERT INTO tx VALUES (?, ?, ?, ?, ?, ?, ?, ?)", links)
    connection.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)", entries)
    moved = [(*both, key) for key, both in sums.items()]
    connection.executemany("UPDATE account SET debits = ?, credits = ? WHERE id = ?", moved)
    return {key: credits - debits for key, (debits, credits) in sums.items()}


def last_line(connection: sqlite3.Connection, asset: str) -> Row:
    """Number, hash and balance."""
    found = connection.execute("SELECT seq, hash, balance FROM mirror WHERE asset = ?", [asset]).fetchone()
    return tuple(found) if found else (0, "0" * 64, 0)


def line_row(line: dict[str, Any], link: str, body: bytes) -> Row:
    """A line as it is kept."""
    names = ("issuer", "holder", "asset", "epoch", "seq", "kind", "ref", "delta", "balance", "at")
    return (*[line[name] for name in names], link, body)


def keep_lines(connection: sqlite3.Connection, lines: Sequence[Row], head: Row) -> None:
    """Lines, and how far they go now."""
    connection.executemany("INSERT INTO line VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", lines)
    connection.execute("INSERT OR REPLACE INTO mirror VALUES (?, ?, ?, ?)", head)


def keep_envelopes(
    connection: sqlite3.Connection, heard: Sequence[Opened], peer: str, ids: Sequence[bytes]
) -> None:
    """What proves who said what."""
    envelopes = [(one.root, peer, one.hashes, one.sig) for one in heard]
    connection.executemany("INSERT INTO envelope VALUES (?, ?, ?, ?)", envelopes)
    places = chain.from_iterable([(one.root, n, item) for n, item in enumerate(one.items)] for one in heard)
    items = [(root, n, key, body) for (root, n, body), key in zip(places, ids, strict=True)]
    connection.executemany("INSERT INTO item VALUES (?, ?, ?, ?)", items)


def among(connection: sqlite3.Connection, sql: str, keys: Sequence[bytes]) -> list[Row]:
    """Rows of those keys."""
    return connection.execute(f"{sql} ({','.join('?' * len(keys))})", keys).fetchall()


def _digest(item: bytes) -> str:
    return hashlib.sha256(item).hexdigest()
