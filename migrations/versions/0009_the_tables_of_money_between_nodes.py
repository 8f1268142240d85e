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
