# ruff: noqa: E501
"""Alarms are counted, lists of grants stay."""

import sqlalchemy as sa
from alembic import op

from kit.db import types

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("village_alarm", schema=None) as batch_op:
        batch_op.add_column(sa.Column("count", types.BigInt(), nullable=True))
        batch_op.add_column(sa.Column("last_at", types.UtcTime(), nullable=True))
        batch_op.add_column(sa.Column("last_place", types.Str(), nullable=True))

    op.create_trigger(
        "village_grant_update_keeps_its_list",
        "village_grant",
        sqlite=(
            "CREATE TRIGGER village_grant_update_keeps_its_list BEFORE UPDATE ON village_grant WHEN NOT ((OLD.closed IS NULL OR NEW.closed IS OLD.closed) AND (1)) BEGIN SELECT RAISE(ABORT, 'village_grant keeps its list'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION village_grant_update_keeps_its_list() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (OLD.closed IS NULL OR NEW.closed IS NOT DISTINCT FROM OLD.closed) THEN RAISE EXCEPTION 'village_grant keeps its list' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER village_grant_update_keeps_its_list BEFORE UPDATE ON village_grant FOR EACH ROW EXECUTE FUNCTION village_grant_update_keeps_its_list()",
        ),
    )
