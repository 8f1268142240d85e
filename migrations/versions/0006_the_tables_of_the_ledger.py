# ruff: noqa: E501
"""The tables of the ledger."""

import sqlalchemy as sa
from alembic import op

from kit.db import types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
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
        sa.UniqueConstraint("id", name=op.f("uq_ledger_tx_id")),
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
        batch_op.create_index(
            "ix_ledger_tx_refers",
            ["refers"],
            unique=False,
            sqlite_where=sa.text("refers IS NOT NULL"),
            postgresql_where=sa.text("refers IS NOT NULL"),
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
        sqlite_strict=True,
    )
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_entry_credit_number"), ["credit", "number"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_entry_debit_number"), ["debit", "number"], unique=False)
        batch_op.create_index(
            "uq_ledger_entry_closes",
            ["closes"],
            unique=True,
            sqlite_where=sa.text("closes IS NOT NULL"),
            postgresql_where=sa.text("closes IS NOT NULL"),
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
            "CREATE TRIGGER ledger_tx_insert_follows_the_last_one BEFORE INSERT ON ledger_tx WHEN NOT ((\n  (EXISTS (SELECT 1 FROM ledger_tx WHERE seq = NEW.seq - 1 AND hash = NEW.prev AND last = NEW.first - 1)\n    OR (NEW.seq = 1 AND NEW.first = 1 AND NEW.prev = '0000000000000000000000000000000000000000000000000000000000000000'))) AND (\n  NEW.seq = 1 + coalesce((SELECT max(seq) FROM ledger_tx), 0)\n  AND NOT EXISTS (SELECT 1 FROM ledger_tx WHERE id = NEW.id))) BEGIN SELECT RAISE(ABORT, 'ledger_tx follows the last one'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION ledger_tx_insert_follows_the_last_one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (\n  (EXISTS (SELECT 1 FROM ledger_tx WHERE seq = NEW.seq - 1 AND hash = NEW.prev AND last = NEW.first - 1)\n    OR (NEW.seq = 1 AND NEW.first = 1 AND NEW.prev = '0000000000000000000000000000000000000000000000000000000000000000'))) THEN RAISE EXCEPTION 'ledger_tx follows the last one' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER ledger_tx_insert_follows_the_last_one BEFORE INSERT ON ledger_tx FOR EACH ROW EXECUTE FUNCTION ledger_tx_insert_follows_the_last_one()",
            "CREATE OR REPLACE FUNCTION ledger_tx_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ledger_tx stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER ledger_tx_refuses_truncate BEFORE TRUNCATE ON ledger_tx FOR EACH STATEMENT EXECUTE FUNCTION ledger_tx_refuses_truncate()",
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
            "CREATE TRIGGER ledger_entry_insert_fits_its_transaction_and_accounts BEFORE INSERT ON ledger_entry WHEN NOT ((\n  NEW.number = 1 + coalesce((SELECT max(number) FROM ledger_entry), 0)\n  AND EXISTS (SELECT 1 FROM ledger_tx WHERE seq = NEW.tx_seq AND NEW.number BETWEEN first AND last)\n  AND (NEW.closes IS NULL OR EXISTS (\n    SELECT 1 FROM ledger_entry h WHERE h.number = NEW.closes AND h.op = 'hold'\n      AND h.debit = NEW.debit AND h.credit = NEW.credit AND h.amount = NEW.amount))) AND (\n  EXISTS (SELECT 1 FROM ledger_account a WHERE a.id = NEW.debit AND a.currency_id = NEW.currency_id\n    AND (NEW.op = 'free' OR a.credits - a.debits - a.held - NEW.amount >= a.floor))\n  AND EXISTS (SELECT 1 FROM ledger_account WHERE id = NEW.credit AND currency_id = NEW.currency_id)\n  AND (NEW.closes IS NULL OR NOT EXISTS (SELECT 1 FROM ledger_entry c WHERE c.closes = NEW.closes)))) BEGIN SELECT RAISE(ABORT, 'ledger_entry fits its transaction and accounts'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION ledger_entry_insert_fits_its_transaction_and_accounts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (\n  NEW.number = 1 + coalesce((SELECT max(number) FROM ledger_entry), 0)\n  AND EXISTS (SELECT 1 FROM ledger_tx WHERE seq = NEW.tx_seq AND NEW.number BETWEEN first AND last)\n  AND (NEW.closes IS NULL OR EXISTS (\n    SELECT 1 FROM ledger_entry h WHERE h.number = NEW.closes AND h.op = 'hold'\n      AND h.debit = NEW.debit AND h.credit = NEW.credit AND h.amount = NEW.amount))) THEN RAISE EXCEPTION 'ledger_entry fits its transaction and accounts' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
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
