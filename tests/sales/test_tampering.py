"""Somebody with the SQL shell and without the key: whatever they do, `hameau verify` names it.

The thief is tidy: triggers are out of the way while they work and stand there again afterwards, and what
repeats the journal is changed together with it.
"""
# ruff: noqa: S608 - the thief writes their own SQL

import hashlib
import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from kit.auth import Principal
from sales.anchors import FILE, anchor_heads
from sales.schemas import Outside
from sales.service.noting import note
from tests.factories.money import Till
from tests.factories.money import at as when
from tests.sales.counter import EVENING, Bar, Opener
from tests.sales.looking import broken
from tests.wallet.ledger.raw import Raw, Refused, Row
from tests.wallet.pockets import load, new_pass

SEALED = ("journal_entry", "sale", "sale_payment", "closing", "journal_operator")
TABLES = (*SEALED, "journal_head", "journal_series", "journal_period")
OWN_KEY = b"a key that the thief made up"
LAST = "seq = (SELECT max(seq) FROM journal_entry WHERE chain = 'real')"


@dataclass
class Thief:
    """One connection, with every table remembered so that a crime can be undone for the next one."""

    raw: Raw
    bar: Bar
    notes: dict[str, Row] = field(default_factory=dict)

    @contextmanager
    def unguarded(self) -> Iterator[None]:
        if not self.raw.is_sqlite:
            off, on = ["SET session_replication_role = replica"], ["SET session_replication_role = DEFAULT"]
        else:
            guards = self.raw.run(
                f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN {TABLES}"
            )
            off, on = [f"DROP TRIGGER {guard['name']}" for guard in guards], [one["sql"] for one in guards]
        self.raw.run("BEGIN")
        for sql in off:
            self.raw.run(sql)
        try:
            yield
            for sql in on:
                self.raw.run(sql)
        except BaseException:
            self.raw.run("ROLLBACK")
            raise
        self.raw.run("COMMIT")

    def remember(self) -> None:
        for table in TABLES:
            self.raw.run(f"CREATE TABLE was_{table} AS SELECT * FROM {table}")

    def undo(self) -> None:
        with self.unguarded():
            for table in reversed(TABLES):
                self.raw.run(f"DELETE FROM {table}")
            for table in TABLES:
                self.raw.run(f"INSERT INTO {table} SELECT * FROM was_{table}")

    def leave(self) -> None:
        """Nothing stays behind in a database that other tests use."""
        for table in TABLES:
            self.raw.run(f"DROP TABLE IF EXISTS was_{table}")
            self.raw.run(f"DROP TABLE IF EXISTS older_{table}")
        self.raw.connection.close()

    def entries(self) -> list[Row]:
        return self.raw.run("SELECT * FROM journal_entry WHERE chain = 'real' ORDER BY seq")

    def rewrite(self, seq: int, old: bytes, new: bytes) -> None:
        body = self.raw.one("SELECT body FROM journal_entry WHERE chain = 'real' AND seq = :n", n=seq)["body"]
        assert old in body
        sql = "UPDATE journal_entry SET body = :body WHERE chain = 'real' AND seq = :n"
        self.raw.run(sql, body=body.replace(old, new), n=seq)

    def sign_again(self) -> None:
        """Every link anew, by a key of their own."""
        prev = "0" * 64
        for row in self.entries():
            body = row["body"].replace(row["prev"].encode(), prev.encode())
            mac = hmac.digest(OWN_KEY, bytes.fromhex(prev) + body, hashlib.sha256).hex()
            sql = "UPDATE journal_entry SET prev = :p, mac = :m, body = :b WHERE chain = 'real' AND seq = :n"
            self.raw.run(sql, p=prev, m=mac, b=body, n=row["seq"])
            prev = mac
        self.raw.run("UPDATE journal_head SET mac = :m WHERE chain = 'real'", m=prev)

    def cut_off(self, since: int) -> None:
        """Away with the end of the chain and everything that repeats it."""
        for table in ("sale", "sale_payment", "closing", "journal_operator", "journal_entry"):
            self.raw.run(f"DELETE FROM {table} WHERE chain = 'real' AND seq >= :n", n=since)


Crime = Callable[[Thief], object]
CRIMES: dict[str, Crime] = {}


def crime(name: str) -> Callable[[Crime], Crime]:
    def keep(tried: Crime) -> Crime:
        CRIMES[name] = tried
        return tried

    return keep


