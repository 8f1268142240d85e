# ruff: noqa: E501
"""Taps that a home proves."""

import sqlalchemy as sa
from alembic import op

from kit.db import types

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "village_proving",
        sa.Column("handle", types.Str(), nullable=False),
        sa.Column("proves", types.Flag(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handle"], ["village_handle.handle"], name=op.f("fk_village_proving_handle")
        ),
        sa.PrimaryKeyConstraint("handle", name=op.f("pk_village_proving")),
        sqlite_strict=True,
    )
    op.create_table(
        "village_tap",
        sa.Column("card_id", types.Uuid(), nullable=False),
        sa.Column("counter", types.BigInt(), nullable=False),
        sa.Column("peer", types.Str(), nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["pass_card.id"], name=op.f("fk_village_tap_card_id")),
        sa.PrimaryKeyConstraint("card_id", name=op.f("pk_village_tap")),
        sqlite_strict=True,
    )
    op.create_trigger(
        "village_proving_insert_takes_no_others_place",
        "village_proving",
        sqlite=(
            "CREATE TRIGGER village_proving_insert_takes_no_others_place BEFORE INSERT ON village_proving WHEN NOT ((NOT EXISTS (SELECT 1 FROM village_proving kept WHERE (kept.handle = NEW.handle))) AND (NOT EXISTS (SELECT 1 FROM village_proving WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'village_proving takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_proving_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM village_proving kept WHERE (kept.handle = NEW.handle))) THEN RAISE EXCEPTION 'village_proving takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_proving_insert_takes_no_others_place BEFORE INSERT ON village_proving FOR EACH ROW EXECUTE FUNCTION village_proving_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION village_proving_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_proving stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_proving_refuses_truncate BEFORE TRUNCATE ON village_proving FOR EACH STATEMENT EXECUTE FUNCTION village_proving_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "village_proving_update_keeps_what_it_is",
        "village_proving",
        sqlite=(
            "CREATE TRIGGER village_proving_update_keeps_what_it_is BEFORE UPDATE ON village_proving WHEN NOT ((NEW.handle IS OLD.handle) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_proving keeps what it is'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_proving_update_keeps_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.handle IS NOT DISTINCT FROM OLD.handle) THEN RAISE EXCEPTION 'village_proving keeps what it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_proving_update_keeps_what_it_is BEFORE UPDATE ON village_proving FOR EACH ROW EXECUTE FUNCTION village_proving_update_keeps_what_it_is()",
        ),
    )
    op.create_trigger(
        "village_proving_delete_stays",
        "village_proving",
        sqlite=(
            "CREATE TRIGGER village_proving_delete_stays BEFORE DELETE ON village_proving WHEN NOT ((0) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_proving stays'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_proving_delete_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (false) THEN RAISE EXCEPTION 'village_proving stays' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$",
            "CREATE TRIGGER village_proving_delete_stays BEFORE DELETE ON village_proving FOR EACH ROW EXECUTE FUNCTION village_proving_delete_stays()",
        ),
    )
    op.create_trigger(
        "village_tap_insert_takes_no_others_place",
        "village_tap",
        sqlite=(
            "CREATE TRIGGER village_tap_insert_takes_no_others_place BEFORE INSERT ON village_tap WHEN NOT ((NOT EXISTS (SELECT 1 FROM village_tap kept WHERE (kept.card_id = NEW.card_id))) AND (NOT EXISTS (SELECT 1 FROM village_tap WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'village_tap takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_tap_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM village_tap kept WHERE (kept.card_id = NEW.card_id))) THEN RAISE EXCEPTION 'village_tap takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_tap_insert_takes_no_others_place BEFORE INSERT ON village_tap FOR EACH ROW EXECUTE FUNCTION village_tap_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION village_tap_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_tap stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_tap_refuses_truncate BEFORE TRUNCATE ON village_tap FOR EACH STATEMENT EXECUTE FUNCTION village_tap_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "village_tap_update_keeps_what_it_is",
        "village_tap",
        sqlite=(
            "CREATE TRIGGER village_tap_update_keeps_what_it_is BEFORE UPDATE ON village_tap WHEN NOT ((NEW.card_id IS OLD.card_id) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_tap keeps what it is'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_tap_update_keeps_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.card_id IS NOT DISTINCT FROM OLD.card_id) THEN RAISE EXCEPTION 'village_tap keeps what it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_tap_update_keeps_what_it_is BEFORE UPDATE ON village_tap FOR EACH ROW EXECUTE FUNCTION village_tap_update_keeps_what_it_is()",
        ),
    )
    op.create_trigger(
        "village_tap_delete_stays",
        "village_tap",
        sqlite=(
            "CREATE TRIGGER village_tap_delete_stays BEFORE DELETE ON village_tap WHEN NOT ((0) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_tap stays'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_tap_delete_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (false) THEN RAISE EXCEPTION 'village_tap stays' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$",
            "CREATE TRIGGER village_tap_delete_stays BEFORE DELETE ON village_tap FOR EACH ROW EXECUTE FUNCTION village_tap_delete_stays()",
        ),
    )
    op.create_trigger(
        "village_tap_update_counter_never_falls",
        "village_tap",
        sqlite=(
            "CREATE TRIGGER village_tap_update_counter_never_falls BEFORE UPDATE ON village_tap WHEN NOT ((NEW.counter >= OLD.counter) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_tap counter never falls'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_tap_update_counter_never_falls() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.counter >= OLD.counter) THEN RAISE EXCEPTION 'village_tap counter never falls' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_tap_update_counter_never_falls BEFORE UPDATE ON village_tap FOR EACH ROW EXECUTE FUNCTION village_tap_update_counter_never_falls()",
        ),
    )
