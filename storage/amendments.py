"""What the office changed in the configuration: appended, never edited."""

from dataclasses import fields

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert  # SQLite reads the same ON CONFLICT clause

from bot.domain.amendments import Amendment
from storage.connection import Db
from storage.schema import amendments

_COLUMNS = tuple(field.name for field in fields(Amendment))
_NEWEST = select(func.max(amendments.c.number))
_ALL = select(amendments).order_by(amendments.c.number)
_ADD = insert(amendments).on_conflict_do_nothing(index_elements=["number"]).returning(amendments.c.number)


class SqlAmendments:
    """Implements `bot.ports.Amendments`."""

    __slots__ = ("_db",)

    def __init__(self, db: Db) -> None:
        self._db = db

    async def newest(self) -> int:
        return int(await self._db.value(_NEWEST) or 0)

    async def all(self) -> list[Amendment]:
        return [Amendment(**row._asdict()) for row in await self._db.rows(_ALL)]

    async def add(self, amendment: Amendment) -> bool:
        await self._db.hold("amendments")
        if amendment.number != await self.newest() + 1:
            return False
        row = {name: getattr(amendment, name) for name in _COLUMNS}
        return await self._db.first(_ADD, row) is not None
