# ruff: noqa: E501
"""What is contested between nodes."""

import sqlalchemy as sa
from alembic import op

from kit.db import types

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "village_dispute",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("peer", types.Str(), nullable=False),
        sa.Column("kind", types.Str(), nullable=False),
        sa.Column("asset", types.Str(), nullable=False),
        sa.Column("epoch", types.BigInt(), nullable=False),
        sa.Column("seq", types.BigInt(), nullable=False),
        sa.Column("line", types.Str(), nullable=False),
        sa.Column("edges", types.Json(), nullable=False),
        sa.Column("evidence", types.Str(), nullable=False),
        sa.Column("refers", types.Uuid(), nullable=True),
        sa.Column("goes_to", types.Str(), nullable=False),
        sa.Column("state", types.Str(), nullable=False),
        sa.Column("is_ours", types.Flag(), nullable=False),
        sa.Column("hash", types.Str(), nullable=False),
        sa.Column("ask", types.Blob(), nullable=False),
        sa.Column("made", types.BigInt(), nullable=False),
        sa.Column("reference", types.Str(), nullable=False),
        sa.Column("why", types.Str(), nullable=False),
        sa.CheckConstraint("goes_to IN ('', 'holder', 'payer')", name=op.f("ck_village_dispute_goes_to")),
        sa.CheckConstraint("kind IN ('dispute', 'release')", name=op.f("ck_village_dispute_kind")),
        sa.CheckConstraint(
            "state IN ('proposed', 'waiting', 'signed', 'refused')", name=op.f("ck_village_dispute_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_village_dispute")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("village_dispute", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_village_dispute_peer_asset_epoch_seq"),
            ["peer", "asset", "epoch", "seq"],
            unique=False,
        )

    op.create_trigger(
        "village_dispute_insert_takes_no_others_place",
        "village_dispute",
        sqlite=(
            "CREATE TRIGGER village_dispute_insert_takes_no_others_place BEFORE INSERT ON village_dispute WHEN NOT ((NOT EXISTS (SELECT 1 FROM village_dispute kept WHERE (kept.id = NEW.id))) AND (NOT EXISTS (SELECT 1 FROM village_dispute WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'village_dispute takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_dispute_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM village_dispute kept WHERE (kept.id = NEW.id))) THEN RAISE EXCEPTION 'village_dispute takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_dispute_insert_takes_no_others_place BEFORE INSERT ON village_dispute FOR EACH ROW EXECUTE FUNCTION village_dispute_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION village_dispute_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'village_dispute stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER village_dispute_refuses_truncate BEFORE TRUNCATE ON village_dispute FOR EACH STATEMENT EXECUTE FUNCTION village_dispute_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "village_dispute_update_keeps_what_it_is",
        "village_dispute",
        sqlite=(
            "CREATE TRIGGER village_dispute_update_keeps_what_it_is BEFORE UPDATE ON village_dispute WHEN NOT ((NEW.id IS OLD.id AND NEW.peer IS OLD.peer AND NEW.kind IS OLD.kind AND NEW.asset IS OLD.asset AND NEW.epoch IS OLD.epoch AND NEW.seq IS OLD.seq AND NEW.line IS OLD.line AND NEW.edges IS OLD.edges AND NEW.evidence IS OLD.evidence AND NEW.refers IS OLD.refers AND NEW.goes_to IS OLD.goes_to AND NEW.is_ours IS OLD.is_ours AND NEW.hash IS OLD.hash AND NEW.ask IS OLD.ask AND NEW.made IS OLD.made AND NEW.reference IS OLD.reference) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_dispute keeps what it is'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_dispute_update_keeps_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.peer IS NOT DISTINCT FROM OLD.peer AND NEW.kind IS NOT DISTINCT FROM OLD.kind AND NEW.asset IS NOT DISTINCT FROM OLD.asset AND NEW.epoch IS NOT DISTINCT FROM OLD.epoch AND NEW.seq IS NOT DISTINCT FROM OLD.seq AND NEW.line IS NOT DISTINCT FROM OLD.line AND NEW.edges IS NOT DISTINCT FROM OLD.edges AND NEW.evidence IS NOT DISTINCT FROM OLD.evidence AND NEW.refers IS NOT DISTINCT FROM OLD.refers AND NEW.goes_to IS NOT DISTINCT FROM OLD.goes_to AND NEW.is_ours IS NOT DISTINCT FROM OLD.is_ours AND NEW.hash IS NOT DISTINCT FROM OLD.hash AND NEW.ask IS NOT DISTINCT FROM OLD.ask AND NEW.made IS NOT DISTINCT FROM OLD.made AND NEW.reference IS NOT DISTINCT FROM OLD.reference) THEN RAISE EXCEPTION 'village_dispute keeps what it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_dispute_update_keeps_what_it_is BEFORE UPDATE ON village_dispute FOR EACH ROW EXECUTE FUNCTION village_dispute_update_keeps_what_it_is()",
        ),
    )
    op.create_trigger(
        "village_dispute_delete_stays",
        "village_dispute",
        sqlite=(
            "CREATE TRIGGER village_dispute_delete_stays BEFORE DELETE ON village_dispute WHEN NOT ((0) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_dispute stays'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_dispute_delete_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (false) THEN RAISE EXCEPTION 'village_dispute stays' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$",
            "CREATE TRIGGER village_dispute_delete_stays BEFORE DELETE ON village_dispute FOR EACH ROW EXECUTE FUNCTION village_dispute_delete_stays()",
        ),
    )
    op.create_trigger(
        "village_dispute_update_keeps_its_answer",
        "village_dispute",
        sqlite=(
            "CREATE TRIGGER village_dispute_update_keeps_its_answer BEFORE UPDATE ON village_dispute WHEN NOT ((NEW.state = OLD.state OR OLD.state IN ('proposed', 'waiting')) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_dispute keeps its answer'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_dispute_update_keeps_its_answer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.state = OLD.state OR OLD.state IN ('proposed', 'waiting')) THEN RAISE EXCEPTION 'village_dispute keeps its answer' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_dispute_update_keeps_its_answer BEFORE UPDATE ON village_dispute FOR EACH ROW EXECUTE FUNCTION village_dispute_update_keeps_its_answer()",
        ),
    )
