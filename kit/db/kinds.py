"""Hot kinds: many requests decided in one pass by a pure function, written by the driver without the ORM."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Connection, Executable
from sqlalchemy.sql.compiler import SQLCompiler

State = TypeVar("State")
Request_contra = TypeVar("Request_contra", contravariant=True)
Outcome = TypeVar("Outcome")


Write = Callable[[Connection, Sequence[tuple[Any, ...]]], None]


class Statement:
    """A Core insert, update or delete with bind parameters, compiled once per dialect.

    `columns` says the order of the values in each row given to `Rows`.
    """

    def __init__(self, statement: Executable, *columns: str) -> None:
        self.statement = statement
        self.columns = columns
        self._ready: dict[str, Write] = {}

    def write(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        name = connection.dialect.name
        if name not in self._ready:
            self._ready[name] = self._compile(connection)
        if rows:
            self._ready[name](connection, rows)

    def _compile(self, connection: Connection) -> Write:
        compiled: Any = self.statement.compile(  # type: ignore[attr-defined]
            dialect=connection.dialect, column_keys=list(self.columns)
        )
        bind = _by_position if compiled.positional else _by_name
        return bind(compiled, self.columns)


def _by_position(compiled: SQLCompiler, columns: Sequence[str]) -> Write:
    sql = str(compiled)
    steps = [(columns.index(name), _encoder(compiled, name)) for name in compiled.positiontup or ()]

    def write(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        connection.exec_driver_sql(sql, [tuple(encode(row[at]) for at, encode in steps) for row in rows])

    return write


def _by_name(compiled: SQLCompiler, columns: Sequence[str]) -> Write:
    sql = str(compiled)
    steps = [(name, columns.index(name), _encoder(compiled, name)) for name in compiled.bind_names.values()]

    def write(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        values = [{name: encode(row[at]) for name, at, encode in steps} for row in rows]
        connection.exec_driver_sql(sql, values)

    return write


def _encoder(compiled: SQLCompiler, name: str) -> Callable[[Any], Any]:
    processor: Any = compiled._bind_processors.get(name)
    return processor or (lambda value: value)


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
