"""what a partner holds stands beside the relationship, as its list shows it

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FILL = {
    "sqlite": """
        UPDATE relationship SET held = (
            SELECT json_group_array(json_array(service, since, until, ended_by)) FROM privilege
            WHERE privilege.partner_id = relationship.partner_id AND privilege.customer_id = relationship.customer_id)
    """,
    "postgresql": """
        UPDATE relationship SET held = (
            SELECT CAST(json_agg(json_build_array(service, since, until, ended_by)) AS VARCHAR) FROM privilege
            WHERE privilege.partner_id = relationship.partner_id AND privilege.customer_id = relationship.customer_id)
    """,
}


def upgrade():
    with op.batch_alter_table("relationship") as batch_op:
        batch_op.add_column(sa.Column("held", sa.String(), nullable=True))
    op.execute(sa.text(FILL[op.get_bind().dialect.name]))


def downgrade():
    with op.batch_alter_table("relationship") as batch_op:
        batch_op.drop_column("held")
