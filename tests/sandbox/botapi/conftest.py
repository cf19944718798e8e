"""One sandbox to a test, a clock that a test moves, phones, and bots of two libraries."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from handlers.sandbox.botapi import BotApiServer, Phone
from tests.sandbox.botapi.clients import AiogramClient, Client, PtbClient
from tests.sandbox.botapi.judge import check_log

VILLAGER, DEPUTY, STRANGER = 1001, 1002, 1003


class MovingClock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **more: float) -> None:
        self.now += timedelta(**more)


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
async def server(clock: MovingClock) -> AsyncIterator[BotApiServer]:
    """A running sandbox. Whatever a test did, its log must satisfy the judge at the end."""
    server = BotApiServer(clock=clock)
    server.add_user(VILLAGER, "阿婆")
    server.add_user(DEPUTY, "李代表")
    server.add_user(STRANGER, "路人", "en")
    await server.start()
    yield server
    await server.stop()
    check_log(server.log)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def url(server: BotApiServer) -> str:
    return server.base_url.removesuffix("/bot")


@pytest.fixture
def villager(url: str, session: aiohttp.ClientSession) -> Phone:
    return Phone(url, VILLAGER, session)


@pytest.fixture
def deputy(url: str, session: aiohttp.ClientSession) -> Phone:
    return Phone(url, DEPUTY, session)


@pytest.fixture(params=[PtbClient, AiogramClient], ids=["ptb", "aiogram"])
async def client(request: pytest.FixtureRequest, server: BotApiServer) -> AsyncIterator[Client]:
    client: Client = request.param(server)
    await client.open()
    yield client
    await client.close()


class Raw:
    """Calls the Bot API with whatever a test likes, and returns status and answer."""

    def __init__(self, server: BotApiServer, session: aiohttp.ClientSession) -> None:
        self._prefix = f"{server.base_url}{server.token}/"
        self._session = session

    async def __call__(self, method: str, **params: Any) -> tuple[int, dict[str, Any]]:
        async with self._session.post(self._prefix + method, json=params) as response:
            return response.status, await response.json()

    async def get(self, method: str, **params: str) -> tuple[int, dict[str, Any]]:
        async with self._session.get(self._prefix + method, params=params) as response:
            return response.status, await response.json()

    async def form(self, method: str, form: aiohttp.FormData) -> tuple[int, dict[str, Any]]:
        async with self._session.post(self._prefix + method, data=form) as response:
            return response.status, await response.json()


@pytest.fixture
def raw(server: BotApiServer, session: aiohttp.ClientSession) -> Raw:
    return Raw(server, session)
