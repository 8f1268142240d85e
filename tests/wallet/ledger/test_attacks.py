"""Every forbidden write, tried with plain SQL on a database that has lived: refused, and nothing changes."""
# ruff: noqa: S608 - the burglar writes his own SQL

import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest

from kit.db import Database
from kit.db.migrate import upgrade
from tests import cluster
from tests.wallet.ledger import ground
from tests.wallet.ledger.ground import GIFT, LOCAL, Ground
from tests.wallet.ledger.raw import Refused, Row
from wallet.ledger.shapes import BOTTOMLESS, GENESIS, MOST

Attack = Callable[[Ground], object]
ATTACKS: dict[str, Attack] = {}
SQLITE_ONLY: dict[str, Attack] = {}
POSTGRESQL_ONLY: dict[str, Attack] = {}


def attack(name: str, where: dict[str, Attack] = ATTACKS) -> Callable[[Attack], Attack]:
    def keep(tried: Attack) -> Attack:
        where[name] = tried
        return tried

    return keep


def say(name: str, sql: str, where: dict[str, Attack] = ATTACKS) -> None:
    """An attack of one statement."""
    where[name] = lambda there: there.raw.run(sql)


# Entries that should never be.


def entry(name: str, amount: int = 100, verb: str = "INSERT", **changes: object) -> None:
    """An attack that is a payment of Camille to the till but for `changes`."""
    said = {{"from_": "debit", "into": "credit"}.get(key, key): value for key, value in changes.items()}

    def tried(there: Ground) -> None:
        link = there.raw.next_link()
        step = there.raw.step(link, there.camille, there.sales, amount, op=changes.get("op", "transfer"))
        with there.raw.together():
            there.raw.put("ledger_tx", link)
            there.raw.put("ledger_entry", {**step, **said}, verb)

    ATTACKS[name] = tried


entry("a negative amount", -100)
entry("nothing at all", 0)
entry("more than JSON can say", MOST + 1)
entry("a step of no known kind", op="gift")
entry("a transfer that ends a hold", closes=6)
entry("a free that ends nothing", op="free")
entry("a free that ends a transfer", op="free", closes=1)
entry("a wrong balance of the giver", debit_after=999_999)
entry("a wrong balance of the taker", credit_after=999_999)
entry("a wrong balance beside a hold", op="hold", debit_after=999_999)
entry("a wrong balance of the taker beside a hold", op="hold", credit_after=999_999)
entry("a currency that the accounts do not have", currency_id=GIFT)
entry("a currency that nobody knows", currency_id=uuid4())
entry("an entry of an older transaction", tx_seq=1)
entry("an entry of no transaction", tx_seq=99)
entry("an entry outside its transaction", number=99)
entry("more than there is", 1001)
entry("more than is free of holds", 701)
entry("a hold over what is free", 701, op="hold")
for unruly in ("OR IGNORE", "OR FAIL", "OR REPLACE"):
    SQLITE_ONLY[f"more than there is, {unruly}"] = lambda there, verb=unruly: there.raw.pay(  # type: ignore[misc]
        there.camille, there.sales, 1001, f"INSERT {verb}"
    )
    SQLITE_ONLY[f"a hold over what is free, {unruly}"] = lambda there, verb=unruly: there.raw.pay(  # type: ignore[misc]
        there.camille, there.sales, 701, f"INSERT {verb}", op="hold"
    )


@attack("to oneself")
def _(there: Ground) -> None:
    there.raw.pay(there.camille, there.camille, 100)


@attack("from one currency into another")
def _(there: Ground) -> None:
    there.raw.pay(there.voucher, there.camille, 100)


@attack("from one currency into another, under the name of the other")
def _(there: Ground) -> None:
    there.raw.pay(there.voucher, there.camille, 100, currency_id=LOCAL)


entry("out of an account that is not there", from_=uuid4())
entry("into an account that is not there", into=uuid4())


@attack("a hold ended twice")
def _(there: Ground) -> None:
    there.raw.pay(there.camille, there.sales, 300, op="free", closes=there.ended_hold)


@attack("a hold ended by half")
def _(there: Ground) -> None:
    there.raw.pay(there.camille, there.sales, 150, op="free", closes=there.open_hold)


