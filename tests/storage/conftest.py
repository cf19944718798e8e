"""A migrated and empty store for each test, on each kind of database."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.migrate import migrate
from storage.store import SqlStore, open_store
from tests.support.postgres import database, empty, postgres_server
from tests.support.stores import KEYS


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def shared_url(server: str) -> Iterator[str]:
    """A migrated PostgreSQL database, which each test leaves empty."""
    with database(server) as url:
        asyncio.run(migrate(url))
        yield url


@pytest.fixture(scope="session")
def template_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "migrated.sqlite"
    asyncio.run(migrate(f"sqlite:{path}"))
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_url(kind: str, tmp_path: Path, server: str) -> Iterator[str]:
    """A database with nothing in it."""
    if kind == "sqlite":
        yield f"sqlite:{tmp_path / 'empty.sqlite'}"
        return
    with database(server) as url:
        yield url


@pytest.fixture
def url(kind: str, tmp_path: Path, shared_url: str, template_file: Path) -> Iterator[str]:
    """A migrated database."""
    if kind == "sqlite":
        shutil.copy(template_file, tmp_path / "store.sqlite")
        yield f"sqlite:{tmp_path / 'store.sqlite'}"
        return
    yield shared_url
    empty(shared_url)


@pytest.fixture
async def store(url: str) -> AsyncIterator[SqlStore]:
    opened = await open_store(url, KEYS)
    yield opened
    await opened.close()


@pytest.fixture
async def shared_store(shared_url: str) -> AsyncIterator[SqlStore]:
    """A store on PostgreSQL only, for what takes two transactions at once."""
    opened = await open_store(shared_url, KEYS)
    yield opened
    await opened.close()
    empty(shared_url)
