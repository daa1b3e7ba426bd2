"""whom to call at a customer, and where its bill goes

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contact_name", sa.String(length=100), server_default="", nullable=False))
        batch_op.add_column(sa.Column("contact_email", sa.String(length=100), server_default="", nullable=False))
        batch_op.add_column(sa.Column("contact_phone", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("address", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("bill_to", sa.String(length=100), server_default="", nullable=False))
        batch_op.add_column(sa.Column("billing_email", sa.String(length=100), server_default="", nullable=False))
        batch_op.add_column(sa.Column("billing_address", sa.String(length=200), server_default="", nullable=False))


def downgrade():
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.drop_column("billing_address")
        batch_op.drop_column("billing_email")
        batch_op.drop_column("bill_to")
        batch_op.drop_column("address")
        batch_op.drop_column("contact_phone")
        batch_op.drop_column("contact_email")
        batch_op.drop_column("contact_name")
