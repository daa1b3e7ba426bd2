"""an order pressed twice is sold once

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("subscription") as batch_op:
        batch_op.add_column(sa.Column("once", sa.String(length=40), nullable=True))
        batch_op.create_index("ix_subscription_once", ["customer_id", "once"], unique=True)


def downgrade():
    with op.batch_alter_table("subscription") as batch_op:
        batch_op.drop_index("ix_subscription_once")
        batch_op.drop_column("once")
