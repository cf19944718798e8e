"""Duties with their members, cases and files; who follows reception days; the log of exports."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)
TABLES = "exports reception_followers duty_files duty_cases duty_members duties"


def upgrade() -> None:
    op.create_table(
        "duties",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("seat", sa.Text, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("station", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("struck_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_duties"),
        _to("person", "duties", "people.id"),
    )
    op.create_index("ix_duties_on", "duties", ["on", "kind"])
    op.create_table(
        "duty_members",
        sa.Column("duty_id", ID, nullable=False),
        sa.Column("seat", sa.Text, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("duty_id", "seat", name="pk_duty_members"),
        _to("duty_id", "duty_members", "duties.id"),
    )
    op.create_table(
        "duty_cases",
        sa.Column("duty_id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("duty_id", "case_id", name="pk_duty_cases"),
        _to("duty_id", "duty_cases", "duties.id"),
        _to("case_id", "duty_cases", "cases.id"),
    )
    op.create_table(
        "duty_files",
        sa.Column("id", ID, nullable=False),
        sa.Column("duty_id", ID, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("ref", sa.Text, nullable=False),
        sa.Column("unique", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_duty_files"),
        _to("duty_id", "duty_files", "duties.id"),
    )
    op.create_index("ix_duty_files_duty", "duty_files", ["duty_id", "id"])
    op.create_table(
        "reception_followers",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("station", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "station", name="pk_reception_followers"),
        _to("person_id", "reception_followers", "people.id"),
    )
    op.create_table(
        "exports",
        sa.Column("id", ID, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exports"),
    )


def downgrade() -> None:
    for table in TABLES.split():
        op.drop_table(table)


def _to(column: str, table: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}")
