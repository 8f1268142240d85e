"""Which rule of the database a write broke, by the same name on both databases."""

import re

from sqlalchemy import Index, Table, UniqueConstraint
from sqlalchemy.exc import IntegrityError

from kit.db.base import Base

CHECK = re.compile(r"CHECK constraint failed: (\w+)")
UNIQUE = re.compile(r"UNIQUE constraint failed: ((?:\w+\.\w+(?:, )?)+)")


def broken_rule(error: IntegrityError) -> str:
    """The constraint's name, such as `uq_place_slug` or `ck_event_order`; empty where SQLite does not say it.

    SQLite names neither foreign keys nor NOT NULL; of a unique rule it names the columns, found again here.
    """
    diagnostic = getattr(error.orig, "diag", None)
    if diagnostic is not None:
        return diagnostic.constraint_name or ""
    said = str(error.orig)
    if check := CHECK.search(said):
        return check[1]
    unique = UNIQUE.search(said)
    return _unique_rule(unique[1].split(", ")) if unique else ""


def _unique_rule(columns: list[str]) -> str:
    table = Base.metadata.tables.get(columns[0].split(".")[0])
    if table is None:
        return ""
    wanted = {column.split(".")[1] for column in columns}
    names = (str(rule.name) for rule in _unique_rules(table) if {c.name for c in rule.columns} == wanted)
    return next(names, "")


def _unique_rules(table: Table) -> list[UniqueConstraint | Index]:
    rules: list[UniqueConstraint | Index] = [c for c in table.constraints if isinstance(c, UniqueConstraint)]
    return [*rules, *(index for index in table.indexes if index.unique)]
