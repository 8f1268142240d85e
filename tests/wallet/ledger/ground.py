"""A ledger that has lived a little, by real payments, and the names of what stands in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from sqlalchemy import Table
from sqlalchemy.orm import DeclarativeBase

from kit.db import Database
from tests.wallet.ledger.raw import Raw
from tests.wallet.ledger.twins import BIRTH, SqlTwin
from wallet.ledger.requests import Holder, Line, Load, Release, Spend
from wallet.ledger.shapes import Asset, Place
from wallet.models.card import CardMark
from wallet.models.currency import CurrencyWording
from wallet.models.ledger import SignedHead


def named(name: str) -> UUID:
    return uuid5(UUID(int=7), name)


LOCAL, GIFT, HOURS = named("local"), named("gift"), named("hours")
CAMILLE, LEO, CARD = named("Camille"), named("Léo"), named("card")
ASSETS = (
    Asset(LOCAL, "local", "money", "local"),
    Asset(GIFT, "gift", "gift", "local"),
    Asset(HOURS, "hours", "time", "issuer_only"),
)
FILLED: dict[type, Any] = {str: "x", int: 1, bytes: b"x", datetime: BIRTH, UUID: UUID(int=3), bool: True}


@dataclass
class Ground:
    """Camille has 10.00 in local money, 3.00 of them set aside, and a voucher of 5.00; Léo has 2.00."""

    raw: Raw
    source: UUID
    camille: UUID
    leo: UUID
    voucher: UUID
    sales: UUID
    open_hold: int
    ended_hold: int


def lay(db: Database, url: str) -> Ground:
    """Fill an empty database by what people do."""
    twin = SqlTwin(db)
    for asset in ASSETS:
        twin.add_asset(asset)
    for wallet in (CAMILLE, LEO):
        twin.add_wallet(wallet)
    twin.add_card(CARD, CAMILLE, proves=True)
    db.write(lambda session: session.add_all(_papers()))
    set_aside = _spend(300, Holder(wallet=CAMILLE), until=BIRTH + timedelta(hours=1))
    twin.run([_load(CAMILLE, 1010), _load(LEO, 200), _spend(10, Holder(card=CARD, counter=7))], BIRTH)
    twin.run([set_aside], BIRTH)
    twin.run([Release(id=uuid4(), content="", refers=set_aside.id)], BIRTH)
    twin.run([_spend(300, Holder(wallet=CAMILLE), until=BIRTH + timedelta(hours=1))], BIRTH)
    twin.run([_load(CAMILLE, 500, GIFT, "gift")], BIRTH)
    db.write(lambda session: session.add(_filled(SignedHead, seq=1, hash="a" * 64)))
    return found(url)


def found(url: str) -> Ground:
    """The same, in a database that was filled before."""
    raw = Raw(url)
    holds = [
        row["number"] for row in raw.run("SELECT number FROM ledger_entry WHERE op = 'hold' ORDER BY number")
    ]
    return Ground(
        raw,
        source=Place(LOCAL, "issuance", "main").account_id,
        camille=Place(LOCAL, "wallet", str(CAMILLE)).account_id,
        leo=Place(LOCAL, "wallet", str(LEO)).account_id,
        voucher=Place(GIFT, "wallet", str(CAMILLE), "lot").account_id,
        sales=Place(LOCAL, "sales", "main").account_id,
        ended_hold=holds[0],
        open_hold=holds[1],
    )


def _load(wallet: UUID, amount: int, asset: UUID = LOCAL, kind: str = "top_up") -> Load:
    lot, ends = ("lot", BIRTH + timedelta(days=9)) if kind == "gift" else ("", None)
    return Load(
        id=uuid4(), content="", kind=kind, asset=asset, to=Holder(wallet=wallet),
        amount=amount, lot=lot, expires_at=ends,
    )  # fmt: skip


def _spend(price: int, payer: Holder, until: datetime | None = None) -> Spend:
    return Spend(id=uuid4(), content="", payers=(payer,), lines=(Line("x", price),), until=until)


def _papers() -> list[DeclarativeBase]:
    mark = _filled(CardMark, card_id=CARD, wallet_id=CAMILLE, state="active")
    return [_filled(CurrencyWording, currency_id=LOCAL), mark]


def _filled(model: type[DeclarativeBase], **values: Any) -> DeclarativeBase:
    """A row with something in every column."""
    table = model.__table__
    if not isinstance(table, Table):
        raise TypeError("a table is needed")
    for column in table.columns:
        if not column.nullable and column.key not in values:
            values[column.key] = FILLED[model.__annotations__[column.key].__args__[0]]
    return model(**values)
