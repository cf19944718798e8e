"""Who is kept out, until when and why; an index for messages that were given up."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "blocks",
        sa.Column("id", ID, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by", ID, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("lifted_at", MOMENT),
        sa.Column("lifted_by", ID),
        sa.PrimaryKeyConstraint("id", name="pk_blocks"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_blocks_case_id"),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name="fk_blocks_by"),
        sa.ForeignKeyConstraint(["lifted_by"], ["people.id"], name="fk_blocks_lifted_by"),
    )
    _partial("ix_blocks_account", "blocks", "account", where="lifted_at IS NULL")
    _partial("ix_outbox_dead", "outbox", "id", where="status = 'dead'")


def downgrade() -> None:
    op.drop_index("ix_outbox_dead", "outbox")
    op.drop_table("blocks")


def _partial(name: str, table: str, column: str, *, where: str) -> None:
    op.create_index(name, table, [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
