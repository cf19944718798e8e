"""Supervisions of cases, as many as there were: each is a row, so the count is exact."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from bot.domain.supervision import Supervision
from storage.connection import AnyRow, Db
from storage.schema import supervisions

_ADD = insert(supervisions).returning(supervisions.c.id)
_SAVE = update(supervisions).where(supervisions.c.id == bindparam("which"))
_OF = select(supervisions).where(supervisions.c.case_id == bindparam("case")).order_by(supervisions.c.id)
_within = (supervisions.c.opened_at >= bindparam("since"), supervisions.c.opened_at < bindparam("until"))
_BETWEEN = select(supervisions).where(*_within).order_by(supervisions.c.id)
_DUE = (
    select(supervisions)
    .where(supervisions.c.next_at <= bindparam("now"))
    .order_by(supervisions.c.id)
    .with_for_update(skip_locked=True)
)
_OPEN = select(supervisions).where(supervisions.c.result.is_(None)).order_by(supervisions.c.due_at, supervisions.c.id)
_COUNT = select(func.count()).select_from(supervisions).where(*_within)


class SqlSupervisions:
    """Implements `bot.ports.Supervisions`."""

    __slots__ = ("_db",)

    def __init__(self, db: Db) -> None:
        self._db = db

    async def add(self, one: Supervision) -> Supervision:
        return replace(one, id=await self._db.value(_ADD, _plain(one)))

    async def save(self, one: Supervision) -> None:
        await self._db.rows(_SAVE, {"which": one.id, **_plain(one)})

    async def of_case(self, case_id: int) -> list[Supervision]:
        return [_supervision(row) for row in await self._db.rows(_OF, {"case": case_id})]

    async def between(self, since: datetime, until: datetime) -> list[Supervision]:
        found = await self._db.rows(_BETWEEN, {"since": since, "until": until})
        return [_supervision(row) for row in found]

    async def due(self, now: datetime) -> list[Supervision]:
        return [_supervision(row) for row in await self._db.rows(_DUE, {"now": now})]

    async def open(self) -> list[Supervision]:
        return [_supervision(row) for row in await self._db.rows(_OPEN)]

    async def count(self, since: datetime, until: datetime) -> int:
        return int(await self._db.value(_COUNT, {"since": since, "until": until}))


def _plain(one: Supervision) -> dict[str, Any]:
    return {
        "case_id": one.case_id,
        "kind": one.kind,
        "opened_at": one.opened_at,
        "opened_by": one.opened_by,
        "demand": one.demand,
        "due_at": one.due_at,
        "deputies": list(one.deputies),
        "findings": one.findings,
        "result": one.result,
        "closed_at": one.closed_at,
        "keeper": one.keeper,
        "event": one.event,
        "reached": one.reached,
        "next_at": one.next_at,
    }


def _supervision(row: AnyRow) -> Supervision:
    plain = row._asdict()
    return Supervision(**{**plain, "deputies": tuple(plain["deputies"])})
