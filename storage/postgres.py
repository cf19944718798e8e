"""PostgreSQL: many transactions at once, also from several processes."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import sqlalchemy as sa
from sqlalchemy import Executable
from sqlalchemy.engine import URL, Engine
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.connection import AnyRow, Database, Db, Given
from storage.engine import open_postgres
from storage.locks import lock_key
from storage.trouble import trouble_named

HOLD = sa.text(f"SELECT pg_advisory_xact_lock({lock_key(':name')})")


class Postgres(Database):
    def __init__(self, url: URL, *, alone: bool = False, reading: bool = False) -> None:
        self._url = url
        self._engine = open_postgres(url, patient=alone, reading=reading)

    @property
    def engine(self) -> Engine:
        return self._engine.sync_engine

    def reading(self) -> "Postgres":
        return Postgres(self._url, alone=True, reading=True)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Db]:
        with trouble_named():
            async with self._engine.begin() as connection:
                yield PostgresDb(connection)

    async def close(self) -> None:
        await self._engine.dispose()


class PostgresDb(Db):
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def rows(self, statement: Executable, given: Given = None) -> Sequence[AnyRow]:
        with trouble_named():
            result = await self._connection.execute(statement, given)
        return result.all() if result.returns_rows else ()

    async def hold(self, name: str) -> None:
        with trouble_named():
            await self._connection.execute(HOLD, {"name": name})

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        with trouble_named():
            async with self._connection.begin_nested():
                yield
