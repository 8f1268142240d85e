"""Hot kinds: many requests decided in one pass, written by the driver."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Column, Connection, MetaData, Table, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from kit.db import Database, Decision, Rows, Statement
from kit.db.types import BigInt, Flag, Json, Str, UtcTime, Uuid
from kit.errors import Conflict
from tests.kit.db.batches import side_by_side
from tests.kit.db.notes import COUNTER, NOTE, add, make, texts

ADD = Statement(
    update(COUNTER).where(COUNTER.c.name == bindparam("which")).values(value=bindparam("new")), "which", "new"
)
WRITE = Statement(NOTE.insert(), "text")


class TooLow(Conflict):
    """The counter would fall below zero."""

    name = "too_low"


@dataclass(frozen=True)
class Step:
    """Add `by` to the counter `name`."""

    name: str
    by: int
    note: str = ""


@dataclass
class Counting:
    """Adds to counters in memory, refuses to go below zero, notes what it did."""

    passes: list[int] = field(default_factory=list)
    forgets_its_rule: bool = False

    def load(self, connection: Connection, requests: Sequence[Step]) -> dict[str, int]:
        self.passes.append(len(requests))
        names = sorted({request.name for request in requests})
        query = select(COUNTER.c.name, COUNTER.c.value).where(COUNTER.c.name.in_(names))
        rows = connection.execute(query.order_by(COUNTER.c.name).with_for_update())
        return {row.name: row.value for row in rows}

    def decide(self, state: dict[str, int], requests: Sequence[Step], now: datetime) -> Decision[int]:
        assert now.tzinfo is UTC
        outcomes = [self._step(state, request) for request in requests]
        notes = [(request.note,) for request in requests if request.note]
        return Decision(outcomes, (Rows(ADD, list(state.items())), Rows(WRITE, notes)))

    def _step(self, state: dict[str, int], request: Step) -> int | TooLow:
        new = state[request.name] + request.by
        if new < 0 and not self.forgets_its_rule:
            return TooLow("I have too little.")
        state[request.name] = new
        return new


@pytest.fixture
def counting() -> Counting:
    return Counting()


@pytest.fixture
def noted(db: Database, counting: Counting) -> Database:
    make(db).register_kind("step", counting)
    db.write(lambda session: session.execute(COUNTER.insert(), [{"name": n, "value": 0} for n in ("a", "b")]))
    return db


def value(db: Database, name: str) -> int:
    with db.read() as session:
        return session.scalar(select(COUNTER.c.value).where(COUNTER.c.name == name)) or 0


def test_requests_of_a_kind_are_decided_in_one_pass(noted: Database, counting: Counting) -> None:
    futures = side_by_side(noted, *((noted.submit, ("step", Step("a", 1))) for _ in range(30)))
    assert [future.result() for future in futures] == list(range(1, 31))
    assert (value(noted, "a"), counting.passes) == (30, [30])


def test_a_refusal_is_an_outcome_for_its_caller_only(noted: Database) -> None:
    futures = side_by_side(
        noted,
        (noted.submit, ("step", Step("a", 2))),
        (noted.submit, ("step", Step("a", -3))),
        (noted.submit, ("step", Step("a", 5))),
    )
    assert (futures[0].result(), futures[2].result()) == (2, 7)
    assert isinstance(futures[1].exception(), TooLow)
    assert value(noted, "a") == 7


def test_a_kind_stands_where_its_first_request_stands(noted: Database) -> None:
    side_by_side(
        noted,
        (noted.write, (add("function 1"),)),
        (noted.submit, ("step", Step("a", 1, "kind 1"))),
        (noted.write, (add("function 2"),)),
        (noted.submit, ("step", Step("a", 1, "kind 2"))),
    )
    assert texts(noted) == ["function 1", "kind 1", "kind 2", "function 2"]


def test_the_database_is_the_second_net(noted: Database, counting: Counting) -> None:
    counting.forgets_its_rule = True
    futures = side_by_side(
        noted,
        (noted.submit, ("step", Step("a", 4))),
        (noted.submit, ("step", Step("a", -9, "should not be"))),
        (noted.write, (add("bystander"),)),
        (noted.submit, ("step", Step("b", 1))),
    )
    assert isinstance(futures[1].exception(), IntegrityError)
    assert [futures[at].result() for at in (0, 2, 3)] == [4, "bystander", 1]
    assert (value(noted, "a"), value(noted, "b"), texts(noted)) == (4, 1, ["bystander"])


def test_a_poisoned_request_fails_alone(noted: Database) -> None:
    good, bad = side_by_side(
        noted, (noted.submit, ("step", Step("a", 1))), (noted.submit, ("step", Step("nobody", 1)))
    )
    assert good.result() == 1
    assert isinstance(bad.exception(), KeyError)


def test_a_kind_has_one_decider_and_needs_one(noted: Database, counting: Counting) -> None:
    with pytest.raises(ValueError, match="taken"):
        noted.register_kind("step", counting)
    with pytest.raises(LookupError):
        noted.submit("unknown", None)


async def test_a_request_from_the_loop(noted: Database) -> None:
    assert await noted.asubmit("step", Step("a", 3)) == 3


EVERY = Table(
    "every_type",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("at", UtcTime),
    Column("what", Json),
    Column("so", Flag),
    Column("name", Str),
    Column("n", BigInt),
    sqlite_strict=True,
)


def test_the_driver_gets_every_type_right(db: Database) -> None:
    made = upsert(EVERY)
    values: dict[str, Any] = {name: made.excluded[name] for name in ("what", "so")}
    statement = Statement(
        made.on_conflict_do_update(index_elements=["id"], set_=values), "at", "id", "so", "what", "name", "n"
    )
    moment, key = datetime(2026, 11, 21, 2, 5, tzinfo=UTC), UUID(int=7)
    db.define(EVERY.create)

    def write(session: Any) -> None:
        statement.write(session.connection(), [(moment, key, True, {"a": 1}, "x", 1)])
        statement.write(
            session.connection(), [(moment, key, False, ["b"], "y", 2), (None, UUID(int=8)) + (None,) * 4]
        )
        statement.write(session.connection(), [])

    db.write(write)
    with db.read() as session:
        rows = [tuple(row) for row in session.execute(select(EVERY).order_by(EVERY.c.n))]
    db.define(EVERY.drop)
    assert (key, moment, ["b"], False, "x", 1) in rows
    assert (UUID(int=8), None, None, None, None, None) in rows


def test_many_rows_change_in_one_sentence(db: Database) -> None:
    """On PostgreSQL, where each of them is named once; what is empty stays empty."""
    columns = ("at", "so", "what", "name", "n")
    new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in columns}
    changed = update(EVERY).where(EVERY.c.id == bindparam("its_id")).values(new)
    statement = Statement(changed, *(f"new_{name}" for name in columns), "its_id", once=True)
    moment, keys = datetime(2026, 11, 21, 2, 5, tzinfo=UTC), [UUID(int=number) for number in range(70)]
    db.define(EVERY.create)

    def write(session: Any) -> None:
        session.execute(EVERY.insert(), [{"id": key} for key in keys])
        rows = [(moment, True, {"a": 1}, "x WHERE y", number) for number, _ in enumerate(keys)]
        rows[3] = (None,) * 5  # type: ignore[assignment]
        given = [(*row, key) for row, key in zip(rows, keys, strict=True)]
        statement.write(session.connection(), given[:69])

    db.write(write)
    with db.read() as session:
        kept = {row.id: tuple(row)[1:] for row in session.execute(select(EVERY))}
        names = [column.name for column in EVERY.columns][1:]
    db.define(EVERY.drop)
    last = dict(zip(names, kept[keys[68]], strict=True))
    assert last == {"at": moment, "so": True, "what": {"a": 1}, "name": "x WHERE y", "n": 68}
    assert kept[keys[3]] == kept[keys[69]] == (None,) * 5
