"""Beside cases: duties, supervisions, suggestions, polls, announcements, what was exported, what the office changed."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table, text

from bot.domain.cases import AnswerClass, Rating
from bot.domain.duties import DutyKind
from bot.domain.messages import FileKind
from bot.domain.polls import PollKind
from bot.domain.suggestions import Side, Status
from bot.domain.supervision import SupervisionKind, SupervisionResult
from storage.schema.base import fetching, metadata, partial
from storage.types import BigId, Choice, Json, Moment, Words

# What deputies, stations and the office did besides cases. A record made in error is struck, never deleted.
duties = Table(
    "duties",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("kind", Choice(DutyKind), nullable=False),
    Column("on", sa.Date, nullable=False),
    Column("seat", sa.Text, nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False),
    Column("station", sa.Text),
    Column("text", Words, nullable=False),
    Column("facts", Json, nullable=False),
    Column("channel", sa.Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("struck_at", Moment),
    Index("ix_duties_on", "on", "kind"),
)

duty_members = Table(
    "duty_members",
    metadata,
    Column("duty_id", ForeignKey("duties.id"), primary_key=True),
    Column("seat", sa.Text, primary_key=True),
    Column("place", sa.Integer, nullable=False),
)

duty_cases = Table(
    "duty_cases",
    metadata,
    Column("duty_id", ForeignKey("duties.id"), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
)

duty_files = Table(
    "duty_files",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("duty_id", ForeignKey("duties.id"), nullable=False),
    Column("kind", Choice(FileKind), nullable=False),
    Column("ref", Words, nullable=False),
    Column("unique", Words, nullable=False),
    Column("channel", sa.Text, nullable=False, server_default=sa.text("''")),
    Column("supplement", sa.Integer, nullable=False, server_default="0"),
    *fetching(),
    Index("ix_duty_files_duty", "duty_id", "id"),
    partial("ix_duty_files_waiting", "due_at", "id", where="state = 'waiting'"),
)

# What came of a duty later. Triggers refuse to change or delete what stands here.
duty_supplements = Table(
    "duty_supplements",
    metadata,
    Column("duty_id", ForeignKey("duties.id"), primary_key=True),
    Column("number", sa.Integer, primary_key=True, autoincrement=False),
    Column("on", sa.Date, nullable=False),
    Column("seat", sa.Text, nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False),
    Column("text", Words, nullable=False),
    Column("at", Moment, nullable=False),
)

# Who asked to hear of a station's reception days.
reception_followers = Table(
    "reception_followers",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("station", sa.Text, primary_key=True),
)

supervisions = Table(
    "supervisions",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    Column("kind", Choice(SupervisionKind), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("opened_by", sa.Text),
    Column("demand", Words, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("deputies", Json, nullable=False),
    Column("findings", Words, nullable=False),
    Column("result", Choice(SupervisionResult)),
    Column("closed_at", Moment),
    Column("keeper", sa.Text),
    Column("event", sa.Integer),
    Column("reached", sa.Integer, nullable=False, server_default="0"),
    Column("next_at", Moment),
    partial("ix_supervisions_next", "next_at", where="next_at IS NOT NULL"),
    Index("ix_supervisions_case", "case_id", "id"),
    Index("ix_supervisions_opened", "opened_at"),
)

suggestions = Table(
    "suggestions",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("number", sa.Text, nullable=False, unique=True),
    Column("status", Choice(Status), nullable=False),
    Column("version", sa.Integer, nullable=False),
    Column("text", Words, nullable=False),
    Column("lead", sa.Text, nullable=False),
    Column("cosigners", Json, nullable=False),
    Column("cases", Json, nullable=False),
    Column("filed_at", Moment, nullable=False),
    Column("since", Moment),
    Column("due_at", Moment),
    Column("reached", sa.Integer, nullable=False),
    Column("next_at", Moment),
    Column("handler", sa.Text),
    Column("complex", sa.Boolean, nullable=False),
    Column("again", sa.Boolean, nullable=False),
    Column("reply", Words),
    Column("rating", Choice(Rating)),
    Column("answer_class", Choice(AnswerClass)),
    Column("head", sa.Text, nullable=False, server_default=text("''")),
)

# Triggers (see migration 0012) refuse to change or delete what stands here.
suggestion_events = Table(
    "suggestion_events",
    metadata,
    Column("suggestion_id", ForeignKey("suggestions.id"), primary_key=True),
    Column("seq", sa.Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("step", sa.Text, nullable=False),
    Column("side", Choice(Side), nullable=False),
    Column("seat", sa.Text),
    Column("before", Choice(Status), nullable=False),
    Column("after", Choice(Status), nullable=False),
    Column("data", Json, nullable=False),
    Column("previous", sa.Text, nullable=False, server_default=text("''")),
)

polls = Table(
    "polls",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("kind", Choice(PollKind), nullable=False),
    Column("question", Words, nullable=False),
    Column("choices", Json, nullable=False),
    Column("villages", Json, nullable=False),
    Column("opens_at", Moment, nullable=False),
    Column("closes_at", Moment, nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False),
    Column("subject", Words, nullable=False),
    Column("duty", ForeignKey("duties.id")),
    Column("seats", Json, nullable=False),
    Column("closed_at", Moment),
    partial("ix_polls_open", "closes_at", where="closed_at IS NULL"),
)

# Who has voted, and how many chose what: apart, without times, so that the two cannot be put together.
poll_voters = Table(
    "poll_voters",
    metadata,
    Column("poll_id", ForeignKey("polls.id"), primary_key=True),
    Column("person_id", ForeignKey("people.id"), primary_key=True),
)

poll_votes = Table(
    "poll_votes",
    metadata,
    Column("poll_id", ForeignKey("polls.id"), primary_key=True),
    Column("choice", sa.Integer, primary_key=True, autoincrement=False),
    Column("votes", sa.Integer, nullable=False),
)

announcements = Table(
    "announcements",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("text", Words, nullable=False),
    Column("villages", Json, nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False),
    Column("seat", sa.Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expected", sa.Integer, nullable=False),
    Column("poll", ForeignKey("polls.id"), unique=True),
    Column("cursor", BigId),
    Column("stopped_at", Moment),
    Column("done_at", Moment),
    Column("delivered", sa.Integer, nullable=False),
    Column("unreachable", sa.Integer, nullable=False),
    partial("ix_announcements_unfinished", "id", where="done_at IS NULL"),
)

# Registers and reports that left the system: what, by whom, why.
exports = Table(
    "exports",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("what", sa.Text, nullable=False),
    Column("period", sa.Text, nullable=False),
    Column("who", Words, nullable=False),
    Column("why", Words, nullable=False),
    Column("rows", sa.Integer, nullable=False),
    Column("form", sa.Text, nullable=False),
    Column("at", Moment, nullable=False),
)

# What the office changed in the configuration at run time. Triggers refuse to change or delete what stands here.
amendments = Table(
    "amendments",
    metadata,
    Column("number", sa.Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("person", ForeignKey("people.id")),
    Column("who", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("changes", Json, nullable=False),
)
