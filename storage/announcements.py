"""Announcements, and how far each has been sent."""

from dataclasses import fields, replace

from sqlalchemy import bindparam, insert, select, update

from bot.domain.announcements import Announcement
from storage.connection import AnyRow, Db
from storage.schema import announcements

_COLUMNS = tuple(field.name for field in fields(Announcement) if field.name != "id")
_CHANGING = ("cursor", "expected", "stopped_at", "done_at", "delivered", "unreachable")
_ADD = insert(announcements).returning(announcements.c.id)
_GET = select(announcements).where(announcements.c.id == bindparam("which"))
_LOCK = _GET.with_for_update()
_SAVE = update(announcements).where(announcements.c.id == bindparam("which"))
_NEWEST = select(announcements).order_by(announcements.c.id.desc()).limit(bindparam("most"))
_OF_POLL = select(announcements).where(announcements.c.poll == bindparam("which"))
_UNFINISHED = (
    select(announcements)
    .where(announcements.c.done_at.is_(None))
    .order_by(announcements.c.id)
    .with_for_update(skip_locked=True)
)


class SqlAnnouncements:
    """Implements `bot.ports.voters.Announcements`."""

    __slots__ = ("_db",)

    def __init__(self, db: Db) -> None:
        self._db = db

    async def add(self, one: Announcement) -> Announcement:
        plain = {name: getattr(one, name) for name in _COLUMNS} | {"villages": list(one.villages)}
        return replace(one, id=await self._db.value(_ADD, plain))

    async def get(self, announcement_id: int, *, lock: bool = False) -> Announcement | None:
        row = await self._db.first(_LOCK if lock else _GET, {"which": announcement_id})
        return _announcement(row) if row else None

    async def save(self, one: Announcement) -> None:
        await self._db.rows(_SAVE, {"which": one.id, **{name: getattr(one, name) for name in _CHANGING}})

    async def newest(self, limit: int) -> list[Announcement]:
        return [_announcement(row) for row in await self._db.rows(_NEWEST, {"most": limit})]

    async def of_poll(self, poll_id: int) -> Announcement | None:
        row = await self._db.first(_OF_POLL, {"which": poll_id})
        return _announcement(row) if row else None

    async def unfinished(self) -> list[Announcement]:
        return [_announcement(row) for row in await self._db.rows(_UNFINISHED)]


def _announcement(row: AnyRow) -> Announcement:
    plain = row._asdict()
    return Announcement(**plain | {"villages": tuple(plain["villages"])})
