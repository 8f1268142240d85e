# ruff: noqa: E501
"""Prices in time and points."""

import sqlalchemy as sa
from alembic import op

from kit.db import types

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("product_price", schema=None) as batch_op:
        batch_op.add_column(sa.Column("currency_id", types.Uuid(), nullable=True))

    op.drop_trigger("product_price_update_keeps_what_it_is", "product_price")
    op.create_trigger(
        "product_price_update_keeps_what_it_is",
        "product_price",
        sqlite=(
            "CREATE TRIGGER product_price_update_keeps_what_it_is BEFORE UPDATE OF id, product_id, amount, currency_id ON product_price WHEN NOT ((NEW.id IS OLD.id AND NEW.product_id IS OLD.product_id AND NEW.amount IS OLD.amount AND NEW.currency_id IS OLD.currency_id) AND (1)) BEGIN SELECT RAISE(ABORT, 'product_price keeps what it is'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION product_price_update_keeps_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.product_id IS NOT DISTINCT FROM OLD.product_id AND NEW.amount IS NOT DISTINCT FROM OLD.amount AND NEW.currency_id IS NOT DISTINCT FROM OLD.currency_id) THEN RAISE EXCEPTION 'product_price keeps what it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER product_price_update_keeps_what_it_is BEFORE UPDATE OF id, product_id, amount, currency_id ON product_price FOR EACH ROW EXECUTE FUNCTION product_price_update_keeps_what_it_is()",
        ),
    )
