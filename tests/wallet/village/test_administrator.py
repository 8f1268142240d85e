"""The administrator of the farm has its database and keys. He cannot create, keep or hide euros of the café.

Whatever he writes, the café's books are the same to the last byte, and something says it: `hameau verify` at
his own node, the café's statement, the point that both sign, or the evidence.
"""
# ruff: noqa: S608 - whoever writes by hand writes what he likes

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.exc import DBAPIError

from kit.db import Base, Database
from kit.db.triggers import declared_triggers
from tests.wallet.village import two_nodes as town
from tests.wallet.village.keepers import Shown
from tests.wallet.village.two_nodes import CAFE, EUR, FARM, IDS, Street
from wallet.between import messages as m
from wallet.between.completing import ack_for
from wallet.between.envelope import BadSignature, open_envelope
from wallet.ledger.shapes import NODE, Place
from wallet.verify.village import GUARDED


@pytest.fixture
def street(db: Database, new_database_url: Callable[[], str]) -> Iterator[Street]:
    farms = Database(new_database_url(), durable=False)
    found = town.street(db, farms)
    found.paid(500)
    found.paid(300)
    _agree(found)
    assert (found.farm.verify(), found.cafe.verify()) == ([], [])
    yield found
    farms.close()


@pytest.fixture
def cafe(street: Street) -> Shown:
    """The café's books before the administrator began."""
    return street.cafe.keeper.shown()


def by_hand(street: Street, *sentences: str) -> None:
    """He takes the guards away first, and sets them up again."""
    database = street.farm.keeper.database
    is_sqlite = database.dialect == "sqlite"

    def write(session: Any) -> None:
        connection = session.connection()
        if is_sqlite:
            _drop(connection)
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        for one in sentences:
            connection.exec_driver_sql(one)
        if is_sqlite:
            _restore(connection)
        else:
            connection.exec_driver_sql("SET session_replication_role = DEFAULT")

    database.write(write)


def _drop(connection: Any) -> None:
    rows = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in rows:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')


def _restore(connection: Any) -> None:
    for table in Base.metadata.tables.values():
        for trigger in declared_triggers(table).values():
            trigger.create(connection)


def _agree(street: Street) -> Any:
    """The farm says how far it has the café's lines; what the café answers."""
    (mirror,) = [one for one in street.farm.keeper.shown()["mirrors"] if one.issuer == CAFE]
    (answer,) = street.say(FARM, CAFE, ack_for(mirror, street.clock.ms))
    street.say(CAFE, FARM, answer)
    return m.decode(answer)


def _statement(street: Street, after: int = 0) -> None:
    asked = m.Statement(id=uuid4(), made=street.clock.ms, asset=EUR, epoch=1, after=after)
    street.say(CAFE, FARM, *street.say(FARM, CAFE, m.encode(asked)))


def test_guards_that_were_taken_away(street: Street, cafe: Shown) -> None:
    """He drops the triggers, to write what he likes later."""
    database = street.farm.keeper.database
    table = GUARDED[2]
    name = next(iter(declared_triggers(Base.metadata.tables[table])))
    where = "" if database.dialect == "sqlite" else f" ON {table}"
    database.write(lambda session: session.connection().exec_driver_sql(f'DROP TRIGGER "{name}"{where}'))
    assert street.farm.verify() == [f"trigger {name}: it was taken away"]
    assert street.cafe.keeper.shown() == cafe


def test_money_made_in_a_mirror(street: Street, cafe: Shown) -> None:
    """He writes that the café owes ten times as much."""
    by_hand(street, f"UPDATE village_mirror SET balance = 8000 WHERE issuer = '{CAFE}'")
    assert any("village_mirror" in one for one in street.farm.verify())
    answer = _agree_again(street)
    assert isinstance(answer, m.Disagree)  # the café shows the line that it signed
    assert m.decode_line(answer.line).balance == 800
    assert street.cafe.keeper.shown()["links"] == cafe["links"]
    assert street.cafe.alarms() == ["disagreement"]


