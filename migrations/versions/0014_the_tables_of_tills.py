"""The tables of tills."""

import sqlalchemy as sa
from alembic import op

from kit.db import types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pairing_code",
        sa.Column("code_hash", types.Blob(), nullable=False),
        sa.Column("name", types.Str(), nullable=False),
        sa.Column("points", types.Json(), nullable=False),
        sa.Column("made_by", types.Uuid(), nullable=True),
        sa.Column("made_at", types.UtcTime(), nullable=False),
        sa.Column("expires_at", types.UtcTime(), nullable=False),
        sa.Column("used_at", types.UtcTime(), nullable=True),
        sa.Column("is_reusable", types.Flag(), nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_pairing_code")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("pairing_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pairing_code_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "till_device",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("name", types.Str(), nullable=False),
        sa.Column("series", types.Str(), nullable=False),
        sa.Column("token_hash", types.Blob(), nullable=False),
        sa.Column("public_key", types.Json(), nullable=True),
        sa.Column("points", types.Json(), nullable=False),
        sa.Column("is_training", types.Flag(), nullable=False),
        sa.Column("paired_at", types.UtcTime(), nullable=False),
        sa.Column("paired_by", types.Uuid(), nullable=True),
        sa.Column("revoked_at", types.UtcTime(), nullable=True),
        sa.Column("last_seen_at", types.UtcTime(), nullable=True),
        sa.Column("last_count", types.BigInt(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_till_device")),
        sa.UniqueConstraint("series", name=op.f("uq_till_device_series")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_till_device_token_hash")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("till_device", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_till_device_revoked_at_name"), ["revoked_at", "name"], unique=False
        )

    op.create_table(
        "till_operator",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("code", types.Str(), nullable=False),
        sa.Column("label", types.Str(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=True),
        sa.Column("pin_hash", types.Str(), nullable=True),
        sa.Column("pin_mark", types.Blob(), nullable=True),
        sa.Column("card_id", types.Uuid(), nullable=True),
        sa.Column("rights", types.Json(), nullable=False),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("archived_at", types.UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_till_operator")),
        sa.UniqueConstraint("card_id", name=op.f("uq_till_operator_card_id")),
        sa.UniqueConstraint("code", name=op.f("uq_till_operator_code")),
        sa.UniqueConstraint("pin_mark", name=op.f("uq_till_operator_pin_mark")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("till_operator", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_till_operator_person_id"), ["person_id"], unique=False)

    op.create_table(
        "operator_session",
        sa.Column("token_hash", types.Blob(), nullable=False),
        sa.Column("operator_id", types.Uuid(), nullable=False),
        sa.Column("device_id", types.Uuid(), nullable=False),
        sa.Column("begun_at", types.UtcTime(), nullable=False),
        sa.Column("expires_at", types.UtcTime(), nullable=False),
        sa.Column("ended_at", types.UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"], ["till_device.id"], name=op.f("fk_operator_session_device_id")
        ),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["till_operator.id"], name=op.f("fk_operator_session_operator_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_operator_session")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("operator_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_operator_session_device_id"), ["device_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_operator_session_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_operator_session_operator_id"), ["operator_id"], unique=False)

    op.create_table(
        "pin_pause",
        sa.Column("device_id", types.Uuid(), nullable=False),
        sa.Column("tries", types.Int(), nullable=False),
        sa.Column("free_at", types.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["till_device.id"], name=op.f("fk_pin_pause_device_id")),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_pin_pause")),
        sqlite_strict=True,
    )
    op.create_table(
        "receipt_given",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("sale_id", types.Uuid(), nullable=False),
        sa.Column("device_id", types.Uuid(), nullable=False),
        sa.Column("way", types.Str(), nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.CheckConstraint("way IN ('screen', 'mail')", name=op.f("ck_receipt_given_way")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_given")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("receipt_given", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_receipt_given_sale_id"), ["sale_id"], unique=False)
