"""Migrations: they make what the schema says, up and down, however many start at once."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.engine import Connection

from storage.engine import normalise_url, plain_transaction
from storage.migrate import WrongRevisionError, current, downgrade, migrate
from storage.schema import metadata
from storage.store import open_store
from tests.support.stores import KEYS

T = TypeVar("T")

ALL = [
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
    "0011",
    "0013",
    "0010",
    "0012",
    "0010b",
    "0014",
    "0015",
    "0016",
]
"""Every revision, oldest first."""


def _look(url: str, use: Callable[[Connection], T]) -> T:
    with plain_transaction(normalise_url(url)) as connection:
        return use(connection)


def _tables(url: str) -> set[str]:
    return _look(url, lambda connection: set(sa.inspect(connection).get_table_names()))


def _constraints(url: str) -> set[tuple[str, str]]:
    """What autogenerate does not compare: checks and partial indexes, by name and text."""

    def read(connection: Connection) -> set[tuple[str, str]]:
        seen: set[tuple[str, str]] = set()
        inspector = sa.inspect(connection)
        for table in metadata.tables:
            seen |= {(str(c["name"]), str(c["sqltext"])) for c in inspector.get_check_constraints(table)}
            for index in inspector.get_indexes(table):
                options: dict[str, Any] = index.get("dialect_options", {})
                where = [str(text) for name, text in options.items() if name.endswith("_where")]
                seen.add((str(index["name"]), f"{index['column_names']} {index['unique']} {where}"))
        return seen

    return _look(url, read)


async def test_migrations_make_what_the_schema_says(empty_url: str) -> None:
    assert await migrate(empty_url) == ALL

    def compare(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, metadata))

    assert _look(empty_url, compare) == []
    migrated = _constraints(empty_url)
    await downgrade(empty_url, "base")
    _look(empty_url, metadata.create_all)
    assert migrated == _constraints(empty_url)


async def test_the_stairs_lead_up_and_down_and_up_again(empty_url: str) -> None:
    assert await current(empty_url) is None
    assert await migrate(empty_url) == ALL
    for n in reversed(range(len(ALL))):
        assert await downgrade(empty_url, ALL[n - 1] if n else "base") == ALL[n:][::-1]
        assert await current(empty_url) == (ALL[n - 1] if n else None)
        if n:
            assert await migrate(empty_url) == ALL[n:]
    assert _tables(empty_url) == {"alembic_version"}
    assert await migrate(empty_url) == ALL
    assert await current(empty_url) == ALL[-1]
    assert _tables(empty_url) == {"alembic_version", *metadata.tables}


async def test_a_database_that_is_up_to_date_is_left_alone(url: str) -> None:
    assert await migrate(url) == []
    assert await current(url) == ALL[-1]


async def test_a_migration_that_fails_changes_nothing(empty_url: str) -> None:
    _look(empty_url, lambda connection: connection.exec_driver_sql("CREATE TABLE marks (x INTEGER)"))
    with pytest.raises(sa.exc.DBAPIError):
        await migrate(empty_url)
    assert _tables(empty_url) == {"marks"}
    assert await current(empty_url) is None


async def test_several_tasks_may_migrate_at_once(empty_url: str) -> None:
    done = await asyncio.gather(*(migrate(empty_url) for _ in range(4)))
    assert sorted(done) == [[], [], [], ALL]


async def test_several_processes_may_migrate_at_once(empty_url: str) -> None:
    program = "import asyncio, sys; from storage.migrate import migrate; print(asyncio.run(migrate(sys.argv[1])))"
    running = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", program, empty_url, stdout=PIPE) for _ in range(3)
    ]
    told = [(await process.communicate())[0].decode().strip() for process in running]
    assert sorted(told) == [str(ALL), "[]", "[]"]


class TestOpening:
    async def test_an_empty_database_is_refused_with_the_mend(self, empty_url: str) -> None:
        with pytest.raises(WrongRevisionError, match=rf"none.*{ALL[-1]}.*python -m bot migrate"):
            await open_store(empty_url, KEYS)

    async def test_to_look_at_a_file_that_is_not_there_does_not_make_it(self, tmp_path: Path) -> None:
        with pytest.raises(WrongRevisionError):
            await open_store(f"sqlite:{tmp_path / 'no.sqlite'}", KEYS)
        assert os.listdir(tmp_path) == []

    async def test_a_newer_database_is_refused_and_left_alone(self, empty_url: str) -> None:
        await migrate(empty_url)
        newer = "UPDATE alembic_version SET version_num = '9999'"
        _look(empty_url, lambda connection: connection.exec_driver_sql(newer))
        for attempt in (open_store(empty_url, KEYS), migrate(empty_url), downgrade(empty_url, "base")):
            with pytest.raises(WrongRevisionError, match="newer than this program"):
                await attempt
        assert _tables(empty_url) == {"alembic_version", *metadata.tables}
