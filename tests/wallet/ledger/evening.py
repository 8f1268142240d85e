"""A node's ledger at work: a café with a few wallets, drinks that are paid for, books that are checked."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid5

import msgspec
from sqlalchemy import select

from kit.db import Database
from kit.ids import new_id
from tests.wallet.ledger.twins import HERE, SqlTwin
from wallet import checks
from wallet.ledger.requests import Holder, Line, Load, Spend
from wallet.ledger.shapes import GENESIS, Asset, Entry, Receipt, content_hash
from wallet.models.ledger import LedgerAccount, LedgerEntry, LedgerTransaction
from wallet.store.decider import KIND, LedgerDecider
from wallet.verify.accounts import guards

LOCAL = Asset(uuid5(UUID(int=1), "local"), "local", "money", "local")
GIFT = Asset(uuid5(UUID(int=1), "gift"), "gift", "gift", "local")
NOON = datetime(2026, 6, 21, 12, tzinfo=UTC)


def wallet(name: str) -> UUID:
    return uuid5(UUID(int=2), name)


def open_café(database: Database, *people: str) -> None:
    """Currencies and empty wallets, and the ledger's kind at work."""
    take_up(database)
    twin = SqlTwin(database)
    for asset in (LOCAL, GIFT):
        twin.add_asset(asset)
    for name in people:
        twin.add_wallet(wallet(name))


def take_up(database: Database) -> None:
    database.register_kind(KIND, LedgerDecider(HERE))


def top_up(name: str, amount: int, number: UUID | None = None) -> Load:
    said = content_hash("top_up", name, amount)
    return Load(
        id=number or new_id(), content=said, kind="top_up", asset=LOCAL.id,
        to=Holder(wallet=wallet(name)), amount=amount,
    )  # fmt: skip


def drink(name: str, price: int, number: UUID | None = None) -> Spend:
    said = content_hash("drink", name, price)
    lines = (Line("Limonade", price),)
    return Spend(id=number or new_id(), content=said, payers=(Holder(wallet=wallet(name)),), lines=lines)


def kept_bodies(database: Database) -> dict[UUID, bytes]:
    """The exact bytes of every transaction, by id."""
    with database.read() as session:
        rows = session.execute(select(LedgerTransaction.id, LedgerTransaction.body))
        return {row.id: bytes(row.body) for row in rows}


def balances(database: Database) -> dict[str, int]:
    """What each wallet and the till have of local money."""
    with database.read() as session:
        return {
            one.owner: one.balance for one in session.scalars(select(LedgerAccount)) if one.kind != "issuance"
        }


def look_through(database: Database) -> None:
    """Recompute everything from the bytes alone, then let `hameau verify` do so. Raises AssertionError."""
    with database.read() as session:
        assert not [trouble for trouble in (*checks.ledger(session), *guards(session)) if trouble[1]]
        links = session.scalars(select(LedgerTransaction).order_by(LedgerTransaction.seq)).all()
        entries = session.scalars(select(LedgerEntry).order_by(LedgerEntry.number)).all()
        accounts = {one.id: one for one in session.scalars(select(LedgerAccount))}
    told = list(_follow(links))
    assert (
        [entry.number for entry in told] == [entry.number for entry in entries] == [*range(1, len(told) + 1)]
    )
    moved, held = Counter[str](), Counter[str]()
    for said, row in zip(told, entries, strict=True):
        assert (said.debit, said.credit, said.amount) == (row.debit.hex, row.credit.hex, row.amount)
        if said.op == "transfer":
            moved.update({said.debit: -said.amount, said.credit: said.amount})
        else:
            held[said.debit] += said.amount if said.op == "hold" else -said.amount
    for key, account in accounts.items():
        assert (account.balance, account.held) == (moved[key.hex], held[key.hex]), f"account {key}"
    assert not sum(account.balance for account in accounts.values())


def _follow(links: Sequence[LedgerTransaction]) -> Iterator[Entry]:
    prev = GENESIS
    for seq, link in enumerate(links, start=1):
        assert (link.seq, link.prev) == (seq, prev), f"link {link.seq}"
        assert link.hash == hashlib.sha256(bytes.fromhex(prev) + link.body).hexdigest(), f"hash of {link.seq}"
        receipt = msgspec.json.decode(link.body, type=Receipt)
        assert (receipt.id, receipt.request, receipt.first) == (link.id, link.content, link.first)
        yield from receipt.entries
        prev = link.hash
