"""Files to be deleted from the store; an index to find those that are due to be."""

import sqlalchemy as sa
from alembic import op

revision = "0010b"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "doomed_files",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_doomed_files"),
    )
    only = sa.text("stage = 'before' AND state <> 'gone'")
    op.create_index("ix_attachments_live", "attachments", ["case_id"], sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    op.drop_index("ix_attachments_live", "attachments")
    op.drop_table("doomed_files")
