# ruff: noqa: E501
"""The tables of wallets and cards."""

import sqlalchemy as sa
from alembic import op

from kit.db import types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card_batch",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("name", types.Str(), nullable=False),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("by_id", types.Uuid(), nullable=True),
        sa.Column("opening_id", types.Uuid(), nullable=True),
        sa.Column("undone_at", types.UtcTime(), nullable=True),
        sa.Column("back_image", types.Str(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_batch")),
        sqlite_strict=True,
    )
    op.create_table(
        "wallet",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=True),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wallet")),
        sa.UniqueConstraint("person_id", name=op.f("uq_wallet_person_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "pass_card",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("uid", types.Str(), nullable=True),
        sa.Column("number", types.Str(), nullable=False),
        sa.Column("code", types.Str(), nullable=False),
        sa.Column("kind", types.Str(), nullable=False),
        sa.Column("chip", types.Str(), nullable=False),
        sa.Column("state", types.Str(), nullable=False),
        sa.Column("wallet_id", types.Uuid(), nullable=False),
        sa.Column("batch_id", types.Uuid(), nullable=True),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.CheckConstraint("chip IN ('static', 'ntag424', 'qr')", name=op.f("ck_pass_card_chip")),
        sa.CheckConstraint("kind IN ('pass', 'staff')", name=op.f("ck_pass_card_kind")),
        sa.CheckConstraint(
            "state IN ('active', 'lost', 'blocked', 'replaced')", name=op.f("ck_pass_card_state")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["card_batch.id"], name=op.f("fk_pass_card_batch_id")),
        sa.ForeignKeyConstraint(["wallet_id"], ["wallet.id"], name=op.f("fk_pass_card_wallet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pass_card")),
        sa.UniqueConstraint("code", name=op.f("uq_pass_card_code")),
        sa.UniqueConstraint("number", name=op.f("uq_pass_card_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_pass_card_uid")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("pass_card", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_pass_card_batch_id_number"), ["batch_id", "number"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_pass_card_wallet_id"), ["wallet_id"], unique=False)

    op.create_table(
        "card_mark",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("card_id", types.Uuid(), nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.Column("state", types.Str(), nullable=False),
        sa.Column("wallet_id", types.Uuid(), nullable=False),
        sa.Column("by_id", types.Uuid(), nullable=True),
        sa.Column("reason", types.Str(), nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["pass_card.id"], name=op.f("fk_card_mark_card_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_mark")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("card_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_card_mark_card_id_id"), ["card_id", "id"], unique=False)

    op.create_table(
        "card_tap",
        sa.Column("card_id", types.Uuid(), nullable=False),
        sa.Column("counter", types.Int(), nullable=False),
        sa.Column("tx_seq", types.BigInt(), nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["pass_card.id"], name=op.f("fk_card_tap_card_id")),
        sa.PrimaryKeyConstraint("card_id", "counter", name=op.f("pk_card_tap")),
        sqlite_strict=True,
    )
    op.create_trigger(
        "wallet_insert_takes_no_others_place",
        "wallet",
        sqlite=(
            "CREATE TRIGGER wallet_insert_takes_no_others_place BEFORE INSERT ON wallet WHEN NOT ((NOT EXISTS (SELECT 1 FROM wallet kept WHERE (kept.id = NEW.id) OR (kept.person_id = NEW.person_id))) AND (NOT EXISTS (SELECT 1 FROM wallet WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'wallet takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION wallet_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM wallet kept WHERE (kept.id = NEW.id) OR (kept.person_id = NEW.person_id))) THEN RAISE EXCEPTION 'wallet takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER wallet_insert_takes_no_others_place BEFORE INSERT ON wallet FOR EACH ROW EXECUTE FUNCTION wallet_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION wallet_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'wallet stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER wallet_refuses_truncate BEFORE TRUNCATE ON wallet FOR EACH STATEMENT EXECUTE FUNCTION wallet_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "wallet_update_keeps_what_it_is",
        "wallet",
        sqlite=(
            "CREATE TRIGGER wallet_update_keeps_what_it_is BEFORE UPDATE ON wallet WHEN NOT ((NEW.id IS OLD.id AND NEW.created_at IS OLD.created_at) AND (1)) BEGIN SELECT RAISE(ABORT, 'wallet keeps what it is'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION wallet_update_keeps_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.created_at IS NOT DISTINCT FROM OLD.created_at) THEN RAISE EXCEPTION 'wallet keeps what it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER wallet_update_keeps_what_it_is BEFORE UPDATE ON wallet FOR EACH ROW EXECUTE FUNCTION wallet_update_keeps_what_it_is()",
        ),
    )
    op.create_trigger(
        "wallet_delete_stays",
        "wallet",
        sqlite=(
            "CREATE TRIGGER wallet_delete_stays BEFORE DELETE ON wallet WHEN NOT ((0) AND (1)) BEGIN SELECT RAISE(ABORT, 'wallet stays'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION wallet_delete_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (false) THEN RAISE EXCEPTION 'wallet stays' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$",
            "CREATE TRIGGER wallet_delete_stays BEFORE DELETE ON wallet FOR EACH ROW EXECUTE FUNCTION wallet_delete_stays()",
        ),
    )
    op.create_trigger(
        "pass_card_insert_takes_no_others_place",
        "pass_card",
        sqlite=(
            "CREATE TRIGGER pass_card_insert_takes_no_others_place BEFORE INSERT ON pass_card WHEN NOT ((NOT EXISTS (SELECT 1 FROM pass_card kept WHERE (kept.code = NEW.code) OR (kept.id = NEW.id) OR (kept.number = NEW.number) OR (kept.uid = NEW.uid))) AND (NOT EXISTS (SELECT 1 FROM pass_card WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'pass_card takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION pass_card_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM pass_card kept WHERE (kept.code = NEW.code) OR (kept.id = NEW.id) OR (kept.number = NEW.number) OR (kept.uid = NEW.uid))) THEN RAISE EXCEPTION 'pass_card takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER pass_card_insert_takes_no_others_place BEFORE INSERT ON pass_card FOR EACH ROW EXECUTE FUNCTION pass_card_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION pass_card_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'pass_card stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER pass_card_refuses_truncate BEFORE TRUNCATE ON pass_card FOR EACH STATEMENT EXECUTE FUNCTION pass_card_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "pass_card_update_keeps_what_it_is",
        "pass_card",
        sqlite=(
            "CREATE TRIGGER pass_card_update_keeps_what_it_is BEFORE UPDATE ON pass_card WHEN NOT ((NEW.id IS OLD.id AND NEW.uid IS OLD.uid AND NEW.number IS OLD.number AND NEW.code IS OLD.code AND NEW.created_at IS OLD.created_at) AND (1)) BEGIN SELECT RAISE(ABORT, 'pass_card keeps what it is'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION pass_card_update_keeps_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.uid IS NOT DISTINCT FROM OLD.uid AND NEW.number IS NOT DISTINCT FROM OLD.number AND NEW.code IS NOT DISTINCT FROM OLD.code AND NEW.created_at IS NOT DISTINCT FROM OLD.created_at) THEN RAISE EXCEPTION 'pass_card keeps what it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER pass_card_update_keeps_what_it_is BEFORE UPDATE ON pass_card FOR EACH ROW EXECUTE FUNCTION pass_card_update_keeps_what_it_is()",
        ),
    )
    op.create_trigger(
        "pass_card_delete_stays",
        "pass_card",
        sqlite=(
            "CREATE TRIGGER pass_card_delete_stays BEFORE DELETE ON pass_card WHEN NOT ((0) AND (1)) BEGIN SELECT RAISE(ABORT, 'pass_card stays'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION pass_card_delete_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (false) THEN RAISE EXCEPTION 'pass_card stays' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$",
            "CREATE TRIGGER pass_card_delete_stays BEFORE DELETE ON pass_card FOR EACH ROW EXECUTE FUNCTION pass_card_delete_stays()",
        ),
    )
    op.create_trigger(
        "card_mark_refuses_update",
        "card_mark",
        sqlite=(
            "CREATE TRIGGER card_mark_refuses_update BEFORE UPDATE ON card_mark BEGIN SELECT RAISE(ABORT, 'card_mark is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION card_mark_refuses_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'card_mark is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER card_mark_refuses_update BEFORE UPDATE ON card_mark FOR EACH ROW EXECUTE FUNCTION card_mark_refuses_update()",
        ),
    )
    op.create_trigger(
        "card_mark_refuses_delete",
        "card_mark",
        sqlite=(
            "CREATE TRIGGER card_mark_refuses_delete BEFORE DELETE ON card_mark BEGIN SELECT RAISE(ABORT, 'card_mark is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION card_mark_refuses_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'card_mark is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER card_mark_refuses_delete BEFORE DELETE ON card_mark FOR EACH ROW EXECUTE FUNCTION card_mark_refuses_delete()",
        ),
    )
    op.create_trigger(
        "card_mark_insert_takes_no_others_place",
        "card_mark",
        sqlite=(
            "CREATE TRIGGER card_mark_insert_takes_no_others_place BEFORE INSERT ON card_mark WHEN NOT ((NOT EXISTS (SELECT 1 FROM card_mark kept WHERE (kept.id = NEW.id))) AND (NOT EXISTS (SELECT 1 FROM card_mark WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'card_mark takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION card_mark_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM card_mark kept WHERE (kept.id = NEW.id))) THEN RAISE EXCEPTION 'card_mark takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER card_mark_insert_takes_no_others_place BEFORE INSERT ON card_mark FOR EACH ROW EXECUTE FUNCTION card_mark_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION card_mark_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'card_mark stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER card_mark_refuses_truncate BEFORE TRUNCATE ON card_mark FOR EACH STATEMENT EXECUTE FUNCTION card_mark_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "card_tap_refuses_update",
        "card_tap",
        sqlite=(
            "CREATE TRIGGER card_tap_refuses_update BEFORE UPDATE ON card_tap BEGIN SELECT RAISE(ABORT, 'card_tap is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION card_tap_refuses_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'card_tap is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER card_tap_refuses_update BEFORE UPDATE ON card_tap FOR EACH ROW EXECUTE FUNCTION card_tap_refuses_update()",
        ),
    )
    op.create_trigger(
        "card_tap_refuses_delete",
        "card_tap",
        sqlite=(
            "CREATE TRIGGER card_tap_refuses_delete BEFORE DELETE ON card_tap BEGIN SELECT RAISE(ABORT, 'card_tap is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION card_tap_refuses_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'card_tap is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER card_tap_refuses_delete BEFORE DELETE ON card_tap FOR EACH ROW EXECUTE FUNCTION card_tap_refuses_delete()",
        ),
    )
    op.create_trigger(
        "card_tap_insert_takes_no_others_place",
        "card_tap",
        sqlite=(
            "CREATE TRIGGER card_tap_insert_takes_no_others_place BEFORE INSERT ON card_tap WHEN NOT ((NOT EXISTS (SELECT 1 FROM card_tap kept WHERE (kept.card_id = NEW.card_id AND kept.counter = NEW.counter))) AND (NOT EXISTS (SELECT 1 FROM card_tap WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'card_tap takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION card_tap_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM card_tap kept WHERE (kept.card_id = NEW.card_id AND kept.counter = NEW.counter))) THEN RAISE EXCEPTION 'card_tap takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER card_tap_insert_takes_no_others_place BEFORE INSERT ON card_tap FOR EACH ROW EXECUTE FUNCTION card_tap_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION card_tap_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'card_tap stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER card_tap_refuses_truncate BEFORE TRUNCATE ON card_tap FOR EACH STATEMENT EXECUTE FUNCTION card_tap_refuses_truncate()",
        ),
    )
