"""What supporters said of an answer, each for themselves."""

from dataclasses import fields

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert  # SQLite reads the same ON CONFLICT clause

from bot.domain.support import Confirmation
from storage.connection import Db
from storage.schema import confirmations

_COLUMNS = tuple(field.name for field in fields(Confirmation))
_new = insert(confirmations)
_PUT = _new.on_conflict_do_update(
    index_elements=["case_id", "person_id", "round"],
    set_={name: _new.excluded[name] for name in ("rating", "at", "solved")},
)
_OF = (
    select(confirmations)
    .where(confirmations.c.case_id == bindparam("case"))
    .order_by(confirmations.c.round, confirmations.c.person_id)
)


class SqlConfirmations:
    """Implements `bot.ports.Confirmations`."""

    __slots__ = ("_db",)

    def __init__(self, db: Db) -> None:
        self._db = db

    async def put(self, confirmation: Confirmation) -> None:
        await self._db.rows(_PUT, {name: getattr(confirmation, name) for name in _COLUMNS})

    async def of(self, case_id: int) -> list[Confirmation]:
        rows = await self._db.rows(_OF, {"case": case_id})
        return [Confirmation(**{name: getattr(row, name) for name in _COLUMNS}) for row in rows]