def say(name: str, sql: str) -> None:
    CRIMES[name] = lambda thief: thief.raw.run(sql)


@pytest.fixture
def thief(database_url: str, bar: Bar, open_one: Opener, money: Till) -> Iterator[Thief]:
    """Two evenings at two points: an event, sales, a Pass, a credit note, other means, cash, closings."""
    raw = Raw(database_url)
    found = Thief(raw, bar)
    live(found, open_one, money)
    found.remember()
    yield found
    found.leave()


def live(thief: Thief, open_one: Opener, money: Till) -> None:
    bar, kitchen = thief.bar, open_one("Cuisine", series="B")
    with when(EVENING):
        bar.app.db.write(lambda session: note(session, Principal(name="test"), "price", "Soupe"))
    bar.move_cash("float", 5_000)
    bar.sell(bar.line("Demi blonde", "2"), bar.line("Gobelet"), total=700)
    card = new_pass(bar.app)
    load(bar.app, money, card, 900)
    bar.sell(bar.line("Soupe"), total=280, passes=(card.number,))
    wrong = bar.sell(bar.line("Panaché"), total=250).entry.id
    bar.change_means(wrong, Outside(means="card_terminal", amount=250))
    bar.take_back(wrong)
    kitchen.sell(kitchen.line("Soupe", "3"), total=840)
    bar.close(counted=5_700, left=5_000)
    anchor(bar)
    thief.notes["older head"] = thief.raw.one("SELECT * FROM journal_head WHERE chain = 'real'")
    for table in ("journal_series", "journal_period", "journal_head"):
        thief.raw.run(f"CREATE TABLE older_{table} AS SELECT * FROM {table}")
    bar.at = kitchen.at = EVENING + timedelta(days=1)
    bar.sell(bar.line("Demi blonde"), total=300)
    bar.is_training = True
    bar.sell(bar.line("Demi blonde"), total=300)
    bar.is_training = False
    kitchen.sell(kitchen.line("Soupe"), total=280)


def anchor(bar: Bar) -> None:
    with bar.app.db.read() as session:
        anchor_heads(session, bar.app.data)


# Any field of any row.


def other(value: Any, column: str) -> Any:
    """Something else of the same kind."""
    if isinstance(value, int):
        return value + 1_000
    if isinstance(value, UUID) or column in ("point", "refers"):
        return uuid4()
    if isinstance(value, datetime):
        return value + timedelta(seconds=1)
    if isinstance(value, bytes):
        return value.replace(b"0", b"1")
    if column in ("chain", "level", "kind", "means"):
        others = {"chain": "training", "level": "year", "kind": "cash", "means": "cheque"}
        return others[column]
    return value[:-1] + ("1" if value.endswith("0") else "0") if value else "x"


