"""What the office changed in the configuration, kept like a history; the terms that a case's clock was wound by."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "amendments",
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", ID),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("changes", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_amendments"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_amendments_person"),
    )
    _keep()
    op.add_column("cases", sa.Column("terms", sa.Text))


def downgrade() -> None:
    op.drop_column("cases", "terms")
    op.drop_table("amendments")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION amendments_are_kept()")


def _keep() -> None:
    """Who changed what is not rewritten: the database itself refuses it."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION amendments_are_kept() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'amendments is append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER amendments_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON amendments "
            "FOR EACH STATEMENT EXECUTE FUNCTION amendments_are_kept()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER amendments_no_{act.lower()} BEFORE {act} ON amendments "
            "BEGIN SELECT RAISE(ABORT, 'amendments is append-only'); END"
        )
