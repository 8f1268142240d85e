"""A ledger that has lived a little, and the names of what stands in it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid5

from kit.db import Database
from tests.wallet.ledger.raw import Raw
from wallet.ledger.shapes import BOTTOMLESS, GENESIS

SPACE = UUID(int=7)
NOON = datetime(2026, 6, 21, 12, tzinfo=UTC)


def named(name: str) -> UUID:
    return uuid5(SPACE, name)


LOCAL, GIFT, HOURS = named("local"), named("gift"), named("hours")
CAMILLE, LEO = named("Camille"), named("Léo")


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
    raw = Raw(url)
    for asset, nature in ((LOCAL, "money"), (GIFT, "gift"), (HOURS, "time")):
        raw.put(
            "currency",
            {
                "id": asset,
                "code": nature,
                "issuer": "https://x.example",
                "nature": nature,
                "reach": "local",
                "scale": 2,
                "at_par": 1 if raw.is_sqlite else True,
                "created_at": NOON,
                "name": nature,
                "symbol": "€",
                "icon": "",
                "where_spent": "",
                "gift_days": None,
                "archived_at": None,
            },
        )

    def account(kind: str, owner: str, asset: UUID = LOCAL, **more: object) -> UUID:
        new = named(f"{asset}{kind}{owner}")
        raw.put(
            "ledger_account",
            {
                "id": new,
                "currency_id": asset,
                "kind": kind,
                "owner": owner,
                "lot": "",
                "expires_at": None,
                "floor": BOTTOMLESS if kind == "issuance" else 0,
                "debits": 0,
                "credits": 0,
                "held": 0,
                "touched": 0,
                **more,
            },
        )
        return new

    raw.put("wallet", {"id": CAMILLE, "person_id": None, "created_at": NOON})
    source, sales = account("issuance", "main"), account("sales", "main")
    gifts = account("issuance", "main", GIFT)
    camille, leo = account("wallet", CAMILLE.hex), account("wallet", LEO.hex)
    voucher = account("wallet", CAMILLE.hex, GIFT, lot="l1", expires_at=NOON)
    raw.put(
        "currency_wording",
        {
            "currency_id": LOCAL,
            "number": 1,
            "at": NOON,
            "name": "old",
            "symbol": "",
            "icon": "",
            "where_spent": "",
        },
    )
    raw.put(
        "pass_card",
        {
            "id": named("card"),
            "uid": "04A1B2C3D4E5F6",
            "number": "1",
            "code": "c",
            "kind": "pass",
            "chip": "ntag424",
            "state": "active",
            "wallet_id": CAMILLE,
            "batch_id": None,
            "created_at": NOON,
        },
    )
    raw.put(
        "card_mark",
        {
            "id": named("mark"),
            "card_id": named("card"),
            "at": NOON,
            "state": "active",
            "wallet_id": CAMILLE,
            "by_id": None,
            "reason": "",
        },
    )
    raw.put("card_tap", {"card_id": named("card"), "counter": 7, "tx_seq": 1})
    link = {
        "seq": 1,
        "id": named("tx"),
        "kind": "top_up",
        "verdict": "posted",
        "at": NOON,
        "content": "",
        "refers": None,
        "first": 1,
        "last": 1,
        "prev": GENESIS,
        "hash": "a" * 64,
        "body": b"{}",
    }
    with raw.together():
        raw.put("ledger_tx", link)
        raw.put("ledger_entry", raw.step(link, source, camille, 1000))
    raw.pay(source, leo, 200)
    raw.pay(gifts, voucher, 500)
    ended = raw.pay(camille, sales, 300, op="hold")["number"]
    raw.pay(camille, sales, 300, op="free", closes=ended)
    held = raw.pay(camille, sales, 300, op="hold")["number"]
    raw.put("ledger_head", {"seq": 1, "hash": "a" * 64, "signed_at": NOON, "key_id": "k", "signature": "s"})
    return Ground(raw, source, camille, leo, voucher, sales, held, ended)
