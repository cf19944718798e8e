"""What supporters say to publication, each for themselves."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert  # SQLite reads the same ON CONFLICT clause

from bot.domain.cases import Consent
from storage.connection import Db
from storage.schema import board_consents

_new = insert(board_consents)
_PUT = _new.on_conflict_do_update(
    index_elements=["case_id", "person_id"], set_={"said": _new.excluded.said, "at": _new.excluded.at}
)
_OF = (
    select(board_consents)
    .where(board_consents.c.case_id == bindparam("case"))
    .order_by(board_consents.c.at, board_consents.c.person_id)
)


class SqlBoardConsents:
    """Implements `bot.ports.BoardConsents`."""

    __slots__ = ("_db",)

    def __init__(self, db: Db) -> None:
        self._db = db

    async def put(self, case_id: int, person_id: int, said: Consent, at: datetime) -> None:
        await self._db.rows(_PUT, {"case_id": case_id, "person_id": person_id, "said": said, "at": at})

    async def of(self, case_id: int) -> dict[int, Consent]:
        return {row.person_id: row.said for row in await self._db.rows(_OF, {"case": case_id})}
