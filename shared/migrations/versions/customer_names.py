"""customers are found by their name however it is written

Revision ID: 0010
Revises: 0009
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

CUSTOMER = sa.table("customer", *map(sa.column, ("id", "name", "name_key")))


def upgrade():
    key = sa.String(120).with_variant(sa.String(120, collation="C"), "postgresql")
    op.add_column("customer", sa.Column("name_key", key, server_default="", nullable=False))
    connection = op.get_bind()
    filing = CUSTOMER.update().where(CUSTOMER.c.id == sa.bindparam("number")).values(name_key=sa.bindparam("key"))
    names = connection.execute(sa.select(CUSTOMER.c.id, CUSTOMER.c.name)).all()
    if names:
        connection.execute(filing, [{"number": number, "key": _filed(name)} for number, name in names])
    op.create_index("ix_customer_name", "customer", ["room_id", "name_key"])


def downgrade():
    op.drop_index("ix_customer_name", "customer")
    op.drop_column("customer", "name_key")


def _filed(name):
    """As names are compared: forms and case folded, one space between words."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:40]
