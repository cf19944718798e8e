"""Who is away from which seat, and which seat acts for it meanwhile."""

from dataclasses import fields, replace
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from bot.domain.standing import Leave
from storage.connection import Db
from storage.schema import leaves

_COLUMNS = tuple(field.name for field in fields(Leave))
_ADD = insert(leaves).returning(leaves.c.id)
_OPEN = select(leaves).where(leaves.c.ended_at.is_(None)).order_by(leaves.c.id)
_END = update(leaves).where(leaves.c.id == bindparam("which"), leaves.c.ended_at.is_(None)).returning(leaves.c.id)


class SqlLeaves:
    """Implements `bot.ports.Leaves`."""

    __slots__ = ("_db",)

    def __init__(self, db: Db) -> None:
        self._db = db

    async def add(self, leave: Leave) -> Leave:
        plain = {name: getattr(leave, name) for name in _COLUMNS if name != "id"}
        return replace(leave, id=await self._db.value(_ADD, plain))

    async def open(self) -> list[Leave]:
        return [Leave(**row._asdict()) for row in await self._db.rows(_OPEN)]

    async def end(self, leave_id: int, at: datetime) -> bool:
        return await self._db.first(_END, {"which": leave_id, "ended_at": at}) is not None
