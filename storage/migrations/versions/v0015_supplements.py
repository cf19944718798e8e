"""What came of a duty later, kept like a history; a file of a duty knows the channel that brought it."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "duty_supplements",
        sa.Column("duty_id", ID, nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("seat", sa.Text, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("duty_id", "number", name="pk_duty_supplements"),
        sa.ForeignKeyConstraint(["duty_id"], ["duties.id"], name="fk_duty_supplements_duty_id"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_duty_supplements_person"),
    )
    _keep()
    op.add_column("duty_files", sa.Column("channel", sa.Text, nullable=False, server_default=sa.text("''")))
    op.add_column("duty_files", sa.Column("supplement", sa.Integer, nullable=False, server_default="0"))
    op.execute("UPDATE duty_files SET channel = (SELECT channel FROM duties WHERE duties.id = duty_files.duty_id)")


def downgrade() -> None:
    op.drop_column("duty_files", "supplement")
    op.drop_column("duty_files", "channel")
    op.drop_table("duty_supplements")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION duty_supplements_are_kept()")


def _keep() -> None:
    """What was added is not rewritten: the database itself refuses it."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION duty_supplements_are_kept() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'duty_supplements is append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER duty_supplements_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON duty_supplements "
            "FOR EACH STATEMENT EXECUTE FUNCTION duty_supplements_are_kept()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER duty_supplements_no_{act.lower()} BEFORE {act} ON duty_supplements "
            "BEGIN SELECT RAISE(ABORT, 'duty_supplements is append-only'); END"
        )
