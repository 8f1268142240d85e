"""What our tables need and Alembic does not know: triggers, and a version table that is STRICT too."""

from collections.abc import Iterable
from typing import Any

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.ddl.sqlite import SQLiteImpl
from alembic.operations import MigrateOperation, Operations
from sqlalchemy import Column, MetaData, Table, Text, text

from kit.db import Base
from kit.db.triggers import Trigger, declared_triggers


class StrictSQLite(SQLiteImpl):
    """SQLite, with Alembic's own table STRICT like the others."""

    __dialect__ = "sqlite"

    def version_table_impl(self, *, version_table: str, **_: Any) -> Table:
        column = Column("version_num", Text, primary_key=True)
        return Table(version_table, MetaData(), column, sqlite_strict=True)


@Operations.register_operation("create_trigger")
class CreateTrigger(MigrateOperation):
    """`op.create_trigger(name, table, sqlite=(…,), postgresql=(…,))`."""

    def __init__(self, trigger: Trigger) -> None:
        self.trigger = trigger

    @classmethod
    def create_trigger(
        cls,
        operations: Operations,
        name: str,
        table: str,
        *,
        sqlite: Iterable[str],
        postgresql: Iterable[str],
    ) -> Any:
        return operations.invoke(cls(Trigger(name, table, tuple(sqlite), tuple(postgresql))))

    def reverse(self) -> MigrateOperation:
        return DropTrigger(self.trigger.name, self.trigger.table)


@Operations.register_operation("drop_trigger")
class DropTrigger(MigrateOperation):
    """`op.drop_trigger(name, table)`."""

    def __init__(self, name: str, table: str) -> None:
        self.name, self.table = name, table

    @classmethod
    def drop_trigger(cls, operations: Operations, name: str, table: str) -> Any:
        return operations.invoke(cls(name, table))


@Operations.implementation_for(CreateTrigger)
def _create(operations: Operations, operation: CreateTrigger) -> None:
    operation.trigger.create(operations.get_bind())


@Operations.implementation_for(DropTrigger)
def _drop(operations: Operations, operation: DropTrigger) -> None:
    where = "" if operations.get_bind().dialect.name == "sqlite" else f" ON {operation.table}"
    operations.execute(text(f"DROP TRIGGER {operation.name}{where}"))


@renderers.dispatch_for(CreateTrigger)
def _write_create(_context: AutogenContext, operation: CreateTrigger) -> str:
    trigger = operation.trigger
    return (
        f"op.create_trigger({trigger.name!r}, {trigger.table!r}, "
        f"sqlite={trigger.sqlite!r}, postgresql={trigger.postgresql!r})"
    )


@renderers.dispatch_for(DropTrigger)
def _write_drop(_context: AutogenContext, operation: DropTrigger) -> str:
    return f"op.drop_trigger({operation.name!r}, {operation.table!r})"


def add_triggers(context: Any, _revision: Any, directives: list[Any]) -> None:
    """Add the triggers that tables declare and the database lacks; drop those it should not have."""
    operations = directives[0].upgrade_ops.ops
    wanted = context.config.attributes.get("tables") or set(Base.metadata.tables)
    tables = [table for table in Base.metadata.sorted_tables if table.name in wanted]
    declared = {name: made for table in tables for name, made in declared_triggers(table).items()}
    present = _present(context.connection)
    for name, (table, sql) in present.items():
        if table not in wanted:
            continue
        if name not in declared or _bare(declared[name].sqlite[0]) != _bare(sql):
            operations.append(DropTrigger(name, table))
    for name, trigger in declared.items():
        if name not in present or _bare(trigger.sqlite[0]) != _bare(present[name][1]):
            operations.append(CreateTrigger(trigger))


def _present(connection: Any) -> dict[str, tuple[str, str]]:
    rows = connection.exec_driver_sql("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {name: (table, sql) for name, table, sql in rows}


def _bare(sql: str) -> str:
    return " ".join(sql.split())
