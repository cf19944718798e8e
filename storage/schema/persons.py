"""Who people are and how they are reached, which seats they hold, what they are writing, who is kept out."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table

from bot.domain.contacts import ContactKind
from storage.schema.base import metadata, partial
from storage.types import BigId, Choice, Moment, Words

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
    partial("uq_appointments_seat", "seat", where="until IS NULL", unique=True),
    partial("ix_appointments_person", "person_id", where="until IS NULL"),
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
    partial("ix_invites_seat", "seat", where="used_at IS NULL"),
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
    partial("ix_leaves_open", "id", where="ended_at IS NULL"),
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
    partial("uq_drafts_open", "person_id", "flow", where="finished_at IS NULL", unique=True),
    Index("ix_drafts_person", "person_id", "flow", "finished_at"),
    Index("ix_drafts_touched", "touched_at"),
    sqlite_autoincrement=True,
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
    partial("ix_blocks_account", "account", where="lifted_at IS NULL"),
)
