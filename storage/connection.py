"""One connection in a transaction: what the repositories work with."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy import CursorResult, Executable
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

T = TypeVar("T")


class Db:
    """Runs statements. On SQLite a step that has begun is seen through before a cancelled task may leave.

    A SQLite statement runs in a thread that cannot be called back: a task that left it behind would leave an
    open transaction too, and with it a lock that nobody gives back.
    """

    __slots__ = ("_connection", "postgresql")

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.postgresql = connection.dialect.name == "postgresql"

    async def execute(
        self,
        statement: Executable,
        given: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> CursorResult[*tuple[Any, ...]]:
        return await self._see_through(self._connection.execute(statement, given))

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        nested = self._connection.begin_nested()
        await self._see_through(nested.start())
        try:
            yield
        except BaseException:
            await self._see_through(nested.rollback())
            raise
        await self._see_through(nested.commit())

    async def begin(self) -> None:
        await self._see_through(self._connection.begin().start())

    async def commit(self) -> None:
        await self._see_through(self._connection.commit())

    async def _see_through(self, step: Coroutine[Any, Any, T]) -> T:
        return await (step if self.postgresql else _unbroken(step))


@asynccontextmanager
async def transaction(engine: AsyncEngine) -> AsyncIterator[Db]:
    """Commits at the end; left by an error, the connection undoes what was not committed."""
    async with engine.connect() as connection:
        db = Db(connection)
        await db.begin()
        yield db
        await db.commit()


async def _unbroken(step: Coroutine[Any, Any, T]) -> T:
    """Await the step to its end; a cancellation that came meanwhile is raised after it."""
    task = asyncio.create_task(step)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait((task,))
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled:
        task.exception()  # else it would be reported as never looked at
        raise cancelled
    return task.result()
