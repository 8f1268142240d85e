"""The tables of kit."""

import sqlalchemy as sa
from alembic import op

from kit.db import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "choice",
        sa.Column("name", types.Str(), nullable=False),
        sa.Column("value", types.Str(), nullable=False),
        sa.Column("changed_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_choice")),
        sqlite_strict=True,
    )
    op.create_table(
        "job_lease",
        sa.Column("name", types.Str(), nullable=False),
        sa.Column("owner", types.Str(), nullable=False),
        sa.Column("until", types.UtcTime(), nullable=False),
        sa.Column("due", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_lease")),
        sqlite_strict=True,
    )
    op.create_table(
        "outgoing_mail",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("to_address", types.Str(), nullable=False),
        sa.Column("subject", types.Str(), nullable=False),
        sa.Column("text", types.Str(), nullable=False),
        sa.Column("html", types.Str(), nullable=True),
        sa.Column("state", types.Str(), nullable=False),
        sa.Column("tries", types.BigInt(), nullable=False),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("next_try_at", types.UtcTime(), nullable=False),
        sa.Column("expires_at", types.UtcTime(), nullable=False),
        sa.Column("settled_at", types.UtcTime(), nullable=True),
        sa.Column("error", types.Str(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("outgoing_mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outgoing_mail_created_at"), ["created_at"], unique=False)
        batch_op.create_index("ix_outgoing_mail_due", ["state", "next_try_at"], unique=False)

    op.create_table(
        "rate_mark",
        sa.Column("key", types.Blob(), nullable=False),
        sa.Column("free_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_mark")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("rate_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rate_mark_free_at"), ["free_at"], unique=False)

    op.create_table(
        "repeated_call",
        sa.Column("key", types.Str(), nullable=False),
        sa.Column("request_hash", types.Str(), nullable=False),
        sa.Column("status", types.Int(), nullable=False),
        sa.Column("media_type", types.Str(), nullable=False),
        sa.Column("body", types.Blob(), nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_repeated_call")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("repeated_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_repeated_call_at"), ["at"], unique=False)
