# ruff: noqa: E501
"""The tables of currencies."""

import sqlalchemy as sa
from alembic import op

from kit.db import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "currency",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("code", types.Str(), nullable=False),
        sa.Column("issuer", types.Str(), nullable=False),
        sa.Column("nature", types.Str(), nullable=False),
        sa.Column("reach", types.Str(), nullable=False),
        sa.Column("scale", types.Int(), nullable=False),
        sa.Column("at_par", types.Flag(), nullable=False),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("name", types.Str(), nullable=False),
        sa.Column("symbol", types.Str(), nullable=False),
        sa.Column("icon", types.Str(), nullable=False),
        sa.Column("where_spent", types.Str(), nullable=False),
        sa.Column("gift_days", types.BigInt(), nullable=True),
        sa.Column("archived_at", types.UtcTime(), nullable=True),
        sa.CheckConstraint(
            "nature IN ('money', 'gift', 'time', 'loyalty', 'free')", name=op.f("ck_currency_nature")
        ),
        sa.CheckConstraint("reach IN ('network', 'local', 'issuer_only')", name=op.f("ck_currency_reach")),
        sa.CheckConstraint("scale BETWEEN 0 AND 6", name=op.f("ck_currency_scale")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_currency")),
        sa.UniqueConstraint("code", name=op.f("uq_currency_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "currency_wording",
        sa.Column("currency_id", types.Uuid(), nullable=False),
        sa.Column("number", types.BigInt(), nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.Column("name", types.Str(), nullable=False),
        sa.Column("symbol", types.Str(), nullable=False),
        sa.Column("icon", types.Str(), nullable=False),
        sa.Column("where_spent", types.Str(), nullable=False),
        sa.ForeignKeyConstraint(
            ["currency_id"], ["currency.id"], name=op.f("fk_currency_wording_currency_id")
        ),
        sa.PrimaryKeyConstraint("currency_id", "number", name=op.f("pk_currency_wording")),
        sqlite_strict=True,
    )
    op.create_trigger(
        "currency_insert_takes_no_others_place",
        "currency",
        sqlite=(
            "CREATE TRIGGER currency_insert_takes_no_others_place BEFORE INSERT ON currency WHEN NOT ((NOT EXISTS (SELECT 1 FROM currency kept WHERE (kept.code = NEW.code) OR (kept.id = NEW.id))) AND (NOT EXISTS (SELECT 1 FROM currency WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'currency takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION currency_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM currency kept WHERE (kept.code = NEW.code) OR (kept.id = NEW.id))) THEN RAISE EXCEPTION 'currency takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER currency_insert_takes_no_others_place BEFORE INSERT ON currency FOR EACH ROW EXECUTE FUNCTION currency_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION currency_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'currency stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER currency_refuses_truncate BEFORE TRUNCATE ON currency FOR EACH STATEMENT EXECUTE FUNCTION currency_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "currency_update_keeps_what_it_is",
        "currency",
        sqlite=(
            "CREATE TRIGGER currency_update_keeps_what_it_is BEFORE UPDATE ON currency WHEN NOT ((NEW.id IS OLD.id AND NEW.code IS OLD.code AND NEW.issuer IS OLD.issuer AND NEW.nature IS OLD.nature AND NEW.reach IS OLD.reach AND NEW.scale IS OLD.scale AND NEW.at_par IS OLD.at_par AND NEW.created_at IS OLD.created_at) AND (1)) BEGIN SELECT RAISE(ABORT, 'currency keeps what it is'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION currency_update_keeps_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.code IS NOT DISTINCT FROM OLD.code AND NEW.issuer IS NOT DISTINCT FROM OLD.issuer AND NEW.nature IS NOT DISTINCT FROM OLD.nature AND NEW.reach IS NOT DISTINCT FROM OLD.reach AND NEW.scale IS NOT DISTINCT FROM OLD.scale AND NEW.at_par IS NOT DISTINCT FROM OLD.at_par AND NEW.created_at IS NOT DISTINCT FROM OLD.created_at) THEN RAISE EXCEPTION 'currency keeps what it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER currency_update_keeps_what_it_is BEFORE UPDATE ON currency FOR EACH ROW EXECUTE FUNCTION currency_update_keeps_what_it_is()",
        ),
    )
    op.create_trigger(
        "currency_delete_stays",
        "currency",
        sqlite=(
            "CREATE TRIGGER currency_delete_stays BEFORE DELETE ON currency WHEN NOT ((0) AND (1)) BEGIN SELECT RAISE(ABORT, 'currency stays'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION currency_delete_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (false) THEN RAISE EXCEPTION 'currency stays' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$",
            "CREATE TRIGGER currency_delete_stays BEFORE DELETE ON currency FOR EACH ROW EXECUTE FUNCTION currency_delete_stays()",
        ),
    )
    op.create_trigger(
        "currency_wording_refuses_update",
        "currency_wording",
        sqlite=(
            "CREATE TRIGGER currency_wording_refuses_update BEFORE UPDATE ON currency_wording BEGIN SELECT RAISE(ABORT, 'currency_wording is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION currency_wording_refuses_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'currency_wording is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER currency_wording_refuses_update BEFORE UPDATE ON currency_wording FOR EACH ROW EXECUTE FUNCTION currency_wording_refuses_update()",
        ),
    )
    op.create_trigger(
        "currency_wording_refuses_delete",
        "currency_wording",
        sqlite=(
            "CREATE TRIGGER currency_wording_refuses_delete BEFORE DELETE ON currency_wording BEGIN SELECT RAISE(ABORT, 'currency_wording is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION currency_wording_refuses_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'currency_wording is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER currency_wording_refuses_delete BEFORE DELETE ON currency_wording FOR EACH ROW EXECUTE FUNCTION currency_wording_refuses_delete()",
        ),
    )
    op.create_trigger(
        "currency_wording_insert_takes_no_others_place",
        "currency_wording",
        sqlite=(
            "CREATE TRIGGER currency_wording_insert_takes_no_others_place BEFORE INSERT ON currency_wording WHEN NOT ((NOT EXISTS (SELECT 1 FROM currency_wording kept WHERE (kept.currency_id = NEW.currency_id AND kept.number = NEW.number))) AND (NOT EXISTS (SELECT 1 FROM currency_wording WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'currency_wording takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION currency_wording_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM currency_wording kept WHERE (kept.currency_id = NEW.currency_id AND kept.number = NEW.number))) THEN RAISE EXCEPTION 'currency_wording takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER currency_wording_insert_takes_no_others_place BEFORE INSERT ON currency_wording FOR EACH ROW EXECUTE FUNCTION currency_wording_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION currency_wording_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'currency_wording stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER currency_wording_refuses_truncate BEFORE TRUNCATE ON currency_wording FOR EACH STATEMENT EXECUTE FUNCTION currency_wording_refuses_truncate()",
        ),
    )
