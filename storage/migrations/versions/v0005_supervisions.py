"""Supervisions of cases: kind, demand, who took part, findings, result."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "supervisions",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("opened_by", sa.Text),
        sa.Column("demand", sa.Text, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("deputies", sa.Text, nullable=False),
        sa.Column("findings", sa.Text, nullable=False),
        sa.Column("result", sa.Text),
        sa.Column("closed_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_supervisions"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_supervisions_case_id"),
    )
    op.create_index("ix_supervisions_case", "supervisions", ["case_id", "id"])
    op.create_index("ix_supervisions_opened", "supervisions", ["opened_at"])


def downgrade() -> None:
    op.drop_table("supervisions")
