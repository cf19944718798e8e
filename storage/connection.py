"""What the repositories work with: one connection in a transaction, and the database that gives it."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Executable, Row
from sqlalchemy.engine import Engine

T = TypeVar("T")

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
"""A tuple whose columns have names too, with `_asdict` as named tuples have it."""

Given: TypeAlias = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
"""A statement's parameters. A sequence of mappings runs it once for many rows."""


class Db(ABC):
    """One transaction. It runs SQLAlchemy Core statements, the same for every database."""

    @abstractmethod
    async def rows(self, statement: Executable, given: Given = None) -> Sequence[AnyRow]:
        """Run the statement; all rows that it returns, none for one that returns no rows."""

    async def first(self, statement: Executable, given: Given = None) -> AnyRow | None:
        found = await self.rows(statement, given)
        return found[0] if found else None

    async def value(self, statement: Executable, given: Given = None) -> Any:
        """The first column of the first row, None where there is no row."""
        found = await self.rows(statement, given)
        return found[0][0] if found else None

    @abstractmethod
    async def hold(self, name: str) -> None:
        """Wait until no other transaction holds this name, and hold it until the end."""

    @abstractmethod
    def savepoint(self) -> AbstractAsyncContextManager[None]:
        """A part that an error or a cancellation undoes on its own."""


class Database(ABC):
    @property
    @abstractmethod
    def engine(self) -> Engine:
        """The engine below, to listen to."""

    @abstractmethod
    def transaction(self) -> AbstractAsyncContextManager[Db]:
        """Commits at the end; an error or a cancellation undoes all."""

    async def work(self, act: Callable[[Db], Coroutine[Any, Any, T]]) -> T:
        """A transaction around one act, which awaits nothing but its statements."""
        async with self.transaction() as db:
            return await act(db)

    async def look(self, act: Callable[[Db], Coroutine[Any, Any, T]]) -> T:
        """A transaction around one act that only reads: all of one moment, in a thread and on a connection of its own,
        so that it may take its time and holds nobody up. Raises StoreTrouble where it writes.
        """
        return await asyncio.to_thread(lambda: asyncio.run(self._aside(act)))

    async def _aside(self, act: Callable[[Db], Coroutine[Any, Any, T]]) -> T:
        database = self.reading()
        try:
            return await database.work(act)
        finally:
            await database.close()

    @abstractmethod
    def reading(self) -> "Database":
        """The same once more, not open yet, for transactions that only read."""

    @abstractmethod
    async def close(self) -> None: ...
