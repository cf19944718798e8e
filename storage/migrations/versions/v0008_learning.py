"""What staff put right about topics, and the versions of the tagger that learned from it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "lessons",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_lessons"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_lessons_case_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_lessons_person_id"),
    )
    op.create_index("ix_lessons_at", "lessons", ["at"])
    op.create_table(
        "tagger_versions",
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("lessons", sa.Integer, nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("chosen_at", MOMENT, nullable=False),
        sa.Column("chosen_by", ID),
        sa.PrimaryKeyConstraint("version", name="pk_tagger_versions"),
        sa.ForeignKeyConstraint(["chosen_by"], ["people.id"], name="fk_tagger_versions_chosen_by"),
    )


def downgrade() -> None:
    op.drop_table("tagger_versions")
    op.drop_index("ix_lessons_at", "lessons")
    op.drop_table("lessons")
