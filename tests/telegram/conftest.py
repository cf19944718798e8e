"""A migrated store in a file of the test's own."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.migrate import migrate
from storage.store import SqlStore, open_store
from tests.telegram.clock import SetClock


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "store.sqlite"
    asyncio.run(migrate(f"sqlite:{path}"))
    return path


@pytest.fixture
def store_file(migrated_file: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(migrated_file, tmp_path / "store.sqlite"))


@pytest.fixture
async def store(store_file: Path) -> AsyncIterator[SqlStore]:
    opened = await open_store(f"sqlite:{store_file}")
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> SetClock:
    return SetClock()
