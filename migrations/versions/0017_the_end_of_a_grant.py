"""The end of a grant."""

import sqlalchemy as sa
from alembic import op

from kit.db import types

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("village_grant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed", types.Json(), nullable=True))
        batch_op.add_column(sa.Column("told", types.BigInt(), nullable=True))
        batch_op.add_column(sa.Column("told_at", types.UtcTime(), nullable=True))
