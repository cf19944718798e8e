"""SQLite by aiosqlite: one file, one connection in aiosqlite's thread, and transactions that take turns."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar, cast

import aiosqlite
from sqlalchemy import Executable
from sqlalchemy.engine import URL, Connection, Engine

from storage.connection import AnyRow, Database, Db, Given
from storage.engine import open_sqlite
from storage.trouble import trouble_named

T = TypeVar("T")


class Driver(aiosqlite.Connection):
    """aiosqlite's connection and thread, with a whole statement as one step: its own cursors go to the thread and
    back for each of cursor, execution, fetch and close, which costs four times as much.
    """

    async def step(self, act: Callable[[], T]) -> T:
        """Do it in the thread. A cancelled task does not wait for the end of its step, but the step is never
        dropped: the thread does one after another, so the closing that follows undoes it.
        """
        return cast(T, await self._execute(act))  # type: ignore[no-untyped-call]  # aiosqlite has it untyped


class Sqlite(Database):
    """SQLite has one writer at a time anyway: a transaction waits here, first come first served."""

    def __init__(self, url: URL) -> None:
        self._engine = open_sqlite(url)
        self._driver: Driver | None = None
        self._turn = asyncio.Lock()
        self._holder: asyncio.Task[object] | None = None

    @property
    def engine(self) -> Engine:
        return self._engine

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Db]:
        if self._turn.locked() and self._holder is asyncio.current_task():
            raise RuntimeError("a transaction within a transaction would wait for itself")
        async with self._turn:
            self._holder = asyncio.current_task()
            if self._driver is None:
                with trouble_named():
                    self._driver = cast(Driver, await Driver(self._connect, iter_chunk_size=64))
            db = SqliteDb(self)
            try:
                await self.step(db.begin)
                yield db
                await self.step(db.commit)
            finally:
                await self.step(db.close)

    async def step(self, act: Callable[[], T]) -> T:
        """Do it in the thread, in the order of asking."""
        if self._driver is None:
            raise RuntimeError("the database is closed")
        with trouble_named():
            return await self._driver.step(act)

    async def close(self) -> None:
        async with self._turn:
            if self._driver:
                await self._driver.step(self._engine.dispose)
                await self._driver.close()
                self._driver = None

    def _connect(self) -> sqlite3.Connection:
        """The engine's one connection, which aiosqlite then owns."""
        pooled = self._engine.raw_connection()
        connection = cast(sqlite3.Connection, pooled.driver_connection)
        pooled.close()  # back into the pool, which keeps it open
        return connection


class SqliteDb(Db):
    def __init__(self, database: Sqlite) -> None:
        self._database = database
        self._connection: Connection | None = None

    def begin(self) -> None:
        self._connection = self._database.engine.connect()
        self._connection.begin()

    def commit(self) -> None:
        self._open.commit()

    def close(self) -> None:
        """Undoes what was not committed."""
        if self._connection:
            self._connection.close()

    async def rows(self, statement: Executable, given: Given = None) -> Sequence[AnyRow]:
        connection = self._open

        def run() -> Sequence[AnyRow]:
            result = connection.execute(statement, given)
            return result.all() if result.returns_rows else ()

        return await self._database.step(run)

    async def hold(self, name: str) -> None:
        """There is no other transaction."""

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        nested = await self._database.step(self._open.begin_nested)
        try:
            yield
        except BaseException:
            await self._database.step(nested.rollback)
            raise
        await self._database.step(nested.commit)

    @property
    def _open(self) -> Connection:
        if self._connection is None:
            raise RuntimeError("the transaction has not begun")
        return self._connection
