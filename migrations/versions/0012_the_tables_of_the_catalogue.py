# ruff: noqa: E501
"""The tables of the catalogue."""

import sqlalchemy as sa
from alembic import op

from kit.db import types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalogue_revision",
        sa.Column("id", types.BigInt(), autoincrement=False, nullable=False),
        sa.Column("number", types.BigInt(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_revision")),
        sqlite_strict=True,
    )
    op.create_table(
        "point_of_sale",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("name", types.Str(), nullable=False),
        sa.Column("icon", types.Str(), nullable=False),
        sa.Column("position", types.Int(), nullable=False),
        sa.Column("archived_at", types.UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_of_sale")),
        sqlite_strict=True,
    )
    op.create_table(
        "sale_category",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("name", types.Str(), nullable=False),
        sa.Column("tone", types.Str(), nullable=False),
        sa.Column("icon", types.Str(), nullable=False),
        sa.Column("position", types.Int(), nullable=False),
        sa.Column("archived_at", types.UtcTime(), nullable=True),
        sa.CheckConstraint(
            "tone IN ('hot', 'cold', 'beer', 'wine', 'food', 'deposit')", name=op.f("ck_sale_category_tone")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sale_category")),
        sqlite_strict=True,
    )
    op.create_table(
        "product",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("name", types.Str(), nullable=False),
        sa.Column("category_id", types.Uuid(), nullable=False),
        sa.Column("icon", types.Str(), nullable=False),
        sa.Column("picture", types.Str(), nullable=False),
        sa.Column("vat_rate", types.Int(), nullable=False),
        sa.Column("sort", types.Str(), nullable=False),
        sa.Column("unit", types.Str(), nullable=False),
        sa.Column("purchase_price", types.BigInt(), nullable=True),
        sa.Column("deposit_id", types.Uuid(), nullable=True),
        sa.Column("is_sold_out", types.Flag(), nullable=False),
        sa.Column("position", types.Int(), nullable=False),
        sa.Column("archived_at", types.UtcTime(), nullable=True),
        sa.CheckConstraint(
            "sort = 'product' OR (vat_rate = 0 AND deposit_id IS NULL)", name=op.f("ck_product_deposit")
        ),
        sa.CheckConstraint("sort IN ('product', 'deposit')", name=op.f("ck_product_sort")),
        sa.CheckConstraint("unit IN ('piece', 'kilogram', 'litre')", name=op.f("ck_product_unit")),
        sa.CheckConstraint("purchase_price >= 0", name=op.f("ck_product_purchase_price")),
        sa.CheckConstraint("vat_rate BETWEEN 0 AND 10000", name=op.f("ck_product_vat_rate")),
        sa.ForeignKeyConstraint(["category_id"], ["sale_category.id"], name=op.f("fk_product_category_id")),
        sa.ForeignKeyConstraint(["deposit_id"], ["product.id"], name=op.f("fk_product_deposit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_category_id"), ["category_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_deposit_id"), ["deposit_id"], unique=False)

    op.create_table(
        "point_product",
        sa.Column("point_id", types.Uuid(), nullable=False),
        sa.Column("product_id", types.Uuid(), nullable=False),
        sa.Column("position", types.Int(), nullable=False),
        sa.ForeignKeyConstraint(["point_id"], ["point_of_sale.id"], name=op.f("fk_point_product_point_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_point_product_product_id")),
        sa.PrimaryKeyConstraint("point_id", "product_id", name=op.f("pk_point_product")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("point_product", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_point_product_product_id"), ["product_id"], unique=False)

    op.create_table(
        "product_price",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("product_id", types.Uuid(), nullable=False),
        sa.Column("name", types.Str(), nullable=False),
        sa.Column("amount", types.BigInt(), nullable=True),
        sa.Column("position", types.Int(), nullable=False),
        sa.Column("archived_at", types.UtcTime(), nullable=True),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_product_price_amount")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_price_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_price")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("product_price", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_price_product_id"), ["product_id"], unique=False)

    op.create_trigger(
        "product_insert_takes_no_others_place",
        "product",
        sqlite=(
            "CREATE TRIGGER product_insert_takes_no_others_place BEFORE INSERT ON product WHEN NOT ((NOT EXISTS (SELECT 1 FROM product kept WHERE (kept.id = NEW.id))) AND (NOT EXISTS (SELECT 1 FROM product WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'product takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION product_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM product kept WHERE (kept.id = NEW.id))) THEN RAISE EXCEPTION 'product takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER product_insert_takes_no_others_place BEFORE INSERT ON product FOR EACH ROW EXECUTE FUNCTION product_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION product_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'product stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER product_refuses_truncate BEFORE TRUNCATE ON product FOR EACH STATEMENT EXECUTE FUNCTION product_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "product_update_keeps_what_it_is",
        "product",
        sqlite=(
            "CREATE TRIGGER product_update_keeps_what_it_is BEFORE UPDATE OF id, sort ON product WHEN NOT ((NEW.id IS OLD.id AND NEW.sort IS OLD.sort) AND (1)) BEGIN SELECT RAISE(ABORT, 'product keeps what it is'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION product_update_keeps_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.sort IS NOT DISTINCT FROM OLD.sort) THEN RAISE EXCEPTION 'product keeps what it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER product_update_keeps_what_it_is BEFORE UPDATE OF id, sort ON product FOR EACH ROW EXECUTE FUNCTION product_update_keeps_what_it_is()",
        ),
    )
    op.create_trigger(
        "product_delete_stays",
        "product",
        sqlite=(
            "CREATE TRIGGER product_delete_stays BEFORE DELETE ON product WHEN NOT ((0) AND (1)) BEGIN SELECT RAISE(ABORT, 'product stays'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION product_delete_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (false) THEN RAISE EXCEPTION 'product stays' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$",
            "CREATE TRIGGER product_delete_stays BEFORE DELETE ON product FOR EACH ROW EXECUTE FUNCTION product_delete_stays()",
        ),
    )
    op.create_trigger(
        "product_price_insert_takes_no_others_place",
        "product_price",
        sqlite=(
            "CREATE TRIGGER product_price_insert_takes_no_others_place BEFORE INSERT ON product_price WHEN NOT ((NOT EXISTS (SELECT 1 FROM product_price kept WHERE (kept.id = NEW.id))) AND (NOT EXISTS (SELECT 1 FROM product_price WHERE rowid = NEW.rowid))) BEGIN SELECT RAISE(ABORT, 'product_price takes no other''s place'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION product_price_insert_takes_no_others_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NOT EXISTS (SELECT 1 FROM product_price kept WHERE (kept.id = NEW.id))) THEN RAISE EXCEPTION 'product_price takes no other''s place' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER product_price_insert_takes_no_others_place BEFORE INSERT ON product_price FOR EACH ROW EXECUTE FUNCTION product_price_insert_takes_no_others_place()",
            "CREATE OR REPLACE FUNCTION product_price_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'product_price stays' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER product_price_refuses_truncate BEFORE TRUNCATE ON product_price FOR EACH STATEMENT EXECUTE FUNCTION product_price_refuses_truncate()",
        ),
    )
    op.create_trigger(
        "product_price_update_keeps_what_it_is",
        "product_price",
        sqlite=(
            "CREATE TRIGGER product_price_update_keeps_what_it_is BEFORE UPDATE OF id, product_id, amount ON product_price WHEN NOT ((NEW.id IS OLD.id AND NEW.product_id IS OLD.product_id AND NEW.amount IS OLD.amount) AND (1)) BEGIN SELECT RAISE(ABORT, 'product_price keeps what it is'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION product_price_update_keeps_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.product_id IS NOT DISTINCT FROM OLD.product_id AND NEW.amount IS NOT DISTINCT FROM OLD.amount) THEN RAISE EXCEPTION 'product_price keeps what it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER product_price_update_keeps_what_it_is BEFORE UPDATE OF id, product_id, amount ON product_price FOR EACH ROW EXECUTE FUNCTION product_price_update_keeps_what_it_is()",
        ),
    )
    op.create_trigger(
        "product_price_delete_stays",
        "product_price",
        sqlite=(
            "CREATE TRIGGER product_price_delete_stays BEFORE DELETE ON product_price WHEN NOT ((0) AND (1)) BEGIN SELECT RAISE(ABORT, 'product_price stays'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION product_price_delete_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (false) THEN RAISE EXCEPTION 'product_price stays' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$",
            "CREATE TRIGGER product_price_delete_stays BEFORE DELETE ON product_price FOR EACH ROW EXECUTE FUNCTION product_price_delete_stays()",
        ),
    )
