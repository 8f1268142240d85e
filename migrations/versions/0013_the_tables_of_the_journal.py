# ruff: noqa: E501
"""The tables of the journal."""

import sqlalchemy as sa
from alembic import op

from kit.db import types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "journal_entry",
        sa.Column("chain", types.Str(), nullable=False),
        sa.Column("seq", types.BigInt(), autoincrement=False, nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("kind", types.Str(), nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.Column("day", types.Str(), nullable=False),
        sa.Column("point", types.Uuid(), nullable=True),
        sa.Column("refers", types.Uuid(), nullable=True),
        sa.Column("prev", types.Str(), nullable=False),
        sa.Column("mac", types.Str(), nullable=False),
        sa.Column("body", types.Blob(), nullable=False),
        sa.CheckConstraint("chain IN ('real', 'training')", name=op.f("ck_journal_entry_chain")),
        sa.CheckConstraint("length(mac) = 64 AND length(prev) = 64", name=op.f("ck_journal_entry_macs")),
        sa.PrimaryKeyConstraint("chain", "seq", name=op.f("pk_journal_entry")),
        sa.UniqueConstraint("id", name=op.f("uq_journal_entry_id")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("journal_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_journal_entry_chain_kind_seq"), ["chain", "kind", "seq"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_journal_entry_chain_point_seq"), ["chain", "point", "seq"], unique=False
        )
        batch_op.create_index(
            "ix_journal_entry_refers",
            ["refers"],
            unique=False,
            sqlite_where=sa.text("refers IS NOT NULL"),
            postgresql_where=sa.text("refers IS NOT NULL"),
        )

    op.create_table(
        "journal_head",
        sa.Column("chain", types.Str(), nullable=False),
        sa.Column("seq", types.BigInt(), nullable=False),
        sa.Column("mac", types.Str(), nullable=False),
        sa.Column("seal", types.Str(), nullable=False),
        sa.Column("perpetual", types.BigInt(), nullable=False),
        sa.Column("year", types.BigInt(), nullable=False),
        sa.Column("year_to_date", types.BigInt(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_journal_head")),
        sqlite_strict=True,
    )
    op.create_table(
        "journal_period",
        sa.Column("chain", types.Str(), nullable=False),
        sa.Column("level", types.Str(), nullable=False),
        sa.Column("point", types.Uuid(), nullable=False),
        sa.Column("point_name", types.Str(), nullable=False),
        sa.Column("day", types.Str(), nullable=True),
        sa.Column("since", types.BigInt(), nullable=False),
        sa.Column("opened", types.UtcTime(), nullable=True),
        sa.Column("opening", types.BigInt(), nullable=False),
        sa.Column("sales", types.BigInt(), nullable=False),
        sa.Column("follows", types.Str(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "level", "point", name=op.f("pk_journal_period")),
        sqlite_strict=True,
    )
    op.create_table(
        "journal_series",
        sa.Column("chain", types.Str(), nullable=False),
        sa.Column("series", types.Str(), nullable=False),
        sa.Column("number", types.BigInt(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "series", name=op.f("pk_journal_series")),
        sqlite_strict=True,
    )

    op.create_table(
        "sale_waiting",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("made_at", types.UtcTime(), nullable=False),
        sa.Column("host", types.Str(), nullable=False),
        sa.Column("why", types.Str(), nullable=False),
        sa.Column("body", types.Blob(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sale_waiting")),
        sqlite_strict=True,
    )

    op.create_table(
        "closing",
        sa.Column("chain", types.Str(), nullable=False),
        sa.Column("level", types.Str(), nullable=False),
        sa.Column("number", types.BigInt(), autoincrement=False, nullable=False),
        sa.Column("seq", types.BigInt(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("point", types.Uuid(), nullable=False),
        sa.Column("day", types.Str(), nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.Column("turnover", types.BigInt(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chain", "seq"], ["journal_entry.chain", "journal_entry.seq"], name=op.f("fk_closing_chain_seq")
        ),
        sa.PrimaryKeyConstraint("chain", "level", "number", name=op.f("pk_closing")),
        sa.UniqueConstraint("chain", "seq", name=op.f("uq_closing_chain_seq")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("closing", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_closing_chain_level_day"), ["chain", "level", "day"], unique=False
        )

    op.create_table(
        "sale",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("chain", types.Str(), nullable=False),
        sa.Column("seq", types.BigInt(), nullable=False),
        sa.Column("kind", types.Str(), nullable=False),
        sa.Column("series", types.Str(), nullable=False),
        sa.Column("number", types.BigInt(), nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.Column("till_at", types.UtcTime(), nullable=False),
        sa.Column("day", types.Str(), nullable=False),
        sa.Column("point", types.Uuid(), nullable=False),
        sa.Column("operator", types.Str(), nullable=False),
        sa.Column("device", types.Uuid(), nullable=False),
        sa.Column("total", types.BigInt(), nullable=False),
        sa.Column("refers", types.Uuid(), nullable=True),
        sa.CheckConstraint("(kind = 'credit_note') = (refers IS NOT NULL)", name=op.f("ck_sale_refers")),
        sa.CheckConstraint("number > 0", name=op.f("ck_sale_number")),
        sa.ForeignKeyConstraint(
            ["chain", "seq"], ["journal_entry.chain", "journal_entry.seq"], name=op.f("fk_sale_chain_seq")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sale")),
        sa.UniqueConstraint("chain", "seq", name=op.f("uq_sale_chain_seq")),
        sa.UniqueConstraint("chain", "series", "number", name=op.f("uq_sale_chain_series_number")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("sale", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sale_chain_day_seq"), ["chain", "day", "seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_sale_device_seq"), ["device", "seq"], unique=False)
        batch_op.create_index(
            "uq_sale_refers",
            ["refers"],
            unique=True,
            sqlite_where=sa.text("refers IS NOT NULL"),
            postgresql_where=sa.text("refers IS NOT NULL"),
        )

    op.create_table(
        "sale_payment",
        sa.Column("chain", types.Str(), nullable=False),
        sa.Column("seq", types.BigInt(), autoincrement=False, nullable=False),
        sa.Column("position", types.BigInt(), autoincrement=False, nullable=False),
        sa.Column("sale_id", types.Uuid(), nullable=False),
        sa.Column("means", types.Str(), nullable=False),
        sa.Column("asset", types.Str(), nullable=False),
        sa.Column("host", types.Str(), nullable=False),
        sa.Column("amount", types.BigInt(), nullable=False),
        sa.Column("transfer", types.Str(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chain", "seq"],
            ["journal_entry.chain", "journal_entry.seq"],
            name=op.f("fk_sale_payment_chain_seq"),
        ),
        sa.PrimaryKeyConstraint("chain", "seq", "position", name=op.f("pk_sale_payment")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("sale_payment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sale_payment_means_asset"), ["means", "asset"], unique=False)
        batch_op.create_index(batch_op.f("ix_sale_payment_sale_id"), ["sale_id"], unique=False)

    op.create_trigger(
        "journal_entry_refuses_update",
        "journal_entry",
        sqlite=(
            "CREATE TRIGGER journal_entry_refuses_update BEFORE UPDATE ON journal_entry BEGIN SELECT RAISE(ABORT, 'journal_entry is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION journal_entry_refuses_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'journal_entry is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER journal_entry_refuses_update BEFORE UPDATE ON journal_entry FOR EACH ROW EXECUTE FUNCTION journal_entry_refuses_update()",
        ),
    )
    op.create_trigger(
        "journal_entry_refuses_delete",
        "journal_entry",
        sqlite=(
            "CREATE TRIGGER journal_entry_refuses_delete BEFORE DELETE ON journal_entry BEGIN SELECT RAISE(ABORT, 'journal_entry is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION journal_entry_refuses_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'journal_entry is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER journal_entry_refuses_delete BEFORE DELETE ON journal_entry FOR EACH ROW EXECUTE FUNCTION journal_entry_refuses_delete()",
        ),
    )
    op.create_trigger(
        "journal_entry_insert_takes_no_others_place",
        "journal_entry",
        sqlite=(
            "CREATE TRIGGER journal_entry_insert_takes_no_others_place BEFORE INSERT ON journal_entry WHEN NOT ((NOT EXISTS (SELECT 1 FROM journal_entry kept WHERE (kept.chain = NEW.chain AND kept.seq = NEW.seq) OR (kept.id = NEW.id))) AND (NOT EXISTS (SELECT 1 FROM journal_entry WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'journal_entry takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION journal_entry_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM journal_entry kept WHERE (kept.chain = NEW.chain AND kept.seq = NEW.seq) OR (kept.id = NEW.id))) THEN RAISE EXCEPTION 'journal_entry takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER journal_entry_insert_takes_no_others_place BEFORE INSERT ON journal_entry FOR EACH ROW EXECUTE FUNCTION journal_entry_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION journal_entry_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'journal_entry stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER journal_entry_refuses_truncate BEFORE TRUNCATE ON journal_entry FOR EACH STATEMENT EXECUTE FUNCTION journal_entry_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "journal_entry_insert_follows_the_last_one",
        "journal_entry",
        sqlite=(
            "CREATE TRIGGER journal_entry_insert_follows_the_last_one BEFORE INSERT ON journal_entry WHEN NOT (((EXISTS (SELECT 1 FROM journal_entry last WHERE last.chain = NEW.chain AND last.seq = NEW.seq - 1 AND last.mac = NEW.prev) OR (NEW.seq = 1 AND NEW.prev = '0000000000000000000000000000000000000000000000000000000000000000')) AND NOT EXISTS (SELECT 1 FROM journal_entry later WHERE later.chain = NEW.chain AND later.seq >= NEW.seq)) AND (1)) BEGIN SELECT RAISE(ABORT, 'journal_entry follows the last one'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION journal_entry_insert_follows_the_last_one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT ((EXISTS (SELECT 1 FROM journal_entry last WHERE last.chain = NEW.chain AND last.seq = NEW.seq - 1 AND last.mac = NEW.prev) OR (NEW.seq = 1 AND NEW.prev = '0000000000000000000000000000000000000000000000000000000000000000')) AND NOT EXISTS (SELECT 1 FROM journal_entry later WHERE later.chain = NEW.chain AND later.seq >= NEW.seq)) THEN RAISE EXCEPTION 'journal_entry follows the last one' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER journal_entry_insert_follows_the_last_one BEFORE INSERT ON journal_entry FOR EACH ROW EXECUTE FUNCTION journal_entry_insert_follows_the_last_one()",
        ),
    )
    op.create_trigger(
        "journal_head_update_seq_never_falls",
        "journal_head",
        sqlite=(
            "CREATE TRIGGER journal_head_update_seq_never_falls BEFORE UPDATE ON journal_head WHEN NOT ((NEW.seq >= OLD.seq) AND (1)) BEGIN SELECT RAISE(ABORT, 'journal_head seq never falls'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION journal_head_update_seq_never_falls() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.seq >= OLD.seq) THEN RAISE EXCEPTION 'journal_head seq never falls' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER journal_head_update_seq_never_falls BEFORE UPDATE ON journal_head FOR EACH ROW EXECUTE FUNCTION journal_head_update_seq_never_falls()",
        ),
    )
    op.create_trigger(
        "journal_series_update_number_never_falls",
        "journal_series",
        sqlite=(
            "CREATE TRIGGER journal_series_update_number_never_falls BEFORE UPDATE ON journal_series WHEN NOT ((NEW.number >= OLD.number) AND (1)) BEGIN SELECT RAISE(ABORT, 'journal_series number never falls'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION journal_series_update_number_never_falls() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.number >= OLD.number) THEN RAISE EXCEPTION 'journal_series number never falls' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER journal_series_update_number_never_falls BEFORE UPDATE ON journal_series FOR EACH ROW EXECUTE FUNCTION journal_series_update_number_never_falls()",
        ),
    )
    op.create_trigger(
        "closing_refuses_update",
        "closing",
        sqlite=(
            "CREATE TRIGGER closing_refuses_update BEFORE UPDATE ON closing BEGIN SELECT RAISE(ABORT, 'closing is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION closing_refuses_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'closing is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER closing_refuses_update BEFORE UPDATE ON closing FOR EACH ROW EXECUTE FUNCTION closing_refuses_update()",
        ),
    )
    op.create_trigger(
        "closing_refuses_delete",
        "closing",
        sqlite=(
            "CREATE TRIGGER closing_refuses_delete BEFORE DELETE ON closing BEGIN SELECT RAISE(ABORT, 'closing is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION closing_refuses_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'closing is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER closing_refuses_delete BEFORE DELETE ON closing FOR EACH ROW EXECUTE FUNCTION closing_refuses_delete()",
        ),
    )
    op.create_trigger(
        "closing_insert_takes_no_others_place",
        "closing",
        sqlite=(
            "CREATE TRIGGER closing_insert_takes_no_others_place BEFORE INSERT ON closing WHEN NOT ((NOT EXISTS (SELECT 1 FROM closing kept WHERE (kept.chain = NEW.chain AND kept.level = NEW.level AND kept.number = NEW.number) OR (kept.chain = NEW.chain AND kept.seq = NEW.seq))) AND (NOT EXISTS (SELECT 1 FROM closing WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'closing takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION closing_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM closing kept WHERE (kept.chain = NEW.chain AND kept.level = NEW.level AND kept.number = NEW.number) OR (kept.chain = NEW.chain AND kept.seq = NEW.seq))) THEN RAISE EXCEPTION 'closing takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER closing_insert_takes_no_others_place BEFORE INSERT ON closing FOR EACH ROW EXECUTE FUNCTION closing_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION closing_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'closing stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER closing_refuses_truncate BEFORE TRUNCATE ON closing FOR EACH STATEMENT EXECUTE FUNCTION closing_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "sale_refuses_update",
        "sale",
        sqlite=(
            "CREATE TRIGGER sale_refuses_update BEFORE UPDATE ON sale BEGIN SELECT RAISE(ABORT, 'sale is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION sale_refuses_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'sale is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER sale_refuses_update BEFORE UPDATE ON sale FOR EACH ROW EXECUTE FUNCTION sale_refuses_update()",
        ),
    )
    op.create_trigger(
        "sale_refuses_delete",
        "sale",
        sqlite=(
            "CREATE TRIGGER sale_refuses_delete BEFORE DELETE ON sale BEGIN SELECT RAISE(ABORT, 'sale is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION sale_refuses_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'sale is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER sale_refuses_delete BEFORE DELETE ON sale FOR EACH ROW EXECUTE FUNCTION sale_refuses_delete()",
        ),
    )
    op.create_trigger(
        "sale_insert_takes_no_others_place",
        "sale",
        sqlite=(
            "CREATE TRIGGER sale_insert_takes_no_others_place BEFORE INSERT ON sale WHEN NOT ((NOT EXISTS (SELECT 1 FROM sale kept WHERE (kept.chain = NEW.chain AND kept.seq = NEW.seq) OR (kept.chain = NEW.chain AND kept.series = NEW.series AND kept.number = NEW.number) OR (kept.id = NEW.id))) AND (NOT EXISTS (SELECT 1 FROM sale WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'sale takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION sale_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM sale kept WHERE (kept.chain = NEW.chain AND kept.seq = NEW.seq) OR (kept.chain = NEW.chain AND kept.series = NEW.series AND kept.number = NEW.number) OR (kept.id = NEW.id))) THEN RAISE EXCEPTION 'sale takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER sale_insert_takes_no_others_place BEFORE INSERT ON sale FOR EACH ROW EXECUTE FUNCTION sale_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION sale_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'sale stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER sale_refuses_truncate BEFORE TRUNCATE ON sale FOR EACH STATEMENT EXECUTE FUNCTION sale_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "sale_payment_refuses_update",
        "sale_payment",
        sqlite=(
            "CREATE TRIGGER sale_payment_refuses_update BEFORE UPDATE ON sale_payment BEGIN SELECT RAISE(ABORT, 'sale_payment is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION sale_payment_refuses_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'sale_payment is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER sale_payment_refuses_update BEFORE UPDATE ON sale_payment FOR EACH ROW EXECUTE FUNCTION sale_payment_refuses_update()",
        ),
    )
    op.create_trigger(
        "sale_payment_refuses_delete",
        "sale_payment",
        sqlite=(
            "CREATE TRIGGER sale_payment_refuses_delete BEFORE DELETE ON sale_payment BEGIN SELECT RAISE(ABORT, 'sale_payment is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION sale_payment_refuses_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'sale_payment is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER sale_payment_refuses_delete BEFORE DELETE ON sale_payment FOR EACH ROW EXECUTE FUNCTION sale_payment_refuses_delete()",
        ),
    )
    op.create_trigger(
        "sale_payment_insert_takes_no_others_place",
        "sale_payment",
        sqlite=(
            "CREATE TRIGGER sale_payment_insert_takes_no_others_place BEFORE INSERT ON sale_payment WHEN NOT ((NOT EXISTS (SELECT 1 FROM sale_payment kept WHERE (kept.chain = NEW.chain AND kept.seq = NEW.seq AND kept.position = NEW.position))) AND (NOT EXISTS (SELECT 1 FROM sale_payment WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'sale_payment takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION sale_payment_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM sale_payment kept WHERE (kept.chain = NEW.chain AND kept.seq = NEW.seq AND kept.position = NEW.position))) THEN RAISE EXCEPTION 'sale_payment takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER sale_payment_insert_takes_no_others_place BEFORE INSERT ON sale_payment FOR EACH ROW EXECUTE FUNCTION sale_payment_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION sale_payment_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'sale_payment stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER sale_payment_refuses_truncate BEFORE TRUNCATE ON sale_payment FOR EACH STATEMENT EXECUTE FUNCTION sale_payment_refuses_truncate()",
        ),
    )
