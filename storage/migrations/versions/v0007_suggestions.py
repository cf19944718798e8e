"""Deputies' suggestions and their histories."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "suggestions",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("lead", sa.Text, nullable=False),
        sa.Column("cosigners", sa.Text, nullable=False),
        sa.Column("cases", sa.Text, nullable=False),
        sa.Column("filed_at", MOMENT, nullable=False),
        sa.Column("since", MOMENT),
        sa.Column("due_at", MOMENT),
        sa.Column("reached", sa.Integer, nullable=False),
        sa.Column("next_at", MOMENT),
        sa.Column("handler", sa.Text),
        sa.Column("complex", sa.Boolean, nullable=False),
        sa.Column("again", sa.Boolean, nullable=False),
        sa.Column("reply", sa.Text),
        sa.Column("rating", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_suggestions"),
        sa.UniqueConstraint("number", name="uq_suggestions_number"),
    )
    op.create_table(
        "suggestion_events",
        sa.Column("suggestion_id", ID, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("side", sa.Text, nullable=False),
        sa.Column("seat", sa.Text),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("suggestion_id", "seq", name="pk_suggestion_events"),
        sa.ForeignKeyConstraint(["suggestion_id"], ["suggestions.id"], name="fk_suggestion_events_suggestion_id"),
    )


def downgrade() -> None:
    op.drop_table("suggestion_events")
    op.drop_table("suggestions")
