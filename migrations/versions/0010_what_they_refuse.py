# ruff: noqa: E501
"""What the tables of money between nodes refuse."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
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
