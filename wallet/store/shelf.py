"""Books out of the database: a handful of questions for a whole batch, past the toolkit."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from kit.db import driver
from kit.db.among import among
from kit.db.types import instant_text
from wallet.ledger.book import CardState, CashedOut, Head
from wallet.ledger.shapes import Account, Asset, Place, Receipt, Transaction
from wallet.models.card import NTAG424

CHAIN_LOCK: Final = 0x68616D6561750001
"""Whoever extends the chain on PostgreSQL holds this lock until it commits: processes take turns."""

_HEAD: Final = "SELECT seq, hash, last FROM ledger_tx ORDER BY seq DESC LIMIT 1"
_CURRENCIES: Final = "SELECT id, code, nature, reach, scale, at_par, archived_at, issuer FROM currency"
_PAST: Final = "SELECT seq, prev, hash, body FROM ledger_tx WHERE id IN {keys}"
_FOLLOWERS: Final = "SELECT body FROM ledger_tx WHERE refers IN {keys} ORDER BY seq"
_CARDS: Final = (
    "SELECT c.id, c.wallet_id, c.state, c.chip, "
    "(SELECT max(t.counter) FROM card_tap t WHERE t.card_id = c.id) FROM pass_card c WHERE c.id IN {keys}"
)
_WALLETS: Final = "SELECT id FROM wallet WHERE id IN {keys}"
_ACCOUNT: Final = (
    "SELECT id, currency_id, kind, owner, lot, expires_at, floor, debits, credits, held, touched "
    "FROM ledger_account WHERE "
)
_BY_ID: Final = _ACCOUNT + "id IN {keys}"
_BY_OWNER: Final = _ACCOUNT + "kind = 'wallet' AND credits > debits AND owner IN {keys}"
_MERGING: Final = _ACCOUNT + "kind = 'wallet' AND owner IN {keys}"
_CASHED_OUT: Final = (
    "SELECT t.at, e.amount FROM ledger_entry e JOIN ledger_tx t ON t.seq = e.tx_seq "
    "WHERE t.kind = 'cash_out' AND t.at >= {since} AND e.debit = {account}"
)
_decode_receipt: Final = msgspec.json.Decoder(Receipt).decode


class SqlShelf:
    """A `Shelf` over an open transaction. `here` is this node's address: what it issues is ours."""

    def __init__(self, connection: Connection, here: str) -> None:
        self._connection, self._here = connection, here

    def head(self) -> Head:
        """The last link. On PostgreSQL no other process may add one before this transaction ends."""
        take_turn(self._connection)
        found = driver.rows(self._connection, _HEAD)
        return Head(*found[0]) if found else Head()

    def assets(self) -> Iterator[Asset]:
        for row in driver.rows(self._connection, _CURRENCIES):
            key, code, nature, reach, scale, at_par, archived_at, issuer = row
            yield Asset(
                _uuid(key), code, nature, reach, scale,
                bool(at_par), archived_at is not None, issuer == self._here,
            )  # fmt: skip

    def past(self, ids: Sequence[UUID]) -> Iterator[Transaction]:
        for seq, prev, link, body in among(self._connection, _PAST, ids):
            yield Transaction(seq, prev, link, bytes(body), _decode_receipt(body))

    def followers(self, ids: Sequence[UUID]) -> Iterator[Receipt]:
        return (_decode_receipt(body) for (body,) in among(self._connection, _FOLLOWERS, ids))

    def cards(self, ids: Sequence[UUID]) -> Mapping[UUID, CardState]:
        return {
            _uuid(key): CardState(_uuid(wallet), state, -1 if counter is None else counter, chip == NTAG424)
            for key, wallet, state, chip, counter in among(self._connection, _CARDS, ids)
        }

    def wallets(self, ids: Sequence[UUID]) -> Iterable[UUID]:
        return [_uuid(key) for (key,) in among(self._connection, _WALLETS, ids)]

    def accounts(
        self, ids: Sequence[UUID], owners: Sequence[str], merging: Sequence[str]
    ) -> Iterator[Account]:
        asked = ((_BY_ID, ids), (_BY_OWNER, owners), (_MERGING, merging))
        found = {_uuid(row[0]): row for sql, keys in asked for row in among(self._connection, sql, keys)}
        return (_account(key, row) for key, row in found.items())

    def cashed_out(self, account: UUID, since: datetime) -> Iterator[CashedOut]:
        is_sqlite = self._connection.dialect.name == "sqlite"
        marks = {"since": "?", "account": "?"} if is_sqlite else {"since": "%s", "account": "%s"}
        values = (instant_text(since), account.bytes) if is_sqlite else (since, account)
        for at, amount in driver.rows(self._connection, _CASHED_OUT.format(**marks), values):
            yield CashedOut(_time(at), amount)


def take_turn(connection: Connection) -> None:
    """On PostgreSQL, wait until no other process may extend the chain before this transaction ends."""
    if connection.dialect.name == "postgresql":
        driver.run(connection, f"SELECT pg_advisory_xact_lock({CHAIN_LOCK})")


def _account(key: UUID, row: Any) -> Account:
    _, currency, kind, owner, lot, expires_at, floor, debits, credits, held, touched = row
    ends = _time(expires_at) if expires_at is not None else None
    place = Place(_uuid(currency), kind, owner, lot, ends)
    return Account(key, place, floor, debits, credits, held, touched)


def _uuid(value: Any) -> UUID:
    """SQLite keeps sixteen bytes."""
    return UUID(bytes=value) if isinstance(value, bytes) else value


def _time(value: Any) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