@attack("somebody else's hold ended")
def _(there: Ground) -> None:
    there.raw.pay(there.leo, there.sales, 300, op="free", closes=there.open_hold)


@attack("a hold ended for another taker")
def _(there: Ground) -> None:
    there.raw.pay(there.camille, there.leo, 300, op="free", closes=there.open_hold)


@attack("a second entry where the transaction has one")
def _(there: Ground) -> None:
    link = there.raw.next_link()
    with there.raw.together():
        there.raw.put("ledger_tx", link)
        there.raw.put("ledger_entry", there.raw.step(link, there.camille, there.sales, 100))
        second = there.raw.step(link, there.camille, there.sales, 100, number=link["first"] + 1)
        there.raw.put("ledger_entry", second)


@attack("a gap between entries")
def _(there: Ground) -> None:
    link = there.raw.next_link(entries=3)
    with there.raw.together():
        there.raw.put("ledger_tx", link)
        second = there.raw.step(link, there.camille, there.sales, 100, number=link["first"] + 1)
        there.raw.put("ledger_entry", second)


@attack("an entry put in the place of another")
def _(there: Ground) -> None:
    old = there.raw.one("SELECT * FROM ledger_entry WHERE number = 1")
    there.raw.put("ledger_entry", {**old, "amount": 999_999})


say("an entry rewritten", "UPDATE ledger_entry SET amount = 1 WHERE number = 1")
say("an entry removed", "DELETE FROM ledger_entry WHERE number = 1")
say("all entries removed", "DELETE FROM ledger_entry")


# Links that should never be.


def link(name: str, **changes: object) -> None:
    """An attack that is the next link of the chain but for `changes`, without entries."""
    ATTACKS[name] = lambda there: there.raw.put("ledger_tx", there.raw.next_link(0, **changes))


link("a gap in the chain", seq=99)
link("a link before the first", seq=0)
link("a link below zero", seq=-1)
link("a link that follows nothing", prev="f" * 64)
link("a second beginning", prev=GENESIS)
link("a second beginning in the place of the first", prev=GENESIS, seq=1, first=1, last=0)
link("entries that were counted before", first=1)
link("entries that were jumped over", first=99, last=99)
link("fewer entries than none", last=1)
link("a hash that is none", hash="short")
link("a transaction of an unknown verdict", verdict="perhaps")


@attack("a fork")
def _(there: Ground) -> None:
    before = there.raw.one("SELECT seq, prev FROM ledger_tx ORDER BY seq DESC LIMIT 1")
    there.raw.put("ledger_tx", there.raw.next_link(0, prev=before["prev"]))


@attack("a fork from further back")
def _(there: Ground) -> None:
    second = there.raw.one("SELECT * FROM ledger_tx WHERE seq = 2")
    there.raw.put("ledger_tx", {**second, "id": uuid4(), "hash": "e" * 64})


@attack("the same id twice")
def _(there: Ground) -> None:
    taken = there.raw.one("SELECT id FROM ledger_tx WHERE seq = 2")["id"]
    there.raw.put("ledger_tx", there.raw.next_link(0, id=taken))


say("a transaction rewritten", "UPDATE ledger_tx SET body = body WHERE seq = 1")
say("an answer turned round", "UPDATE ledger_tx SET verdict = 'declined' WHERE seq = 1")
say("a transaction removed", "DELETE FROM ledger_tx WHERE seq = 1")
say("the last transaction removed", "DELETE FROM ledger_tx WHERE seq = (SELECT max(seq) FROM ledger_tx)")


# Accounts that should never be.


def change(name: str, assignment: str) -> None:
    """An attack on Camille's account by hand."""
    sql = f"UPDATE ledger_account SET {assignment} WHERE id = :camille"
    ATTACKS[name] = lambda there: there.raw.run(sql, camille=there.camille)


change("a balance written by hand", "credits = credits + 100")
change("a balance written by hand with a number", "credits = credits + 100, touched = touched + 1")
change("a debt taken away", "debits = 0")
change("an entry applied twice", "credits = credits + 1000, touched = 1")
change("a hold applied twice", "held = held + 300, touched = touched")
change("a hold forgotten", "held = 0")
change("a floor lowered", "floor = -1000000")
change("an owner changed", "owner = 'somebody'")
change("a lot changed", "lot = 'other'")
change("another kind of account", "kind = 'issuance'")
change("an account that was never touched", "touched = 0")
say("a voucher that lasts for ever", "UPDATE ledger_account SET expires_at = NULL WHERE lot <> ''")
say("an account removed", "DELETE FROM ledger_account WHERE kind = 'wallet'")


