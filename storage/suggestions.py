"""Deputies' suggestions and their histories."""

from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from bot.domain.suggestions import Entry, Suggestion
from bot.ports import StaleCase
from storage.connection import AnyRow, Db
from storage.schema import suggestion_events, suggestions

_ADD = insert(suggestions).returning(suggestions.c.id)
_GET = select(suggestions).where(suggestions.c.id == bindparam("which"))
_LOCK = _GET.with_for_update()
_SAVE = (
    update(suggestions)
    .where(suggestions.c.id == bindparam("which"), suggestions.c.version == bindparam("seen"))
    .returning(suggestions.c.id)
)
_APPEND = insert(suggestion_events)
_HISTORY = (
    select(suggestion_events)
    .where(suggestion_events.c.suggestion_id == bindparam("which"))
    .order_by(suggestion_events.c.seq)
)
_ALL = select(suggestions).order_by(suggestions.c.id.desc())
_DUE = (
    select(suggestions)
    .where(suggestions.c.next_at <= bindparam("now"))
    .order_by(suggestions.c.id)
    .with_for_update(skip_locked=True)
)
_COLUMNS = tuple(field.name for field in fields(Suggestion) if field.name != "id")


class SqlSuggestions:
    """Implements `bot.ports.Suggestions`."""

    __slots__ = ("_db",)

    def __init__(self, db: Db) -> None:
        self._db = db

    async def add(self, one: Suggestion) -> Suggestion:
        return replace(one, id=await self._db.value(_ADD, _plain(one)))

    async def get(self, suggestion_id: int, *, lock: bool = False) -> Suggestion | None:
        row = await self._db.first(_LOCK if lock else _GET, {"which": suggestion_id})
        return _suggestion(row) if row else None

    async def save(self, one: Suggestion, entry: Entry) -> None:
        given = {"which": one.id, "seen": entry.seq - 1, **_plain(one)}
        if await self._db.first(_SAVE, given) is None:
            raise StaleCase(f"suggestion {one.id} is no longer at version {entry.seq - 1}")
        await self._db.rows(_APPEND, {field.name: getattr(entry, field.name) for field in fields(Entry)})

    async def history(self, suggestion_id: int) -> list[Entry]:
        return [Entry(**row._asdict()) for row in await self._db.rows(_HISTORY, {"which": suggestion_id})]

    async def all(self) -> list[Suggestion]:
        return [_suggestion(row) for row in await self._db.rows(_ALL)]

    async def due(self, now: datetime) -> list[Suggestion]:
        return [_suggestion(row) for row in await self._db.rows(_DUE, {"now": now})]


def _plain(one: Suggestion) -> dict[str, Any]:
    plain = {name: getattr(one, name) for name in _COLUMNS}
    return {**plain, "cosigners": list(one.cosigners), "cases": list(one.cases)}


def _suggestion(row: AnyRow) -> Suggestion:
    plain = row._asdict()
    return Suggestion(**{**plain, "cosigners": tuple(plain["cosigners"]), "cases": tuple(plain["cases"])})
