"""Which files are to be fetched from their channel, which are kept, and which are to be deleted."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, bindparam, delete, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert  # SQLite reads the same ON CONFLICT clause

from bot.domain.files import FileSource, FileState, WantedFile
from storage.connection import Db
from storage.schema import attachments, cases, doomed_files, duty_files
from storage.types import Moment
from storage.vault import Vault

_GRACE = timedelta(minutes=10)
"""A doomed file is deleted this long after it was given up: a fetch under way may put it there once more."""

_TABLES: dict[FileSource, Table] = {FileSource.CASE: attachments, FileSource.DUTY: duty_files}
_now = bindparam("now", type_=Moment)


def _due(table: Table) -> Select[Any]:
    """Literals, as the partial index has them."""
    return select(table.c.id).where(
        table.c.state == literal_column("'waiting'"),
        or_(table.c.due_at.is_(None), table.c.due_at <= _now),
        table.c.channel == bindparam("on"),
    )


def _claim(table: Table) -> Any:
    due = _due(table).order_by(table.c.id).limit(bindparam("limit")).with_for_update(skip_locked=True, of=table)
    owner = table.c.case_id if table is attachments else table.c.duty_id
    return (
        update(table)
        .where(table.c.id.in_(due.scalar_subquery()))
        .values(due_at=bindparam("until", type_=Moment), attempts=table.c.attempts + 1)
        .returning(table.c.id, owner.label("owner"), table.c.kind, table.c.ref, table.c.attempts)
    )


_CLAIMS = {source: _claim(table) for source, table in _TABLES.items()}
_ENDS = {
    source: update(table)
    .where(table.c.id == bindparam("row"), table.c.state == literal_column("'waiting'"))
    .values(
        state=bindparam("now"), name=bindparam("as"), type=bindparam("kind_of"), size=bindparam("bytes"),
        why=bindparam("because"), due_at=None,
    )
    .returning(table.c.id)
    for source, table in _TABLES.items()
}  # fmt: skip
_AGAIN = {
    source: update(table)
    .where(table.c.id == bindparam("row"), table.c.state == literal_column("'waiting'"))
    .values(due_at=bindparam("at"), why=bindparam("because"))
    for source, table in _TABLES.items()
}


def _give_up(condition: ColumnElement[bool]) -> Any:
    nothing = {"ref": "", "unique": "", "name": None, "sender": None, "due_at": None, "why": None}
    return update(attachments).where(condition).values(state=FileState.GONE, **nothing).returning(attachments.c.id)


_before = (attachments.c.stage == literal_column("'before'")) & (attachments.c.state != literal_column("'gone'"))
_FORGET = _give_up((attachments.c.sender == bindparam("person")) & _before)
_UNSIGN = update(attachments).where(attachments.c.sender == bindparam("person")).values(sender=None)
_closed = select(cases.c.id).where(cases.c.closed_at < bindparam("ended", type_=Moment))
_EXPIRE = _give_up(attachments.c.case_id.in_(_closed) & _before)
_DOOM = upsert(doomed_files).on_conflict_do_nothing(index_elements=["name"])
_DOOMED = (
    select(doomed_files.c.name)
    .where(doomed_files.c.due_at <= _now)
    .order_by(doomed_files.c.due_at)
    .limit(bindparam("limit"))
)
_BURIED = delete(doomed_files).where(doomed_files.c.name == bindparam("which"))


def file_name(vault: Vault, source: FileSource, row_id: int) -> str:
    """The one name that a row's file can have in the store: it tells nobody whose it is, and a file that nobody knows
    of cannot be left there."""
    return vault.lookup("file", f"{source}:{row_id}")


class SqlFiles:
    """Implements `bot.ports.files.Files`."""

    __slots__ = ("_db", "_vault")

    def __init__(self, db: Db, vault: Vault) -> None:
        self._db = db
        self._vault = vault

    async def claim(self, channel: str, now: datetime, limit: int, until: datetime) -> list[WantedFile]:
        found: list[WantedFile] = []
        for source, statement in _CLAIMS.items():
            room = limit - len(found)
            given = {"on": channel, "now": now, "limit": room, "until": until}
            for row in sorted(await self._db.rows(statement, given) if room else (), key=lambda row: row.id):
                name = file_name(self._vault, source, row.id)
                found.append(WantedFile(source, row.id, row.owner, row.kind, row.ref, name, row.attempts))
        return found

    async def kept(self, wanted: WantedFile, type_: str, size: int) -> bool:
        return await self._end(wanted, FileState.KEPT, wanted.name, type_, size, None)

    async def ended(self, wanted: WantedFile, state: FileState, why: str) -> bool:
        return await self._end(wanted, state, None, None, None, why)

    async def again(self, wanted: WantedFile, due_at: datetime, why: str) -> None:
        await self._db.rows(_AGAIN[wanted.source], {"row": wanted.id, "at": due_at, "because": why})

    async def forget(self, person_id: int, at: datetime) -> int:
        gone = await self._db.rows(_FORGET, {"person": person_id})
        await self._db.rows(_UNSIGN, {"person": person_id})
        return await self._doom([row.id for row in gone], at)

    async def expire(self, before: datetime, at: datetime) -> int:
        return await self._doom([row.id for row in await self._db.rows(_EXPIRE, {"ended": before})], at)

    async def doomed(self, now: datetime, limit: int) -> list[str]:
        return [row.name for row in await self._db.rows(_DOOMED, {"now": now, "limit": limit})]

    async def buried(self, names: Sequence[str]) -> None:
        for name in names:
            await self._db.rows(_BURIED, {"which": name})

    async def _end(
        self,
        wanted: WantedFile,
        state: FileState,
        name: str | None,
        type_: str | None,
        size: int | None,
        why: str | None,
    ) -> bool:
        given = {"row": wanted.id, "now": state, "as": name, "kind_of": type_, "bytes": size, "because": why}
        return await self._db.first(_ENDS[wanted.source], given) is not None

    async def _doom(self, ids: Sequence[int], at: datetime) -> int:
        due = at + _GRACE
        rows = [{"name": file_name(self._vault, FileSource.CASE, row_id), "due_at": due} for row_id in ids]
        if rows:
            await self._db.rows(_DOOM, rows)
        return len(rows)