@attack("an account that changes its currency")
def _(there: Ground) -> None:
    sql = "UPDATE ledger_account SET currency_id = :gift WHERE id = :camille"
    there.raw.run(sql, gift=GIFT, camille=there.camille)


def born(name: str, verb: str = "INSERT", **changes: object) -> None:
    """An attack that is a new account of a new wallet but for `changes`."""

    def tried(there: Ground) -> None:
        there.raw.put("ledger_account", new_account(there, **changes), verb)

    ATTACKS[name] = tried


def new_account(there: Ground, **changes: object) -> Row:
    like = there.raw.account(there.leo)
    empty = {"debits": 0, "credits": 0, "held": 0, "touched": 0, "floor": 0}
    return {**like, "id": uuid4(), "owner": uuid4().hex, **empty, **changes}


born("an account born with money", credits=100)
born("an account born with money given and taken", credits=100, debits=100)
born("an account born with a debt", debits=100, floor=-100)
born("an account born with a hold", held=1, floor=-1)
born("an account born touched", touched=10**9)
born("a wallet that may owe", floor=-100)
born("a wallet without bottom", floor=BOTTOMLESS)
born("an account of no known kind", kind="pocket")
born("an account of a currency that nobody knows", currency_id=uuid4())


@attack("a second account in the same place")
def _(there: Ground) -> None:
    there.raw.put("ledger_account", new_account(there, owner=there.raw.account(there.leo)["owner"]))


@attack("an account born again, empty")
def _(there: Ground) -> None:
    there.raw.put("ledger_account", new_account(there, id=there.camille))


# The same by the ways that only one of the databases has.


@attack("an account replaced by an empty one", SQLITE_ONLY)
def _(there: Ground) -> None:
    there.raw.put("ledger_account", new_account(there, id=there.camille), "INSERT OR REPLACE")


def by_row_number(name: str, table: str) -> None:
    """An attack that names SQLite's own row number, so that another key replaces the row unseen."""

    def tried(there: Ground) -> None:
        old = there.raw.one(f"SELECT rowid AS place, * FROM {table} LIMIT 1")
        place = old.pop("place")
        keys = {"id": uuid4(), "owner": "new", "code": "new", "number": 77, "hash": "d" * 64, "counter": 77}
        keys |= {"uid": "04FFFFFFFFFFFF"}
        empty = {"debits": 0, "credits": 0, "held": 0, "touched": 0} if table == "ledger_account" else {}
        row = {name: keys.get(name, value) for name, value in old.items()}
        there.raw.put(table, {"rowid": place, **row, **empty}, "INSERT OR REPLACE")

    SQLITE_ONLY[name] = tried


for table in ("ledger_account", "currency", "currency_wording", "pass_card", "card_mark", "card_tap"):
    by_row_number(f"a row of {table} replaced by its place", table)


def replaced(name: str, table: str, column: str, value: object) -> None:
    """An attack by INSERT OR REPLACE: the same keys, another value."""

    def tried(there: Ground) -> None:
        old = there.raw.one(f"SELECT * FROM {table} ORDER BY 1 LIMIT 1")
        there.raw.put(table, {**old, column: value}, "INSERT OR REPLACE")

    SQLITE_ONLY[name] = tried


replaced("an entry replaced", "ledger_entry", "amount", 1)
replaced("a transaction replaced", "ledger_tx", "body", b"{'other': 1}")
replaced("a signed head replaced", "ledger_head", "key_id", "other")
replaced("a currency of another nature by replacing", "currency", "nature", "time")
replaced("a currency's old words replaced", "currency_wording", "name", "other")
replaced("a card replaced", "pass_card", "uid", "04FFFFFFFFFFFF")
replaced("a tap replaced", "card_tap", "tx_seq", 99)
replaced("a mark of a card replaced", "card_mark", "reason", "other")
for unique in ("id", "prev", "hash"):
    taken = f"(SELECT {unique} FROM ledger_tx WHERE seq = 1)"
    for verb in ("UPDATE OR REPLACE", "UPDATE OR IGNORE"):
        say(f"a transaction pushed out by {verb} of its {unique}",
            f"{verb} ledger_tx SET {unique} = {taken} WHERE seq = 2", SQLITE_ONLY)  # fmt: skip
