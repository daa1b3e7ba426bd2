"""subscriptions have an address, a term and a life; licences; a partner's billing day

Revision ID: 0003
Revises: 0002
"""

import uuid
from datetime import datetime, time, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CHINA = timedelta(hours=8)
ANY_DAY = "2000-01-01"  # filled in below

subscription = sa.table(
    "subscription",
    sa.column("id", sa.Integer()),
    sa.column("ordered_at", sa.DateTime()),
    sa.column("microsoft_id", sa.String()),
    sa.column("starts_on", sa.Date()),
    sa.column("ends_on", sa.Date()),
    sa.column("due_at", sa.DateTime()),
)


def upgrade():
    op.create_table(
        "licence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_licence_room_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_licence_subscription_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_licence_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence")),
        sa.UniqueConstraint("user_id", "subscription_id", name=op.f("uq_licence_user_id_subscription_id")),
    )
    op.create_index("ix_licence_subscription", "licence", ["subscription_id"])
    op.execute(
        "ALTER TABLE partner ADD COLUMN billing_day INTEGER DEFAULT 1 NOT NULL"
        " CONSTRAINT ck_partner_a_day_of_every_month CHECK (billing_day BETWEEN 1 AND 28)"
    )
    for column in (
        sa.Column("microsoft_id", sa.String(length=36), server_default="", nullable=False),
        sa.Column("nickname", sa.String(length=60), server_default="", nullable=False),
        sa.Column("starts_on", sa.Date(), server_default=ANY_DAY, nullable=False),
        sa.Column("ends_on", sa.Date(), server_default=ANY_DAY, nullable=False),
        sa.Column("auto_renew", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("suspended_at", sa.DateTime(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
    ):
        op.add_column("subscription", column)
    fill_in()
    with op.batch_alter_table("subscription") as batch_op:
        batch_op.add_column(sa.Column("base_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_subscription_base_id"), "subscription", ["base_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_index("ix_subscription_address", ["room_id", "microsoft_id"], unique=True)
        batch_op.create_index("ix_subscription_base", ["base_id"])
        batch_op.create_index("ix_subscription_due", ["room_id", "due_at"])
    about_one = sa.text("subscription_id IS NOT NULL")
    with op.batch_alter_table("event") as batch_op:
        batch_op.add_column(sa.Column("subscription_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_event_subscription_id"), "subscription", ["subscription_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_index(
            "ix_event_subscription",
            ["subscription_id", "id"],
            sqlite_where=about_one,
            postgresql_where=about_one,
        )


def fill_in():
    """What was bought before has an address of its own, and a term of twelve months from the day after (S2)."""
    connection = op.get_bind()
    for number, ordered_at in connection.execute(sa.select(subscription.c.id, subscription.c.ordered_at)).all():
        start = (ordered_at + CHINA).date() + timedelta(days=1)
        end = start.replace(year=start.year + 1, day=28 if (start.month, start.day) == (2, 29) else start.day)
        due = datetime.combine(end, time()) - CHINA
        facts = {"microsoft_id": str(uuid.uuid4()), "starts_on": start, "ends_on": end, "due_at": due}
        connection.execute(subscription.update().where(subscription.c.id == number).values(**facts))


def downgrade():
    op.drop_table("licence")
    with op.batch_alter_table("event") as batch_op:
        batch_op.drop_index("ix_event_subscription")
        batch_op.drop_constraint(batch_op.f("fk_event_subscription_id"), type_="foreignkey")
        batch_op.drop_column("subscription_id")
    for index in ("ix_subscription_due", "ix_subscription_base", "ix_subscription_address"):
        op.drop_index(index, table_name="subscription")
    with op.batch_alter_table("subscription") as batch_op:
        batch_op.drop_column("base_id")
        for column in ("version", "due_at", "deleted_at", "cancelled_at", "suspended_at", "auto_renew", "ends_on"):
            batch_op.drop_column(column)
        for column in ("starts_on", "nickname", "microsoft_id"):
            batch_op.drop_column(column)
    with op.batch_alter_table("partner") as batch_op:
        batch_op.drop_constraint(op.f("ck_partner_a_day_of_every_month"), type_="check")
        batch_op.drop_column("billing_day")
