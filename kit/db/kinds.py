"""Hot kinds: many requests decided in one pass by a pure function, written by the driver without the ORM."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Connection, Dialect, Executable, Insert
from sqlalchemy.sql.compiler import SQLCompiler

from kit.db import driver
from kit.db.columns import encoder

State = TypeVar("State")
Request_contra = TypeVar("Request_contra", contravariant=True)
Outcome = TypeVar("Outcome")


Row = tuple[Any, ...]
Write = Callable[[Connection, Sequence[Row]], None]
Columns = Sequence[Sequence[Any]]
Say = Callable[[Connection, Columns], None]

MOST_TOGETHER = 64
"""Rows in one sentence of SQLite: each sentence lets other threads run, as each row of `executemany` does."""
VALUES = re.compile(r"VALUES \(.*?\)(?= ON CONFLICT| RETURNING|$)")
PARAMETER = re.compile(r"%\((\w+)\)s(?:::(?:TIMESTAMP WITH TIME ZONE|\w+))?")


class Statement:
    """A Core insert, update or delete with bind parameters, compiled once per dialect.

    `columns` says the order of the values in each row given to `Rows`. Insertions put many rows into one
    sentence: rows of VALUES on SQLite, one array for each column on PostgreSQL. So do updates there that are
    `once`: no two rows of a batch are about the same row of the table.
    """

    def __init__(self, statement: Executable, *columns: str, once: bool = False) -> None:
        self.statement = statement
        self.columns = columns
        self._once = once
        self._ready: dict[str, Write] = {}

    def write(self, connection: Connection, rows: Sequence[Row]) -> None:
        name = connection.dialect.name
        if name not in self._ready:
            self._ready[name] = self._compile(connection.dialect)
        if rows:
            self._ready[name](connection, rows)

    def _compile(self, dialect: Dialect) -> Write:
        compiled: Any = self.statement.compile(  # type: ignore[attr-defined]
            dialect=dialect, column_keys=list(self.columns)
        )
        names = list(compiled.positiontup or compiled.bind_names.values())
        steps = [(self.columns.index(one), encoder(compiled.binds[one].type, dialect)) for one in names]
        say = self._say(compiled, names)

        def write(connection: Connection, rows: Sequence[Row]) -> None:
            given = list(zip(*rows, strict=True))
            say(connection, [encode(given[at]) for at, encode in steps])

        return write

    def _say(self, compiled: SQLCompiler, names: Sequence[str]) -> Say:
        if self._once and not compiled.positional:
            return _from_arrays(compiled, names)
        # DO UPDATE may meet a row twice in one batch, which PostgreSQL refuses within one sentence.
        if not isinstance(self.statement, Insert) or self.statement._post_values_clause is not None:
            return _one_by_one(compiled, names)
        return _with_rows(compiled, names) if compiled.positional else _with_arrays(compiled, names)


def _one_by_one(compiled: SQLCompiler, names: Sequence[str]) -> Say:
    sql = str(compiled)

    def say(connection: Connection, columns: Columns) -> None:
        rows: Any = list(zip(*columns, strict=True))
        if not compiled.positional:
            rows = [dict(zip(names, row, strict=True)) for row in rows]
        driver.run_each(connection, sql, rows)

    return say


def _with_rows(compiled: SQLCompiler, names: Sequence[str]) -> Say:
    """By powers of two, so that SQLite prepares few different sentences."""
    row = f"({', '.join('?' * len(names))})"
    sentences = [
        str(compiled).replace(row, ", ".join([row] * (1 << power)))
        for power in range(MOST_TOGETHER.bit_length())
    ]

    def say(connection: Connection, columns: Columns) -> None:
        rows = list(zip(*columns, strict=True))
        while rows:
            power = min(len(rows), MOST_TOGETHER).bit_length() - 1
            part, rows = rows[: 1 << power], rows[1 << power :]
            driver.run(connection, sentences[power], tuple(chain.from_iterable(part)))

    return say


def _with_arrays(compiled: SQLCompiler, names: Sequence[str]) -> Say:
    rows = f"SELECT * FROM {_unnested(compiled, names)}"  # noqa: S608 - names of types
    return _as_arrays(VALUES.sub(rows, str(compiled)))


def _from_arrays(compiled: SQLCompiler, names: Sequence[str]) -> Say:
    """An update of many rows: each parameter becomes a column of what was unnested."""
    source = f" FROM {_unnested(compiled, names)} AS given({', '.join(names)}) WHERE "
    return _as_arrays(PARAMETER.sub(r"given.\1", str(compiled)).replace(" WHERE ", source, 1))


def _unnested(compiled: SQLCompiler, names: Sequence[str]) -> str:
    kinds = (compiled.binds[name].type.compile(compiled.dialect) for name in names)
    return f"unnest({', '.join(f'%s::{kind}[]' for kind in kinds)})"


def _as_arrays(sql: str) -> Say:
    def say(connection: Connection, columns: Columns) -> None:
        driver.run(connection, sql, tuple(list(column) for column in columns))

    return say


@dataclass(frozen=True, slots=True)
class Rows:
    """Values to write with one statement, each a tuple in the order of the statement's columns."""

    statement: Statement
    values: Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Decision(Generic[Outcome]):
    """What was decided: rows written in this order, and one outcome per request, in the requests' order.

    An outcome that is an exception (a Refusal) is raised to that request's caller; the rows stand. Facts are
    told to their listeners in the same transaction, after the rows.
    """

    outcomes: Sequence[Outcome | Exception]
    rows: Sequence[Rows] = ()
    effects: Sequence[Callable[[], None]] = field(default=())
    facts: Sequence[object] = ()


class Decider(Protocol[State, Request_contra, Outcome]):
    """A room's rule for one hot kind.

    `load` reads, and on PostgreSQL locks in a fixed order; `decide` is pure.
    """

    def load(self, connection: Connection, requests: Sequence[Request_contra]) -> State: ...

    def decide(
        self, state: State, requests: Sequence[Request_contra], now: datetime
    ) -> "Decision[Outcome]": ...


Deciders = Mapping[str, Decider[Any, Any, Any]]
