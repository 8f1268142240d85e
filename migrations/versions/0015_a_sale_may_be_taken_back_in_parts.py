"""A sale may be taken back in parts."""

import sqlalchemy as sa
from alembic import op

from kit.db import types

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sale_returning",
        sa.Column("id", types.Uuid(), nullable=False),
        sa.Column("sale_id", types.Uuid(), nullable=False),
        sa.Column("made_at", types.UtcTime(), nullable=False),
        sa.Column("why", types.Str(), nullable=False),
        sa.Column("body", types.Blob(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sale_returning")),
        sa.UniqueConstraint("sale_id", name=op.f("uq_sale_returning_sale_id")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("sale", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("uq_sale_refers"), sqlite_where=sa.text("refers IS NOT NULL"))
        batch_op.create_index(
            "ix_sale_refers",
            ["refers"],
            unique=False,
            sqlite_where=sa.text("refers IS NOT NULL"),
            postgresql_where=sa.text("refers IS NOT NULL"),
        )
