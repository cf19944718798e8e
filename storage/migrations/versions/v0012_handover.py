"""Leave, recusal, supporters' consent to publication, supervisions' reminders, the chain of suggestions' histories."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)
PARTIAL = (
    ("ix_cases_board", "cases", "id", "published IS NOT NULL"),
    ("ix_supervisions_next", "supervisions", "next_at", "next_at IS NOT NULL"),
    ("ix_leaves_open", "leaves", "id", "ended_at IS NULL"),
)

entries = sa.table(
    "suggestion_events",
    sa.column("suggestion_id", ID),
    sa.column("seq", sa.Integer),
    sa.column("at", MOMENT),
    *(sa.column(name, sa.Text) for name in ("step", "side", "seat", "before", "after", "data", "previous")),
)
suggestions = sa.table("suggestions", sa.column("id", ID), sa.column("head", sa.Text))


def _added() -> dict[str, tuple[sa.Column[Any], ...]]:
    return {
        "cases": (sa.Column("recused", sa.Text, nullable=False, server_default="[]"),),
        "supervisions": (
            sa.Column("keeper", sa.Text),
            sa.Column("event", sa.Integer),
            sa.Column("reached", sa.Integer, nullable=False, server_default="0"),
            sa.Column("next_at", MOMENT),
        ),
        "suggestions": (
            sa.Column("answer_class", sa.Text),
            sa.Column("head", sa.Text, nullable=False, server_default=sa.text("''")),
        ),
        "suggestion_events": (sa.Column("previous", sa.Text, nullable=False, server_default=sa.text("''")),),
    }


def upgrade() -> None:
    op.create_table(
        "leaves",
        sa.Column("id", ID, nullable=False),
        sa.Column("seat", sa.Text, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("stand_in", sa.Text),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("made_by", ID, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_leaves"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_leaves_person_id"),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"], name="fk_leaves_made_by"),
    )
    op.create_table(
        "board_consents",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "person_id", name="pk_board_consents"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_board_consents_case_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_board_consents_person_id"),
    )
    for table, columns in _added().items():
        for column in columns:
            op.add_column(table, column)
    for name, table, over, where in PARTIAL:
        op.create_index(name, table, [over], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    _chain()
    _keep_history()


def _chain() -> None:
    """Histories that were written before the chain get theirs now, so that a later change is found."""
    bind = op.get_bind()
    heads: dict[int, str] = {}
    for row in bind.execute(sa.select(entries).order_by(entries.c.suggestion_id, entries.c.seq)).fetchall():
        previous = heads.get(row.suggestion_id, "")
        line = (entries.c.suggestion_id == row.suggestion_id) & (entries.c.seq == row.seq)
        bind.execute(sa.update(entries).where(line).values(previous=previous))
        plain = [
            row.suggestion_id,
            row.seq,
            _utc(row.at).isoformat(),
            row.step,
            row.side,
            row.seat,
            row.before,
            row.after,
            json.loads(row.data),
            previous,
        ]
        text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        heads[row.suggestion_id] = hashlib.sha256(text.encode()).hexdigest()
    for suggestion, head in heads.items():
        bind.execute(sa.update(suggestions).where(suggestions.c.id == suggestion).values(head=head))


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _keep_history() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION suggestion_events_are_kept() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'suggestion_events is append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER suggestion_events_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON suggestion_events "
            "FOR EACH STATEMENT EXECUTE FUNCTION suggestion_events_are_kept()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER suggestion_events_no_{act.lower()} BEFORE {act} ON suggestion_events "
            "BEGIN SELECT RAISE(ABORT, 'suggestion_events is append-only'); END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER suggestion_events_are_kept ON suggestion_events")
        op.execute("DROP FUNCTION suggestion_events_are_kept()")
    else:
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER suggestion_events_no_{act}")
    for name, table, _, _ in PARTIAL:
        op.drop_index(name, table)
    for table, columns in _added().items():
        for column in columns:
            op.drop_column(table, column.name)
    op.drop_table("board_consents")
    op.drop_table("leaves")
