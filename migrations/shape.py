"""The shape of a database, as lines that can be compared: tables, columns, rules, indexes, triggers."""

from collections.abc import Iterator

from sqlalchemy import Connection, text

Shape = dict[str, set[str]]
OWN = "alembic_version"

SQLITE = "SELECT tbl_name, type, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
POSTGRESQL = """
SELECT c.relname, a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
       || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
       || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
UNION ALL
SELECT conrelid::regclass::text, conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
 WHERE connamespace = 'public'::regnamespace AND contype <> 'n' AND conrelid <> 0
UNION ALL
SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT tgrelid::regclass::text, pg_get_triggerdef(t.oid) || ' ' || p.prosrc
  FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT tgisinternal
"""


def shape_of(connection: Connection) -> Shape:
    """Every table with its lines; two databases are alike when their shapes are equal."""
    lines = _sqlite(connection) if connection.dialect.name == "sqlite" else _postgresql(connection)
    shape: Shape = {}
    for table, line in lines:
        if table != OWN:
            shape.setdefault(table, set()).add(" ".join(line.split()))
    return shape


def differences(before: Shape, after: Shape) -> list[str]:
    """What stands in one and not in the other: `-` gone, `+` new."""
    return sorted(
        f"{sign} {table}: {line}"
        for sign, here, there in (("-", before, after), ("+", after, before))
        for table, lines in here.items()
        for line in lines - there.get(table, set())
    )


def _postgresql(connection: Connection) -> Iterator[tuple[str, str]]:
    return ((table, line) for table, line in connection.execute(text(POSTGRESQL)))


def _sqlite(connection: Connection) -> Iterator[tuple[str, str]]:
    for table, kind, sql in connection.exec_driver_sql(SQLITE):
        if kind != "table":
            yield table, sql
            continue
        opening, closing = sql.index("("), sql.rindex(")")
        yield table, sql[closing + 1 :] or "not strict"
        for clause in _clauses(sql[opening + 1 : closing]):
            yield table, clause


def _clauses(body: str) -> Iterator[str]:
    """Columns and constraints: what commas part outside every parenthesis and quotation."""
    depth, quoted, begun = 0, False, 0
    for at, sign in enumerate(body):
        quoted ^= sign == "'"
        if not quoted:
            depth += (sign == "(") - (sign == ")")
            if sign == "," and depth == 0:
                yield body[begun:at]
                begun = at + 1
    yield body[begun:]
