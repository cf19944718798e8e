"""The tables: what the bot remembers, and by which indexes it finds it again."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint, text

from bot.domain.cases import AnswerClass, Consent, Kind, Rating, Solved
from bot.domain.contacts import ContactKind
from bot.domain.duties import DutyKind
from bot.domain.files import FileState
from bot.domain.machine import Clock, Part, State
from bot.domain.messages import FileKind
from bot.domain.polls import PollKind
from bot.domain.suggestions import Side, Status
from bot.domain.supervision import SupervisionKind, SupervisionResult
from storage.types import BigId, Choice, Json, Moment, Words


def _fetching() -> tuple[Column[Any], ...]:
    """What is known of fetching a file from its channel into our own store; `due_at` None: at once."""
    return (
        Column("state", Choice(FileState), nullable=False, server_default=FileState.WAITING),
        Column("name", sa.Text),
        Column("type", sa.Text),
        Column("size", sa.Integer),
        Column("why", sa.Text),
        Column("attempts", sa.Integer, nullable=False, server_default="0"),
        Column("due_at", Moment),
    )


metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


# Personal data is sealed (`storage.vault`): `chat` and `account` are keyed hashes by which a row is found again; what
# has to be read is kept as sealed text, each bound to its own row.

# Updates as received. A handled row stays as a tombstone of its key; its raw text goes. `raw` seals the chat with it.
inbox = Table(
    "inbox",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("channel", sa.Text, nullable=False),
    Column("key", sa.BigInteger, nullable=False),
    Column("chat", Words, nullable=False),
    Column("raw", sa.Text),
    Column("received_at", Moment, nullable=False),
    Column("handled_at", Moment),
    Column("error", Words),
    UniqueConstraint("channel", "key"),
    _partial("ix_inbox_waiting", "id", where="handled_at IS NULL"),
    _partial("ix_inbox_chat", "channel", "chat", "key", where="handled_at IS NULL"),
    _partial("ix_inbox_parked", "id", where="error IS NOT NULL"),
)

# Messages to send, sealed with their chat. `lane` is what goes one at a time: the chat, or a toast alone. `rank` is 0
# for urgent, else 1. `due_at` is when the row may next be claimed: `send_after`, or the end of the lease while it is
# being sent. `batch` holds together what was sent to many at once.
outbox = Table(
    "outbox",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("channel", sa.Text, nullable=False),
    Column("chat", Words, nullable=False),
    Column("lane", Words, nullable=False),
    Column("key", Words, nullable=False),
    Column("message", sa.Text, nullable=False),
    Column("rank", sa.SmallInteger, nullable=False),
    Column("status", sa.Text, nullable=False),
    Column("attempts", sa.Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("send_after", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("done_at", Moment),
    Column("worker", sa.Text),
    Column("message_id", sa.Text),
    Column("error", Words),
    Column("batch", sa.Text),
    UniqueConstraint("key"),
    CheckConstraint("status IN ('queued', 'sending', 'sent', 'dead')", name="status"),
    Index("ix_outbox_history", "chat", "id"),
    _partial("ix_outbox_unsent", "channel", "rank", "id", where="done_at IS NULL"),
    _partial("ix_outbox_dead", "id", where="status = 'dead'"),
    _partial("ix_outbox_batch", "batch", "status", where="batch IS NOT NULL"),
    _partial("ix_outbox_lane", "channel", "lane", "rank", "id", where="done_at IS NULL"),
)

people = Table(
    "people",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("lang", sa.Text, nullable=False),
    Column("consent", sa.Text),
    Column("last_village", sa.Text),
    Column("weekly", sa.Boolean, nullable=False, server_default=sa.false()),
    Column("home", sa.Text),
    Column("notices", sa.Boolean, nullable=False, server_default=sa.true()),
    Column("created_at", Moment, nullable=False),
    Column("forgotten_at", Moment),
)

# When a person agreed to which version of the privacy notice; `people.consent` is the one they agreed to last. It goes
# when they are forgotten.
consents = Table(
    "consents",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("notice", sa.Text, primary_key=True),
    Column("at", Moment, nullable=False),
)

# Where to reach a person: kept apart, so that it can be unlinked while the cases stay. `chat` seals account and chat.
accounts = Table(
    "accounts",
    metadata,
    Column("channel", sa.Text, primary_key=True),
    Column("account", sa.Text, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, unique=True),
    Column("chat", sa.Text, nullable=False),
    Column("reachable", sa.Boolean, nullable=False),
)

# By what a person can be reached outside the chat, each value sealed; `by` entered it, where it was somebody else.
contacts = Table(
    "contacts",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("kind", Choice(ContactKind), primary_key=True),
    Column("sealed", sa.Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", ForeignKey("people.id")),
)

appointments = Table(
    "appointments",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("seat", sa.Text, nullable=False),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
    Column("reason", sa.Text, nullable=False),
    _partial("uq_appointments_seat", "seat", where="until IS NULL", unique=True),
    _partial("ix_appointments_person", "person_id", where="until IS NULL"),
)

invites = Table(
    "invites",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("code_hash", sa.Text, nullable=False, unique=True),
    Column("seat", sa.Text, nullable=False),
    Column("created_by", ForeignKey("people.id")),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("used_by", ForeignKey("people.id")),
    _partial("ix_invites_seat", "seat", where="used_at IS NULL"),
)

# Who is away from a seat, from when until when, and which seat acts for it meanwhile.
leaves = Table(
    "leaves",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("seat", sa.Text, nullable=False),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("stand_in", sa.Text),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("made_by", ForeignKey("people.id"), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("ended_at", Moment),
    _partial("ix_leaves_open", "id", where="ended_at IS NULL"),
)

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
    _partial("ix_cases_board", "id", where="published IS NOT NULL"),
    _partial("ix_cases_next", "next_at", where="next_at IS NOT NULL"),
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
    _partial("ix_case_events_reveal", "at", where="action = 'reveal'"),
)

# Who stands behind a case, apart from the case itself, which others read.
case_parties = Table(
    "case_parties",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("part", sa.Text, primary_key=True),
    CheckConstraint("part IN ('author', 'supporter')", name="part"),
    _partial("uq_case_parties_author", "case_id", where="part = 'author'", unique=True),
    Index("ix_case_parties_person", "person_id", "part", "case_id"),
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
    *_fetching(),
    CheckConstraint("stage IN ('before', 'after')", name="stage"),
    Index("ix_attachments_case", "case_id", "id"),
    _partial("ix_attachments_sender", "sender", where="sender IS NOT NULL"),
    _partial("ix_attachments_live", "case_id", where="stage = 'before' AND state <> 'gone'"),
    _partial("ix_attachments_waiting", "due_at", "id", where="state = 'waiting'"),
)

# Names of stored files that are to be deleted: their rows have given them up.
doomed_files = Table(
    "doomed_files",
    metadata,
    Column("name", sa.Text, primary_key=True),
    Column("due_at", Moment, nullable=False),
)

counters = Table(
    "counters",
    metadata,
    Column("code", sa.Text, primary_key=True),
    Column("year", sa.Integer, primary_key=True, autoincrement=False),
    Column("value", sa.Integer, nullable=False),
)

# Ids are never used twice, also not after a deletion: old buttons name drafts by id. `data` is sealed.
drafts = Table(
    "drafts",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("flow", sa.Text, nullable=False),
    Column("step", sa.Text, nullable=False),
    Column("rev", sa.Integer, nullable=False),
    Column("data", sa.Text, nullable=False),
    Column("case_id", ForeignKey("cases.id")),
    Column("touched_at", Moment, nullable=False),
    Column("finished_at", Moment),
    _partial("uq_drafts_open", "person_id", "flow", where="finished_at IS NULL", unique=True),
    Index("ix_drafts_person", "person_id", "flow", "finished_at"),
    Index("ix_drafts_touched", "touched_at"),
    sqlite_autoincrement=True,
)

marks = Table(
    "marks",
    metadata,
    Column("key", Words, primary_key=True),
    Column("at", Moment, nullable=False),
)

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
    *_fetching(),
    Index("ix_duty_files_duty", "duty_id", "id"),
    _partial("ix_duty_files_waiting", "due_at", "id", where="state = 'waiting'"),
)

# Who asked to hear of a station's reception days.
reception_followers = Table(
    "reception_followers",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("station", sa.Text, primary_key=True),
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

# Who is kept out. The account is a hash; `case_id` is the case that was the occasion.
blocks = Table(
    "blocks",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("account", sa.Text, nullable=False),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    Column("reason", Words, nullable=False),
    Column("by", ForeignKey("people.id"), nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("lifted_at", Moment),
    Column("lifted_by", ForeignKey("people.id")),
    _partial("ix_blocks_account", "account", where="lifted_at IS NULL"),
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
    _partial("ix_supervisions_next", "next_at", where="next_at IS NOT NULL"),
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
    _partial("ix_polls_open", "closes_at", where="closed_at IS NULL"),
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
    _partial("ix_announcements_unfinished", "id", where="done_at IS NULL"),
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
