# ruff: noqa: E501
"""The tables of cards across nodes."""

import sqlalchemy as sa
from alembic import op

from kit.db import types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "village_card",
        sa.Column("peer", types.Str(), nullable=False),
        sa.Column("card_key", types.Str(), nullable=False),
        sa.Column("rev", types.BigInt(), nullable=False),
        sa.Column("state", types.Str(), nullable=False),
        sa.Column("handles", types.Json(), nullable=False),
        sa.Column("heard_at", types.UtcTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('active', 'lost', 'blocked', 'replaced')", name=op.f("ck_village_card_state")
        ),
        sa.PrimaryKeyConstraint("peer", "card_key", name=op.f("pk_village_card")),
        sqlite_strict=True,
    )
    op.create_table(
        "village_counter",
        sa.Column("name", types.Str(), nullable=False),
        sa.Column("value", types.BigInt(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_village_counter")),
        sqlite_strict=True,
    )
    op.create_table(
        "village_noted",
        sa.Column("peer", types.Str(), nullable=False),
        sa.Column("terms", types.Str(), nullable=False),
        sa.Column("rev", types.BigInt(), nullable=False),
        sa.Column("bound_rev", types.BigInt(), nullable=False),
        sa.Column("noted_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("peer", name=op.f("pk_village_noted")),
        sqlite_strict=True,
    )
    op.create_table(
        "village_binding",
        sa.Column("wallet_id", types.Uuid(), nullable=False),
        sa.Column("peer", types.Str(), nullable=False),
        sa.Column("handle", types.Str(), nullable=False),
        sa.Column("rev", types.BigInt(), nullable=False),
        sa.ForeignKeyConstraint(["wallet_id"], ["wallet.id"], name=op.f("fk_village_binding_wallet_id")),
        sa.PrimaryKeyConstraint("wallet_id", "peer", name=op.f("pk_village_binding")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("village_binding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_village_binding_peer_handle"), ["peer", "handle"], unique=True)

    op.create_table(
        "village_handle",
        sa.Column("handle", types.Str(), nullable=False),
        sa.Column("wallet_id", types.Uuid(), nullable=False),
        sa.Column("home", types.Str(), nullable=False),
        sa.Column("rev", types.BigInt(), nullable=False),
        sa.Column("status", types.Str(), nullable=False),
        sa.Column("card", types.Str(), nullable=False),
        sa.CheckConstraint("status IN ('active', 'lost', 'blocked')", name=op.f("ck_village_handle_status")),
        sa.ForeignKeyConstraint(["wallet_id"], ["wallet.id"], name=op.f("fk_village_handle_wallet_id")),
        sa.PrimaryKeyConstraint("handle", name=op.f("pk_village_handle")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("village_handle", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_village_handle_home_card"), ["home", "card"], unique=False)
        batch_op.create_index(batch_op.f("ix_village_handle_home_rev"), ["home", "rev"], unique=False)
        batch_op.create_index(batch_op.f("ix_village_handle_wallet_id"), ["wallet_id"], unique=False)

    op.create_table(
        "village_holding",
        sa.Column("wallet_id", types.Uuid(), nullable=False),
        sa.Column("peer", types.Str(), nullable=False),
        sa.Column("at", types.UtcTime(), nullable=True),
        sa.Column("balances", types.Json(), nullable=False),
        sa.Column("asked_at", types.UtcTime(), nullable=False),
        sa.Column("heard_at", types.UtcTime(), nullable=True),
        sa.Column("trouble", types.Str(), nullable=False),
        sa.ForeignKeyConstraint(["wallet_id"], ["wallet.id"], name=op.f("fk_village_holding_wallet_id")),
        sa.PrimaryKeyConstraint("wallet_id", "peer", name=op.f("pk_village_holding")),
        sqlite_strict=True,
    )
    op.create_table(
        "village_movement",
        sa.Column("wallet_id", types.Uuid(), nullable=False),
        sa.Column("peer", types.Str(), nullable=False),
        sa.Column("number", types.BigInt(), autoincrement=False, nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.Column("kind", types.Str(), nullable=False),
        sa.Column("asset", types.Str(), nullable=False),
        sa.Column("amount", types.BigInt(), nullable=False),
        sa.Column("place", types.Str(), nullable=False),
        sa.ForeignKeyConstraint(["wallet_id"], ["wallet.id"], name=op.f("fk_village_movement_wallet_id")),
        sa.PrimaryKeyConstraint("wallet_id", "peer", "number", name=op.f("pk_village_movement")),
        sqlite_strict=True,
    )
    op.create_table(
        "village_listed",
        sa.Column("peer", types.Str(), nullable=False),
        sa.Column("card_key", types.Str(), nullable=False),
        sa.Column("card_id", types.Uuid(), nullable=False),
        sa.Column("rev", types.BigInt(), nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["pass_card.id"], name=op.f("fk_village_listed_card_id")),
        sa.PrimaryKeyConstraint("peer", "card_key", name=op.f("pk_village_listed")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("village_listed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_village_listed_card_id"), ["card_id"], unique=False)

    op.create_table(
        "village_revision",
        sa.Column("card_id", types.Uuid(), nullable=False),
        sa.Column("rev", types.BigInt(), nullable=False),
        sa.Column("state", types.Str(), nullable=False),
        sa.Column("wallet_id", types.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["pass_card.id"], name=op.f("fk_village_revision_card_id")),
        sa.PrimaryKeyConstraint("card_id", name=op.f("pk_village_revision")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("village_revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_village_revision_rev"), ["rev"], unique=False)

    op.create_trigger(
        "village_card_insert_takes_no_others_place",
        "village_card",
        sqlite=(
            "CREATE TRIGGER village_card_insert_takes_no_others_place BEFORE INSERT ON village_card WHEN NOT ((NOT EXISTS (SELECT 1 FROM village_card kept WHERE (kept.peer = NEW.peer AND kept.card_key = NEW.card_key))) AND (NOT EXISTS (SELECT 1 FROM village_card WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'village_card takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_card_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM village_card kept WHERE (kept.peer = NEW.peer AND kept.card_key = NEW.card_key))) THEN RAISE EXCEPTION 'village_card takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_card_insert_takes_no_others_place BEFORE INSERT ON village_card FOR EACH ROW EXECUTE FUNCTION village_card_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION village_card_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_card stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_card_refuses_truncate BEFORE TRUNCATE ON village_card FOR EACH STATEMENT EXECUTE FUNCTION village_card_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "village_card_update_rev_never_falls",
        "village_card",
        sqlite=(
            "CREATE TRIGGER village_card_update_rev_never_falls BEFORE UPDATE ON village_card WHEN NOT ((NEW.rev >= OLD.rev) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_card rev never falls'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_card_update_rev_never_falls() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.rev >= OLD.rev) THEN RAISE EXCEPTION 'village_card rev never falls' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_card_update_rev_never_falls BEFORE UPDATE ON village_card FOR EACH ROW EXECUTE FUNCTION village_card_update_rev_never_falls()",
        ),
    )
    op.create_trigger(
        "village_counter_update_value_never_falls",
        "village_counter",
        sqlite=(
            "CREATE TRIGGER village_counter_update_value_never_falls BEFORE UPDATE ON village_counter WHEN NOT ((NEW.value >= OLD.value) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_counter value never falls'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_counter_update_value_never_falls() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.value >= OLD.value) THEN RAISE EXCEPTION 'village_counter value never falls' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_counter_update_value_never_falls BEFORE UPDATE ON village_counter FOR EACH ROW EXECUTE FUNCTION village_counter_update_value_never_falls()",
        ),
    )
    op.create_trigger(
        "village_counter_insert_takes_no_others_place",
        "village_counter",
        sqlite=(
            "CREATE TRIGGER village_counter_insert_takes_no_others_place BEFORE INSERT ON village_counter WHEN NOT ((NOT EXISTS (SELECT 1 FROM village_counter kept WHERE (kept.name = NEW.name))) AND (NOT EXISTS (SELECT 1 FROM village_counter WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'village_counter takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_counter_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM village_counter kept WHERE (kept.name = NEW.name))) THEN RAISE EXCEPTION 'village_counter takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_counter_insert_takes_no_others_place BEFORE INSERT ON village_counter FOR EACH ROW EXECUTE FUNCTION village_counter_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION village_counter_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_counter stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_counter_refuses_truncate BEFORE TRUNCATE ON village_counter FOR EACH STATEMENT EXECUTE FUNCTION village_counter_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "village_counter_update_keeps_what_it_is",
        "village_counter",
        sqlite=(
            "CREATE TRIGGER village_counter_update_keeps_what_it_is BEFORE UPDATE ON village_counter WHEN NOT ((NEW.name IS OLD.name) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_counter keeps what it is'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_counter_update_keeps_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.name IS NOT DISTINCT FROM OLD.name) THEN RAISE EXCEPTION 'village_counter keeps what it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_counter_update_keeps_what_it_is BEFORE UPDATE ON village_counter FOR EACH ROW EXECUTE FUNCTION village_counter_update_keeps_what_it_is()",
        ),
    )
    op.create_trigger(
        "village_counter_delete_stays",
        "village_counter",
        sqlite=(
            "CREATE TRIGGER village_counter_delete_stays BEFORE DELETE ON village_counter WHEN NOT ((0) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_counter stays'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_counter_delete_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (false) THEN RAISE EXCEPTION 'village_counter stays' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$",
            "CREATE TRIGGER village_counter_delete_stays BEFORE DELETE ON village_counter FOR EACH ROW EXECUTE FUNCTION village_counter_delete_stays()",
        ),
    )
    op.create_trigger(
        "village_binding_insert_takes_no_others_place",
        "village_binding",
        sqlite=(
            "CREATE TRIGGER village_binding_insert_takes_no_others_place BEFORE INSERT ON village_binding WHEN NOT ((NOT EXISTS (SELECT 1 FROM village_binding kept WHERE (kept.wallet_id = NEW.wallet_id AND kept.peer = NEW.peer))) AND (NOT EXISTS (SELECT 1 FROM village_binding WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'village_binding takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_binding_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM village_binding kept WHERE (kept.wallet_id = NEW.wallet_id AND kept.peer = NEW.peer))) THEN RAISE EXCEPTION 'village_binding takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_binding_insert_takes_no_others_place BEFORE INSERT ON village_binding FOR EACH ROW EXECUTE FUNCTION village_binding_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION village_binding_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_binding stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_binding_refuses_truncate BEFORE TRUNCATE ON village_binding FOR EACH STATEMENT EXECUTE FUNCTION village_binding_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "village_binding_update_keeps_what_it_is",
        "village_binding",
        sqlite=(
            "CREATE TRIGGER village_binding_update_keeps_what_it_is BEFORE UPDATE ON village_binding WHEN NOT ((NEW.wallet_id IS OLD.wallet_id AND NEW.peer IS OLD.peer AND NEW.handle IS OLD.handle) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_binding keeps what it is'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_binding_update_keeps_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.wallet_id IS NOT DISTINCT FROM OLD.wallet_id AND NEW.peer IS NOT DISTINCT FROM OLD.peer AND NEW.handle IS NOT DISTINCT FROM OLD.handle) THEN RAISE EXCEPTION 'village_binding keeps what it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_binding_update_keeps_what_it_is BEFORE UPDATE ON village_binding FOR EACH ROW EXECUTE FUNCTION village_binding_update_keeps_what_it_is()",
        ),
    )
    op.create_trigger(
        "village_binding_delete_stays",
        "village_binding",
        sqlite=(
            "CREATE TRIGGER village_binding_delete_stays BEFORE DELETE ON village_binding WHEN NOT ((0) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_binding stays'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_binding_delete_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (false) THEN RAISE EXCEPTION 'village_binding stays' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$",
            "CREATE TRIGGER village_binding_delete_stays BEFORE DELETE ON village_binding FOR EACH ROW EXECUTE FUNCTION village_binding_delete_stays()",
        ),
    )
    op.create_trigger(
        "village_handle_insert_takes_no_others_place",
        "village_handle",
        sqlite=(
            "CREATE TRIGGER village_handle_insert_takes_no_others_place BEFORE INSERT ON village_handle WHEN NOT ((NOT EXISTS (SELECT 1 FROM village_handle kept WHERE (kept.handle = NEW.handle))) AND (NOT EXISTS (SELECT 1 FROM village_handle WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'village_handle takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_handle_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM village_handle kept WHERE (kept.handle = NEW.handle))) THEN RAISE EXCEPTION 'village_handle takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_handle_insert_takes_no_others_place BEFORE INSERT ON village_handle FOR EACH ROW EXECUTE FUNCTION village_handle_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION village_handle_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_handle stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_handle_refuses_truncate BEFORE TRUNCATE ON village_handle FOR EACH STATEMENT EXECUTE FUNCTION village_handle_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "village_handle_update_keeps_what_it_is",
        "village_handle",
        sqlite=(
            "CREATE TRIGGER village_handle_update_keeps_what_it_is BEFORE UPDATE ON village_handle WHEN NOT ((NEW.handle IS OLD.handle AND NEW.home IS OLD.home) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_handle keeps what it is'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_handle_update_keeps_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.handle IS NOT DISTINCT FROM OLD.handle AND NEW.home IS NOT DISTINCT FROM OLD.home) THEN RAISE EXCEPTION 'village_handle keeps what it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_handle_update_keeps_what_it_is BEFORE UPDATE ON village_handle FOR EACH ROW EXECUTE FUNCTION village_handle_update_keeps_what_it_is()",
        ),
    )
    op.create_trigger(
        "village_handle_delete_stays",
        "village_handle",
        sqlite=(
            "CREATE TRIGGER village_handle_delete_stays BEFORE DELETE ON village_handle WHEN NOT ((0) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_handle stays'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_handle_delete_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (false) THEN RAISE EXCEPTION 'village_handle stays' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$",
            "CREATE TRIGGER village_handle_delete_stays BEFORE DELETE ON village_handle FOR EACH ROW EXECUTE FUNCTION village_handle_delete_stays()",
        ),
    )
    op.create_trigger(
        "village_handle_update_rev_never_falls",
        "village_handle",
        sqlite=(
            "CREATE TRIGGER village_handle_update_rev_never_falls BEFORE UPDATE ON village_handle WHEN NOT ((NEW.rev >= OLD.rev) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_handle rev never falls'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_handle_update_rev_never_falls() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.rev >= OLD.rev) THEN RAISE EXCEPTION 'village_handle rev never falls' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_handle_update_rev_never_falls BEFORE UPDATE ON village_handle FOR EACH ROW EXECUTE FUNCTION village_handle_update_rev_never_falls()",
        ),
    )
    op.create_trigger(
        "village_revision_insert_takes_no_others_place",
        "village_revision",
        sqlite=(
            "CREATE TRIGGER village_revision_insert_takes_no_others_place BEFORE INSERT ON village_revision WHEN NOT ((NOT EXISTS (SELECT 1 FROM village_revision kept WHERE (kept.card_id = NEW.card_id))) AND (NOT EXISTS (SELECT 1 FROM village_revision WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'village_revision takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_revision_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM village_revision kept WHERE (kept.card_id = NEW.card_id))) THEN RAISE EXCEPTION 'village_revision takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_revision_insert_takes_no_others_place BEFORE INSERT ON village_revision FOR EACH ROW EXECUTE FUNCTION village_revision_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION village_revision_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_revision stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_revision_refuses_truncate BEFORE TRUNCATE ON village_revision FOR EACH STATEMENT EXECUTE FUNCTION village_revision_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "village_revision_update_keeps_what_it_is",
        "village_revision",
        sqlite=(
            "CREATE TRIGGER village_revision_update_keeps_what_it_is BEFORE UPDATE ON village_revision WHEN NOT ((NEW.card_id IS OLD.card_id) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_revision keeps what it is'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_revision_update_keeps_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.card_id IS NOT DISTINCT FROM OLD.card_id) THEN RAISE EXCEPTION 'village_revision keeps what it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_revision_update_keeps_what_it_is BEFORE UPDATE ON village_revision FOR EACH ROW EXECUTE FUNCTION village_revision_update_keeps_what_it_is()",
        ),
    )
    op.create_trigger(
        "village_revision_delete_stays",
        "village_revision",
        sqlite=(
            "CREATE TRIGGER village_revision_delete_stays BEFORE DELETE ON village_revision WHEN NOT ((0) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_revision stays'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_revision_delete_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (false) THEN RAISE EXCEPTION 'village_revision stays' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$",
            "CREATE TRIGGER village_revision_delete_stays BEFORE DELETE ON village_revision FOR EACH ROW EXECUTE FUNCTION village_revision_delete_stays()",
        ),
    )
    op.create_trigger(
        "village_revision_update_rev_never_falls",
        "village_revision",
        sqlite=(
            "CREATE TRIGGER village_revision_update_rev_never_falls BEFORE UPDATE ON village_revision WHEN NOT ((NEW.rev >= OLD.rev) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_revision rev never falls'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_revision_update_rev_never_falls() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.rev >= OLD.rev) THEN RAISE EXCEPTION 'village_revision rev never falls' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_revision_update_rev_never_falls BEFORE UPDATE ON village_revision FOR EACH ROW EXECUTE FUNCTION village_revision_update_rev_never_falls()",
        ),
    )
