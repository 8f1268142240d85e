"""What waits in a till."""

import sqlalchemy as sa
from alembic import op

from kit.db import types

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("till_device", schema=None) as batch_op:
        batch_op.add_column(sa.Column("waiting", types.BigInt(), nullable=True))
        batch_op.add_column(sa.Column("waiting_at", types.UtcTime(), nullable=True))