def each_field(thief: Thief) -> Iterator[tuple[str, Crime]]:
    """One crime for each column, on the row that stands in the middle of its table."""
    for table in TABLES:
        found = thief.raw.run(f"SELECT * FROM {table} WHERE chain = 'real'")
        row = found[len(found) // 2]
        for column, value in row.items():
            if table == "journal_period" and column in ("day", "point_name"):
                continue  # no entry says what they are, and no sum depends on them
            changed = other(value, column)
            yield f"{table}.{column}", partial(change, at=(table, row, column), value=changed)


def change(thief: Thief, at: tuple[str, Row, str], value: object) -> None:
    table, row, column = at
    keys = {name: row[name] for name in row if row[name] is not None and not isinstance(row[name], bytes)}
    where = " AND ".join(f"{name} = :{name}" for name in keys)
    thief.raw.run(f"UPDATE {table} SET {column} = :changed WHERE {where}", changed=value, **keys)


# What thieves really want.

say("the last entry gone", f"DELETE FROM journal_entry WHERE chain = 'real' AND {LAST}")
say("a head gone", "DELETE FROM journal_head WHERE chain = 'real'")
say("a sale gone from the list", "DELETE FROM sale WHERE number = 2 AND series = 'A'")
say("a payment gone from the list", "DELETE FROM sale_payment WHERE amount = 280")
say("a closing gone from the list", "DELETE FROM closing WHERE number = 1 AND level = 'day'")
say("the perpetual total lowered", "UPDATE journal_head SET perpetual = perpetual - 840")
say("bytes that are no JSON", "UPDATE journal_entry SET body = CAST('{' AS BLOB) WHERE seq = 3")
say("an id that is none", "UPDATE sale SET id = x'00' WHERE series = 'B' AND number = 1")
say("a time that is none", "UPDATE sale SET till_at = 'yesterday' WHERE number = 2")
say("a signature of strange letters", f"UPDATE journal_entry SET mac = '{'é' * 64}' WHERE seq = 3")
SQLITE_ONLY = ("bytes that are no JSON", "an id that is none", "a time that is none")


@crime("the last entry gone, its repetitions too, and the head set back")
def _(thief: Thief) -> None:
    last = thief.entries()[-1]
    thief.cut_off(last["seq"])
    sql = "UPDATE journal_head SET seq = seq - 1, mac = :prev, perpetual = perpetual - 280, year_to_date = "
    thief.raw.run(f"{sql} year_to_date - 280 WHERE chain = 'real'", prev=last["prev"])


@crime("everything since an older head, which was kept, is gone")
def _(thief: Thief) -> None:
    thief.cut_off(thief.notes["older head"]["seq"] + 1)
    for table in ("journal_series", "journal_period", "journal_head"):
        thief.raw.run(f"DELETE FROM {table}")
        thief.raw.run(f"INSERT INTO {table} SELECT * FROM older_{table}")
    for table in reversed(SEALED):
        thief.raw.run(f"DELETE FROM {table} WHERE chain = 'training'")


@crime("everything gone")
def _(thief: Thief) -> None:
    for table in reversed(TABLES):
        thief.raw.run(f"DELETE FROM {table}")


@crime("two entries swapped")
def _(thief: Thief) -> None:
    for old, new in ((3, 99), (4, 3), (99, 4)):
        thief.raw.run(f"UPDATE journal_entry SET seq = {new} WHERE chain = 'real' AND seq = {old}")


@crime("what two entries say swapped, in their places")
def _(thief: Thief) -> None:
    third, fourth = thief.entries()[2:4]
    for row, said in ((third, fourth), (fourth, third)):
        body = said["body"].replace(f'"seq":{said["seq"]},'.encode(), f'"seq":{row["seq"]},'.encode())
        body = body.replace(said["prev"].encode(), row["prev"].encode())
        sql = "UPDATE journal_entry SET body = :body WHERE chain = 'real' AND seq = :seq"
        thief.raw.run(sql, body=body, seq=row["seq"])


@crime("one in the middle gone and the rest renumbered")
def _(thief: Thief) -> None:
    for table in ("sale", "sale_payment", "journal_operator", "journal_entry"):
        thief.raw.run(f"DELETE FROM {table} WHERE chain = 'real' AND seq = 3")
    for row in thief.entries()[2:]:
        for table in SEALED:
            thief.raw.run(f"UPDATE {table} SET seq = seq - 1 WHERE chain = 'real' AND seq = :n", n=row["seq"])


@crime("a sale renumbered, in its bytes and beside them")
def _(thief: Thief) -> None:
    thief.rewrite(3, b'"number":1', b'"number":9')
    thief.raw.run("UPDATE sale SET number = 9 WHERE chain = 'real' AND seq = 3")


@crime("a sale made smaller and its closing rebuilt with the right sums")
def _(thief: Thief) -> None:
    lower(thief)


@crime("the same, and every link signed again by another key")
def _(thief: Thief) -> None:
    lower(thief)
    thief.sign_again()


def lower(thief: Thief) -> None:
    """The deposit of 1.00 and its cash never were."""
    for old, new in ((b'"gross":100,"net":100', b'"gross":0,"net":0'), (b'"quantity":"1","unit_price":100',
                     b'"quantity":"0","unit_price":100'), (b'"amount":700', b'"amount":600'),
                     (b'"total":700', b'"total":600')):  # fmt: skip
        thief.rewrite(3, old, new)
    closing = next(row["seq"] for row in thief.entries() if row["kind"] == "closing")
    thief.rewrite(closing, b'"cash":700', b'"cash":600')
    thief.rewrite(closing, b'"expected":5700', b'"expected":5600')
    thief.raw.run("UPDATE sale SET total = 600 WHERE chain = 'real' AND seq = 3")
    thief.raw.run("UPDATE sale_payment SET amount = 600 WHERE chain = 'real' AND seq = 3")


@crime("one more at the end, signed by another key, with its head")
def _(thief: Thief) -> None:
    last = thief.entries()[-1]
    body = last["body"].replace(f'"seq":{last["seq"]},'.encode(), f'"seq":{last["seq"] + 1},'.encode())
    body = body.replace(last["prev"].encode(), last["mac"].encode())
    body = body.replace(str(last["id"]).encode(), str(new := uuid4()).encode())
    mac = hmac.digest(OWN_KEY, bytes.fromhex(last["mac"]) + body, hashlib.sha256).hex()
    row = {**last, "seq": last["seq"] + 1, "id": new, "prev": last["mac"], "mac": mac, "body": body}
    thief.raw.put("journal_entry", row)
    thief.raw.run("UPDATE journal_head SET seq = seq + 1, mac = :mac WHERE chain = 'real'", mac=mac)


@crime("a sale that the journal does not know")
def _(thief: Thief) -> None:
    row = thief.raw.one("SELECT * FROM sale WHERE chain = 'real' AND seq = 3")
    thief.raw.put("sale", {**row, "id": uuid4(), "number": 77, "seq": 1})


def test_verify_names_every_crime(thief: Thief) -> None:
    assert broken(thief.bar.app) == "", "untouched, everything is in order"
    anchor(thief.bar)
    unnoticed = list[str]()
    for name, act in [*each_field(thief), *CRIMES.items()]:
        if name in SQLITE_ONLY and not thief.raw.is_sqlite:
            continue
        table = name.partition(".")[0]
        try:
            with thief.unguarded():
                act(thief)
        except Refused:
            assert table in TABLES, "only one field alone may be too strange for its column"
            continue
        told = broken(thief.bar.app)
        if not told or (table in TABLES and not told.partition(", ")[2].startswith((table, "a row of"))):
            unnoticed.append(f"{name}: {told}")
        thief.undo()
    assert unnoticed == []
    assert broken(thief.bar.app) == "", "undone, everything is in order again"


def test_an_end_that_only_the_anchors_know_is_missed(thief: Thief) -> None:
    older = CRIMES["everything since an older head, which was kept, is gone"]
    with thief.unguarded():
        older(thief)
    assert broken(thief.bar.app) == "", "without a later anchor nobody can tell"
    thief.undo()
    anchor(thief.bar)
    with thief.unguarded():
        older(thief)
    assert "ends of the journal, anchor " in broken(thief.bar.app)
    thief.undo()
    path = thief.bar.app.data / FILE
    last = path.read_text().splitlines()[-1].split(" ")
    path.write_text(f"{last[0]} {last[1]} {last[2]} {'0' * 64}\n")
    assert "its seal does not hold" in broken(thief.bar.app)


def test_while_triggers_stand_nothing_changes(thief: Thief) -> None:
    before = {table: thief.raw.run(f"SELECT * FROM {table}") for table in TABLES}
    tries = [f"DELETE FROM {table}" for table in SEALED]
    tries += [f"UPDATE {table} SET {column} = {column}" for table in SEALED for column in before[table][0]]
    tries += ["UPDATE journal_head SET seq = seq - 1", "UPDATE journal_series SET number = number - 1"]
    tries += [f"INSERT INTO {table} SELECT * FROM {table}" for table in SEALED]
    if thief.raw.is_sqlite:
        tries += [f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}" for table in SEALED]
        tries += [f"UPDATE OR REPLACE {table} SET seq = 1" for table in SEALED]
    else:
        tries += [f"TRUNCATE {table} CASCADE" for table in SEALED]
    for sql in tries:
        with pytest.raises(Refused):
            thief.raw.run(sql)
    first = before["journal_entry"][0]
    for fork in ({"seq": 99}, {"seq": 2, "prev": first["mac"]}, {"seq": 1}):
        with pytest.raises(Refused):
            thief.raw.put("journal_entry", {**first, "id": uuid4(), **fork})
    assert {table: thief.raw.run(f"SELECT * FROM {table}") for table in TABLES} == before
    assert broken(thief.bar.app) == ""


def test_without_its_triggers_a_journal_is_not_in_order(thief: Thief) -> None:
    if thief.raw.is_sqlite:
        wanted = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'sale'"
        thief.raw.run(f"DROP TRIGGER {thief.raw.run(wanted)[0]['name']}")
    else:
        thief.raw.run("ALTER TABLE sale DISABLE TRIGGER USER")
    told = broken(thief.bar.app)
    if not thief.raw.is_sqlite:
        thief.raw.run("ALTER TABLE sale ENABLE TRIGGER USER")
    assert "it was taken away" in told
