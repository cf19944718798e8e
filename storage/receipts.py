"""Receipts of cases that staff entered, and the tries at their codes."""

import hmac
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert  # SQLite reads the same ON CONFLICT clause

from bot.domain.receipts import Receipt
from storage.connection import AnyRow, Db
from storage.schema import cases, receipt_tries, receipts
from storage.vault import Vault

_COLUMNS = tuple(field.name for field in fields(Receipt))
_new = upsert(receipts)
_PUT = _new.on_conflict_do_update(
    index_elements=["case_id"], set_={name: _new.excluded[name] for name in _COLUMNS if name != "case_id"}
)
_OF = select(receipts).where(receipts.c.case_id == bindparam("case"))
_BY_CODE = select(receipts).where(receipts.c.code_hash == bindparam("hash"))
_SET_CODE = update(receipts).where(receipts.c.case_id == bindparam("case"))
_ENTERED = select(receipts).order_by(receipts.c.case_id.desc())
_TRIED = insert(receipt_tries)
_WRONG = (
    select(receipt_tries.c.at)
    .where(receipt_tries.c.at > bindparam("since"), receipt_tries.c.found.is_(False))
    .order_by(receipt_tries.c.at)
)
_EXPIRE = (
    update(receipts)
    .where(
        receipts.c.code_hash.is_not(None),
        receipts.c.case_id.in_(select(cases.c.id).where(cases.c.closed_at < bindparam("before"))),
    )
    .values(code_hash=None)
)
_FORGET = delete(receipt_tries).where(receipt_tries.c.at < bindparam("before"))


class SqlReceipts:
    """Implements `bot.ports.voters.Receipts`."""

    __slots__ = ("_db", "_vault")

    def __init__(self, db: Db, vault: Vault) -> None:
        self._db = db
        self._vault = vault

    async def put(self, receipt: Receipt) -> None:
        await self._db.rows(_PUT, {name: getattr(receipt, name) for name in _COLUMNS})

    async def of(self, case_id: int) -> Receipt | None:
        return _receipt(await self._db.first(_OF, {"case": case_id}))

    async def set_code(self, case_id: int, code: str) -> None:
        await self._db.rows(_SET_CODE, {"case": case_id, "code_hash": code_key(self._vault, code)})

    async def by_code(self, code: str) -> Receipt | None:
        hashed = code_key(self._vault, code)
        row = await self._db.first(_BY_CODE, {"hash": hashed})
        return _receipt(row) if row and hmac.compare_digest(row.code_hash, hashed) else None

    async def entered(self, seats: Sequence[str], limit: int) -> list[Receipt]:
        rows = await self._db.rows(_ENTERED.where(receipts.c.seat.in_(seats)).limit(limit))
        return [found for row in rows if (found := _receipt(row))]

    async def log_try(self, account: str, at: datetime, *, found: bool) -> None:
        await self._db.rows(_TRIED, {"account": self._vault.lookup("tries", account), "at": at, "found": found})

    async def wrong(self, since: datetime, account: str | None = None) -> list[datetime]:
        query = _WRONG
        if account is not None:
            query = query.where(receipt_tries.c.account == self._vault.lookup("tries", account))
        return [row.at for row in await self._db.rows(query, {"since": since})]

    async def expire(self, closed_before: datetime, tried_before: datetime) -> None:
        await self._db.rows(_EXPIRE, {"before": closed_before})
        await self._db.rows(_FORGET, {"before": tried_before})


def _receipt(row: AnyRow | None) -> Receipt | None:
    return Receipt(**{name: getattr(row, name) for name in _COLUMNS}) if row else None


def code_key(vault: Vault, code: str) -> str:
    """A bare hash of twelve digits could be found again by trying them all; this one cannot."""
    return vault.lookup("receipt", code)
