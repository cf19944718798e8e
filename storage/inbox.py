"""Received updates: stored once, claimed in order per chat, then handled or parked."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert  # SQLite reads the same ON CONFLICT clause

from bot.ports import InboxRow, RawUpdate
from storage.connection import AnyRow, Db
from storage.locks import held
from storage.schema import inbox

_ADD = insert(inbox).on_conflict_do_nothing(index_elements=["channel", "key"]).returning(inbox.c.id)

_waiting = inbox.c.handled_at.is_(None)
_older = inbox.alias("older")

# The heads are locked first; then `held` takes each chat, so that an older update which arrives late
# is not worked on beside a younger one.
_heads = (
    select(inbox)
    .where(
        _waiting,
        ~select(_older.c.id)
        .where(
            _older.c.handled_at.is_(None),
            _older.c.channel == inbox.c.channel,
            _older.c.chat == inbox.c.chat,
            _older.c.key < inbox.c.key,
        )
        .exists(),
    )
    .order_by(inbox.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=inbox)
    .cte("heads")
)
_CLAIM = select(_heads).where(held(_heads.c.channel, _heads.c.chat)).order_by(_heads.c.id)

_DONE = update(inbox).where(inbox.c.id == bindparam("row")).values(handled_at=bindparam("at"), raw=None, error=None)
_PARK = update(inbox).where(inbox.c.id == bindparam("row")).values(handled_at=bindparam("at"), error=bindparam("why"))
_WAITING = select(sa.func.count()).select_from(inbox).where(_waiting)
_PARKED = select(inbox).where(inbox.c.error.is_not(None)).order_by(inbox.c.id)
_PURGE = sa.delete(inbox).where(inbox.c.handled_at < bindparam("before")).returning(inbox.c.id)


class SqlInbox:
    """Implements `bot.ports.Inbox`."""

    __slots__ = ("_db",)

    def __init__(self, db: Db) -> None:
        self._db = db

    async def add(self, updates: Sequence[RawUpdate], at: datetime) -> int:
        if not updates:
            return 0
        rows = [{"channel": u.channel, "key": u.key, "chat": u.chat, "raw": u.raw, "received_at": at} for u in updates]
        return len(await self._db.rows(_ADD, rows))

    async def claim(self, limit: int) -> list[InboxRow]:
        return [_row(row) for row in await self._db.rows(_CLAIM, {"limit": limit})]

    async def done(self, row_id: int, at: datetime) -> None:
        await self._db.rows(_DONE, {"row": row_id, "at": at})

    async def park(self, row_id: int, at: datetime, error: str) -> None:
        await self._db.rows(_PARK, {"row": row_id, "at": at, "why": error})

    async def purge(self, before: datetime) -> int:
        return len(await self._db.rows(_PURGE, {"before": before}))

    async def waiting(self) -> int:
        return int(await self._db.value(_WAITING))

    async def parked(self) -> list[tuple[InboxRow, str]]:
        return [(_row(row), row.error) for row in await self._db.rows(_PARKED)]


def _row(row: AnyRow) -> InboxRow:
    return InboxRow(row.id, RawUpdate(row.channel, row.key, row.chat, row.raw), row.received_at)
