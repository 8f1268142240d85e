"""Money between nodes and whoever opens its tables: what is refused, what verify finds, what is asked."""
# ruff: noqa: S608 - the burglar writes his own SQL

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, Table, event
from sqlalchemy.orm import Session

from kit.db import Base, Database
from kit.db.types import Blob, Json, Str, UtcTime, Uuid
from tests.wallet.ledger.raw import Raw, Refused
from tests.wallet.village.keepers import BIRTH, InMemory, InTables
from tests.wallet.village.played import CAFE, EURO, FARM, GRANT, Evening, Node
from wallet.between import messages as m
from wallet.between.desk import milliseconds
from wallet.between.events import Begin, Hear
from wallet.between.shapes import Handle, Leg, Payment
from wallet.verify.village import GUARDED, village

APPEND_ONLY = (
    "village_epoch", "village_line", "village_answer", "village_checkpoint", "village_envelope",
    "village_item",
)  # fmt: skip
MAY_CHANGE = {
    "village_mirror": {"epoch", "seq", "hash", "balance", "seen", "agreed"},
    "village_payment": {"state", "is_final", "local", "taken", "why"},
    "village_leg": {"epoch", "state", "got", "was_held", "grant_id", "why", "left"},
    "village_grant": {"revoked", "noted", "used", "closed", "told", "told_at"},
    "village_clearing": {"state", "why"},
    "village_dispute": {"state", "why"},
    "village_alarm": {"seen_at", "count", "last_at", "last_place"},
}
BACKWARDS = (
    "UPDATE village_payment SET state = 'open' WHERE state = 'ok'",
    "UPDATE village_payment SET state = 'undo' WHERE state = 'ok'",
    "UPDATE village_payment SET state = 'failed' WHERE state = 'ok'",
    "UPDATE village_payment SET state = 'commit' WHERE state = 'ok'",
    "UPDATE village_payment SET state = 'ok' WHERE state = 'failed'",
    "UPDATE village_payment SET state = 'offline' WHERE state = 'failed'",
    "UPDATE village_payment SET state = 'paid' WHERE state = 'ok'",
    "UPDATE village_payment SET is_final = {no} WHERE is_final = {yes}",
    "UPDATE village_mirror SET seq = seq - 1 WHERE seq > 0",
    "UPDATE village_mirror SET seen = seen - 1 WHERE seen > 0",
    "UPDATE village_mirror SET agreed = agreed - 1 WHERE agreed > 0",
    "UPDATE village_mirror SET epoch = epoch - 1",
    "UPDATE village_clearing SET state = 'waiting' WHERE state = 'signed'",
    "UPDATE village_clearing SET state = 'signed' WHERE state = 'refused'",
    "UPDATE village_dispute SET state = 'waiting' WHERE state = 'signed'",
    "UPDATE village_dispute SET state = 'signed' WHERE state = 'refused'",
    "UPDATE village_grant SET used = node_max + 1",
    "UPDATE village_grant SET used = -1",
    "UPDATE village_grant SET revoked = {no} WHERE revoked = {yes}",
    "UPDATE village_grant SET closed = '[1]' WHERE closed = '[]'",
    "UPDATE village_use SET amount = -1",
    "UPDATE village_leg SET state = 'paid'",
)
Keepers = tuple[InTables, InTables]


@pytest.fixture
def lived(db: Database, new_database_url: Callable[[], str]) -> Iterator[Keepers]:
    """A café and a farm after an evening with everything in it."""
    other = Database(new_database_url(), durable=False)
    kept = InTables(db, CAFE), InTables(other, FARM)
    evening = Evening(Node(InMemory(CAFE), kept[0]), Node(InMemory(FARM), kept[1]), seed=13)
    evening.play(150)
    evening.settled(right=True)
    evening.settled(right=False)
    yield kept
    other.close()


def test_what_was_said_stays(lived: Keepers) -> None:
    farm = lived[1]
    raw = Raw(farm.database.url.render_as_string(hide_password=False))
    raw.run("UPDATE village_grant SET closed = '[]', revoked = :yes", yes=1 if raw.is_sqlite else True)
    raw.put("village_epoch", {"number": 1, "started_at": BIRTH})
    before = {table: raw.run(f"SELECT * FROM {table}") for table in GUARDED}
    assert [table for table, rows in before.items() if not rows] == []
    attacks = [*_attacks(raw), *(one.format(**_words(raw)) for one in BACKWARDS)]
    assert [sql for sql in attacks if not _is_refused(raw, sql)] == []
    assert {table: raw.run(f"SELECT * FROM {table}") for table in GUARDED} == before


