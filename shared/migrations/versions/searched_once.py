"""each beginning of a word knows the one before it; what was lost has an index without what is held

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

FILL = """
    UPDATE search_term SET previous = coalesce((
        SELECT max(other.term) FROM search_term AS other
        WHERE other.relationship_id = search_term.relationship_id AND other.term < search_term.term), '')
"""
ENDED = sa.text("until IS NOT NULL")


def upgrade():
    key = sa.String(120).with_variant(sa.String(120, collation="C"), "postgresql")
    op.add_column("search_term", sa.Column("previous", key, server_default="", nullable=False))
    op.execute(FILL)
    op.drop_index("ix_privilege_lost", "privilege")
    ended = {"sqlite_where": ENDED, "postgresql_where": ENDED}
    op.create_index("ix_privilege_lost", "privilege", ["partner_id", "until"], **ended)


def downgrade():
    op.drop_index("ix_privilege_lost", "privilege")
    op.create_index("ix_privilege_lost", "privilege", ["partner_id", "until"])
    op.drop_column("search_term", "previous")
