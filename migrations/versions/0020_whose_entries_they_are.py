# ruff: noqa: E501
"""Whose entries they are."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from kit.db import types

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "journal_operator",
        sa.Column("chain", types.Str(), nullable=False),
        sa.Column("operator", types.Str(), nullable=False),
        sa.Column("seq", types.BigInt(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["chain", "seq"],
            ["journal_entry.chain", "journal_entry.seq"],
            name=op.f("fk_journal_operator_chain_seq"),
        ),
        sa.PrimaryKeyConstraint("chain", "operator", "seq", name=op.f("pk_journal_operator")),
        sqlite_strict=True,
    )
    _name_what_is_written(op.get_bind())
    op.create_trigger(
        "journal_operator_refuses_update",
        "journal_operator",
        sqlite=(
            "CREATE TRIGGER journal_operator_refuses_update BEFORE UPDATE ON journal_operator BEGIN SELECT RAISE(ABORT, 'journal_operator is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION journal_operator_refuses_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'journal_operator is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER journal_operator_refuses_update BEFORE UPDATE ON journal_operator FOR EACH ROW EXECUTE FUNCTION journal_operator_refuses_update()",
        ),
    )
    op.create_trigger(
        "journal_operator_refuses_delete",
        "journal_operator",
        sqlite=(
            "CREATE TRIGGER journal_operator_refuses_delete BEFORE DELETE ON journal_operator BEGIN SELECT RAISE(ABORT, 'journal_operator is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION journal_operator_refuses_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'journal_operator is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER journal_operator_refuses_delete BEFORE DELETE ON journal_operator FOR EACH ROW EXECUTE FUNCTION journal_operator_refuses_delete()",
        ),
    )
    op.create_trigger(
        "journal_operator_insert_takes_no_others_place",
        "journal_operator",
        sqlite=(
            "CREATE TRIGGER journal_operator_insert_takes_no_others_place BEFORE INSERT ON journal_operator WHEN NOT ((NOT EXISTS (SELECT 1 FROM journal_operator kept WHERE (kept.chain = NEW.chain AND kept.operator = NEW.operator AND kept.seq = NEW.seq))) AND (NOT EXISTS (SELECT 1 FROM journal_operator WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'journal_operator takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION journal_operator_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM journal_operator kept WHERE (kept.chain = NEW.chain AND kept.operator = NEW.operator AND kept.seq = NEW.seq))) THEN RAISE EXCEPTION 'journal_operator takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER journal_operator_insert_takes_no_others_place BEFORE INSERT ON journal_operator FOR EACH ROW EXECUTE FUNCTION journal_operator_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION journal_operator_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'journal_operator stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER journal_operator_refuses_truncate BEFORE TRUNCATE ON journal_operator FOR EACH STATEMENT EXECUTE FUNCTION journal_operator_refuses_truncate()",
        ),
    )


AT_ONCE = 1000
NAMED = sa.text("INSERT INTO journal_operator (chain, operator, seq) VALUES (:chain, :operator, :seq)")


def _name_what_is_written(connection: sa.Connection) -> None:
    """Every entry that the journal holds already, by whoever its signed bytes name."""
    for chain in ("real", "training"):
        named = _named(connection, chain)
        while rows := list(islice(named, AT_ONCE)):
            connection.execute(NAMED, rows)


def _named(connection: sa.Connection, chain: str) -> Iterator[dict[str, Any]]:
    page = sa.text(
        "SELECT seq, body FROM journal_entry WHERE chain = :chain AND seq > :last ORDER BY seq LIMIT :limit"
    )
    last = 0
    while rows := connection.execute(page, {"chain": chain, "last": last, "limit": AT_ONCE}).all():
        last = rows[-1][0]
        for seq, body in rows:
            if code := _code(json.loads(bytes(body))):
                yield {"chain": chain, "operator": code, "seq": seq}


def _code(entry: dict[str, Any]) -> str:
    """The operator's code; a person of the office is named by the last signs of their id."""
    if stamp := entry.get("stamp"):
        return str(stamp["operator"])
    if closing := entry.get("closing"):
        return str(closing["operator"])
    by = str((entry.get("event") or {}).get("by", ""))
    try:
        return f"B-{UUID(by).hex[-6:]}"
    except ValueError:
        return by
