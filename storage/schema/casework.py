"""Cases with their histories and files, who stands behind each and what they say of it, what the tagger learns."""

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table

from bot.domain.cases import AnswerClass, Consent, Kind, Rating, Solved
from bot.domain.machine import Clock, Part, State
from bot.domain.messages import FileKind
from storage.schema.base import fetching, metadata, partial
from storage.types import BigId, Choice, Json, Moment, Words

cases = Table(
    "cases",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("number", sa.Text, nullable=False, unique=True),
    Column("kind", Choice(Kind), nullable=False),
    Column("state", Choice(State), nullable=False),
    Column("version", sa.Integer, nullable=False),
    Column("text", Words, nullable=False),
    Column("village", sa.Text),
    Column("hamlet", Words),
    Column("topic", sa.Text),
    Column("subtopic", sa.Text),
    Column("station", sa.Text),
    Column("deputy", sa.Text),
    Column("urgent", sa.Boolean, nullable=False),
    Column("restricted", sa.Boolean, nullable=False),
    Column("sealed", sa.Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("paused_at", Moment),
    Column("resume", Choice(State)),
    Column("closed_at", Moment),
    Column("reopened", sa.Integer, nullable=False),
    Column("answer", Words),
    Column("answer_class", Choice(AnswerClass)),
    Column("rating", Choice(Rating)),
    Column("solved", Choice(Solved)),
    Column("confidence", sa.Double, nullable=False),
    Column("latitude", sa.Double),
    Column("longitude", sa.Double),
    Column("head", sa.Text, nullable=False),
    Column("clock", Choice(Clock), nullable=False, server_default="stopped"),
    Column("since", Moment),
    Column("reached", sa.Integer, nullable=False, server_default="0"),
    Column("next_at", Moment),
    Column("handler", sa.Text),
    Column("helpers", Json, nullable=False, server_default="[]"),
    Column("returned", sa.Boolean, nullable=False, server_default=sa.false()),
    Column("extended", sa.Boolean, nullable=False, server_default=sa.false()),
    Column("checked", sa.Boolean, nullable=False, server_default=sa.false()),
    Column("merged_into", BigId),
    Column("consent", Choice(Consent)),
    Column("published", Words),
    Column("told", sa.Boolean, nullable=False, server_default=sa.false()),
    Column("terms", sa.Text),
    Column("recused", Json, nullable=False, server_default="[]"),
    partial("ix_cases_board", "id", where="published IS NOT NULL"),
    partial("ix_cases_next", "next_at", where="next_at IS NOT NULL"),
    Index("ix_cases_created", "created_at"),
    Index("ix_cases_place", "village", "topic", "state", "id"),
    Index("ix_cases_state", "state", "id"),
    Index("ix_cases_deputy", "deputy", "state", "id"),
    Index("ix_cases_station", "station", "state", "id"),
)

# Triggers (see the first migration) refuse to change or delete what stands here.
case_events = Table(
    "case_events",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("seq", sa.Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("action", sa.Text, nullable=False),
    Column("part", Choice(Part), nullable=False),
    Column("person", ForeignKey("people.id")),
    Column("seat", sa.Text),
    Column("before", Choice(State)),
    Column("after", Choice(State), nullable=False),
    Column("data", Json, nullable=False),
    Column("previous", sa.Text, nullable=False),
    partial("ix_case_events_reveal", "at", where="action = 'reveal'"),
)

# Who stands behind a case, apart from the case itself, which others read.
case_parties = Table(
    "case_parties",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("part", sa.Text, primary_key=True),
    CheckConstraint("part IN ('author', 'supporter')", name="part"),
    partial("uq_case_parties_author", "case_id", where="part = 'author'", unique=True),
    Index("ix_case_parties_person", "person_id", "part", "case_id"),
)

# What each supporter says of the answer of a round, for themselves.
confirmations = Table(
    "confirmations",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("round", sa.Integer, primary_key=True, autoincrement=False),
    Column("rating", Choice(Rating), nullable=False),
    Column("at", Moment, nullable=False),
    Column("solved", Choice(Solved)),
)

# What each supporter says to publication; the author's own word stands with the case.
board_consents = Table(
    "board_consents",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("said", Choice(Consent), nullable=False),
    Column("at", Moment, nullable=False),
)

# `sender` is who brought it from outside, until they or their time have it deleted.
attachments = Table(
    "attachments",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    Column("kind", Choice(FileKind), nullable=False),
    Column("ref", Words, nullable=False),
    Column("unique", Words, nullable=False),
    Column("channel", sa.Text, nullable=False),
    Column("stage", sa.Text, nullable=False),
    Column("event", sa.Integer, nullable=False),
    Column("sender", BigId),
    *fetching(),
    CheckConstraint("stage IN ('before', 'after')", name="stage"),
    Index("ix_attachments_case", "case_id", "id"),
    partial("ix_attachments_sender", "sender", where="sender IS NOT NULL"),
    partial("ix_attachments_live", "case_id", where="stage = 'before' AND state <> 'gone'"),
    partial("ix_attachments_waiting", "due_at", "id", where="state = 'waiting'"),
)

counters = Table(
    "counters",
    metadata,
    Column("code", sa.Text, primary_key=True),
    Column("year", sa.Integer, primary_key=True, autoincrement=False),
    Column("value", sa.Integer, nullable=False),
)

# Cases that staff entered for a villager. The code itself is on the villager's slip alone.
receipts = Table(
    "receipts",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("code_hash", sa.Text, unique=True),
    Column("person", ForeignKey("people.id"), nullable=False),
    Column("seat", sa.Text, nullable=False),
    Column("entered_at", Moment, nullable=False),
    Column("notice", sa.Text, nullable=False),
    Column("linked_at", Moment),
    Index("ix_receipts_seat", "seat", "case_id"),
)

# Tries at codes: by which account (a hash), and whether there was such a code. Never the code.
receipt_tries = Table(
    "receipt_tries",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("account", sa.Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("found", sa.Boolean, nullable=False),
    Index("ix_receipt_tries_at", "at", "account"),
)

# The latest topic that staff gave a case: what the tagger learns from.
lessons = Table(
    "lessons",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("label", sa.Text, nullable=False),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_lessons_at", "at"),
)

# What the tagger learned, as JSON; the one chosen last is in use. 0 is the topic tree alone.
tagger_versions = Table(
    "tagger_versions",
    metadata,
    Column("version", sa.Integer, primary_key=True, autoincrement=False),
    Column("made_at", Moment, nullable=False),
    Column("lessons", sa.Integer, nullable=False),
    Column("people", sa.Integer, nullable=False),
    Column("content", sa.Text, nullable=False),
    Column("chosen_at", Moment, nullable=False),
    Column("chosen_by", ForeignKey("people.id")),
)
