"""Half-finished flows, sealed: at most one open draft for each person and flow."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert  # SQLite reads the same ON CONFLICT clause

from bot.domain.people import Draft
from storage.connection import AnyRow, Db
from storage.schema import drafts
from storage.vault import Vault, place

_open = drafts.c.finished_at.is_(None)
_mine = drafts.c.person_id == bindparam("person")
_one = drafts.c.id == bindparam("draft")

_CURRENT = select(drafts).where(_mine, _open).order_by(drafts.c.touched_at.desc(), drafts.c.id.desc()).limit(1)
_GET = select(drafts).where(_one, _open)
_FINISHED = (
    select(drafts)
    .where(_mine, drafts.c.flow == bindparam("flow"), drafts.c.finished_at.is_not(None))
    .order_by(drafts.c.finished_at.desc(), drafts.c.id.desc())
    .limit(1)
)
_WAITING = (
    select(drafts)
    .where(drafts.c.flow == bindparam("flow"), drafts.c.step == bindparam("step"), _open)
    .order_by(drafts.c.id)
    .with_for_update(skip_locked=True)
)
_START = (
    insert(drafts)
    .on_conflict_do_nothing(index_elements=["person_id", "flow"], index_where=_open)
    .returning(drafts.c.id)
)
_REPLACE = delete(drafts).where(_mine, drafts.c.flow == bindparam("flow"), _open)
_SAVE = update(drafts).where(_one)
_FINISH = (
    update(drafts)
    .where(_one)
    .values(
        case_id=func.coalesce(bindparam("case"), drafts.c.case_id),
        touched_at=bindparam("at"),
        finished_at=bindparam("at"),
    )
)
_DROP = delete(drafts).where(_one)
_CLEAR = delete(drafts).where(_mine, _open)
_PURGE = delete(drafts).where(drafts.c.touched_at < bindparam("before")).returning(drafts.c.id)


def data_place(person_id: int, flow: str) -> str:
    return place("drafts.data", person_id, flow)


class SqlDrafts:
    """Implements `bot.ports.Drafts`."""

    __slots__ = ("_db", "_vault")

    def __init__(self, db: Db, vault: Vault) -> None:
        self._db = db
        self._vault = vault

    async def current(self, person_id: int) -> Draft | None:
        return self._opened(await self._db.first(_CURRENT, {"person": person_id}))

    async def get(self, draft_id: int) -> Draft | None:
        return self._opened(await self._db.first(_GET, {"draft": draft_id}))

    async def waiting(self, flow: str, step: str) -> list[Draft]:
        found = [self._opened(row) for row in await self._db.rows(_WAITING, {"flow": flow, "step": step})]
        return [draft for draft in found if draft]

    async def last_finished(self, person_id: int, flow: str) -> Draft | None:
        return self._opened(await self._db.first(_FINISHED, {"person": person_id, "flow": flow}))

    async def start(
        self,
        person_id: int,
        flow: str,
        step: str,
        data: Mapping[str, Any],
        at: datetime,
        case_id: int | None = None,
        rev: int = 0,
    ) -> Draft:
        await self._db.hold(f"draft:{person_id}:{flow}")
        plain = dict(data)
        row = {
            "person_id": person_id,
            "flow": flow,
            "step": step,
            "rev": rev,
            "data": self._sealed(person_id, flow, plain),
            "case_id": case_id,
            "touched_at": at,
        }
        made = await self._db.value(_START, row)
        if made is None:
            await self._db.rows(_REPLACE, {"person": person_id, "flow": flow})
            made = await self._db.value(_START, row)
        return Draft(made, person_id, flow, step, rev, plain, case_id)

    async def save(self, draft: Draft, at: datetime) -> None:
        data = self._sealed(draft.person, draft.flow, draft.data)
        row = {"step": draft.step, "rev": draft.rev, "data": data, "case_id": draft.case_id}
        await self._db.rows(_SAVE, {"draft": draft.id, **row, "touched_at": at})

    async def finish(self, draft_id: int, at: datetime, case_id: int | None = None) -> None:
        await self._db.rows(_FINISH, {"draft": draft_id, "at": at, "case": case_id})

    async def drop(self, draft_id: int) -> None:
        await self._db.rows(_DROP, {"draft": draft_id})

    async def clear(self, person_id: int) -> None:
        await self._db.rows(_CLEAR, {"person": person_id})

    async def purge(self, before: datetime) -> int:
        return len(await self._db.rows(_PURGE, {"before": before}))

    def _sealed(self, person_id: int, flow: str, data: Mapping[str, Any]) -> str:
        return self._vault.seal_json(data_place(person_id, flow), data)

    def _opened(self, row: AnyRow | None) -> Draft | None:
        if row is None:
            return None
        data = self._vault.open_json(data_place(row.person_id, row.flow), row.data)
        return Draft(row.id, row.person_id, row.flow, row.step, row.rev, data, row.case_id)