def _attacks(raw: Raw) -> Iterator[str]:
    for name in GUARDED:
        table = Base.metadata.tables[name]
        yield f"DELETE FROM {name}"
        yield f"INSERT INTO {name} SELECT * FROM {name}"
        if raw.is_sqlite:
            yield f"INSERT OR REPLACE INTO {name} SELECT * FROM {name} LIMIT 1"
            yield f"INSERT OR IGNORE INTO {name} SELECT * FROM {name} LIMIT 1"
        else:
            yield f"TRUNCATE {name} CASCADE"
            yield f"INSERT INTO {name} SELECT * FROM {name} LIMIT 1 ON CONFLICT DO NOTHING"
        for column in set(table.columns.keys()) - MAY_CHANGE.get(name, set()):
            yield f'UPDATE {name} SET "{column}" = {_other(table, column, raw)}'


def _other(table: Table, column: str, raw: Raw) -> str:
    """Another value that the column could have."""
    kind = table.columns[column].type
    if isinstance(kind, Str | Json):
        return f"\"{column}\" || 'x'"
    if isinstance(kind, Uuid | Blob):
        uuid = "gen_random_uuid()" if isinstance(kind, Uuid) else r"'\x00'"
        return "randomblob(16)" if raw.is_sqlite else uuid
    if isinstance(kind, UtcTime):
        return "'2020-01-01T00:00:00.000000Z'"
    return f'NOT "{column}"' if column.startswith("is_") else f'"{column}" + 1'


def _words(raw: Raw) -> dict[str, Any]:
    return {"yes": 1, "no": 0} if raw.is_sqlite else {"yes": "true", "no": "false"}


def _is_refused(raw: Raw, sql: str) -> bool:
    try:
        raw.run(sql)
    except Refused:
        return True
    return False


TAMPERED = {
    "UPDATE village_line SET delta = delta + 1 WHERE seq = 5": "village_line",
    "UPDATE village_line SET body = {bytes} WHERE seq = 5": "village_line",
    "UPDATE village_line SET hash = prev FROM (SELECT hash AS prev FROM village_line WHERE seq = 4) o "
    "WHERE seq = 5": "village_line",
    "DELETE FROM village_line WHERE seq = 5": "village_line",
    "UPDATE village_mirror SET balance = balance + 1": "village_mirror",
    "UPDATE village_mirror SET seq = seq - 1": "village_mirror",
    "DELETE FROM village_mirror": "village_mirror",
    "UPDATE ledger_account SET credits = credits + 1 WHERE kind IN ('node', 'bank')": "village_mirror",
    "UPDATE village_checkpoint SET balance = balance + 1": "village_checkpoint",
    "UPDATE village_item SET body = {bytes}": "village_envelope",
    "UPDATE village_envelope SET root = 'x'": "village_envelope",
    "UPDATE village_dispute SET goes_to = 'payer' WHERE goes_to = 'holder'": "village_dispute",
    "UPDATE village_dispute SET seq = seq + 1 WHERE kind = 'dispute'": "village_dispute",
    "UPDATE village_dispute SET ask = {bytes}": "village_dispute",
}
AT_THE_CAFE = {
    "UPDATE village_answer SET req = 'x' WHERE verb = 'charge'": "village_answer",
    "UPDATE village_answer SET body = {bytes} WHERE verb = 'refund'": "village_answer",
    "DELETE FROM village_answer WHERE verb = 'capture'": "village_line",
    "UPDATE ledger_tx SET content = 'x' WHERE kind = 'charge'": "village_answer",
    "UPDATE village_clearing SET state = 'refused' WHERE state = 'signed'": "village_line",
    "UPDATE village_dispute SET state = 'refused' WHERE state = 'signed'": "village_dispute",
    "UPDATE village_dispute SET state = 'signed' WHERE kind = 'release'": "village_dispute",
    "UPDATE ledger_account SET credits = credits + 1 WHERE kind = 'disputed'": "village_dispute",
}
AT_THE_FARM = {
    "DELETE FROM village_item WHERE kind = 'receipt'": "village_payment",
    "UPDATE village_leg SET got = got - 1 WHERE state = 'posted'": "village_payment",
    "UPDATE village_leg SET amount = amount + 1 WHERE state = 'presented'": "village_payment",
    "UPDATE village_payment SET state = 'ok' WHERE state = 'failed'": "village_payment",
}


