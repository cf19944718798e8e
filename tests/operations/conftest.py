"""A town on each kind of database, as an operator may run it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.migrate import migrate
from tests.support.chat import LocalTown, local_town
from tests.support.postgres import database, postgres_server


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with postgres_server() as url:
        yield url


@pytest.fixture
def postgres_url(server: str) -> Iterator[str]:
    """A migrated PostgreSQL database of its own."""
    with database(server) as url:
        asyncio.run(migrate(url))
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A migrated SQLite database."""
    url = f"sqlite:{tmp_path / 'town.sqlite'}"
    asyncio.run(migrate(url))
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """A migrated database, once of each kind."""
    return str(request.getfixturevalue(f"{'sqlite' if request.param == 'sqlite' else 'postgres'}_url"))


@pytest.fixture
async def place(url: str, tmp_path: Path) -> AsyncIterator[LocalTown]:
    async with local_town(tmp_path, url=url) as town:
        yield town
