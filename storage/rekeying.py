"""Goes over all that is sealed: proves that the keys are the right ones, seals what is not yet, and seals anew."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage.blocks import block_key
from storage.connection import AnyRow, Database, Db
from storage.contacts import contact_place
from storage.drafts import data_place
from storage.engine import normalise_url, plain_transaction
from storage.inbox import chat_key, raw_place
from storage.migrate import current
from storage.outbox import message_place
from storage.people import account_key, account_place
from storage.schema import accounts, blocks, contacts, drafts, inbox, marks, outbox
from storage.vault import BrokenSealError, UnknownKeyError, Vault

_BATCH = 500
_LOOKS_SEALED = re.compile(r"\d+\.[A-Za-z0-9_-]{36,}=*")
_TO_SEAL = "seal:0010"
"""The mark by which a migration, which has no keys, says that older rows stand in the open."""


class WrongKeysError(Exception):
    """The data was sealed with other keys than these; the message says how that shows."""


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column that holds sealed text. `order` numbers the rows for going over them; `where` names a row's place."""

    column: sa.Column[Any]
    order: sa.Column[Any]
    where: Callable[[AnyRow], str]

    @property
    def table(self) -> sa.Table:
        return self.column.table


SEALED = (
    SealedColumn(accounts.c.chat, accounts.c.person_id, lambda row: account_place(row.channel, row.person_id)),
    SealedColumn(contacts.c.sealed, contacts.c.person_id, lambda row: contact_place(row.person_id, row.kind)),
    SealedColumn(drafts.c.data, drafts.c.id, lambda row: data_place(row.person_id, row.flow)),
    SealedColumn(inbox.c.raw, inbox.c.id, lambda row: raw_place(row.channel, row.key)),
    SealedColumn(outbox.c.message, outbox.c.id, lambda row: message_place(row.key)),
)


@dataclass(slots=True)
class Rekeyed:
    """What one round found: rows sealed anew, and rows that no key opens."""

    rows: int = 0
    broken: int = 0


async def rekey(
    database: Database, vault: Vault, told: Callable[[str, int], None] = lambda table, rows: None
) -> Rekeyed:
    """Seal with the current key all that is sealed with another, a few rows a transaction, while the town goes on.

    Broken off, it goes on where it was when called again. A row that changed meanwhile keeps its change.
    Raises UnknownKeyError.
    """
    found = Rekeyed()
    for sealed in SEALED:
        last, rows = -1, 0
        while True:
            async with database.transaction() as db:
                batch = await _after(db, sealed, last)
                for row in batch:
                    rows += await _sealed_anew(db, vault, sealed, row, found)
            if not batch:
                break
            last = getattr(batch[-1], sealed.order.name)
        found.rows += rows
        told(sealed.table.name, rows)
    return found


async def to_rekey(db: Db, vault: Vault) -> bool:
    """Whether anything is sealed with another key than the current one."""
    for sealed in SEALED:
        other = sealed.column.is_not(None) & sealed.column.not_like(f"{vault.current}.%")
        if await db.first(sa.select(sealed.order).where(other).limit(1)):
            return True
    return False


async def _after(db: Db, sealed: SealedColumn, last: int) -> list[AnyRow]:
    """The next rows in order; those of the last number may be cut off, so all of that number are taken."""
    query = sa.select(sealed.table).where(sealed.order > last, sealed.column.is_not(None)).order_by(sealed.order)
    rows = list(await db.rows(query.limit(_BATCH)))
    if len(rows) == _BATCH:
        number = getattr(rows[-1], sealed.order.name)
        rows = [row for row in rows if getattr(row, sealed.order.name) < number]
        rows += await db.rows(sa.select(sealed.table).where(sealed.order == number, sealed.column.is_not(None)))
    return rows


async def _sealed_anew(db: Db, vault: Vault, sealed: SealedColumn, row: AnyRow, found: Rekeyed) -> int:
    old = getattr(row, sealed.column.name)
    if old.startswith(f"{vault.current}."):
        return 0
    try:
        new = vault.seal(sealed.where(row), vault.open(sealed.where(row), old))
    except BrokenSealError:
        found.broken += 1
        return 0
    same = [column == getattr(row, column.name) for column in sealed.table.primary_key.columns]
    change = sa.update(sealed.table).where(*same, sealed.column == old).values({sealed.column.name: new})
    return len(await db.rows(change.returning(sealed.order)))


