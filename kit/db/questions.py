"""Selects that are asked at every request: compiled once per dialect, said to the driver, no objects made."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Dialect, Select
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from kit.db import driver
from kit.db.driver import Row

Process = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Ready:
    """A question in the words of one driver."""

    sql: str
    places: Sequence[str] | None
    """The names of its values in their order; None when the driver knows them by name."""
    always: Mapping[str, Any]
    encode: Sequence[tuple[str, Callable[[Any], Any]]]
    decode: Sequence[Process] | None
    """What makes values of columns; None when all are as the driver gives them."""


class Question:
    """A Core select; its values are `bindparam`s, none of them expanding."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self.statement: Final = statement
        self._ready: dict[str, _Ready] = {}

    def rows(self, session: Session, **given: Any) -> list[Row]:
        """Every row. What the session has not written yet is not seen: `flush` first where that matters.

        Raises DBAPIError, and what the type of a value raises.
        """
        connection = session.connection()
        ready = self._ready.get(connection.dialect.name) or self._compile(connection.dialect)
        for name, encode in ready.encode:
            given[name] = encode(given[name])
        values: Any = {**ready.always, **given} if ready.always else given
        if ready.places is not None:
            values = [values[name] for name in ready.places]
        found = driver.rows(connection, ready.sql, values)
        if not found or ready.decode is None:
            return found
        return [_decoded(row, ready.decode) for row in found]

    def row(self, session: Session, **given: Any) -> Row | None:
        """The first row."""
        rows = self.rows(session, **given)
        return rows[0] if rows else None

    def value(self, session: Session, **given: Any) -> Any:
        """The first value of the first row."""
        rows = self.rows(session, **given)
        return rows[0][0] if rows else None

    def _compile(self, dialect: Dialect) -> _Ready:
        compiled: Any = self.statement.compile(dialect=dialect)
        asked = [name for name, bind in compiled.binds.items() if bind.required]
        state = compiled.construct_expanded_state(dict.fromkeys(asked))
        said = {
            name: _encoder(bind.type, dialect) for name, bind in compiled.binds.items()
        } | state.processors
        constants = ((name, value) for name, value in state.parameters.items() if name not in asked)
        decode = [_decoder(column.type, dialect) for column in self.statement.selected_columns]
        ready = self._ready[dialect.name] = _Ready(
            sql=state.statement,
            places=state.positiontup,
            always={name: _processed(value, said.get(name)) for name, value in constants},
            encode=[(name, encode) for name in asked if (encode := said[name]) is not None],
            decode=decode if any(decode) else None,
        )
        return ready


def _processed(value: Any, process: Process) -> Any:
    return value if process is None else process(value)


def _encoder(kind: TypeEngine[Any], dialect: Dialect) -> Process:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _decoder(kind: TypeEngine[Any], dialect: Dialect) -> Process:
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _decoded(row: Row, decode: Sequence[Process]) -> Row:
    return tuple(
        [value if process is None else process(value) for value, process in zip(row, decode, strict=True)]
    )
