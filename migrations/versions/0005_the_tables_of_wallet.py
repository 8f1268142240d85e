# ruff: noqa: E501
"""The tables of wallet."""

import sqlalchemy as sa
from alembic import op

from kit.db import types

revision = "0005"
down_revision = "0004"
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
        "ledger_tx",
        sa.Column("seq", types.BigInt(), autoincrement=False, nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("kind", types.Str(), nullable=False),
        sa.Column("verdict", types.Str(), nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.Column("content", types.Str(), nullable=False),
        sa.Column("refers", types.Uuid(), nullable=True),
        sa.Column("first", types.BigInt(), nullable=False),
        sa.Column("last", types.BigInt(), nullable=False),
        sa.Column("prev", types.Str(), nullable=False),
        sa.Column("hash", types.Str(), nullable=False),
        sa.Column("body", types.Blob(), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('posted', 'held', 'captured', 'released', 'declined')",
            name=op.f("ck_ledger_tx_verdict"),
        ),
        sa.CheckConstraint("last >= first - 1", name=op.f("ck_ledger_tx_numbers")),
        sa.CheckConstraint("length(hash) = 64 AND length(prev) = 64", name=op.f("ck_ledger_tx_hashes")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ledger_tx")),
        sa.UniqueConstraint("hash", name=op.f("uq_ledger_tx_hash")),
        sa.UniqueConstraint("id", name=op.f("uq_ledger_tx_id")),
        sa.UniqueConstraint("prev", name=op.f("uq_ledger_tx_prev")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("ledger_tx", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_tx_at"), ["at"], unique=False)
        batch_op.create_index(
            "ix_ledger_tx_holds",
            ["at"],
            unique=False,
            sqlite_where=sa.text("verdict = 'held'"),
            postgresql_where=sa.text("verdict = 'held'"),
        )
        batch_op.create_index(batch_op.f("ix_ledger_tx_kind_seq"), ["kind", "seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_tx_refers"), ["refers"], unique=False)

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
    op.create_table(
        "ledger_account",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("currency_id", types.Uuid(), nullable=False),
        sa.Column("kind", types.Str(), nullable=False),
        sa.Column("owner", types.Str(), nullable=False),
        sa.Column("lot", types.Str(), nullable=False),
        sa.Column("expires_at", types.UtcTime(), nullable=True),
        sa.Column("floor", types.BigInt(), nullable=False),
        sa.Column("debits", types.BigInt(), nullable=False),
        sa.Column("credits", types.BigInt(), nullable=False),
        sa.Column("held", types.BigInt(), nullable=False),
        sa.Column("touched", types.BigInt(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('wallet', 'issuance', 'opening', 'sales', 'expired', 'node', 'melt', 'loss', 'disputed', 'receivable', 'fees', 'suspense', 'bank')",
            name=op.f("ck_ledger_account_kind"),
        ),
        sa.CheckConstraint("credits - debits - held >= floor", name=op.f("ck_ledger_account_floor")),
        sa.CheckConstraint("credits >= 0", name=op.f("ck_ledger_account_credits")),
        sa.CheckConstraint("debits >= 0", name=op.f("ck_ledger_account_debits")),
        sa.CheckConstraint("held >= 0", name=op.f("ck_ledger_account_held")),
        sa.ForeignKeyConstraint(["currency_id"], ["currency.id"], name=op.f("fk_ledger_account_currency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_account")),
        sa.UniqueConstraint("id", "currency_id", name=op.f("uq_ledger_account_id_currency_id")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("ledger_account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_account_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(
            "ix_ledger_account_holds",
            ["currency_id"],
            unique=False,
            sqlite_where=sa.text("held > 0"),
            postgresql_where=sa.text("held > 0"),
        )
        batch_op.create_index(
            batch_op.f("ix_ledger_account_kind_currency_id"), ["kind", "currency_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_ledger_account_owner_kind"), ["owner", "kind"], unique=False)
        batch_op.create_index("ix_ledger_account_recent", ["kind", "touched"], unique=False)

    op.create_table(
        "ledger_head",
        sa.Column("seq", types.BigInt(), nullable=False),
        sa.Column("hash", types.Str(), nullable=False),
        sa.Column("issuer", types.Str(), nullable=False),
        sa.Column("signed_at", types.UtcTime(), nullable=False),
        sa.Column("key_id", types.Str(), nullable=False),
        sa.Column("public_key", types.Blob(), nullable=False),
        sa.Column("signature", types.Blob(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["ledger_tx.seq"], name=op.f("fk_ledger_head_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ledger_head")),
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
    op.create_table(
        "ledger_entry",
        sa.Column("number", types.BigInt(), autoincrement=False, nullable=False),
        sa.Column("tx_seq", types.BigInt(), nullable=False),
        sa.Column("op", types.Str(), nullable=False),
        sa.Column("currency_id", types.Uuid(), nullable=False),
        sa.Column("debit", types.Uuid(), nullable=False),
        sa.Column("credit", types.Uuid(), nullable=False),
        sa.Column("amount", types.BigInt(), nullable=False),
        sa.Column("debit_after", types.BigInt(), nullable=False),
        sa.Column("credit_after", types.BigInt(), nullable=False),
        sa.Column("closes", types.BigInt(), nullable=True),
        sa.CheckConstraint("(op = 'free') = (closes IS NOT NULL)", name=op.f("ck_ledger_entry_closes")),
        sa.CheckConstraint("op IN ('transfer', 'hold', 'free')", name=op.f("ck_ledger_entry_op")),
        sa.CheckConstraint("amount > 0 AND amount <= 9007199254740991", name=op.f("ck_ledger_entry_amount")),
        sa.CheckConstraint("debit <> credit", name=op.f("ck_ledger_entry_two_sides")),
        sa.ForeignKeyConstraint(["closes"], ["ledger_entry.number"], name=op.f("fk_ledger_entry_closes")),
        sa.ForeignKeyConstraint(
            ["credit", "currency_id"],
            ["ledger_account.id", "ledger_account.currency_id"],
            name=op.f("fk_ledger_entry_credit_currency_id"),
        ),
        sa.ForeignKeyConstraint(
            ["debit", "currency_id"],
            ["ledger_account.id", "ledger_account.currency_id"],
            name=op.f("fk_ledger_entry_debit_currency_id"),
        ),
        sa.ForeignKeyConstraint(["tx_seq"], ["ledger_tx.seq"], name=op.f("fk_ledger_entry_tx_seq")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("closes", name=op.f("uq_ledger_entry_closes")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_entry_credit_number"), ["credit", "number"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_entry_debit_number"), ["debit", "number"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_entry_tx_seq"), ["tx_seq"], unique=False)

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
        "ledger_tx_refuses_update",
        "ledger_tx",
        sqlite=(
            "CREATE TRIGGER ledger_tx_refuses_update BEFORE UPDATE ON ledger_tx BEGIN SELECT RAISE(ABORT, 'ledger_tx is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION ledger_tx_refuses_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ledger_tx is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER ledger_tx_refuses_update BEFORE UPDATE ON ledger_tx FOR EACH ROW EXECUTE FUNCTION ledger_tx_refuses_update()",
        ),
    )
    op.create_trigger(
        "ledger_tx_refuses_delete",
        "ledger_tx",
        sqlite=(
            "CREATE TRIGGER ledger_tx_refuses_delete BEFORE DELETE ON ledger_tx BEGIN SELECT RAISE(ABORT, 'ledger_tx is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION ledger_tx_refuses_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ledger_tx is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER ledger_tx_refuses_delete BEFORE DELETE ON ledger_tx FOR EACH ROW EXECUTE FUNCTION ledger_tx_refuses_delete()",
        ),
    )
    op.create_trigger(
        "ledger_tx_insert_follows_the_last_one",
        "ledger_tx",
        sqlite=(
            "CREATE TRIGGER ledger_tx_insert_follows_the_last_one BEFORE INSERT ON ledger_tx WHEN NOT ((\n  NOT EXISTS (SELECT 1 FROM ledger_tx\n    WHERE seq = NEW.seq OR id = NEW.id OR prev = NEW.prev OR hash = NEW.hash)\n  AND (EXISTS (SELECT 1 FROM ledger_tx WHERE seq = NEW.seq - 1 AND hash = NEW.prev AND last = NEW.first - 1)\n    OR (NEW.seq = 1 AND NEW.first = 1 AND NEW.prev = '0000000000000000000000000000000000000000000000000000000000000000'))) AND (1)) BEGIN SELECT RAISE(ABORT, 'ledger_tx follows the last one'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION ledger_tx_insert_follows_the_last_one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (\n  NOT EXISTS (SELECT 1 FROM ledger_tx\n    WHERE seq = NEW.seq OR id = NEW.id OR prev = NEW.prev OR hash = NEW.hash)\n  AND (EXISTS (SELECT 1 FROM ledger_tx WHERE seq = NEW.seq - 1 AND hash = NEW.prev AND last = NEW.first - 1)\n    OR (NEW.seq = 1 AND NEW.first = 1 AND NEW.prev = '0000000000000000000000000000000000000000000000000000000000000000'))) THEN RAISE EXCEPTION 'ledger_tx follows the last one' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER ledger_tx_insert_follows_the_last_one BEFORE INSERT ON ledger_tx FOR EACH ROW EXECUTE FUNCTION ledger_tx_insert_follows_the_last_one()",
            "CREATE OR REPLACE FUNCTION ledger_tx_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ledger_tx stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER ledger_tx_refuses_truncate BEFORE TRUNCATE ON ledger_tx FOR EACH STATEMENT EXECUTE FUNCTION ledger_tx_refuses_truncate()",
        ),
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
    op.create_trigger(
        "ledger_account_insert_is_born_empty",
        "ledger_account",
        sqlite=(
            "CREATE TRIGGER ledger_account_insert_is_born_empty BEFORE INSERT ON ledger_account WHEN NOT ((\n  NEW.debits = 0 AND NEW.credits = 0 AND NEW.held = 0 AND NEW.touched = 0\n  AND (NEW.floor = 0 OR NEW.kind IN ('issuance', 'opening'))\n  AND EXISTS (SELECT 1 FROM currency WHERE id = NEW.currency_id)\n  AND NOT EXISTS (SELECT 1 FROM ledger_account a WHERE a.id = NEW.id OR (a.owner = NEW.owner\n    AND a.kind = NEW.kind AND a.lot = NEW.lot AND a.currency_id = NEW.currency_id))) AND (NOT EXISTS (SELECT 1 FROM ledger_account WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'ledger_account is born empty'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION ledger_account_insert_is_born_empty() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (\n  NEW.debits = 0 AND NEW.credits = 0 AND NEW.held = 0 AND NEW.touched = 0\n  AND (NEW.floor = 0 OR NEW.kind IN ('issuance', 'opening'))\n  AND EXISTS (SELECT 1 FROM currency WHERE id = NEW.currency_id)\n  AND NOT EXISTS (SELECT 1 FROM ledger_account a WHERE a.id = NEW.id OR (a.owner = NEW.owner\n    AND a.kind = NEW.kind AND a.lot = NEW.lot AND a.currency_id = NEW.currency_id))) THEN RAISE EXCEPTION 'ledger_account is born empty' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER ledger_account_insert_is_born_empty BEFORE INSERT ON ledger_account FOR EACH ROW EXECUTE FUNCTION ledger_account_insert_is_born_empty()",
            "CREATE OR REPLACE FUNCTION ledger_account_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ledger_account stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER ledger_account_refuses_truncate BEFORE TRUNCATE ON ledger_account FOR EACH STATEMENT EXECUTE FUNCTION ledger_account_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "ledger_account_update_is_moved_by_entries_alone",
        "ledger_account",
        sqlite=(
            "CREATE TRIGGER ledger_account_update_is_moved_by_entries_alone BEFORE UPDATE ON ledger_account WHEN NOT ((\n  NEW.touched > OLD.touched AND NEW.id IS OLD.id AND NEW.currency_id IS OLD.currency_id AND NEW.kind IS OLD.kind AND NEW.owner IS OLD.owner AND NEW.lot IS OLD.lot AND NEW.expires_at IS OLD.expires_at AND NEW.floor IS OLD.floor AND EXISTS (\n    SELECT 1 FROM ledger_entry e WHERE e.number = NEW.touched AND (\n      (e.op = 'transfer' AND e.debit = NEW.id AND NEW.debits = OLD.debits + e.amount\n        AND NEW.credits = OLD.credits AND NEW.held = OLD.held AND NEW.credits - NEW.debits = e.debit_after)\n      OR (e.op = 'transfer' AND e.credit = NEW.id AND NEW.credits = OLD.credits + e.amount\n        AND NEW.debits = OLD.debits AND NEW.held = OLD.held AND NEW.credits - NEW.debits = e.credit_after)\n      OR (e.op <> 'transfer' AND e.debit = NEW.id AND NEW.debits = OLD.debits AND NEW.credits = OLD.credits\n        AND NEW.held = OLD.held + CASE e.op WHEN 'hold' THEN e.amount ELSE -e.amount END\n        AND NEW.credits - NEW.debits = e.debit_after AND EXISTS (SELECT 1 FROM ledger_account c\n          WHERE c.id = e.credit AND c.credits - c.debits = e.credit_after))))) AND (1)) BEGIN SELECT RAISE(ABORT, 'ledger_account is moved by entries alone'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION ledger_account_update_is_moved_by_entries_alone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (\n  NEW.touched > OLD.touched AND NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.currency_id IS NOT DISTINCT FROM OLD.currency_id AND NEW.kind IS NOT DISTINCT FROM OLD.kind AND NEW.owner IS NOT DISTINCT FROM OLD.owner AND NEW.lot IS NOT DISTINCT FROM OLD.lot AND NEW.expires_at IS NOT DISTINCT FROM OLD.expires_at AND NEW.floor IS NOT DISTINCT FROM OLD.floor AND EXISTS (\n    SELECT 1 FROM ledger_entry e WHERE e.number = NEW.touched AND (\n      (e.op = 'transfer' AND e.debit = NEW.id AND NEW.debits = OLD.debits + e.amount\n        AND NEW.credits = OLD.credits AND NEW.held = OLD.held AND NEW.credits - NEW.debits = e.debit_after)\n      OR (e.op = 'transfer' AND e.credit = NEW.id AND NEW.credits = OLD.credits + e.amount\n        AND NEW.debits = OLD.debits AND NEW.held = OLD.held AND NEW.credits - NEW.debits = e.credit_after)\n      OR (e.op <> 'transfer' AND e.debit = NEW.id AND NEW.debits = OLD.debits AND NEW.credits = OLD.credits\n        AND NEW.held = OLD.held + CASE e.op WHEN 'hold' THEN e.amount ELSE -e.amount END\n        AND NEW.credits - NEW.debits = e.debit_after AND EXISTS (SELECT 1 FROM ledger_account c\n          WHERE c.id = e.credit AND c.credits - c.debits = e.credit_after))))) THEN RAISE EXCEPTION 'ledger_account is moved by entries alone' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER ledger_account_update_is_moved_by_entries_alone BEFORE UPDATE ON ledger_account FOR EACH ROW EXECUTE FUNCTION ledger_account_update_is_moved_by_entries_alone()",
        ),
    )
    op.create_trigger(
        "ledger_account_delete_stays",
        "ledger_account",
        sqlite=(
            "CREATE TRIGGER ledger_account_delete_stays BEFORE DELETE ON ledger_account WHEN NOT ((0) AND (1)) BEGIN SELECT RAISE(ABORT, 'ledger_account stays'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION ledger_account_delete_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (false) THEN RAISE EXCEPTION 'ledger_account stays' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$",
            "CREATE TRIGGER ledger_account_delete_stays BEFORE DELETE ON ledger_account FOR EACH ROW EXECUTE FUNCTION ledger_account_delete_stays()",
        ),
    )
    op.create_trigger(
        "ledger_head_refuses_update",
        "ledger_head",
        sqlite=(
            "CREATE TRIGGER ledger_head_refuses_update BEFORE UPDATE ON ledger_head BEGIN SELECT RAISE(ABORT, 'ledger_head is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION ledger_head_refuses_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ledger_head is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER ledger_head_refuses_update BEFORE UPDATE ON ledger_head FOR EACH ROW EXECUTE FUNCTION ledger_head_refuses_update()",
        ),
    )
    op.create_trigger(
        "ledger_head_refuses_delete",
        "ledger_head",
        sqlite=(
            "CREATE TRIGGER ledger_head_refuses_delete BEFORE DELETE ON ledger_head BEGIN SELECT RAISE(ABORT, 'ledger_head is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION ledger_head_refuses_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ledger_head is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER ledger_head_refuses_delete BEFORE DELETE ON ledger_head FOR EACH ROW EXECUTE FUNCTION ledger_head_refuses_delete()",
        ),
    )
    op.create_trigger(
        "ledger_head_insert_takes_no_others_place",
        "ledger_head",
        sqlite=(
            "CREATE TRIGGER ledger_head_insert_takes_no_others_place BEFORE INSERT ON ledger_head WHEN NOT ((NOT EXISTS (SELECT 1 FROM ledger_head kept WHERE (kept.seq = NEW.seq))) AND (NOT EXISTS (SELECT 1 FROM ledger_head WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'ledger_head takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION ledger_head_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM ledger_head kept WHERE (kept.seq = NEW.seq))) THEN RAISE EXCEPTION 'ledger_head takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER ledger_head_insert_takes_no_others_place BEFORE INSERT ON ledger_head FOR EACH ROW EXECUTE FUNCTION ledger_head_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION ledger_head_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ledger_head stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER ledger_head_refuses_truncate BEFORE TRUNCATE ON ledger_head FOR EACH STATEMENT EXECUTE FUNCTION ledger_head_refuses_truncate()",
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
    op.create_trigger(
        "ledger_entry_refuses_update",
        "ledger_entry",
        sqlite=(
            "CREATE TRIGGER ledger_entry_refuses_update BEFORE UPDATE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION ledger_entry_refuses_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ledger_entry is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER ledger_entry_refuses_update BEFORE UPDATE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_entry_refuses_update()",
        ),
    )
    op.create_trigger(
        "ledger_entry_refuses_delete",
        "ledger_entry",
        sqlite=(
            "CREATE TRIGGER ledger_entry_refuses_delete BEFORE DELETE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION ledger_entry_refuses_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ledger_entry is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER ledger_entry_refuses_delete BEFORE DELETE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_entry_refuses_delete()",
        ),
    )
    op.create_trigger(
        "ledger_entry_insert_fits_its_transaction_and_accounts",
        "ledger_entry",
        sqlite=(
            "CREATE TRIGGER ledger_entry_insert_fits_its_transaction_and_accounts BEFORE INSERT ON ledger_entry WHEN NOT ((\n  NOT EXISTS (SELECT 1 FROM ledger_entry WHERE number = NEW.number)\n  AND (NEW.number = 1 OR EXISTS (SELECT 1 FROM ledger_entry WHERE number = NEW.number - 1))\n  AND EXISTS (SELECT 1 FROM ledger_tx WHERE seq = NEW.tx_seq AND NEW.number BETWEEN first AND last)\n  AND EXISTS (SELECT 1 FROM ledger_account WHERE id = NEW.debit AND currency_id = NEW.currency_id)\n  AND EXISTS (SELECT 1 FROM ledger_account WHERE id = NEW.credit AND currency_id = NEW.currency_id)\n  AND (NEW.closes IS NULL OR (\n    EXISTS (SELECT 1 FROM ledger_entry h WHERE h.number = NEW.closes AND h.op = 'hold'\n      AND h.debit = NEW.debit AND h.credit = NEW.credit AND h.amount = NEW.amount)\n    AND NOT EXISTS (SELECT 1 FROM ledger_entry c WHERE c.closes = NEW.closes)))) AND (\n  NEW.op = 'free' OR EXISTS (SELECT 1 FROM ledger_account a WHERE a.id = NEW.debit\n    AND a.credits - a.debits - a.held - NEW.amount >= a.floor))) BEGIN SELECT RAISE(ABORT, 'ledger_entry fits its transaction and accounts'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION ledger_entry_insert_fits_its_transaction_and_accounts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (\n  NOT EXISTS (SELECT 1 FROM ledger_entry WHERE number = NEW.number)\n  AND (NEW.number = 1 OR EXISTS (SELECT 1 FROM ledger_entry WHERE number = NEW.number - 1))\n  AND EXISTS (SELECT 1 FROM ledger_tx WHERE seq = NEW.tx_seq AND NEW.number BETWEEN first AND last)\n  AND EXISTS (SELECT 1 FROM ledger_account WHERE id = NEW.debit AND currency_id = NEW.currency_id)\n  AND EXISTS (SELECT 1 FROM ledger_account WHERE id = NEW.credit AND currency_id = NEW.currency_id)\n  AND (NEW.closes IS NULL OR (\n    EXISTS (SELECT 1 FROM ledger_entry h WHERE h.number = NEW.closes AND h.op = 'hold'\n      AND h.debit = NEW.debit AND h.credit = NEW.credit AND h.amount = NEW.amount)\n    AND NOT EXISTS (SELECT 1 FROM ledger_entry c WHERE c.closes = NEW.closes)))) THEN RAISE EXCEPTION 'ledger_entry fits its transaction and accounts' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER ledger_entry_insert_fits_its_transaction_and_accounts BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_entry_insert_fits_its_transaction_and_accounts()",
            "CREATE OR REPLACE FUNCTION ledger_entry_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ledger_entry stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER ledger_entry_refuses_truncate BEFORE TRUNCATE ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "ledger_entry_applies_transfer",
        "ledger_entry",
        sqlite=(
            "CREATE TRIGGER ledger_entry_applies_transfer AFTER INSERT ON ledger_entry WHEN NEW.op = 'transfer' BEGIN UPDATE ledger_account SET debits = debits + NEW.amount, touched = NEW.number WHERE id = NEW.debit; UPDATE ledger_account SET credits = credits + NEW.amount, touched = NEW.number WHERE id = NEW.credit; END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION ledger_entry_applies_transfer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE ledger_account SET debits = debits + NEW.amount, touched = NEW.number WHERE id = NEW.debit; UPDATE ledger_account SET credits = credits + NEW.amount, touched = NEW.number WHERE id = NEW.credit; RETURN NULL; END $$",
            "CREATE TRIGGER ledger_entry_applies_transfer AFTER INSERT ON ledger_entry FOR EACH ROW WHEN (NEW.op = 'transfer') EXECUTE FUNCTION ledger_entry_applies_transfer()",
        ),
    )
    op.create_trigger(
        "ledger_entry_applies_hold",
        "ledger_entry",
        sqlite=(
            "CREATE TRIGGER ledger_entry_applies_hold AFTER INSERT ON ledger_entry WHEN NEW.op = 'hold' BEGIN UPDATE ledger_account SET held = held + NEW.amount, touched = NEW.number WHERE id = NEW.debit; END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION ledger_entry_applies_hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE ledger_account SET held = held + NEW.amount, touched = NEW.number WHERE id = NEW.debit; RETURN NULL; END $$",
            "CREATE TRIGGER ledger_entry_applies_hold AFTER INSERT ON ledger_entry FOR EACH ROW WHEN (NEW.op = 'hold') EXECUTE FUNCTION ledger_entry_applies_hold()",
        ),
    )
    op.create_trigger(
        "ledger_entry_applies_free",
        "ledger_entry",
        sqlite=(
            "CREATE TRIGGER ledger_entry_applies_free AFTER INSERT ON ledger_entry WHEN NEW.op = 'free' BEGIN UPDATE ledger_account SET held = held - NEW.amount, touched = NEW.number WHERE id = NEW.debit; END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION ledger_entry_applies_free() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE ledger_account SET held = held - NEW.amount, touched = NEW.number WHERE id = NEW.debit; RETURN NULL; END $$",
            "CREATE TRIGGER ledger_entry_applies_free AFTER INSERT ON ledger_entry FOR EACH ROW WHEN (NEW.op = 'free') EXECUTE FUNCTION ledger_entry_applies_free()",
        ),
    )