async def holds_sealed(url: str) -> bool:
    """Whether a database has anything in it that only the right keys open."""
    if await current(url) is None:
        return False
    return await asyncio.to_thread(_holds_sealed, url)


def _holds_sealed(url: str) -> bool:
    with plain_transaction(normalise_url(url)) as connection:
        if not sa.inspect(connection).has_table(contacts.name):
            return False  # from before there were keys
        found = (
            value
            for sealed in SEALED
            for value in connection.execute(
                sa.select(sealed.column).where(sealed.column.is_not(None)).limit(1)
            ).scalars()
        )
        return any(_LOOKS_SEALED.fullmatch(value) for value in found)


async def prove_keys(db: Db, vault: Vault) -> None:
    """Open the account that came last. Raises WrongKeysError."""
    row = await db.first(sa.select(accounts).order_by(accounts.c.person_id.desc()).limit(1))
    if row is None:
        return
    try:
        account, _ = vault.open_json(account_place(row.channel, row.person_id), row.chat)
    except UnknownKeyError as error:
        raise WrongKeysError(str(error)) from None
    except BrokenSealError:
        raise WrongKeysError("a key of the keyring is not the one that this town was sealed with") from None
    if account_key(vault, row.channel, account) != row.account:
        raise WrongKeysError("`lookup` of the keyring is not the one that this town was sealed with")


async def seal_the_rest(db: Db, vault: Vault) -> None:
    """What stands in the open since before there were keys is sealed, once, all or nothing."""
    await db.hold(_TO_SEAL)
    if not await db.rows(sa.delete(marks).where(marks.c.key == _TO_SEAL).returning(marks.c.key)):
        return
    async for row in _open_rows(db, accounts, accounts.c.person_id, "chat"):
        sealed = vault.seal_json(account_place(row.channel, row.person_id), [row.account, row.chat])
        new: dict[str, str | None] = {"account": account_key(vault, row.channel, row.account), "chat": sealed}
        await db.rows(sa.update(accounts).where(accounts.c.person_id == row.person_id).values(new))
    async for row in _open_rows(db, inbox, inbox.c.id, "raw"):
        raw = None if row.raw is None else vault.seal_json(raw_place(row.channel, row.key), [row.chat, row.raw])
        new = {"chat": chat_key(vault, row.chat), "raw": raw}
        await db.rows(sa.update(inbox).where(inbox.c.id == row.id).values(new))
    async for row in _open_rows(db, outbox, outbox.c.id, "message"):
        sealed = vault.seal_json(message_place(row.key), {**json.loads(row.message), "chat": row.chat})
        chat = chat_key(vault, row.chat)
        lane = chat if row.lane == row.chat else row.lane
        new = {"chat": chat, "lane": lane, "message": sealed}
        await db.rows(sa.update(outbox).where(outbox.c.id == row.id).values(new))
    async for row in _open_rows(db, drafts, drafts.c.id, "data"):
        new = {"data": vault.seal(data_place(row.person_id, row.flow), row.data)}
        await db.rows(sa.update(drafts).where(drafts.c.id == row.id).values(new))
    for row in await db.rows(sa.select(blocks.c.id, blocks.c.account).where(sa.func.length(blocks.c.account) == 64)):
        new = {"account": block_key(vault, row.account)}
        await db.rows(sa.update(blocks).where(blocks.c.id == row.id).values(new))


async def _open_rows(db: Db, table: sa.Table, order: sa.Column[Any], column: str) -> AsyncIterator[AnyRow]:
    """Rows whose `column` is not sealed: a database that was set back and brought up again holds both."""
    last = -1
    while batch := await db.rows(sa.select(table).where(order > last).order_by(order).limit(_BATCH)):
        for row in batch:
            if not _LOOKS_SEALED.fullmatch(getattr(row, column) or ""):
                yield row
        last = getattr(batch[-1], order.name)
