"""Received updates: stored once, sealed, claimed in order per chat, then handled or parked."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert  # SQLite reads the same ON CONFLICT clause

from bot.ports import InboxRow, RawUpdate
from storage.connection import AnyRow, Db
from storage.locks import held
from storage.schema import inbox
from storage.vault import BrokenSealError, Vault, place

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

# The chat is looked up by its keyed hash: see `chat_key`.
_DONE = update(inbox).where(inbox.c.id == bindparam("row")).values(handled_at=bindparam("at"), raw=None, error=None)
_PARK = update(inbox).where(inbox.c.id == bindparam("row")).values(handled_at=bindparam("at"), error=bindparam("why"))
_WAITING = select(sa.func.count()).select_from(inbox).where(_waiting)
_PARKED = select(inbox).where(inbox.c.error.is_not(None)).order_by(inbox.c.id)
_PURGE = sa.delete(inbox).where(inbox.c.handled_at < bindparam("before")).returning(inbox.c.id)


def chat_key(vault: Vault, chat: str) -> str:
    return vault.lookup("chat", chat)


def raw_place(channel: str, key: int) -> str:
    return place("inbox.raw", channel, key)


class SqlInbox:
    """Implements `bot.ports.Inbox`."""

    __slots__ = ("_db", "_vault")

    def __init__(self, db: Db, vault: Vault) -> None:
        self._db = db
        self._vault = vault

    async def add(self, updates: Sequence[RawUpdate], at: datetime) -> int:
        if not updates:
            return 0
        return len(await self._db.rows(_ADD, [self._sealed(update, at) for update in updates]))

    async def claim(self, limit: int) -> list[InboxRow]:
        """A row that cannot be opened (it was tampered with) is parked, and holds nobody up."""
        found: list[InboxRow] = []
        for row in await self._db.rows(_CLAIM, {"limit": limit}):
            try:
                found.append(self._opened(row))
            except BrokenSealError as error:
                await self.park(row.id, row.received_at, type(error).__name__)
        return found

    async def done(self, row_ids: Sequence[int], at: datetime) -> None:
        if row_ids:
            await self._db.rows(_DONE, [{"row": row_id, "at": at} for row_id in row_ids])

    async def park(self, row_id: int, at: datetime, error: str) -> None:
        await self._db.rows(_PARK, {"row": row_id, "at": at, "why": error})

    async def purge(self, before: datetime) -> int:
        return len(await self._db.rows(_PURGE, {"before": before}))

    async def waiting(self) -> int:
        return int(await self._db.value(_WAITING))

    async def parked(self) -> list[tuple[InboxRow, str]]:
        """One that was parked because it cannot be opened comes without chat and words."""
        found: list[tuple[InboxRow, str]] = []
        for row in await self._db.rows(_PARKED):
            try:
                found.append((self._opened(row), row.error))
            except BrokenSealError:
                found.append((InboxRow(row.id, RawUpdate(row.channel, row.key, "", ""), row.received_at), row.error))
        return found

    def _sealed(self, update: RawUpdate, at: datetime) -> dict[str, object]:
        return {
            "channel": update.channel,
            "key": update.key,
            "chat": chat_key(self._vault, update.chat),
            "raw": self._vault.seal_json(raw_place(update.channel, update.key), [update.chat, update.raw]),
            "received_at": at,
        }

    def _opened(self, row: AnyRow) -> InboxRow:
        chat, raw = self._vault.open_json(raw_place(row.channel, row.key), row.raw or "")
        return InboxRow(row.id, RawUpdate(row.channel, row.key, chat, raw), row.received_at)
