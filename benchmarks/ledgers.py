"""A ledger to measure: a node's database with one currency, and wallets that can pay for a long time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, select

from kit.db import Base, Database
from kit.ids import new_id
from migrations.models import load_models
from wallet.checks import CHECKS
from wallet.ledger.requests import Holder, Load, Spend
from wallet.ledger.shapes import Line, Memo, Receipt, content_hash
from wallet.models.currency import Currency
from wallet.models.ledger import LedgerTransaction
from wallet.service.posting import submit
from wallet.service.wallets import new_wallet
from wallet.store.decider import KIND, LedgerDecider

HERE = "https://bench.example"
PLENTY = 10**12
PRICE = 250
LINES = (Line("Limonade artisanale", PRICE),)


@dataclass(frozen=True)
class Till:
    """An open ledger, its currency, and who pays."""

    db: Database
    currency: UUID
    wallets: Sequence[UUID]

    def pay(self, wallet: UUID) -> Receipt:
        """One payment, on disk when this returns."""
        return submit(self.db, payment(wallet))

    def count(self) -> int:
        """How many transactions the ledger holds."""
        with self.db.read() as session:
            return session.scalar(select(func.max(LedgerTransaction.seq))) or 0


def open_till(url: str, wallets: int) -> Till:
    """A new ledger, opened like a node's: every commit is flushed."""
    load_models()
    db = Database(url)
    db.define(Base.metadata.create_all)
    db.register_kind(KIND, LedgerDecider(HERE))
    till = Till(db, _currency(db), [_wallet(db) for _ in range(wallets)])
    for wallet in till.wallets:
        submit(db, _load(till.currency, wallet))
    return till


def payment(wallet: UUID) -> Spend:
    """What the till asks for one drink, under an id of its own."""
    payers, memo = (Holder(wallet),), Memo(point="Bar", by=wallet.hex, lines=LINES)
    return Spend(
        id=new_id(), content=content_hash("spend", LINES, payers), payers=payers, lines=LINES, memo=memo
    )


def broken(db: Database) -> str:
    """What `hameau verify` finds wrong first, or an empty string."""
    with db.read() as session:
        found = (f"{where}: {why}" for check in CHECKS for where, why in check.run(session) if why)
        return next(found, "")


def _currency(db: Database) -> UUID:
    key = new_id()
    row = Currency(
        id=key, code="local", issuer=HERE, nature="money", reach="local", scale=2, at_par=True,
        created_at=datetime.now(UTC), archived_at=None, gift_days=None,
        name="Monnaie locale", symbol="€", icon="coins", where_spent="",
    )  # fmt: skip
    db.write(lambda session: session.add(row))
    return key


def _wallet(db: Database) -> UUID:
    return db.write(lambda session: new_wallet(session).id)


def _load(currency: UUID, wallet: UUID) -> Load:
    content = content_hash("load", currency, wallet)
    return Load(id=new_id(), content=content, kind="top_up", asset=currency, to=Holder(wallet), amount=PLENTY)