def test_verify_names_the_first_broken_row(lived: Keepers) -> None:
    cafe, farm = lived
    for keeper, own in ((cafe, AT_THE_CAFE), (farm, AT_THE_FARM)):
        assert keeper.troubles() == []
        for sql, table in {**TAMPERED, **own}.items():
            found = _after(keeper.database, sql)
            assert found, (keeper.me, sql)
            assert found[0][0].startswith(table), (keeper.me, sql, found[0])
        assert keeper.troubles() == []


def _after(database: Database, sql: str) -> list[tuple[str, str]]:
    """What verify says when a burglar who takes the guards away has been there; then all is as it was."""
    with database._engine().connect() as connection, connection.begin() as transaction:
        _take_guards_away(connection)
        connection.exec_driver_sql(sql.format(bytes="x'7b7d'" if database.is_sqlite else r"'\x7b7d'"))
        with Session(connection) as session:
            found = [trouble for trouble in village(session) if trouble[1]]
        transaction.rollback()
    return found


def _take_guards_away(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        return
    names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    for (name,) in names:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


def test_the_questions_are_as_many_for_two_as_for_sixty(
    db: Database, new_database_url: Callable[[], str]
) -> None:
    other = Database(new_database_url(), durable=False)
    kept = InTables(db, CAFE), InTables(other, FARM)
    Evening(Node(InMemory(CAFE), kept[0]), Node(InMemory(FARM), kept[1]), seed=0)
    _asked(kept, 2)  # from the second time on, everything is there
    few, many = _asked(kept, 2), _asked(kept, 60)
    other.close()
    assert few == many
    assert max(few) <= 16


def _asked(kept: Keepers, many: int) -> tuple[int, int]:
    """How many questions the café asks to take so many charges, and the farm to hear of them."""
    cafe, farm = kept
    payments = [_sale(uuid4()) for _ in range(many)]
    farm.run([Begin(payment=one) for one in payments], BIRTH)
    with _counted(cafe.database) as at_the_cafe:
        outcomes = cafe.run([_heard(FARM, one.legs[0].ask) for one in payments], BIRTH)
    answers = [one.answers[0] for one in outcomes]
    assert all(b'"posted"' in one for one in answers)
    with _counted(farm.database) as at_the_farm:
        farm.run([_heard(CAFE, one) for one in answers], BIRTH)
    return len(at_the_cafe), len(at_the_farm)


def _heard(peer: str, body: bytes) -> Hear:
    return Hear(peer=peer, body=body, message=m.decode(body))


def _sale(new: UUID) -> Payment:
    start = milliseconds(BIRTH)
    said = m.Charge(
        id=new, made=start, asset="cafe.example/eur", epoch=1, handle="h_camille", amount=1, exp=start + 9
    )
    leg = Leg(
        id=new, issuer=CAFE, asset=said.asset, currency=EURO, handle=said.handle, amount=1, ask=m.encode(said)
    )
    return Payment(id=uuid4(), kind="sale", made=start, deadline=start, legs=(leg,))


@contextmanager
def _counted(database: Database) -> Iterator[list[str]]:
    """Questions alone: how many sentences write depends on how many rows there are."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, sql: str, *_rest: object) -> None:
        if sql.startswith(("SELECT", "WITH")):
            found.append(sql[:200])

    engine = database._engine()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_holder_may_owe_twice(db: Database) -> None:
    """Two payments under a grant, presented when the wallet is empty."""
    cafe = Node(InMemory(CAFE), InTables(db, CAFE))
    Evening(cafe, Node(InMemory(FARM)), seed=0)
    poor = UUID(int=99)
    for keeper in cafe.keepers:
        keeper.add_wallet(poor)
        keeper.add_handle(Handle(handle="h_poor", wallet=poor, home=CAFE))
    for _ in range(2):
        said = m.Present(
            id=uuid4(), made=1, grant=GRANT, asset="cafe.example/eur", epoch=1, handle="h_poor", card="",
            amount=400, taken=milliseconds(BIRTH),
        )  # fmt: skip
        (outcome,) = cafe.run([_heard(FARM, m.encode(said))], BIRTH)
        assert b'"posted"' in outcome.answers[0]
    cafe.compare()
