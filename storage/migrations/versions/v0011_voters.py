"""Receipts of assisted entries and tries at their codes, polls, announcements; who takes them, where they live."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("people", sa.Column("home", sa.Text))
    op.add_column("people", sa.Column("notices", sa.Boolean, nullable=False, server_default=sa.true()))
    op.add_column("cases", sa.Column("told", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("outbox", sa.Column("batch", sa.Text))
    _partial("ix_outbox_batch", "outbox", ["batch", "status"], "batch IS NOT NULL")
    _receipts()
    _polls()
    _announcements()


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    only = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=only, postgresql_where=only)


def _receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("code_hash", sa.Text),
        sa.Column("person", ID, nullable=False),
        sa.Column("seat", sa.Text, nullable=False),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("notice", sa.Text, nullable=False),
        sa.Column("linked_at", MOMENT),
        sa.PrimaryKeyConstraint("case_id", name="pk_receipts"),
        sa.UniqueConstraint("code_hash", name="uq_receipts_code_hash"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_receipts_case_id"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_receipts_person"),
    )
    op.create_index("ix_receipts_seat", "receipts", ["seat", "case_id"])
    op.create_table(
        "receipt_tries",
        sa.Column("id", ID, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("found", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_receipt_tries"),
    )
    op.create_index("ix_receipt_tries_at", "receipt_tries", ["at", "account"])


def _polls() -> None:
    op.create_table(
        "polls",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("choices", sa.Text, nullable=False),
        sa.Column("villages", sa.Text, nullable=False),
        sa.Column("opens_at", MOMENT, nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("duty", ID),
        sa.Column("seats", sa.Text, nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_polls"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_polls_person"),
        sa.ForeignKeyConstraint(["duty"], ["duties.id"], name="fk_polls_duty"),
    )
    _partial("ix_polls_open", "polls", ["closes_at"], "closed_at IS NULL")
    op.create_table(
        "poll_voters",
        sa.Column("poll_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("poll_id", "person_id", name="pk_poll_voters"),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name="fk_poll_voters_poll_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_poll_voters_person_id"),
    )
    op.create_table(
        "poll_votes",
        sa.Column("poll_id", ID, nullable=False),
        sa.Column("choice", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("votes", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("poll_id", "choice", name="pk_poll_votes"),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name="fk_poll_votes_poll_id"),
    )


def _announcements() -> None:
    op.create_table(
        "announcements",
        sa.Column("id", ID, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("villages", sa.Text, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("seat", sa.Text, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expected", sa.Integer, nullable=False),
        sa.Column("poll", ID),
        sa.Column("cursor", ID),
        sa.Column("stopped_at", MOMENT),
        sa.Column("done_at", MOMENT),
        sa.Column("delivered", sa.Integer, nullable=False),
        sa.Column("unreachable", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_announcements"),
        sa.UniqueConstraint("poll", name="uq_announcements_poll"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_announcements_person"),
        sa.ForeignKeyConstraint(["poll"], ["polls.id"], name="fk_announcements_poll"),
    )
    _partial("ix_announcements_unfinished", "announcements", ["id"], "done_at IS NULL")


def downgrade() -> None:
    for table in ("announcements", "poll_votes", "poll_voters", "polls", "receipt_tries", "receipts"):
        op.drop_table(table)
    op.drop_index("ix_outbox_batch", "outbox")
    op.drop_column("outbox", "batch")
    op.drop_column("cases", "told")
    op.drop_column("people", "notices")
    op.drop_column("people", "home")
