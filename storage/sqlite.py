"""SQLite by aiosqlite: one file, one connection in aiosqlite's thread, and transactions that take turns."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Protocol, TypeVar, cast

import aiosqlite
from sqlalchemy import Executable
from sqlalchemy.dialects.sqlite import pysqlite
from sqlalchemy.engine import URL, Engine

from bot.ports import StoreTrouble
from storage.connection import AnyRow, Database, Db, Given
from storage.durable import confirm
from storage.engine import open_sqlite
from storage.prepared import Preparation
from storage.trouble import named, trouble_named

T = TypeVar("T")

_PREPARED = Preparation(pysqlite.dialect())  # one for all connections of this process


class Step(Protocol):
    """How a thing that blocks gets done in the connection's thread."""

    def __call__(self, act: Callable[[], T], /) -> Awaitable[T]: ...


class Driver(aiosqlite.Connection):
    """aiosqlite's connection and thread, with a whole statement as one step: its own cursors go to the thread and
    back for each of cursor, execution, fetch and close, which costs four times as much.
    """

    async def step(self, act: Callable[[], T]) -> T:
        """Do it in the thread. A cancelled task does not wait for the end of its step, but the step is never
        dropped: the thread does one after another, so the closing that follows undoes it.
        """
        return cast(T, await self._execute(act))  # type: ignore[no-untyped-call]  # aiosqlite has it untyped


class Here:
    """In place of aiosqlite's thread, where the process has nothing else to do meanwhile: no step goes anywhere."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def step(self, act: Callable[[], T]) -> T:
        return act()

    async def close(self) -> None:
        self._connection.close()


class Sqlite(Database):
    """SQLite has one writer at a time anyway: a transaction waits here, first come first served.

    `alone`: the thread does nothing else, so that each statement is done on the spot, without one of its own.
    `reading`: its transactions only read, beside whoever writes.
    """

    def __init__(self, url: URL, *, alone: bool = False, reading: bool = False) -> None:
        self._url = url
        self._engine = open_sqlite(url, reading=reading)
        self._begin = "BEGIN" if reading else "BEGIN IMMEDIATE"
        self._file = None if reading else url.database
        self._connection: sqlite3.Connection | None = None
        self._alone = alone
        self._driver: Driver | Here | None = None
        self._turn = asyncio.Lock()
        self._holder: asyncio.Task[object] | None = None

    @property
    def engine(self) -> Engine:
        return self._engine

    def reading(self) -> "Sqlite":
        return Sqlite(self._url, alone=True, reading=True)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Db]:
        async with self._my_turn():
            db = self._opened(self.step)
            try:
                await self.step(partial(db.begin, self._begin))
                yield db
                await self.step(db.commit)
            finally:
                await self.step(db.close)

    async def work(self, act: Callable[[Db], Coroutine[Any, Any, T]]) -> T:
        """All of it in the thread, as one step: to the thread and back costs more than most statements."""
        async with self._my_turn():
            return await self.step(partial(self._whole, act))

    def _whole(self, act: Callable[[Db], Coroutine[Any, Any, T]]) -> T:
        db = self._opened(None)
        try:
            db.begin(self._begin)
            result = _run(act(db))
            db.commit()
            return result
        finally:
            db.close()

    @asynccontextmanager
    async def _my_turn(self) -> AsyncIterator[None]:
        if self._turn.locked() and self._holder is asyncio.current_task():
            raise RuntimeError("a transaction within a transaction would wait for itself")
        async with self._turn:
            self._holder = asyncio.current_task()
            if self._driver is None:
                with trouble_named():
                    self._driver = await self._open()
            yield

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

    async def _open(self) -> Driver | Here:
        return Here(self._connect()) if self._alone else cast(Driver, await Driver(self._connect, iter_chunk_size=64))

    def _connect(self) -> sqlite3.Connection:
        """The engine's one connection, which aiosqlite then owns."""
        pooled = self._engine.raw_connection()
        self._connection = cast(sqlite3.Connection, pooled.driver_connection)
        pooled.close()  # back into the pool, which keeps it open
        return self._connection

    def _opened(self, step: Step | None) -> "SqliteDb":
        if self._connection is None:
            raise RuntimeError("the database is closed")
        return SqliteDb(self._connection, step, self._file)


def _run(act: Coroutine[Any, Any, T]) -> T:
    """Run what never really waits: no event loop is needed for that."""
    try:
        act.send(None)
    except StopIteration as end:
        return cast(T, end.value)
    act.close()
    raise RuntimeError("an act within a transaction awaited something else than its transaction")


class SqliteDb(Db):
    """A transaction, whose statements get done by `step`, or on the spot where the thread is reached already (None).
    What is no coroutine here blocks.
    """

    def __init__(self, connection: sqlite3.Connection, step: Step | None, file: str | None) -> None:
        self._connection = connection
        self._step = step
        self._file = file

    def begin(self, words: str) -> None:
        """As a writer at once, or for reading alone: one that starts to write later could fail then as busy."""
        self._connection.execute(words)

    def commit(self) -> None:
        """Also of one that wrote nothing: what it read may be a row that the disk has lost."""
        self._connection.execute("COMMIT")
        if self._file:
            confirm(self._file)

    def close(self) -> None:
        """Undoes what was not committed."""
        self._connection.rollback()

    async def rows(self, statement: Executable, given: Given = None) -> Sequence[AnyRow]:
        if self._step is None:
            return self._run(statement, given)
        return await self._step(partial(self._run, statement, given))

    def _run(self, statement: Executable, given: Given) -> Sequence[AnyRow]:
        self._look()
        try:  # no `with`: it is left without an error a hundred thousand times
            return _PREPARED.run(self._connection, statement, given)
        except sqlite3.Error as error:
            raise named(error) from error

    async def _said(self, *words: str) -> None:
        if self._step is None:
            self._say(*words)
        else:
            await self._step(partial(self._say, *words))

    def _say(self, *words: str) -> None:
        for each in words:
            self._look()
            with trouble_named():
                self._connection.execute(each)

    def _look(self) -> None:
        """On a full disk SQLite undoes the whole transaction by itself; what follows would then stand alone."""
        if not self._connection.in_transaction:
            raise StoreTrouble("SQLite has undone the transaction")

    async def hold(self, name: str) -> None:
        """There is no other transaction."""

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        # One name for all: the words mean the innermost, and SQLite need not read them anew.
        await self._said("SAVEPOINT part")
        try:
            yield
        except BaseException as error:
            try:
                await self._said("ROLLBACK TO part", "RELEASE part")
            except StoreTrouble:
                # A full or failing disk has SQLite undo the whole transaction by itself: the savepoint is gone.
                if not isinstance(error, StoreTrouble):
                    raise
            raise
        await self._said("RELEASE part")
