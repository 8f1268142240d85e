# ruff: noqa: E501
"""What the tables of money between nodes refuse, continued."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
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
    op.drop_trigger("ledger_account_insert_is_born_empty", "ledger_account")
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
