"""Triggers declared beside their table, so that a fresh database and a migrated one both get them."""

from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import DDL, Connection, Table, event

_DECLARED: "WeakKeyDictionary[Table, dict[str, Trigger]]" = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger: a statement for SQLite, and one or more (function, trigger) for PostgreSQL."""

    name: str
    table: str
    sqlite: tuple[str, ...]
    postgresql: tuple[str, ...]

    def create(self, connection: Connection) -> None:
        for statement in self.sqlite if connection.dialect.name == "sqlite" else self.postgresql:
            connection.execute(_ddl(statement))


def _ddl(statement: str) -> DDL:
    return DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]


def declare_trigger(table: Table, name: str, *, sqlite: str, postgresql: Sequence[str]) -> None:
    """Create the trigger `name` with its table.

    On PostgreSQL, give `CREATE OR REPLACE FUNCTION …`, then `CREATE TRIGGER …`.
    """
    trigger = Trigger(name, table.name, (sqlite,), tuple(postgresql))
    _DECLARED.setdefault(table, {})[name] = trigger

    @event.listens_for(table, "after_create")
    def create(_table: Table, connection: Connection, **_: object) -> None:
        trigger.create(connection)


def declared_triggers(table: Table) -> dict[str, Trigger]:
    """The triggers of a table, by name."""
    return dict(_DECLARED.get(table, {}))


def make_append_only(table: Table) -> None:
    """Let the database refuse every UPDATE and DELETE of the table."""
    for verb in ("UPDATE", "DELETE"):
        name = f"{table.name}_refuses_{verb.lower()}"
        sentence = f"{table.name} is append-only"
        declare_trigger(
            table,
            name,
            sqlite=f"CREATE TRIGGER {name} BEFORE {verb} ON {table.name} BEGIN "
            f"SELECT RAISE(ABORT, '{sentence}'); END",
            postgresql=(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{sentence}' USING ERRCODE = 'restrict_violation'; END $$",
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table.name} FOR EACH ROW EXECUTE FUNCTION {name}()",
            ),
        )