def test_money_made_in_a_line(street: Street, cafe: Shown) -> None:
    """He makes the last line say 3 000, with a hash that is right, in line, mirror and point."""
    old = m.decode_line(town.lines_of(street)[-1])
    body = m.encode(m.Line(**(_fields(old) | {"delta": 3_000, "balance": 3_500})))
    link = m.digest(body)
    by_hand(
        street,
        f"UPDATE village_line SET delta = 3000, balance = 3500, hash = '{link}', "
        f"body = {_bytes(street, body)} WHERE seq = 2 AND issuer = '{CAFE}'",
        f"UPDATE village_mirror SET balance = 3500, hash = '{link}' WHERE issuer = '{CAFE}'",
        f"UPDATE village_checkpoint SET balance = 3500, hash = '{link}' WHERE issuer = '{CAFE}'",
    )
    found = street.farm.verify()
    assert any("village_mirror" in one for one in found)  # the ledger says 800
    assert any("village_payment" in one for one in found)  # and so does the café's receipt
    answer = _agree_again(street)
    assert isinstance(answer, m.Disagree)
    _statement(street, after=1)
    assert "equivocation" in street.farm.alarms()  # its own tables notice that the café says another line
    assert street.cafe.keeper.shown()["links"] == cafe["links"]


def test_euros_in_a_wallet_of_the_farm(street: Street, cafe: Shown) -> None:
    """He opens an account of euros in his own ledger and pays with it."""
    wallet = Place(IDS[EUR], "wallet", str(town.LEO))
    key = _id(street, wallet.account_id.hex)
    currency = _id(street, IDS[EUR].hex)
    by_hand(
        street,
        "INSERT INTO ledger_account "
        "(id, currency_id, kind, owner, lot, floor, debits, credits, held, touched) "
        f"VALUES ({key}, {currency}, 'wallet', '{town.LEO}', '', 0, 0, 9000, 0, 0)",
    )
    assert any("ledger_account" in one or "currency" in one for one in street.farm.verify())
    said = street.ask(FARM, street.charge(9_00, handle="h_of_his_own"))
    assert said.why == "handle_unknown"  # the café pays from wallets of its own ledger alone
    assert _accounts(street) == _accounts_in(cafe)


def test_a_receipt_under_his_own_key(street: Street, cafe: Shown) -> None:
    """He writes the café's yes himself, to show that it owes him: no key of the café signed it."""
    body = m.encode(
        m.Receipt(id=uuid4(), made=1, verb="charge", req="0" * 64, outcome="posted", at=1, amount=9)
    )
    said = open_envelope(
        town.letter(CAFE, FARM, street.clock, body, key=town.KEYS[FARM]),
        FARM,
        street.clock.ms,
        lambda *_: True,
    )
    new = _id(street, uuid4().hex)
    by_hand(
        street,
        "INSERT INTO village_envelope (id, peer, addressee, kid, at, hashes, root, sig) VALUES "
        f"({new}, '{CAFE}', '{FARM}', '{said.kid}', {said.at}, {_bytes(street, said.hashes[0])}, "
        f"'{said.root}', {_bytes(street, said.sig)})",
        "INSERT INTO village_item (envelope_id, n, kind, asked, body) VALUES "
        f"({new}, 0, 'receipt', {_id(street, m.decode(body).id.hex)}, {_bytes(street, body)})",
    )
    assert [one.partition(": ")[2] for one in street.farm.verify()] == ["its signature does not hold"]
    assert street.cafe.keeper.shown() == cafe


def test_a_receipt_that_says_more(street: Street, cafe: Shown) -> None:
    """He changes the amount in a receipt that the café did sign."""
    (row,) = street.farm.keeper.rows("SELECT body FROM village_item WHERE n = 0 AND kind = 'receipt' LIMIT 1")
    forged = bytes(row[0]).replace(b'"amount":', b'"amount":9')
    new, old = _bytes(street, forged), _bytes(street, bytes(row[0]))
    by_hand(street, f"UPDATE village_item SET body = {new} WHERE body = {old}")
    assert any("signed" in one for one in street.farm.verify())
    assert street.cafe.keeper.shown() == cafe


