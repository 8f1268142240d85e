"""Desks out of the database: a handful of questions for a whole batch, past the toolkit."""
# ruff: noqa: S608 - names of our own tables and columns, no input

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from kit.db import driver
from kit.db.among import among, among_tuples
from wallet.between.desk import UseKey
from wallet.between.shapes import (
    Agreement,
    Clearing,
    GrantKept,
    Handle,
    KeptAnswer,
    KeptLine,
    Mirror,
    Payment,
)
from wallet.store.shelf import SqlShelf
from wallet.village_store import reading as read
from wallet.village_store.found import Found

_EPOCH: Final = "SELECT max(number) FROM village_epoch"
_AGREEMENTS: Final = f"SELECT {read.AGREEMENT} FROM village_agreement WHERE peer IN {{keys}}"
_HANDLES: Final = "SELECT handle, wallet_id, home, status FROM village_handle WHERE handle IN {keys}"
_ANSWERS: Final = "SELECT id, peer, verb, asked, req, body FROM village_answer WHERE id IN {keys}"
_MIRRORS: Final = f"SELECT {read.MIRROR} FROM village_mirror WHERE "
_LINES: Final = (
    "SELECT body, hash FROM village_line WHERE issuer = {mark} AND holder = {mark} AND asset = {mark} "
    "AND seq > {mark} AND seq <= {mark} ORDER BY seq, epoch"
)
_USES: Final = (
    "WITH k(peer, asset, what) AS ({keys}) SELECT u.peer, u.asset, u.what, u.amount FROM k "
    "CROSS JOIN village_use u WHERE u.peer = k.peer AND u.asset = k.asset AND u.what = k.what"
)
"""CROSS JOIN: SQLite begins with the keys."""
_PAYMENTS: Final = f"SELECT {read.PAYMENT} FROM village_payment WHERE id IN "
_LEGS: Final = f"SELECT {read.LEG} FROM village_leg WHERE payment_id IN "
_OF_LEGS: Final = "(SELECT payment_id FROM village_leg WHERE id IN {keys})"
_GRANTS: Final = f"SELECT {read.GRANT} FROM village_grant WHERE "
_CLEARINGS: Final = f"SELECT {read.CLEARING} FROM village_clearing WHERE id IN {{keys}}"
_UNREFUSED: Final = (
    f"SELECT {read.CLEARING} FROM village_clearing WHERE peer = {{mark}} AND state <> 'refused'"
)
_DISPUTES: Final = f"SELECT {read.DISPUTE} FROM village_dispute WHERE id IN {{keys}}"
_CONTESTED: Final = f"SELECT {read.DISPUTE} FROM village_dispute WHERE peer = {{mark}} AND "
_OF_LINE: Final = "asset = {mark} AND epoch = {mark} AND seq = {mark}"
_UNENDED: Final = "kind = 'dispute' AND state <> 'refused'"
_FALLEN: Final = "SELECT ref, issuer FROM village_line WHERE ref IN {keys}"
_MAY_RETURN: Final = (
    "SELECT sum(l.amount) FROM village_payment p CROSS JOIN village_leg l WHERE l.payment_id = p.id "
    "AND p.is_final = {no} AND l.issuer = {mark} AND l.asset = {mark} "
    "AND l.state NOT IN ('declined', 'cancelled', 'reversed')"
)

_ALARMS: Final = "SELECT what, peer, number FROM village_alarm WHERE seen_at IS NULL AND peer IN {keys}"
_SET_ASIDE: Final = (
    "SELECT sum(e.amount) FROM ledger_account a CROSS JOIN ledger_entry e WHERE a.currency_id = {mark} "
    "AND a.held > 0 AND a.kind = 'wallet' AND e.debit = a.id AND e.op = 'hold' AND e.credit = {mark} "
    "AND NOT EXISTS (SELECT 1 FROM ledger_entry f WHERE f.closes = e.number)"
)
"""Begins with the few accounts that something is set aside in; the sum of all entries would be long."""


