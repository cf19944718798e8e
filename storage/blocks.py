"""Who is kept out, until when and why."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from bot.domain.abuse import Block
from storage.connection import AnyRow, Db
from storage.schema import blocks
from storage.types import Moment

_now = bindparam("now", type_=Moment)
_holds = (blocks.c.lifted_at.is_(None), blocks.c.until > _now)
_ADD = insert(blocks).returning(blocks.c.id)
_CURRENT = select(blocks).where(blocks.c.account == bindparam("of"), *_holds).order_by(blocks.c.until.desc()).limit(1)
_ALL = select(blocks).where(*_holds).order_by(blocks.c.until, blocks.c.id)
_LIFT = (
    update(blocks)
    .where(blocks.c.account == bindparam("of"), *_holds)
    .values(lifted_at=_now, lifted_by=bindparam("who"))
    .returning(blocks.c.id)
)


class SqlBlocks:
    """Implements `bot.ports.Blocks`."""

    __slots__ = ("_db",)

    def __init__(self, db: Db) -> None:
        self._db = db

    async def add(self, block: Block) -> Block:
        row = {
            "account": block.account,
            "case_id": block.case_id,
            "reason": block.reason,
            "by": block.by,
            "since": block.since,
            "until": block.until,
        }
        return replace(block, id=await self._db.value(_ADD, row))

    async def current(self, account: str, now: datetime) -> Block | None:
        row = await self._db.first(_CURRENT, {"of": account, "now": now})
        return _block(row) if row else None

    async def all(self, now: datetime) -> list[Block]:
        return [_block(row) for row in await self._db.rows(_ALL, {"now": now})]

    async def lift(self, account: str, person_id: int, now: datetime) -> int:
        return len(await self._db.rows(_LIFT, {"of": account, "who": person_id, "now": now}))


def _block(row: AnyRow) -> Block:
    return Block(row.id, row.account, row.case_id, row.reason, row.by, row.since, row.until)