def test_a_sale_that_is_hidden(street: Street, cafe: Shown) -> None:
    """He deletes a sale with all its rows, so as not to owe its goods or its share: the café's line stays."""
    _hide(street, "500")
    found = street.farm.verify()
    assert found
    assert street.cafe.keeper.shown() == cafe


def test_lines_that_were_all_deleted(street: Street, cafe: Shown) -> None:
    """He deletes lines and sales; the café's statement brings them, and his ledger has them already."""
    by_hand(
        street,
        *(f"DELETE FROM {table}" for table in ("village_leg", "village_payment", "village_line")),
        *("DELETE FROM village_mirror", "DELETE FROM village_checkpoint"),
    )
    assert street.farm.verify()
    with pytest.raises(DBAPIError):
        _statement(street)
    assert _accounts(street) == _accounts_in(cafe)


def test_legs_that_are_gone(street: Street, cafe: Shown) -> None:
    """He deletes the parts of a sale and leaves the sale."""
    by_hand(street, "DELETE FROM village_leg WHERE amount = 500")
    assert street.farm.verify()
    assert street.cafe.keeper.shown() == cafe


def test_a_sale_that_is_said_to_have_failed(street: Street, cafe: Shown) -> None:
    """He writes that the café refused what it paid, and keeps the goods' price."""
    by_hand(
        street,
        "UPDATE village_leg SET state = 'declined', got = 0 WHERE amount = 500",
        "UPDATE village_payment SET state = 'failed' WHERE id IN "
        "(SELECT payment_id FROM village_leg WHERE amount = 500)",
    )
    assert street.farm.verify()
    assert street.cafe.keeper.shown() == cafe


def test_his_key_signs_nothing_in_the_café_s_name(street: Street, cafe: Shown) -> None:
    """He seals lines and receipts as the café: neither the café nor the mill believes them."""
    body = town.letter(CAFE, FARM, street.clock, town.line(street), key=town.KEYS[FARM])
    with pytest.raises(BadSignature):
        street.farm.opens(body)
    assert street.cafe.keeper.shown() == cafe


def test_what_he_may_take_is_what_the_café_agreed(street: Street, cafe: Shown) -> None:
    """He raises the limits in his own tables: the issuer's are the ones that count."""
    by_hand(street, "UPDATE village_agreement SET per_tap = 1000000, node_max = 1000000")
    assert street.ask(FARM, street.charge(4_000)).why == "over_tap"
    assert _accounts(street) == _accounts_in(cafe)


def _agree_again(street: Street) -> Any:
    (mirror,) = [one for one in street.farm.keeper.shown()["mirrors"] if one.issuer == CAFE]
    said = ack_for(mirror, street.clock.ms)
    return m.decode(street.say(FARM, CAFE, said)[0])


def _hide(street: Street, amount: str) -> None:
    which = f"SELECT payment_id FROM village_leg WHERE amount = {amount}"
    (row,) = street.farm.keeper.rows(which)
    payment = _id(street, row[0].hex() if isinstance(row[0], bytes) else row[0].hex)
    by_hand(
        street,
        f"DELETE FROM village_leg WHERE payment_id = {payment}",
        f"DELETE FROM village_payment WHERE id = {payment}",
        f"DELETE FROM village_line WHERE delta = {amount}",
    )


def _fields(line: m.Line) -> dict[str, Any]:
    return {name: getattr(line, name) for name in line.__struct_fields__}


def _bytes(street: Street, body: bytes) -> str:
    is_sqlite = street.farm.keeper.database.dialect == "sqlite"
    return f"x'{body.hex()}'" if is_sqlite else f"'\\x{body.hex()}'::bytea"


def _id(street: Street, key: str) -> str:
    return f"x'{key}'" if street.farm.keeper.database.dialect == "sqlite" else f"'{key}'::uuid"


def _accounts(street: Street) -> int:
    return street.cafe.balance(NODE, FARM)


def _accounts_in(shown: Shown) -> int:
    return int(sum(m.decode_line(row[-1]).delta for row in shown["lines"]))
