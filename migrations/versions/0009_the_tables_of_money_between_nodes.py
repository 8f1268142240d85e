# ruff: noqa: E501
"""The tables of money between nodes."""

import sqlalchemy as sa
from alembic import op

from kit.db import types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "village_alarm",
        sa.Column("number", types.BigInt(), nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.Column("what", types.Str(), nullable=False),
        sa.Column("peer", types.Str(), nullable=False),
        sa.Column("place", types.Str(), nullable=False),
        sa.Column("item", types.Blob(), nullable=False),
        sa.Column("seen_at", types.UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_village_alarm")),
        sqlite_strict=True,
    )
    op.create_table(
        "village_answer",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("peer", types.Str(), nullable=False),
        sa.Column("verb", types.Str(), nullable=False),
        sa.Column("asked", types.Uuid(), nullable=False),
        sa.Column("req", types.Str(), nullable=False),
        sa.Column("body", types.Blob(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_village_answer")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("village_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_village_answer_asked"), ["asked"], unique=False)

    op.create_table(
        "village_checkpoint",
        sa.Column("issuer", types.Str(), nullable=False),
        sa.Column("holder", types.Str(), nullable=False),
        sa.Column("asset", types.Str(), nullable=False),
        sa.Column("epoch", types.BigInt(), autoincrement=False, nullable=False),
        sa.Column("seq", types.BigInt(), autoincrement=False, nullable=False),
        sa.Column("hash", types.Str(), nullable=False),
        sa.Column("balance", types.BigInt(), nullable=False),
        sa.Column("at", types.BigInt(), nullable=False),
        sa.Column("theirs", types.Blob(), nullable=False),
        sa.Column("ours", types.Blob(), nullable=False),
        sa.PrimaryKeyConstraint(
            "issuer", "holder", "asset", "epoch", "seq", name=op.f("pk_village_checkpoint")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "village_clearing",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("peer", types.Str(), nullable=False),
        sa.Column("kind", types.Str(), nullable=False),
        sa.Column("edges", types.Json(), nullable=False),
        sa.Column("state", types.Str(), nullable=False),
        sa.Column("is_ours", types.Flag(), nullable=False),
        sa.Column("hash", types.Str(), nullable=False),
        sa.Column("ask", types.Blob(), nullable=False),
        sa.Column("made", types.BigInt(), nullable=False),
        sa.Column("reference", types.Str(), nullable=False),
        sa.Column("why", types.Str(), nullable=False),
        sa.CheckConstraint("kind IN ('setoff', 'settlement')", name=op.f("ck_village_clearing_kind")),
        sa.CheckConstraint(
            "state IN ('proposed', 'waiting', 'signed', 'refused')", name=op.f("ck_village_clearing_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_village_clearing")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("village_clearing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_village_clearing_peer_made"), ["peer", "made"], unique=False)

    op.create_table(
        "village_envelope",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("peer", types.Str(), nullable=False),
        sa.Column("addressee", types.Str(), nullable=False),
        sa.Column("kid", types.Str(), nullable=False),
        sa.Column("at", types.BigInt(), nullable=False),
        sa.Column("hashes", types.Blob(), nullable=False),
        sa.Column("root", types.Str(), nullable=False),
        sa.Column("sig", types.Blob(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_village_envelope")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("village_envelope", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_village_envelope_peer_id"), ["peer", "id"], unique=False)

    op.create_table(
        "village_epoch",
        sa.Column("number", types.BigInt(), autoincrement=False, nullable=False),
        sa.Column("started_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_village_epoch")),
        sqlite_strict=True,
    )
    op.create_table(
        "village_grant",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("is_ours", types.Flag(), nullable=False),
        sa.Column("issuer", types.Str(), nullable=False),
        sa.Column("acceptor", types.Str(), nullable=False),
        sa.Column("asset", types.Str(), nullable=False),
        sa.Column("per_tap", types.BigInt(), nullable=False),
        sa.Column("per_card", types.BigInt(), nullable=False),
        sa.Column("per_card_day", types.BigInt(), nullable=False),
        sa.Column("node_max", types.BigInt(), nullable=False),
        sa.Column("since", types.BigInt(), nullable=False),
        sa.Column("until", types.BigInt(), nullable=False),
        sa.Column("hotlist_age", types.BigInt(), nullable=False),
        sa.Column("bearer", types.Str(), nullable=False),
        sa.Column("revoked", types.Flag(), nullable=False),
        sa.Column("noted", types.Flag(), nullable=False),
        sa.Column("used", types.BigInt(), nullable=False),
        sa.Column("item", types.Blob(), nullable=False),
        sa.CheckConstraint("bearer IN ('issuer', 'acceptor')", name=op.f("ck_village_grant_bearer")),
        sa.CheckConstraint("used >= 0 AND (is_ours OR used <= node_max)", name=op.f("ck_village_grant_caps")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_village_grant")),
        sqlite_strict=True,
    )
    op.create_table(
        "village_line",
        sa.Column("issuer", types.Str(), nullable=False),
        sa.Column("holder", types.Str(), nullable=False),
        sa.Column("asset", types.Str(), nullable=False),
        sa.Column("seq", types.BigInt(), autoincrement=False, nullable=False),
        sa.Column("epoch", types.BigInt(), autoincrement=False, nullable=False),
        sa.Column("kind", types.Str(), nullable=False),
        sa.Column("ref", types.Str(), nullable=False),
        sa.Column("delta", types.BigInt(), nullable=False),
        sa.Column("balance", types.BigInt(), nullable=False),
        sa.Column("at", types.BigInt(), nullable=False),
        sa.Column("hash", types.Str(), nullable=False),
        sa.Column("body", types.Blob(), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "holder", "asset", "seq", "epoch", name=op.f("pk_village_line")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("village_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_village_line_ref"), ["ref"], unique=False)

    op.create_table(
        "village_payment",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("kind", types.Str(), nullable=False),
        sa.Column("state", types.Str(), nullable=False),
        sa.Column("is_final", types.Flag(), nullable=False),
        sa.Column("made", types.BigInt(), nullable=False),
        sa.Column("deadline", types.BigInt(), nullable=False),
        sa.Column("local", types.Uuid(), nullable=True),
        sa.Column("local_amount", types.BigInt(), nullable=False),
        sa.Column("taken", types.BigInt(), nullable=False),
        sa.Column("refers", types.Uuid(), nullable=True),
        sa.Column("why", types.Str(), nullable=False),
        sa.Column("point", types.Str(), nullable=False),
        sa.Column("by", types.Str(), nullable=False),
        sa.Column("content", types.Str(), nullable=False),
        sa.CheckConstraint("kind IN ('sale', 'refund', 'found')", name=op.f("ck_village_payment_kind")),
        sa.CheckConstraint(
            "state IN ('open', 'commit', 'undo', 'offline', 'ok', 'failed')",
            name=op.f("ck_village_payment_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_village_payment")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("village_payment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_village_payment_made"), ["made"], unique=False)
        batch_op.create_index(batch_op.f("ix_village_payment_refers"), ["refers"], unique=False)
        batch_op.create_index(
            "ix_village_payment_waiting",
            ["made"],
            unique=False,
            sqlite_where=sa.text("is_final = 0"),
            postgresql_where=sa.text("NOT is_final"),
        )

    op.create_table(
        "village_use",
        sa.Column("peer", types.Str(), nullable=False),
        sa.Column("asset", types.Str(), nullable=False),
        sa.Column("what", types.Str(), nullable=False),
        sa.Column("amount", types.BigInt(), nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_village_use_amount")),
        sa.PrimaryKeyConstraint("peer", "asset", "what", name=op.f("pk_village_use")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("village_use", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_village_use_at"), ["at"], unique=False)

    op.create_table(
        "village_agreement",
        sa.Column("peer", types.Str(), nullable=False),
        sa.Column("asset", types.Str(), nullable=False),
        sa.Column("issuer", types.Str(), nullable=False),
        sa.Column("acceptor", types.Str(), nullable=False),
        sa.Column("currency_id", types.Uuid(), nullable=False),
        sa.Column("epoch", types.BigInt(), nullable=False),
        sa.Column("per_tap", types.BigInt(), nullable=False),
        sa.Column("per_card_day", types.BigInt(), nullable=False),
        sa.Column("per_minute", types.BigInt(), nullable=False),
        sa.Column("node_max", types.BigInt(), nullable=False),
        sa.Column("takes", types.Flag(), nullable=False),
        sa.Column("is_paused_here", types.Flag(), nullable=False),
        sa.Column("is_paused_there", types.Flag(), nullable=False),
        sa.Column("rev", types.BigInt(), nullable=False),
        sa.Column("noted_rev", types.BigInt(), nullable=False),
        sa.Column("changed_at", types.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["currency_id"], ["currency.id"], name=op.f("fk_village_agreement_currency_id")
        ),
        sa.PrimaryKeyConstraint("peer", "asset", name=op.f("pk_village_agreement")),
        sqlite_strict=True,
    )
    op.create_table(
        "village_item",
        sa.Column("envelope_id", types.Uuid(), nullable=False),
        sa.Column("n", types.BigInt(), autoincrement=False, nullable=False),
        sa.Column("kind", types.Str(), nullable=False),
        sa.Column("asked", types.Uuid(), nullable=False),
        sa.Column("body", types.Blob(), nullable=False),
        sa.ForeignKeyConstraint(
            ["envelope_id"], ["village_envelope.id"], name=op.f("fk_village_item_envelope_id")
        ),
        sa.PrimaryKeyConstraint("envelope_id", "n", name=op.f("pk_village_item")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("village_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_village_item_asked"), ["asked"], unique=False)

    op.create_table(
        "village_leg",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("payment_id", types.Uuid(), nullable=False),
        sa.Column("n", types.BigInt(), nullable=False),
        sa.Column("issuer", types.Str(), nullable=False),
        sa.Column("asset", types.Str(), nullable=False),
        sa.Column("currency_id", types.Uuid(), nullable=False),
        sa.Column("handle", types.Str(), nullable=False),
        sa.Column("amount", types.BigInt(), nullable=False),
        sa.Column("ask", types.Blob(), nullable=False),
        sa.Column("card", types.Str(), nullable=False),
        sa.Column("epoch", types.BigInt(), nullable=False),
        sa.Column("state", types.Str(), nullable=False),
        sa.Column("got", types.BigInt(), nullable=False),
        sa.Column("was_held", types.Flag(), nullable=False),
        sa.Column("grant_id", types.Uuid(), nullable=True),
        sa.Column("why", types.Str(), nullable=False),
        sa.Column("left", types.BigInt(), nullable=True),
        sa.CheckConstraint(
            "state IN ('intent', 'held', 'posted', 'declined', 'offline_due', 'undoing', 'captured', 'cancelled', 'reversed', 'presented')",
            name=op.f("ck_village_leg_state"),
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["village_payment.id"], name=op.f("fk_village_leg_payment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_village_leg")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("village_leg", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_village_leg_payment_id"), ["payment_id"], unique=False)

    op.create_table(
        "village_mirror",
        sa.Column("issuer", types.Str(), nullable=False),
        sa.Column("holder", types.Str(), nullable=False),
        sa.Column("asset", types.Str(), nullable=False),
        sa.Column("currency_id", types.Uuid(), nullable=False),
        sa.Column("epoch", types.BigInt(), nullable=False),
        sa.Column("seq", types.BigInt(), nullable=False),
        sa.Column("hash", types.Str(), nullable=False),
        sa.Column("balance", types.BigInt(), nullable=False),
        sa.Column("seen", types.BigInt(), nullable=False),
        sa.Column("agreed", types.BigInt(), nullable=False),
        sa.ForeignKeyConstraint(["currency_id"], ["currency.id"], name=op.f("fk_village_mirror_currency_id")),
        sa.PrimaryKeyConstraint("issuer", "holder", "asset", name=op.f("pk_village_mirror")),
        sqlite_strict=True,
    )
    op.drop_trigger("ledger_account_insert_is_born_empty", "ledger_account")
    op.create_trigger(
        "village_alarm_insert_takes_no_others_place",
        "village_alarm",
        sqlite=(
            "CREATE TRIGGER village_alarm_insert_takes_no_others_place BEFORE INSERT ON village_alarm WHEN NOT ((NOT EXISTS (SELECT 1 FROM village_alarm kept WHERE (kept.number = NEW.number))) AND (NOT EXISTS (SELECT 1 FROM village_alarm WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'village_alarm takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_alarm_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM village_alarm kept WHERE (kept.number = NEW.number))) THEN RAISE EXCEPTION 'village_alarm takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_alarm_insert_takes_no_others_place BEFORE INSERT ON village_alarm FOR EACH ROW EXECUTE FUNCTION village_alarm_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION village_alarm_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_alarm stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_alarm_refuses_truncate BEFORE TRUNCATE ON village_alarm FOR EACH STATEMENT EXECUTE FUNCTION village_alarm_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "village_alarm_update_keeps_what_it_is",
        "village_alarm",
        sqlite=(
            "CREATE TRIGGER village_alarm_update_keeps_what_it_is BEFORE UPDATE ON village_alarm WHEN NOT ((NEW.number IS OLD.number AND NEW.at IS OLD.at AND NEW.what IS OLD.what AND NEW.peer IS OLD.peer AND NEW.place IS OLD.place AND NEW.item IS OLD.item) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_alarm keeps what it is'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_alarm_update_keeps_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.number IS NOT DISTINCT FROM OLD.number AND NEW.at IS NOT DISTINCT FROM OLD.at AND NEW.what IS NOT DISTINCT FROM OLD.what AND NEW.peer IS NOT DISTINCT FROM OLD.peer AND NEW.place IS NOT DISTINCT FROM OLD.place AND NEW.item IS NOT DISTINCT FROM OLD.item) THEN RAISE EXCEPTION 'village_alarm keeps what it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_alarm_update_keeps_what_it_is BEFORE UPDATE ON village_alarm FOR EACH ROW EXECUTE FUNCTION village_alarm_update_keeps_what_it_is()",
        ),
    )
    op.create_trigger(
        "village_alarm_delete_stays",
        "village_alarm",
        sqlite=(
            "CREATE TRIGGER village_alarm_delete_stays BEFORE DELETE ON village_alarm WHEN NOT ((0) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_alarm stays'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_alarm_delete_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (false) THEN RAISE EXCEPTION 'village_alarm stays' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$",
            "CREATE TRIGGER village_alarm_delete_stays BEFORE DELETE ON village_alarm FOR EACH ROW EXECUTE FUNCTION village_alarm_delete_stays()",
        ),
    )
    op.create_trigger(
        "village_answer_refuses_update",
        "village_answer",
        sqlite=(
            "CREATE TRIGGER village_answer_refuses_update BEFORE UPDATE ON village_answer BEGIN SELECT RAISE(ABORT, 'village_answer is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_answer_refuses_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_answer is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_answer_refuses_update BEFORE UPDATE ON village_answer FOR EACH ROW EXECUTE FUNCTION village_answer_refuses_update()",
        ),
    )
    op.create_trigger(
        "village_answer_refuses_delete",
        "village_answer",
        sqlite=(
            "CREATE TRIGGER village_answer_refuses_delete BEFORE DELETE ON village_answer BEGIN SELECT RAISE(ABORT, 'village_answer is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_answer_refuses_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_answer is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_answer_refuses_delete BEFORE DELETE ON village_answer FOR EACH ROW EXECUTE FUNCTION village_answer_refuses_delete()",
        ),
    )
    op.create_trigger(
        "village_answer_insert_takes_no_others_place",
        "village_answer",
        sqlite=(
            "CREATE TRIGGER village_answer_insert_takes_no_others_place BEFORE INSERT ON village_answer WHEN NOT ((NOT EXISTS (SELECT 1 FROM village_answer kept WHERE (kept.id = NEW.id))) AND (NOT EXISTS (SELECT 1 FROM village_answer WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'village_answer takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_answer_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM village_answer kept WHERE (kept.id = NEW.id))) THEN RAISE EXCEPTION 'village_answer takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_answer_insert_takes_no_others_place BEFORE INSERT ON village_answer FOR EACH ROW EXECUTE FUNCTION village_answer_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION village_answer_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_answer stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_answer_refuses_truncate BEFORE TRUNCATE ON village_answer FOR EACH STATEMENT EXECUTE FUNCTION village_answer_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "village_checkpoint_refuses_update",
        "village_checkpoint",
        sqlite=(
            "CREATE TRIGGER village_checkpoint_refuses_update BEFORE UPDATE ON village_checkpoint BEGIN SELECT RAISE(ABORT, 'village_checkpoint is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_checkpoint_refuses_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_checkpoint is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_checkpoint_refuses_update BEFORE UPDATE ON village_checkpoint FOR EACH ROW EXECUTE FUNCTION village_checkpoint_refuses_update()",
        ),
    )
    op.create_trigger(
        "village_checkpoint_refuses_delete",
        "village_checkpoint",
        sqlite=(
            "CREATE TRIGGER village_checkpoint_refuses_delete BEFORE DELETE ON village_checkpoint BEGIN SELECT RAISE(ABORT, 'village_checkpoint is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_checkpoint_refuses_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_checkpoint is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_checkpoint_refuses_delete BEFORE DELETE ON village_checkpoint FOR EACH ROW EXECUTE FUNCTION village_checkpoint_refuses_delete()",
        ),
    )
    op.create_trigger(
        "village_checkpoint_insert_takes_no_others_place",
        "village_checkpoint",
        sqlite=(
            "CREATE TRIGGER village_checkpoint_insert_takes_no_others_place BEFORE INSERT ON village_checkpoint WHEN NOT ((NOT EXISTS (SELECT 1 FROM village_checkpoint kept WHERE (kept.issuer = NEW.issuer AND kept.holder = NEW.holder AND kept.asset = NEW.asset AND kept.epoch = NEW.epoch AND kept.seq = NEW.seq))) AND (NOT EXISTS (SELECT 1 FROM village_checkpoint WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'village_checkpoint takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_checkpoint_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM village_checkpoint kept WHERE (kept.issuer = NEW.issuer AND kept.holder = NEW.holder AND kept.asset = NEW.asset AND kept.epoch = NEW.epoch AND kept.seq = NEW.seq))) THEN RAISE EXCEPTION 'village_checkpoint takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_checkpoint_insert_takes_no_others_place BEFORE INSERT ON village_checkpoint FOR EACH ROW EXECUTE FUNCTION village_checkpoint_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION village_checkpoint_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_checkpoint stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_checkpoint_refuses_truncate BEFORE TRUNCATE ON village_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION village_checkpoint_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "village_clearing_insert_takes_no_others_place",
        "village_clearing",
        sqlite=(
            "CREATE TRIGGER village_clearing_insert_takes_no_others_place BEFORE INSERT ON village_clearing WHEN NOT ((NOT EXISTS (SELECT 1 FROM village_clearing kept WHERE (kept.id = NEW.id))) AND (NOT EXISTS (SELECT 1 FROM village_clearing WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'village_clearing takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_clearing_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM village_clearing kept WHERE (kept.id = NEW.id))) THEN RAISE EXCEPTION 'village_clearing takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_clearing_insert_takes_no_others_place BEFORE INSERT ON village_clearing FOR EACH ROW EXECUTE FUNCTION village_clearing_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION village_clearing_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_clearing stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_clearing_refuses_truncate BEFORE TRUNCATE ON village_clearing FOR EACH STATEMENT EXECUTE FUNCTION village_clearing_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "village_clearing_update_keeps_what_it_is",
        "village_clearing",
        sqlite=(
            "CREATE TRIGGER village_clearing_update_keeps_what_it_is BEFORE UPDATE ON village_clearing WHEN NOT ((NEW.id IS OLD.id AND NEW.peer IS OLD.peer AND NEW.kind IS OLD.kind AND NEW.edges IS OLD.edges AND NEW.is_ours IS OLD.is_ours AND NEW.hash IS OLD.hash AND NEW.ask IS OLD.ask AND NEW.made IS OLD.made AND NEW.reference IS OLD.reference) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_clearing keeps what it is'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_clearing_update_keeps_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.peer IS NOT DISTINCT FROM OLD.peer AND NEW.kind IS NOT DISTINCT FROM OLD.kind AND NEW.edges IS NOT DISTINCT FROM OLD.edges AND NEW.is_ours IS NOT DISTINCT FROM OLD.is_ours AND NEW.hash IS NOT DISTINCT FROM OLD.hash AND NEW.ask IS NOT DISTINCT FROM OLD.ask AND NEW.made IS NOT DISTINCT FROM OLD.made AND NEW.reference IS NOT DISTINCT FROM OLD.reference) THEN RAISE EXCEPTION 'village_clearing keeps what it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_clearing_update_keeps_what_it_is BEFORE UPDATE ON village_clearing FOR EACH ROW EXECUTE FUNCTION village_clearing_update_keeps_what_it_is()",
        ),
    )
    op.create_trigger(
        "village_clearing_delete_stays",
        "village_clearing",
        sqlite=(
            "CREATE TRIGGER village_clearing_delete_stays BEFORE DELETE ON village_clearing WHEN NOT ((0) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_clearing stays'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_clearing_delete_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (false) THEN RAISE EXCEPTION 'village_clearing stays' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$",
            "CREATE TRIGGER village_clearing_delete_stays BEFORE DELETE ON village_clearing FOR EACH ROW EXECUTE FUNCTION village_clearing_delete_stays()",
        ),
    )
    op.create_trigger(
        "village_clearing_update_keeps_its_answer",
        "village_clearing",
        sqlite=(
            "CREATE TRIGGER village_clearing_update_keeps_its_answer BEFORE UPDATE ON village_clearing WHEN NOT ((NEW.state = OLD.state OR OLD.state IN ('proposed', 'waiting')) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_clearing keeps its answer'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_clearing_update_keeps_its_answer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.state = OLD.state OR OLD.state IN ('proposed', 'waiting')) THEN RAISE EXCEPTION 'village_clearing keeps its answer' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_clearing_update_keeps_its_answer BEFORE UPDATE ON village_clearing FOR EACH ROW EXECUTE FUNCTION village_clearing_update_keeps_its_answer()",
        ),
    )
    op.create_trigger(
        "village_envelope_refuses_update",
        "village_envelope",
        sqlite=(
            "CREATE TRIGGER village_envelope_refuses_update BEFORE UPDATE ON village_envelope BEGIN SELECT RAISE(ABORT, 'village_envelope is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_envelope_refuses_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_envelope is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_envelope_refuses_update BEFORE UPDATE ON village_envelope FOR EACH ROW EXECUTE FUNCTION village_envelope_refuses_update()",
        ),
    )
    op.create_trigger(
        "village_envelope_refuses_delete",
        "village_envelope",
        sqlite=(
            "CREATE TRIGGER village_envelope_refuses_delete BEFORE DELETE ON village_envelope BEGIN SELECT RAISE(ABORT, 'village_envelope is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_envelope_refuses_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_envelope is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_envelope_refuses_delete BEFORE DELETE ON village_envelope FOR EACH ROW EXECUTE FUNCTION village_envelope_refuses_delete()",
        ),
    )
    op.create_trigger(
        "village_envelope_insert_takes_no_others_place",
        "village_envelope",
        sqlite=(
            "CREATE TRIGGER village_envelope_insert_takes_no_others_place BEFORE INSERT ON village_envelope WHEN NOT ((NOT EXISTS (SELECT 1 FROM village_envelope kept WHERE (kept.id = NEW.id))) AND (NOT EXISTS (SELECT 1 FROM village_envelope WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'village_envelope takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_envelope_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM village_envelope kept WHERE (kept.id = NEW.id))) THEN RAISE EXCEPTION 'village_envelope takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_envelope_insert_takes_no_others_place BEFORE INSERT ON village_envelope FOR EACH ROW EXECUTE FUNCTION village_envelope_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION village_envelope_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_envelope stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_envelope_refuses_truncate BEFORE TRUNCATE ON village_envelope FOR EACH STATEMENT EXECUTE FUNCTION village_envelope_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "village_epoch_refuses_update",
        "village_epoch",
        sqlite=(
            "CREATE TRIGGER village_epoch_refuses_update BEFORE UPDATE ON village_epoch BEGIN SELECT RAISE(ABORT, 'village_epoch is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_epoch_refuses_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_epoch is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_epoch_refuses_update BEFORE UPDATE ON village_epoch FOR EACH ROW EXECUTE FUNCTION village_epoch_refuses_update()",
        ),
    )
    op.create_trigger(
        "village_epoch_refuses_delete",
        "village_epoch",
        sqlite=(
            "CREATE TRIGGER village_epoch_refuses_delete BEFORE DELETE ON village_epoch BEGIN SELECT RAISE(ABORT, 'village_epoch is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_epoch_refuses_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_epoch is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_epoch_refuses_delete BEFORE DELETE ON village_epoch FOR EACH ROW EXECUTE FUNCTION village_epoch_refuses_delete()",
        ),
    )
    op.create_trigger(
        "village_epoch_insert_takes_no_others_place",
        "village_epoch",
        sqlite=(
            "CREATE TRIGGER village_epoch_insert_takes_no_others_place BEFORE INSERT ON village_epoch WHEN NOT ((NOT EXISTS (SELECT 1 FROM village_epoch kept WHERE (kept.number = NEW.number))) AND (NOT EXISTS (SELECT 1 FROM village_epoch WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'village_epoch takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_epoch_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM village_epoch kept WHERE (kept.number = NEW.number))) THEN RAISE EXCEPTION 'village_epoch takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_epoch_insert_takes_no_others_place BEFORE INSERT ON village_epoch FOR EACH ROW EXECUTE FUNCTION village_epoch_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION village_epoch_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_epoch stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_epoch_refuses_truncate BEFORE TRUNCATE ON village_epoch FOR EACH STATEMENT EXECUTE FUNCTION village_epoch_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "village_grant_insert_takes_no_others_place",
        "village_grant",
        sqlite=(
            "CREATE TRIGGER village_grant_insert_takes_no_others_place BEFORE INSERT ON village_grant WHEN NOT ((NOT EXISTS (SELECT 1 FROM village_grant kept WHERE (kept.id = NEW.id))) AND (NOT EXISTS (SELECT 1 FROM village_grant WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'village_grant takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_grant_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM village_grant kept WHERE (kept.id = NEW.id))) THEN RAISE EXCEPTION 'village_grant takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_grant_insert_takes_no_others_place BEFORE INSERT ON village_grant FOR EACH ROW EXECUTE FUNCTION village_grant_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION village_grant_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_grant stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_grant_refuses_truncate BEFORE TRUNCATE ON village_grant FOR EACH STATEMENT EXECUTE FUNCTION village_grant_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "village_grant_update_keeps_what_it_is",
        "village_grant",
        sqlite=(
            "CREATE TRIGGER village_grant_update_keeps_what_it_is BEFORE UPDATE ON village_grant WHEN NOT ((NEW.id IS OLD.id AND NEW.is_ours IS OLD.is_ours AND NEW.issuer IS OLD.issuer AND NEW.acceptor IS OLD.acceptor AND NEW.asset IS OLD.asset AND NEW.per_tap IS OLD.per_tap AND NEW.per_card IS OLD.per_card AND NEW.per_card_day IS OLD.per_card_day AND NEW.node_max IS OLD.node_max AND NEW.since IS OLD.since AND NEW.until IS OLD.until AND NEW.hotlist_age IS OLD.hotlist_age AND NEW.bearer IS OLD.bearer AND NEW.item IS OLD.item) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_grant keeps what it is'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_grant_update_keeps_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.is_ours IS NOT DISTINCT FROM OLD.is_ours AND NEW.issuer IS NOT DISTINCT FROM OLD.issuer AND NEW.acceptor IS NOT DISTINCT FROM OLD.acceptor AND NEW.asset IS NOT DISTINCT FROM OLD.asset AND NEW.per_tap IS NOT DISTINCT FROM OLD.per_tap AND NEW.per_card IS NOT DISTINCT FROM OLD.per_card AND NEW.per_card_day IS NOT DISTINCT FROM OLD.per_card_day AND NEW.node_max IS NOT DISTINCT FROM OLD.node_max AND NEW.since IS NOT DISTINCT FROM OLD.since AND NEW.until IS NOT DISTINCT FROM OLD.until AND NEW.hotlist_age IS NOT DISTINCT FROM OLD.hotlist_age AND NEW.bearer IS NOT DISTINCT FROM OLD.bearer AND NEW.item IS NOT DISTINCT FROM OLD.item) THEN RAISE EXCEPTION 'village_grant keeps what it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_grant_update_keeps_what_it_is BEFORE UPDATE ON village_grant FOR EACH ROW EXECUTE FUNCTION village_grant_update_keeps_what_it_is()",
        ),
    )
    op.create_trigger(
        "village_grant_delete_stays",
        "village_grant",
        sqlite=(
            "CREATE TRIGGER village_grant_delete_stays BEFORE DELETE ON village_grant WHEN NOT ((0) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_grant stays'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_grant_delete_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (false) THEN RAISE EXCEPTION 'village_grant stays' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$",
            "CREATE TRIGGER village_grant_delete_stays BEFORE DELETE ON village_grant FOR EACH ROW EXECUTE FUNCTION village_grant_delete_stays()",
        ),
    )
    op.create_trigger(
        "village_grant_update_revoked_never_falls",
        "village_grant",
        sqlite=(
            "CREATE TRIGGER village_grant_update_revoked_never_falls BEFORE UPDATE ON village_grant WHEN NOT ((NEW.revoked >= OLD.revoked) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_grant revoked never falls'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_grant_update_revoked_never_falls() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.revoked >= OLD.revoked) THEN RAISE EXCEPTION 'village_grant revoked never falls' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_grant_update_revoked_never_falls BEFORE UPDATE ON village_grant FOR EACH ROW EXECUTE FUNCTION village_grant_update_revoked_never_falls()",
        ),
    )
    op.create_trigger(
        "village_line_refuses_update",
        "village_line",
        sqlite=(
            "CREATE TRIGGER village_line_refuses_update BEFORE UPDATE ON village_line BEGIN SELECT RAISE(ABORT, 'village_line is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_line_refuses_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_line is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_line_refuses_update BEFORE UPDATE ON village_line FOR EACH ROW EXECUTE FUNCTION village_line_refuses_update()",
        ),
    )
    op.create_trigger(
        "village_line_refuses_delete",
        "village_line",
        sqlite=(
            "CREATE TRIGGER village_line_refuses_delete BEFORE DELETE ON village_line BEGIN SELECT RAISE(ABORT, 'village_line is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_line_refuses_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_line is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_line_refuses_delete BEFORE DELETE ON village_line FOR EACH ROW EXECUTE FUNCTION village_line_refuses_delete()",
        ),
    )
    op.create_trigger(
        "village_line_insert_takes_no_others_place",
        "village_line",
        sqlite=(
            "CREATE TRIGGER village_line_insert_takes_no_others_place BEFORE INSERT ON village_line WHEN NOT ((NOT EXISTS (SELECT 1 FROM village_line kept WHERE (kept.issuer = NEW.issuer AND kept.holder = NEW.holder AND kept.asset = NEW.asset AND kept.seq = NEW.seq AND kept.epoch = NEW.epoch))) AND (NOT EXISTS (SELECT 1 FROM village_line WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'village_line takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_line_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM village_line kept WHERE (kept.issuer = NEW.issuer AND kept.holder = NEW.holder AND kept.asset = NEW.asset AND kept.seq = NEW.seq AND kept.epoch = NEW.epoch))) THEN RAISE EXCEPTION 'village_line takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_line_insert_takes_no_others_place BEFORE INSERT ON village_line FOR EACH ROW EXECUTE FUNCTION village_line_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION village_line_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_line stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_line_refuses_truncate BEFORE TRUNCATE ON village_line FOR EACH STATEMENT EXECUTE FUNCTION village_line_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "village_payment_insert_takes_no_others_place",
        "village_payment",
        sqlite=(
            "CREATE TRIGGER village_payment_insert_takes_no_others_place BEFORE INSERT ON village_payment WHEN NOT ((NOT EXISTS (SELECT 1 FROM village_payment kept WHERE (kept.id = NEW.id))) AND (NOT EXISTS (SELECT 1 FROM village_payment WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'village_payment takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_payment_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM village_payment kept WHERE (kept.id = NEW.id))) THEN RAISE EXCEPTION 'village_payment takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_payment_insert_takes_no_others_place BEFORE INSERT ON village_payment FOR EACH ROW EXECUTE FUNCTION village_payment_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION village_payment_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_payment stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_payment_refuses_truncate BEFORE TRUNCATE ON village_payment FOR EACH STATEMENT EXECUTE FUNCTION village_payment_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "village_payment_update_keeps_what_it_is",
        "village_payment",
        sqlite=(
            'CREATE TRIGGER village_payment_update_keeps_what_it_is BEFORE UPDATE OF id, kind, made, deadline, refers, local_amount, point, "by", content ON village_payment WHEN NOT ((NEW.id IS OLD.id AND NEW.kind IS OLD.kind AND NEW.made IS OLD.made AND NEW.deadline IS OLD.deadline AND NEW.refers IS OLD.refers AND NEW.local_amount IS OLD.local_amount AND NEW.point IS OLD.point AND NEW."by" IS OLD."by" AND NEW.content IS OLD.content) AND (1)) BEGIN SELECT RAISE(ABORT, \'village_payment keeps what it is\'); END',
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_payment_update_keeps_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.kind IS NOT DISTINCT FROM OLD.kind AND NEW.made IS NOT DISTINCT FROM OLD.made AND NEW.deadline IS NOT DISTINCT FROM OLD.deadline AND NEW.refers IS NOT DISTINCT FROM OLD.refers AND NEW.local_amount IS NOT DISTINCT FROM OLD.local_amount AND NEW.point IS NOT DISTINCT FROM OLD.point AND NEW.\"by\" IS NOT DISTINCT FROM OLD.\"by\" AND NEW.content IS NOT DISTINCT FROM OLD.content) THEN RAISE EXCEPTION 'village_payment keeps what it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            'CREATE TRIGGER village_payment_update_keeps_what_it_is BEFORE UPDATE OF id, kind, made, deadline, refers, local_amount, point, "by", content ON village_payment FOR EACH ROW EXECUTE FUNCTION village_payment_update_keeps_what_it_is()',
        ),
    )
    op.create_trigger(
        "village_payment_delete_stays",
        "village_payment",
        sqlite=(
            "CREATE TRIGGER village_payment_delete_stays BEFORE DELETE ON village_payment WHEN NOT ((0) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_payment stays'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_payment_delete_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (false) THEN RAISE EXCEPTION 'village_payment stays' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$",
            "CREATE TRIGGER village_payment_delete_stays BEFORE DELETE ON village_payment FOR EACH ROW EXECUTE FUNCTION village_payment_delete_stays()",
        ),
    )
    op.create_trigger(
        "village_payment_update_never_takes_back_what_a_till_was_told",
        "village_payment",
        sqlite=(
            "CREATE TRIGGER village_payment_update_never_takes_back_what_a_till_was_told BEFORE UPDATE ON village_payment WHEN NOT ((NEW.state = OLD.state OR OLD.state = 'open' OR (OLD.state = 'undo' AND NEW.state = 'failed') OR (OLD.state IN ('commit', 'offline') AND NEW.state = 'ok')) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_payment never takes back what a till was told'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_payment_update_never_takes_back_what_a_till_was_told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.state = OLD.state OR OLD.state = 'open' OR (OLD.state = 'undo' AND NEW.state = 'failed') OR (OLD.state IN ('commit', 'offline') AND NEW.state = 'ok')) THEN RAISE EXCEPTION 'village_payment never takes back what a till was told' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_payment_update_never_takes_back_what_a_till_was_told BEFORE UPDATE ON village_payment FOR EACH ROW EXECUTE FUNCTION village_payment_update_never_takes_back_what_a_till_was_told()",
        ),
    )
    op.create_trigger(
        "village_payment_update_is_final_never_falls",
        "village_payment",
        sqlite=(
            "CREATE TRIGGER village_payment_update_is_final_never_falls BEFORE UPDATE ON village_payment WHEN NOT ((NEW.is_final >= OLD.is_final) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_payment is_final never falls'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_payment_update_is_final_never_falls() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.is_final >= OLD.is_final) THEN RAISE EXCEPTION 'village_payment is_final never falls' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_payment_update_is_final_never_falls BEFORE UPDATE ON village_payment FOR EACH ROW EXECUTE FUNCTION village_payment_update_is_final_never_falls()",
        ),
    )
    # Its companion against TRUNCATE stands already.
    op.create_trigger(
        "ledger_account_insert_is_born_empty",
        "ledger_account",
        sqlite=(
            "CREATE TRIGGER ledger_account_insert_is_born_empty BEFORE INSERT ON ledger_account WHEN NOT ((\n  NEW.debits = 0 AND NEW.credits = 0 AND NEW.held = 0 AND NEW.touched = 0\n  AND (NEW.floor = 0 OR NEW.kind IN ('bank', 'issuance', 'loss', 'opening', 'receivable'))\n  AND EXISTS (SELECT 1 FROM currency WHERE id = NEW.currency_id)\n  AND NOT EXISTS (SELECT 1 FROM ledger_account a WHERE a.id = NEW.id OR (a.owner = NEW.owner\n    AND a.kind = NEW.kind AND a.lot = NEW.lot AND a.currency_id = NEW.currency_id))) AND (NOT EXISTS (SELECT 1 FROM ledger_account WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'ledger_account is born empty'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION ledger_account_insert_is_born_empty() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (\n  NEW.debits = 0 AND NEW.credits = 0 AND NEW.held = 0 AND NEW.touched = 0\n  AND (NEW.floor = 0 OR NEW.kind IN ('bank', 'issuance', 'loss', 'opening', 'receivable'))\n  AND EXISTS (SELECT 1 FROM currency WHERE id = NEW.currency_id)\n  AND NOT EXISTS (SELECT 1 FROM ledger_account a WHERE a.id = NEW.id OR (a.owner = NEW.owner\n    AND a.kind = NEW.kind AND a.lot = NEW.lot AND a.currency_id = NEW.currency_id))) THEN RAISE EXCEPTION 'ledger_account is born empty' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER ledger_account_insert_is_born_empty BEFORE INSERT ON ledger_account FOR EACH ROW EXECUTE FUNCTION ledger_account_insert_is_born_empty()",
        ),
    )
    op.create_trigger(
        "village_item_refuses_update",
        "village_item",
        sqlite=(
            "CREATE TRIGGER village_item_refuses_update BEFORE UPDATE ON village_item BEGIN SELECT RAISE(ABORT, 'village_item is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_item_refuses_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_item is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_item_refuses_update BEFORE UPDATE ON village_item FOR EACH ROW EXECUTE FUNCTION village_item_refuses_update()",
        ),
    )
    op.create_trigger(
        "village_item_refuses_delete",
        "village_item",
        sqlite=(
            "CREATE TRIGGER village_item_refuses_delete BEFORE DELETE ON village_item BEGIN SELECT RAISE(ABORT, 'village_item is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_item_refuses_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_item is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_item_refuses_delete BEFORE DELETE ON village_item FOR EACH ROW EXECUTE FUNCTION village_item_refuses_delete()",
        ),
    )
    op.create_trigger(
        "village_item_insert_takes_no_others_place",
        "village_item",
        sqlite=(
            "CREATE TRIGGER village_item_insert_takes_no_others_place BEFORE INSERT ON village_item WHEN NOT ((NOT EXISTS (SELECT 1 FROM village_item kept WHERE (kept.envelope_id = NEW.envelope_id AND kept.n = NEW.n))) AND (NOT EXISTS (SELECT 1 FROM village_item WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'village_item takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_item_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM village_item kept WHERE (kept.envelope_id = NEW.envelope_id AND kept.n = NEW.n))) THEN RAISE EXCEPTION 'village_item takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_item_insert_takes_no_others_place BEFORE INSERT ON village_item FOR EACH ROW EXECUTE FUNCTION village_item_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION village_item_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_item stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_item_refuses_truncate BEFORE TRUNCATE ON village_item FOR EACH STATEMENT EXECUTE FUNCTION village_item_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "village_leg_insert_takes_no_others_place",
        "village_leg",
        sqlite=(
            "CREATE TRIGGER village_leg_insert_takes_no_others_place BEFORE INSERT ON village_leg WHEN NOT ((NOT EXISTS (SELECT 1 FROM village_leg kept WHERE (kept.id = NEW.id))) AND (NOT EXISTS (SELECT 1 FROM village_leg WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'village_leg takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_leg_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM village_leg kept WHERE (kept.id = NEW.id))) THEN RAISE EXCEPTION 'village_leg takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_leg_insert_takes_no_others_place BEFORE INSERT ON village_leg FOR EACH ROW EXECUTE FUNCTION village_leg_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION village_leg_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_leg stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_leg_refuses_truncate BEFORE TRUNCATE ON village_leg FOR EACH STATEMENT EXECUTE FUNCTION village_leg_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "village_leg_update_keeps_what_it_is",
        "village_leg",
        sqlite=(
            "CREATE TRIGGER village_leg_update_keeps_what_it_is BEFORE UPDATE OF id, payment_id, n, issuer, asset, currency_id, handle, amount, ask, card ON village_leg WHEN NOT ((NEW.id IS OLD.id AND NEW.payment_id IS OLD.payment_id AND NEW.n IS OLD.n AND NEW.issuer IS OLD.issuer AND NEW.asset IS OLD.asset AND NEW.currency_id IS OLD.currency_id AND NEW.handle IS OLD.handle AND NEW.amount IS OLD.amount AND NEW.ask IS OLD.ask AND NEW.card IS OLD.card) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_leg keeps what it is'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_leg_update_keeps_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.payment_id IS NOT DISTINCT FROM OLD.payment_id AND NEW.n IS NOT DISTINCT FROM OLD.n AND NEW.issuer IS NOT DISTINCT FROM OLD.issuer AND NEW.asset IS NOT DISTINCT FROM OLD.asset AND NEW.currency_id IS NOT DISTINCT FROM OLD.currency_id AND NEW.handle IS NOT DISTINCT FROM OLD.handle AND NEW.amount IS NOT DISTINCT FROM OLD.amount AND NEW.ask IS NOT DISTINCT FROM OLD.ask AND NEW.card IS NOT DISTINCT FROM OLD.card) THEN RAISE EXCEPTION 'village_leg keeps what it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_leg_update_keeps_what_it_is BEFORE UPDATE OF id, payment_id, n, issuer, asset, currency_id, handle, amount, ask, card ON village_leg FOR EACH ROW EXECUTE FUNCTION village_leg_update_keeps_what_it_is()",
        ),
    )
    op.create_trigger(
        "village_leg_delete_stays",
        "village_leg",
        sqlite=(
            "CREATE TRIGGER village_leg_delete_stays BEFORE DELETE ON village_leg WHEN NOT ((0) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_leg stays'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_leg_delete_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (false) THEN RAISE EXCEPTION 'village_leg stays' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$",
            "CREATE TRIGGER village_leg_delete_stays BEFORE DELETE ON village_leg FOR EACH ROW EXECUTE FUNCTION village_leg_delete_stays()",
        ),
    )
    op.create_trigger(
        "village_mirror_insert_takes_no_others_place",
        "village_mirror",
        sqlite=(
            "CREATE TRIGGER village_mirror_insert_takes_no_others_place BEFORE INSERT ON village_mirror WHEN NOT ((NOT EXISTS (SELECT 1 FROM village_mirror kept WHERE (kept.issuer = NEW.issuer AND kept.holder = NEW.holder AND kept.asset = NEW.asset))) AND (NOT EXISTS (SELECT 1 FROM village_mirror WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'village_mirror takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_mirror_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM village_mirror kept WHERE (kept.issuer = NEW.issuer AND kept.holder = NEW.holder AND kept.asset = NEW.asset))) THEN RAISE EXCEPTION 'village_mirror takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_mirror_insert_takes_no_others_place BEFORE INSERT ON village_mirror FOR EACH ROW EXECUTE FUNCTION village_mirror_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION village_mirror_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_mirror stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_mirror_refuses_truncate BEFORE TRUNCATE ON village_mirror FOR EACH STATEMENT EXECUTE FUNCTION village_mirror_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "village_mirror_update_keeps_what_it_is",
        "village_mirror",
        sqlite=(
            "CREATE TRIGGER village_mirror_update_keeps_what_it_is BEFORE UPDATE OF issuer, holder, asset, currency_id ON village_mirror WHEN NOT ((NEW.issuer IS OLD.issuer AND NEW.holder IS OLD.holder AND NEW.asset IS OLD.asset AND NEW.currency_id IS OLD.currency_id) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_mirror keeps what it is'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_mirror_update_keeps_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.issuer IS NOT DISTINCT FROM OLD.issuer AND NEW.holder IS NOT DISTINCT FROM OLD.holder AND NEW.asset IS NOT DISTINCT FROM OLD.asset AND NEW.currency_id IS NOT DISTINCT FROM OLD.currency_id) THEN RAISE EXCEPTION 'village_mirror keeps what it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_mirror_update_keeps_what_it_is BEFORE UPDATE OF issuer, holder, asset, currency_id ON village_mirror FOR EACH ROW EXECUTE FUNCTION village_mirror_update_keeps_what_it_is()",
        ),
    )
    op.create_trigger(
        "village_mirror_delete_stays",
        "village_mirror",
        sqlite=(
            "CREATE TRIGGER village_mirror_delete_stays BEFORE DELETE ON village_mirror WHEN NOT ((0) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_mirror stays'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_mirror_delete_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (false) THEN RAISE EXCEPTION 'village_mirror stays' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$",
            "CREATE TRIGGER village_mirror_delete_stays BEFORE DELETE ON village_mirror FOR EACH ROW EXECUTE FUNCTION village_mirror_delete_stays()",
        ),
    )
    op.create_trigger(
        "village_mirror_update_never_forgets_a_line",
        "village_mirror",
        sqlite=(
            "CREATE TRIGGER village_mirror_update_never_forgets_a_line BEFORE UPDATE ON village_mirror WHEN NOT ((NEW.epoch > OLD.epoch OR (NEW.epoch = OLD.epoch AND NEW.seq >= OLD.seq AND NEW.seen >= OLD.seen AND NEW.agreed >= OLD.agreed)) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_mirror never forgets a line'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_mirror_update_never_forgets_a_line() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.epoch > OLD.epoch OR (NEW.epoch = OLD.epoch AND NEW.seq >= OLD.seq AND NEW.seen >= OLD.seen AND NEW.agreed >= OLD.agreed)) THEN RAISE EXCEPTION 'village_mirror never forgets a line' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_mirror_update_never_forgets_a_line BEFORE UPDATE ON village_mirror FOR EACH ROW EXECUTE FUNCTION village_mirror_update_never_forgets_a_line()",
        ),
    )