class SqlDrawers:
    """Drawers over an open transaction. `me` is this node's origin. `found` is what stood there already."""

    def __init__(self, connection: Connection, me: str) -> None:
        self._connection, self._me = connection, me
        self.found = Found()

    def shelf(self) -> SqlShelf:
        return SqlShelf(self._connection, self._me)

    def epoch(self) -> int:
        """A node whose money never began anew has no row."""
        ((number,),) = driver.rows(self._connection, _EPOCH)
        return number or 1

    def agreements(self, peers: Sequence[str]) -> Iterable[Agreement]:
        return map(read.agreement, among(self._connection, _AGREEMENTS, peers))

    def handles(self, handles: Sequence[str]) -> Iterable[Handle]:
        return map(read.handle, among(self._connection, _HANDLES, handles))

    def answers(self, ids: Sequence[UUID]) -> Iterable[KeptAnswer]:
        return map(read.answer, among(self._connection, _ANSWERS, ids))

    def mirrors(self, peers: Sequence[str]) -> Iterable[Mirror]:
        found = {one.key: one for one in map(read.mirror, self._of_peers(_MIRRORS, "holder", peers))}
        self.found.mirrors.update(found)
        return found.values()

    def lines(self, peer: str, asset: str, after: int, most: int) -> Iterable[KeptLine]:
        """An asset has one issuer: the lines are those that we wrote, or those that we were told."""
        sides = ((self._me, peer), (peer, self._me))
        asked = ((*side, asset, after, after + most) for side in sides)
        return [read.line(row) for values in asked for row in self._ask(_LINES, values)]

    def uses(self, keys: Sequence[UseKey]) -> Mapping[UseKey, int]:
        rows = among_tuples(self._connection, _USES, keys)
        found = {(peer, asset, what): amount for peer, asset, what, amount in rows}
        self.found.uses.update(found)
        return found

    def payments(self, ids: Sequence[UUID]) -> Iterable[Payment]:
        return self._payments("{keys}", ids)

    def payments_of_legs(self, legs: Sequence[UUID]) -> Iterable[Payment]:
        return self._payments(_OF_LEGS, legs)

    def grants(self, peers: Sequence[str]) -> Iterable[GrantKept]:
        found = {one.id: one for one in map(read.grant, self._of_peers(_GRANTS, "acceptor", peers))}
        return found.values()

    def clearings(self, ids: Sequence[UUID]) -> Iterable[Clearing]:
        found = [read.clearing(row) for row in among(self._connection, _CLEARINGS, ids)]
        found += [read.dispute(row) for row in among(self._connection, _DISPUTES, ids)]
        self.found.clearings.update({one.id: one for one in found})
        return found

    def unfallen(self, peer: str) -> Iterable[Clearing]:
        found = [read.clearing(row) for row in self._ask(_UNREFUSED, (peer,))]
        found += [read.dispute(row) for row in self._ask(_CONTESTED + _UNENDED, (peer,))]
        lines = among(self._connection, _FALLEN, [str(one.id) for one in found])
        fallen = {ref for ref, issuer in lines if issuer == peer}
        return [one for one in found if str(one.id) not in fallen]

    def contests(self, peer: str, asset: str, epoch: int, seq: int) -> Iterable[Clearing]:
        rows = self._ask(_CONTESTED + _OF_LINE, (peer, asset, epoch, seq))
        found = [read.dispute(row) for row in rows]
        self.found.clearings.update({one.id: one for one in found})
        return found

    def set_aside(self, currency: UUID, account: UUID) -> int:
        keys = (currency, account)
        is_sqlite = self._connection.dialect.name == "sqlite"
        ((amount,),) = self._ask(_SET_ASIDE, tuple(one.bytes for one in keys) if is_sqlite else keys)
        return int(amount or 0)

    def may_return(self, peer: str, asset: str) -> int:
        ((amount,),) = self._ask(_MAY_RETURN, (peer, asset))
        return int(amount or 0)

    def find_alarms(self, peers: Sequence[str]) -> None:
        """Those that nobody has seen yet: the same again is counted there."""
        rows = among(self._connection, _ALARMS, sorted(set(peers)))
        self.found.alarms.update({(what, peer): number for what, peer, number in sorted(rows)})

    def _payments(self, which: str, keys: Sequence[UUID]) -> Iterable[Payment]:
        rows = among(self._connection, _PAYMENTS + which, keys)
        legs = among(self._connection, f"{_LEGS}{which} ORDER BY payment_id, n", keys) if rows else ()
        found = read.payments(rows, legs)
        self.found.payments.update(found)
        return found.values()

    def _of_peers(self, sql: str, other: str, peers: Sequence[str]) -> list[Any]:
        """Rows of either direction."""
        sides = ("issuer IN {keys}", f"{other} IN {{keys}}")
        return [row for side in sides for row in among(self._connection, sql + side, peers)]

    def _ask(self, sql: str, values: tuple[object, ...]) -> Sequence[Any]:
        is_sqlite = self._connection.dialect.name == "sqlite"
        words = {"mark": "?", "no": "0"} if is_sqlite else {"mark": "%s", "no": "false"}
        return driver.rows(self._connection, sql.format(**words), values)
