"""The three keepers of the same ledger: memory, SQLite, PostgreSQL. Each is given the same clock and ids."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import msgspec
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from kit.db import Database
from wallet import checks
from wallet.ledger import decide as rules
from wallet.ledger.book import CardState, open_book
from wallet.ledger.memory import MemoryStore
from wallet.ledger.requests import AnyRequest
from wallet.ledger.shapes import Asset, Transaction
from wallet.models.card import PassCard
from wallet.models.currency import Currency
from wallet.models.holding import Wallet
from wallet.models.ledger import LedgerAccount, LedgerTransaction
from wallet.store.decider import LedgerDecider

HERE = "https://cafe.example"
BIRTH = datetime(2026, 1, 1, tzinfo=UTC)
Link = tuple[int, str, str, bytes]
"""Number, hash before, hash, exact bytes."""
Answer = Transaction | str


class Twin(Protocol):
    """A store, and how the house around it is furnished."""

    def add_asset(self, asset: Asset) -> None: ...

    def archive(self, asset: UUID, archived: bool) -> None: ...

    def add_wallet(self, wallet: UUID) -> None: ...

    def add_card(self, card: UUID, wallet: UUID, proves: bool) -> None: ...

    def mark(self, card: UUID, state: str) -> None: ...

    def run(self, requests: Sequence[AnyRequest], now: datetime) -> list[Answer]: ...

    def links(self, after: int) -> list[Link]: ...

    def holdings(self) -> dict[UUID, tuple[int, int]]: ...

    def troubles(self) -> list[tuple[str, str]]: ...


class MemoryTwin:
    def __init__(self) -> None:
        self.store = MemoryStore()

    def add_asset(self, asset: Asset) -> None:
        self.store.currencies[asset.id] = asset

    def archive(self, asset: UUID, archived: bool) -> None:
        known = self.store.currencies[asset]
        self.store.currencies[asset] = msgspec.structs.replace(known, archived=archived)

    def add_wallet(self, wallet: UUID) -> None:
        self.store.people.add(wallet)

    def add_card(self, card: UUID, wallet: UUID, proves: bool) -> None:
        self.store.passes[card] = CardState(wallet, proves=proves)

    def mark(self, card: UUID, state: str) -> None:
        self.store.passes[card].state = state

    def run(self, requests: Sequence[AnyRequest], now: datetime) -> list[Answer]:
        written = rules.decide(open_book(self.store, requests), requests, now)
        self.store.keep(written)
        return [one if isinstance(one, Transaction) else "conflict" for one in written.answers]

    def links(self, after: int) -> list[Link]:
        return [(one.seq, one.prev, one.hash, one.body) for one in self.store.chain[after:]]

    def holdings(self) -> dict[UUID, tuple[int, int]]:
        return {key: (one.balance, one.held) for key, one in self.store.held.items()}

    def troubles(self) -> list[tuple[str, str]]:
        return []


class SqlTwin:
    """`run` is what the writer does with a batch of the kind, at a moment of our choice."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.decider = LedgerDecider(HERE)

    def add_asset(self, asset: Asset) -> None:
        row = Currency(
            id=asset.id, code=asset.code, issuer=HERE if asset.is_ours else "https://far.example",
            nature=asset.nature, reach=asset.reach, scale=asset.scale, at_par=asset.at_par,
            created_at=BIRTH, name=asset.code, symbol="", icon="", where_spent="",
        )  # fmt: skip
        self.database.write(lambda session: session.add(row))

    def archive(self, asset: UUID, archived: bool) -> None:
        self._say(
            update(Currency).where(Currency.id == asset).values(archived_at=BIRTH if archived else None)
        )

    def add_wallet(self, wallet: UUID) -> None:
        self.database.write(lambda session: session.add(Wallet(id=wallet, created_at=BIRTH)))

    def add_card(self, card: UUID, wallet: UUID, proves: bool) -> None:
        chip = "ntag424" if proves else "static"
        row = PassCard(id=card, number=card.hex, code=card.hex, chip=chip, wallet_id=wallet, created_at=BIRTH)
        self.database.write(lambda session: session.add(row))

    def mark(self, card: UUID, state: str) -> None:
        self._say(update(PassCard).where(PassCard.id == card).values(state=state))

    def run(self, requests: Sequence[AnyRequest], now: datetime) -> list[Answer]:
        def unit(session: Session) -> list[Any]:
            connection = session.connection()
            decision = self.decider.decide(self.decider.load(connection, requests), requests, now)
            for rows in decision.rows:
                rows.statement.write(connection, rows.values)
            return list(decision.outcomes)

        outcomes = self.database.write(unit)
        return [one if isinstance(one, Transaction) else "conflict" for one in outcomes]

    def links(self, after: int) -> list[Link]:
        wanted = select(
            LedgerTransaction.seq, LedgerTransaction.prev, LedgerTransaction.hash, LedgerTransaction.body
        )
        with self.database.read() as session:
            rows = session.execute(
                wanted.where(LedgerTransaction.seq > after).order_by(LedgerTransaction.seq)
            )
            return [(row.seq, row.prev, row.hash, bytes(row.body)) for row in rows]

    def holdings(self) -> dict[UUID, tuple[int, int]]:
        with self.database.read() as session:
            return {one.id: (one.balance, one.held) for one in session.scalars(select(LedgerAccount))}

    def troubles(self) -> list[tuple[str, str]]:
        """What `hameau verify` finds wrong."""
        with self.database.read() as session:
            return [trouble for trouble in checks.ledger(session) if trouble[1]]

    def _say(self, statement: Any) -> None:
        self.database.write(lambda session: session.execute(statement))


def later(minutes: int) -> datetime:
    return BIRTH + timedelta(minutes=minutes)


def empty(database: Database) -> None:
    """Forget everything of the ledger, past its own guards: between two plays of the model on PostgreSQL."""
    names = "ledger_entry, ledger_tx, ledger_account, card_tap, card_mark, pass_card, wallet, currency"

    def unit(session: Session) -> None:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text(f"TRUNCATE {names} CASCADE"))

    database.write(unit)
