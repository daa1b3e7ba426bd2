"""two sellers may name their presses of a button alike

Revision ID: 0008
Revises: 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("subscription") as batch_op:
        batch_op.drop_index("ix_subscription_once")
        batch_op.create_index("ix_subscription_once", ["customer_id", "seller_id", "once"], unique=True)


def downgrade():
    with op.batch_alter_table("subscription") as batch_op:
        batch_op.drop_index("ix_subscription_once")
        batch_op.create_index("ix_subscription_once", ["customer_id", "once"], unique=True)
