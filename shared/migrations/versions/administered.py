"""how much of a customer its partner administers stands beside the relationship, so that a list can be narrowed to it

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ACTIVE = {"sqlite_where": sa.text("until IS NULL"), "postgresql_where": sa.text("until IS NULL")}
FILL = """
    UPDATE relationship SET administered = (
        SELECT CASE count(*) WHEN 0 THEN 'not' WHEN 3 THEN 'fully' ELSE 'partly' END FROM privilege
        WHERE privilege.partner_id = relationship.partner_id AND privilege.customer_id = relationship.customer_id
        AND privilege.until IS NULL)
"""


def upgrade():
    with op.batch_alter_table("relationship", schema=None) as batch_op:
        batch_op.add_column(sa.Column("administered", sa.String(length=40), server_default="not", nullable=False))
    op.execute(FILL)
    state = ["partner_id", "administered"]
    with op.batch_alter_table("relationship", schema=None) as batch_op:
        batch_op.create_index("ix_relationship_state_list", [*state, "name_key", "id"], unique=False, **ACTIVE)
        batch_op.create_index("ix_relationship_state_newest", [*state, "since", "id"], unique=False, **ACTIVE)


def downgrade():
    with op.batch_alter_table("relationship", schema=None) as batch_op:
        batch_op.drop_index("ix_relationship_state_newest")
        batch_op.drop_index("ix_relationship_state_list")
        batch_op.drop_column("administered")
