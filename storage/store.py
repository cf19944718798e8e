"""The store: transactions over one database, each with all its repositories."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.ports import Cases, Drafts, Inbox, Marks, Outbox, People
from storage.cases import SqlCases
from storage.connection import Db, transaction
from storage.drafts import SqlDrafts
from storage.engine import normalise_url, open_engine
from storage.inbox import SqlInbox
from storage.marks import SqlMarks
from storage.migrate import check
from storage.outbox import SqlOutbox
from storage.people import SqlPeople


class SqlTx:
    """Implements `bot.ports.Tx` on one connection in a transaction."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self.inbox: Inbox = SqlInbox(db)
        self.outbox: Outbox = SqlOutbox(db)
        self.people: People = SqlPeople(db)
        self.drafts: Drafts = SqlDrafts(db)
        self.cases: Cases = SqlCases(db)
        self.marks: Marks = SqlMarks(db)

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        return self._db.savepoint()


class SqlStore:
    """Implements `bot.ports.Store`. On SQLite transactions take turns, first come first served."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        one_at_a_time = engine.dialect.name == "sqlite"
        self._turn: AbstractAsyncContextManager[object] = asyncio.Lock() if one_at_a_time else nullcontext()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[SqlTx]:
        async with self._turn, transaction(self.engine) as db:
            yield SqlTx(db)

    async def close(self) -> None:
        await self.engine.dispose()


async def open_store(url: str) -> SqlStore:
    """Open a database that is at this program's revision. Raises ValueError for the URL, WrongRevisionError else."""
    where = normalise_url(url)
    await check(url)
    engine = open_engine(where)
    async with engine.connect():  # the first connection is made before a task can be cancelled in making it
        return SqlStore(engine)
