"""Accounts against what their entries add up to; currencies, lots, refunds; triggers still in place."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from kit.db import Base
from kit.db.triggers import declared_triggers
from wallet.ledger.shapes import Place
from wallet.verify.chain import Replay, Sums
from wallet.verify.reading import hexed, rows

GUARDED: Final = (
    "ledger_account", "ledger_tx", "ledger_entry", "ledger_head",
    "currency", "currency_wording", "pass_card", "card_mark", "card_tap",
)  # fmt: skip
_ACCOUNTS: Final = (
    "SELECT id, currency_id, kind, owner, lot, expires_at, floor, debits, credits, held, touched "
    "FROM ledger_account ORDER BY id"
)
_OVER_REFUNDED: Final = (
    "SELECT t.seq, t.id FROM ledger_tx t JOIN ledger_tx r ON r.refers = t.id "
    "JOIN ledger_entry e ON e.number BETWEEN r.first AND r.last AND e.op = 'transfer' "
    "WHERE t.verdict IN ('posted', 'captured') GROUP BY t.seq, t.id HAVING sum(e.amount) > "
    "(SELECT sum(p.amount) FROM ledger_entry p WHERE p.number BETWEEN t.first AND t.last "
    "AND p.op = 'transfer') ORDER BY t.seq"
)
_SPENT_LATE: Final = (
    "SELECT e.number FROM ledger_entry e JOIN ledger_account a ON a.id = e.debit "
    "JOIN ledger_tx t ON t.seq = e.tx_seq WHERE t.kind IN ('spend', 'charge') AND a.expires_at <= t.at "
    "ORDER BY e.number"
)
_OFTEN_CLOSED: Final = (
    "SELECT refers, count(*) FROM ledger_tx WHERE verdict IN ('captured', 'released') "
    "GROUP BY refers HAVING count(*) > 1"
)


def accounts(session: Session, replay: Replay) -> Iterator[tuple[str, str]]:
    """Each account beside the sums of its entries, then each currency, which must add up to nothing."""
    totals: dict[str, int] = {}
    unseen = set(replay.accounts)
    for row in rows(session, _ACCOUNTS):
        key, currency = hexed(row[0]), hexed(row[1])
        unseen.discard(key)
        totals[currency] = totals.get(currency, 0) + row[8] - row[7]
        yield f"ledger_account {UUID(hex=key)}", _account(row, replay.accounts.get(key, Sums()))
    for key in sorted(unseen):
        yield f"ledger_account {UUID(hex=key)}", "its entries are there and it is not"
    for currency, total in totals.items():
        yield f"currency {UUID(hex=currency)}", "its accounts do not add up to nothing" if total else ""


def undoings(session: Session) -> Iterator[tuple[str, str]]:
    """Refunds never above what was paid, holds ended once, vouchers never spent after their end."""
    for seq, _ in rows(session, _OVER_REFUNDED):
        yield f"ledger_tx {seq}", "more was given back than was paid"
    for refers, _ in rows(session, _OFTEN_CLOSED):
        yield f"ledger_tx {UUID(hex=hexed(refers))}", "what it set aside was settled twice"
    for (number,) in rows(session, _SPENT_LATE):
        yield f"ledger_entry {number}", "it spends vouchers after their end"


def guards(session: Session) -> Iterator[tuple[str, str]]:
    """Each trigger that protects the ledger, and whether it still stands."""
    names = standing(session.connection())
    for table in GUARDED:
        for name in declared_triggers(Base.metadata.tables[table]):
            yield f"trigger {name}", "" if name in names else "it was taken away"


def _account(row: tuple[Any, ...], sums: Sums) -> str:
    key, currency, kind, owner, lot, _, floor, debits, credits, held, touched = row
    place = Place(UUID(hex=hexed(currency)), kind, owner, lot)
    if place.account_id.hex != hexed(key):
        return "its id is not that of its owner, currency and lot"
    if floor != place.floor:
        return "its floor is not that of its kind"
    if (debits, credits, held, touched) != (sums.debits, sums.credits, sums.held, sums.touched):
        return f"it says {_sums(debits, credits, held)}, and its entries {_sums(*sums.totals)}"
    return "it is below its floor" if credits - debits - held < floor else ""


def _sums(debits: int, credits: int, held: int) -> str:
    return f"{debits} out, {credits} in, {held} set aside"


def standing(connection: Connection) -> set[str]:
    """The triggers that are there, by name."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    else:
        found = connection.execute(
            text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")
        )
    return set(found.scalars())
