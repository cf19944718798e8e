"""What comes in, what goes out, which files are to be deleted, and marks of what was done once."""

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, Index, Table, UniqueConstraint

from storage.schema.base import metadata, partial
from storage.types import BigId, Moment, Words

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
    partial("ix_inbox_waiting", "id", where="handled_at IS NULL"),
    partial("ix_inbox_chat", "channel", "chat", "key", where="handled_at IS NULL"),
    partial("ix_inbox_parked", "id", where="error IS NOT NULL"),
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
    partial("ix_outbox_unsent", "channel", "rank", "id", where="done_at IS NULL"),
    partial("ix_outbox_dead", "id", where="status = 'dead'"),
    partial("ix_outbox_batch", "batch", "status", where="batch IS NOT NULL"),
    partial("ix_outbox_lane", "channel", "lane", "rank", "id", where="done_at IS NULL"),
)

# Names of stored files that are to be deleted: their rows have given them up.
doomed_files = Table(
    "doomed_files",
    metadata,
    Column("name", sa.Text, primary_key=True),
    Column("due_at", Moment, nullable=False),
)

marks = Table(
    "marks",
    metadata,
    Column("key", Words, primary_key=True),
    Column("at", Moment, nullable=False),
)
