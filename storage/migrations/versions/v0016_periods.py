"""The cases of a period are found by an index: a month of a register of years is not looked for in all of it."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_cases_created", "cases", ["created_at"])


def downgrade() -> None:
    op.drop_index("ix_cases_created", "cases")
