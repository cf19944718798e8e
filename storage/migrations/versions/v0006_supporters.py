"""What each supporter says of an answer; cases found by place and topic."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "confirmations",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("rating", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("solved", sa.Text),
        sa.PrimaryKeyConstraint("case_id", "person_id", "round", name="pk_confirmations"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_confirmations_case_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_confirmations_person_id"),
    )
    op.create_index("ix_cases_place", "cases", ["village", "topic", "state", "id"])


def downgrade() -> None:
    op.drop_index("ix_cases_place", "cases")
    op.drop_table("confirmations")