say("an account pushed out by another", "UPDATE OR REPLACE ledger_account SET id = "
    "(SELECT id FROM ledger_account WHERE kind = 'wallet' AND touched > 0 LIMIT 1) WHERE kind = 'sales'",
    SQLITE_ONLY)  # fmt: skip

for table in ("ledger_tx", "ledger_entry", "ledger_account", "ledger_head", "currency", "card_tap"):
    say(f"{table} emptied at one stroke", f"TRUNCATE {table} CASCADE", POSTGRESQL_ONLY)
UPSERT = (
    "INSERT INTO ledger_account SELECT * FROM ledger_account WHERE kind = 'wallet' "
    "ON CONFLICT (id) DO UPDATE SET credits = ledger_account.credits + 100"
)
say("an account written by an upsert", UPSERT, POSTGRESQL_ONLY)


# Currencies and cards.

for column, value in (("nature", "'time'"), ("reach", "'network'"), ("scale", "6"), ("code", "'other'"),
                      ("issuer", "'https://other.example'"), ("at_par", "NOT at_par")):  # fmt: skip
    say(f"a currency whose {column} changes", f"UPDATE currency SET {column} = {value}")
say("a currency removed", "DELETE FROM currency")
say("old words of a currency rewritten", "UPDATE currency_wording SET name = 'other'")
say("old words of a currency removed", "DELETE FROM currency_wording")
say("a signed head rewritten", "UPDATE ledger_head SET key_id = 'other'")
say("a signed head removed", "DELETE FROM ledger_head")
say("a tap forgotten", "DELETE FROM card_tap")
say("a tap rewritten", "UPDATE card_tap SET counter = counter + 1")
say("what happened to a card rewritten", "UPDATE card_mark SET reason = 'other'")
say("what happened to a card removed", "DELETE FROM card_mark")
say("a card that changes its number", "UPDATE pass_card SET number = 'other'")
say("a card that changes its chip's number", "UPDATE pass_card SET uid = '04FFFFFFFFFFFF'")
say("a card removed", "DELETE FROM pass_card")
say("a wallet removed", "DELETE FROM wallet")
say("a wallet that takes another id", "UPDATE wallet SET id = (SELECT id FROM currency LIMIT 1)")


@pytest.fixture
def there(dialect: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Ground]:
    """On SQLite a copy of a migrated database, on PostgreSQL one with the same tables (see test_drift)."""
    if dialect == "sqlite":
        shutil.copyfile(lived_in(), tmp_path / "node.db")
        laid = ground.found(f"sqlite:///{tmp_path / 'node.db'}")
    else:
        laid = ground.lay(request.getfixturevalue("db"), request.getfixturevalue("database_url"))
    yield laid
    laid.raw.connection.close()


@cache
def lived_in() -> Path:
    path = cluster.run_folder() / f"lived_in_{os.getpid()}.db"
    database = Database(f"sqlite:///{path}", durable=False)
    upgrade(database)
    ground.lay(database, f"sqlite:///{path}").raw.connection.close()
    database.close()
    return path


def refuse(there: Ground, tried: Attack) -> None:
    """Whatever the database answers, nothing may be otherwise afterwards."""
    before = there.raw.everything()
    with pytest.raises(Refused):
        tried(there)
    assert there.raw.everything() == before


@pytest.mark.parametrize("name", ATTACKS)
def test_the_database_itself_refuses(there: Ground, name: str) -> None:
    refuse(there, ATTACKS[name])


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", SQLITE_ONLY)
def test_sqlite_itself_refuses(there: Ground, name: str) -> None:
    refuse(there, SQLITE_ONLY[name])


@pytest.mark.postgresql
@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
@pytest.mark.parametrize("name", POSTGRESQL_ONLY)
def test_postgresql_itself_refuses(there: Ground, name: str) -> None:
    refuse(there, POSTGRESQL_ONLY[name])
