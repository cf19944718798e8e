"""A fresh sample town for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.chat import ChatClient, LocalTown, local_town


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[LocalTown]:
    async with local_town(tmp_path) as town:
        yield town


@pytest.fixture
async def villager(place: LocalTown) -> ChatClient:
    """A villager who has agreed to the notice."""
    client = place.client("v1")
    await client.agree()
    return client
