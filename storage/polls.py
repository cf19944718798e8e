"""Polls; who has voted, and how many chose what, each by itself."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert  # SQLite reads the same ON CONFLICT clause

from bot.domain.polls import Count, Poll, PollKind
from storage.connection import AnyRow, Db
from storage.schema import poll_voters, poll_votes, polls

_COLUMNS = tuple(field.name for field in fields(Poll) if field.name != "id")
_LISTS = ("choices", "villages", "seats")
_ADD = insert(polls).returning(polls.c.id)
_GET = select(polls).where(polls.c.id == bindparam("which"))
_LOCK = _GET.with_for_update()
_NEWEST = select(polls).order_by(polls.c.id.desc())
_DUE = (
    select(polls)
    .where(polls.c.closed_at.is_(None), polls.c.closes_at <= bindparam("now"))
    .order_by(polls.c.id)
    .with_for_update(skip_locked=True)
)
_CLOSE = update(polls).where(polls.c.id == bindparam("which")).values(closed_at=bindparam("at"))
_VOTED = select(poll_voters.c.person_id).where(
    poll_voters.c.poll_id == bindparam("poll"), poll_voters.c.person_id == bindparam("person")
)
_COME = (
    upsert(poll_voters)
    .on_conflict_do_nothing(index_elements=["poll_id", "person_id"])
    .returning(poll_voters.c.person_id)
)
_CHOOSE = (
    upsert(poll_votes)
    .values(votes=1)
    .on_conflict_do_update(index_elements=["poll_id", "choice"], set_={"votes": poll_votes.c.votes + 1})
)
_COUNT = select(poll_votes).where(poll_votes.c.poll_id == bindparam("poll")).order_by(poll_votes.c.choice)


class SqlPolls:
    """Implements `bot.ports.voters.Polls`."""

    __slots__ = ("_db",)

    def __init__(self, db: Db) -> None:
        self._db = db

    async def add(self, poll: Poll) -> Poll:
        plain = {name: getattr(poll, name) for name in _COLUMNS}
        lists = {name: list(plain[name]) for name in _LISTS}
        return replace(poll, id=await self._db.value(_ADD, plain | lists))

    async def get(self, poll_id: int, *, lock: bool = False) -> Poll | None:
        row = await self._db.first(_LOCK if lock else _GET, {"which": poll_id})
        return _poll(row) if row else None

    async def newest(self, limit: int, kinds: Sequence[PollKind] = ()) -> list[Poll]:
        query = _NEWEST.where(polls.c.kind.in_(kinds)) if kinds else _NEWEST
        return [_poll(row) for row in await self._db.rows(query.limit(limit))]

    async def due(self, now: datetime) -> list[Poll]:
        return [_poll(row) for row in await self._db.rows(_DUE, {"now": now})]

    async def close(self, poll_id: int, at: datetime) -> None:
        await self._db.rows(_CLOSE, {"which": poll_id, "at": at})

    async def vote(self, poll_id: int, person_id: int, choice: int) -> bool:
        if await self._db.first(_COME, {"poll_id": poll_id, "person_id": person_id}) is None:
            return False
        await self._db.rows(_CHOOSE, {"poll_id": poll_id, "choice": choice})
        return True

    async def voted(self, poll_id: int, person_id: int) -> bool:
        return await self._db.first(_VOTED, {"poll": poll_id, "person": person_id}) is not None

    async def count(self, poll_id: int) -> Count:
        return Count({row.choice: row.votes for row in await self._db.rows(_COUNT, {"poll": poll_id})})


def _poll(row: AnyRow) -> Poll:
    plain = row._asdict()
    return Poll(**plain | {name: tuple(plain[name]) for name in _LISTS})
