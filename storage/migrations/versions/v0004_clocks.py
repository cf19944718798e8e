"""Cases: which clock runs and how far it is, handling bodies, merging, consent to publication."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
NO = sa.false()
COLUMNS = [
    "clock",
    "since",
    "reached",
    "next_at",
    "handler",
    "helpers",
    "returned",
    "extended",
    "checked",
    "merged_into",
    "consent",
    "published",
]


def upgrade() -> None:
    new = (
        sa.Column("clock", sa.Text, nullable=False, server_default="stopped"),
        sa.Column("since", MOMENT),
        sa.Column("reached", sa.Integer, nullable=False, server_default="0"),
        sa.Column("next_at", MOMENT),
        sa.Column("handler", sa.Text),
        sa.Column("helpers", sa.Text, nullable=False, server_default="[]"),
        sa.Column("returned", sa.Boolean, nullable=False, server_default=NO),
        sa.Column("extended", sa.Boolean, nullable=False, server_default=NO),
        sa.Column("checked", sa.Boolean, nullable=False, server_default=NO),
        sa.Column("merged_into", ID),
        sa.Column("consent", sa.Text),
        sa.Column("published", sa.Text),
    )
    for column in new:
        op.add_column("cases", column)
    only = sa.text("next_at IS NOT NULL")
    op.create_index("ix_cases_next", "cases", ["next_at"], sqlite_where=only, postgresql_where=only)
    _wind_what_runs()


def _wind_what_runs() -> None:
    """A clock that ran before goes on, from when the case last moved; its first step comes at its end."""
    op.execute(
        "UPDATE cases SET since = updated_at, next_at = CASE WHEN paused_at IS NULL THEN due_at END, clock = "
        "CASE state WHEN 'registered' THEN 'accept' WHEN 'answered' THEN 'rating' WHEN 'handed_up' THEN 'assign' "
        "WHEN 'reopened' THEN 'contact' ELSE 'subtopic' END WHERE due_at IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_index("ix_cases_next", "cases")
    for column in reversed(COLUMNS):
        op.drop_column("cases", column)
