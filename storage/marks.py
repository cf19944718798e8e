"""Small facts that must survive: what was done once, and when."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert  # SQLite reads the same ON CONFLICT clause

from storage.connection import Db
from storage.schema import marks

_ONCE = insert(marks).on_conflict_do_nothing(index_elements=["key"]).returning(marks.c.key)
_PUT = (
    insert(marks)
    .values(key=bindparam("which"), at=bindparam("moment"))
    .on_conflict_do_update(index_elements=["key"], set_={"at": bindparam("moment")})
)
_GET = select(marks.c.at).where(marks.c.key == bindparam("which"))


class SqlMarks:
    """Implements `bot.ports.Marks`."""

    __slots__ = ("_db",)

    def __init__(self, db: Db) -> None:
        self._db = db

    async def once(self, key: str, at: datetime) -> bool:
        return await self._db.first(_ONCE, {"key": key, "at": at}) is not None

    async def put(self, key: str, at: datetime) -> None:
        await self._db.rows(_PUT, {"which": key, "moment": at})

    async def get(self, key: str) -> datetime | None:
        found: datetime | None = await self._db.value(_GET, {"which": key})
        return found
