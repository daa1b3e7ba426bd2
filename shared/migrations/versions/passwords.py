"""people made in a room: passwords, the end of sessions, removal, lists by name

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PRESENT = {"sqlite_where": sa.text("until IS NULL"), "postgresql_where": sa.text("until IS NULL")}
KEY = sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql")


def upgrade():
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name_key", KEY, server_default="", nullable=False))
        batch_op.add_column(sa.Column("sign_in", sa.String(length=40), server_default="one_click", nullable=False))
        batch_op.add_column(sa.Column("session_version", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("until", sa.DateTime(), nullable=True))
    # Until now there was the starter cast alone, whose names need no more folding than this.
    op.execute("""UPDATE "user" SET name_key = substr(lower(name), 1, 40)""")
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.create_index("one_person_per_email", ["room_id", "email"], unique=True, **PRESENT)
        batch_op.create_index("ix_user_partner_list", ["partner_id", "name_key", "id"], unique=False, **PRESENT)
        batch_op.create_index("ix_user_customer_list", ["customer_id", "name_key", "id"], unique=False, **PRESENT)
    op.create_table(
        "password",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=128), nullable=False),
        sa.Column("link", sa.String(length=64), nullable=True),
        sa.Column("link_until", sa.DateTime(), nullable=True),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_password_room_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_password_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_password")),
    )


def downgrade():
    op.drop_table("password")
    with op.batch_alter_table("user", schema=None) as batch_op:
        for index in ("ix_user_customer_list", "ix_user_partner_list", "one_person_per_email"):
            batch_op.drop_index(index)
        for column in ("until", "session_version", "sign_in", "name_key"):
            batch_op.drop_column(column)
