"""The first tables: inbox, outbox, people and seats, cases with their histories, drafts, marks."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "marks drafts counters attachments case_parties case_events cases invites appointments accounts people outbox inbox"
)


def upgrade() -> None:
    _queues()
    _people()
    _cases()
    _rest()
    _keep_history()


def downgrade() -> None:
    for table in TABLES.split():
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION case_events_are_kept()")


def _index(name: str, table: str, *columns: str, where: str | None = None, unique: bool = False) -> None:
    only = None if where is None else sa.text(where)
    op.create_index(name, table, list(columns), unique=unique, sqlite_where=only, postgresql_where=only)


def _to(column: str, table: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}")


def _queues() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", ID, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("key", sa.BigInteger, nullable=False),
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("raw", sa.Text),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("handled_at", MOMENT),
        sa.Column("error", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("channel", "key", name="uq_inbox_channel_key"),
    )
    _index("ix_inbox_waiting", "inbox", "id", where="handled_at IS NULL")
    _index("ix_inbox_chat", "inbox", "channel", "chat", "key", where="handled_at IS NULL")
    _index("ix_inbox_parked", "inbox", "id", where="error IS NOT NULL")
    op.create_table(
        "outbox",
        sa.Column("id", ID, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("lane", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("rank", sa.SmallInteger, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("send_after", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT),
        sa.Column("worker", sa.Text),
        sa.Column("message_id", sa.Text),
        sa.Column("error", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
        sa.CheckConstraint("status IN ('queued', 'sending', 'sent', 'dead')", name=op.f("ck_outbox_status")),
    )
    _index("ix_outbox_history", "outbox", "chat", "id")
    _index("ix_outbox_unsent", "outbox", "channel", "rank", "id", where="done_at IS NULL")
    _index("ix_outbox_lane", "outbox", "channel", "lane", "rank", "id", where="done_at IS NULL")


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", ID, nullable=False),
        sa.Column("lang", sa.Text, nullable=False),
        sa.Column("consent", sa.Text),
        sa.Column("last_village", sa.Text),
        sa.Column("weekly", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("forgotten_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    op.create_table(
        "accounts",
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("reachable", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("channel", "account", name="pk_accounts"),
        sa.UniqueConstraint("person_id", name="uq_accounts_person_id"),
        _to("person_id", "accounts", "people.id"),
    )
    op.create_table(
        "appointments",
        sa.Column("id", ID, nullable=False),
        sa.Column("seat", sa.Text, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_appointments"),
        _to("person_id", "appointments", "people.id"),
    )
    _index("uq_appointments_seat", "appointments", "seat", where="until IS NULL", unique=True)
    _index("ix_appointments_person", "appointments", "person_id", where="until IS NULL")
    op.create_table(
        "invites",
        sa.Column("id", ID, nullable=False),
        sa.Column("code_hash", sa.Text, nullable=False),
        sa.Column("seat", sa.Text, nullable=False),
        sa.Column("created_by", ID),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.Column("used_by", ID),
        sa.PrimaryKeyConstraint("id", name="pk_invites"),
        sa.UniqueConstraint("code_hash", name="uq_invites_code_hash"),
        _to("created_by", "invites", "people.id"),
        _to("used_by", "invites", "people.id"),
    )
    _index("ix_invites_seat", "invites", "seat", where="used_at IS NULL")


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("village", sa.Text),
        sa.Column("hamlet", sa.Text),
        sa.Column("topic", sa.Text),
        sa.Column("subtopic", sa.Text),
        sa.Column("station", sa.Text),
        sa.Column("deputy", sa.Text),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("restricted", sa.Boolean, nullable=False),
        sa.Column("sealed", sa.Boolean, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT),
        sa.Column("paused_at", MOMENT),
        sa.Column("resume", sa.Text),
        sa.Column("closed_at", MOMENT),
        sa.Column("reopened", sa.Integer, nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("answer_class", sa.Text),
        sa.Column("rating", sa.Text),
        sa.Column("solved", sa.Text),
        sa.Column("confidence", sa.Double, nullable=False),
        sa.Column("latitude", sa.Double),
        sa.Column("longitude", sa.Double),
        sa.Column("head", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("number", name="uq_cases_number"),
    )
    _index("ix_cases_state", "cases", "state", "id")
    _index("ix_cases_deputy", "cases", "deputy", "state", "id")
    _index("ix_cases_station", "cases", "station", "state", "id")
    op.create_table(
        "case_events",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("person", ID),
        sa.Column("seat", sa.Text),
        sa.Column("before", sa.Text),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "seq", name="pk_case_events"),
        _to("case_id", "case_events", "cases.id"),
        _to("person", "case_events", "people.id"),
    )
    op.create_table(
        "case_parties",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("part", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "person_id", "part", name="pk_case_parties"),
        sa.CheckConstraint("part IN ('author', 'supporter')", name=op.f("ck_case_parties_part")),
        _to("case_id", "case_parties", "cases.id"),
        _to("person_id", "case_parties", "people.id"),
    )
    _index("uq_case_parties_author", "case_parties", "case_id", where="part = 'author'", unique=True)
    _index("ix_case_parties_person", "case_parties", "person_id", "part", "case_id")
    op.create_table(
        "attachments",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("ref", sa.Text, nullable=False),
        sa.Column("unique", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("event", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
        sa.CheckConstraint("stage IN ('before', 'after')", name=op.f("ck_attachments_stage")),
        _to("case_id", "attachments", "cases.id"),
    )
    _index("ix_attachments_case", "attachments", "case_id", "id")


def _rest() -> None:
    op.create_table(
        "counters",
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("value", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("code", "year", name="pk_counters"),
    )
    op.create_table(
        "drafts",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("flow", sa.Text, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("rev", sa.Integer, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("case_id", ID),
        sa.Column("touched_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
        _to("person_id", "drafts", "people.id"),
        _to("case_id", "drafts", "cases.id"),
        sqlite_autoincrement=True,
    )
    _index("uq_drafts_open", "drafts", "person_id", "flow", where="finished_at IS NULL", unique=True)
    _index("ix_drafts_person", "drafts", "person_id", "flow", "finished_at")
    _index("ix_drafts_touched", "drafts", "touched_at")
    op.create_table(
        "marks",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_marks"),
    )


def _keep_history() -> None:
    """History is appended, never edited: the database itself refuses anything else."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION case_events_are_kept() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'case_events is append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER case_events_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON case_events "
            "FOR EACH STATEMENT EXECUTE FUNCTION case_events_are_kept()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER case_events_no_{act.lower()} BEFORE {act} ON case_events "
            "BEGIN SELECT RAISE(ABORT, 'case_events is append-only'); END"
        )
