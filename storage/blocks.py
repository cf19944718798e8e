"""Who is kept out, until when and why."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from bot.domain.abuse import Block
from storage.connection import AnyRow, Db
from storage.schema import blocks
from storage.types import Moment
from storage.vault import Vault

_now = bindparam("now", type_=Moment)
_holds = (blocks.c.lifted_at.is_(None), blocks.c.until > _now)
_ADD = insert(blocks).returning(blocks.c.id)
_ALL = select(blocks).where(*_holds).order_by(blocks.c.until, blocks.c.id)
_LIFT = (
    update(blocks)
    .where(blocks.c.account == bindparam("of"), *_holds)
    .values(lifted_at=_now, lifted_by=bindparam("who"))
    .returning(blocks.c.id)
)


def block_key(vault: Vault, account_hash: str) -> str:
    """A bare hash of an account number could be found again by trying every number; this one cannot."""
    return vault.lookup("block", account_hash)


class SqlBlocks:
    """Implements `bot.ports.Blocks`."""

    __slots__ = ("_db", "_held", "_vault")

    def __init__(self, db: Db, vault: Vault) -> None:
        self._db = db
        self._vault = vault
        self._held: list[Block] | None = None  # nobody is, mostly: asked once in a transaction, not of each who writes

    async def add(self, block: Block) -> Block:
        self._held = None
        row = {
            "account": block_key(self._vault, block.account),
            "case_id": block.case_id,
            "reason": block.reason,
            "by": block.by,
            "since": block.since,
            "until": block.until,
        }
        return replace(block, id=await self._db.value(_ADD, row))

    async def current(self, account: str, now: datetime) -> Block | None:
        if self._held is None:
            self._held = await self.all(now)
        if not self._held:
            return None
        key = block_key(self._vault, account)
        # Sorted by their ends: the last one holds longest.
        return next((one for one in reversed(self._held) if one.account == key and one.until > now), None)

    async def all(self, now: datetime) -> list[Block]:
        return [_block(row) for row in await self._db.rows(_ALL, {"now": now})]

    async def lift(self, account: str, person_id: int, now: datetime) -> int:
        self._held = None
        return len(await self._db.rows(_LIFT, {"of": block_key(self._vault, account), "who": person_id, "now": now}))


def _block(row: AnyRow) -> Block:
    return Block(row.id, row.account, row.case_id, row.reason, row.by, row.since, row.until)
