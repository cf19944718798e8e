"""A migrated store in a file of the test's own, a Bot API server, phones, and the bot that talks to them."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest
from telegram import Bot

from handlers.sandbox.botapi import BotApiServer, Phone
from handlers.telegram.bot_factory import Connection, build_bot
from handlers.telegram.transport import TelegramTransport
from storage.migrate import migrate
from storage.store import SqlStore, open_store
from tests.support.stores import KEYS
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
    opened = await open_store(f"sqlite:{store_file}", KEYS)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def server(clock: SetClock) -> AsyncIterator[BotApiServer]:
    """Telegram, with 阿芬 (1001), 阿福 (1002) and 阿强 (1003). No test may break one of its rules."""
    playing = BotApiServer(clock=clock.now)
    for user_id, name in ((1001, "阿芬"), (1002, "阿福"), (1003, "阿强")):
        playing.add_user(user_id, name)
    await playing.start()
    yield playing
    await playing.stop()
    assert playing.violations == []


@pytest.fixture
def connection(server: BotApiServer) -> Connection:
    return Connection(server.token, server.base_url, server.base_file_url, read_timeout=5.0)


@pytest.fixture
async def bot(connection: Connection) -> AsyncIterator[Bot]:
    async with build_bot(connection) as built:
        yield built


@pytest.fixture
def transport(bot: Bot) -> TelegramTransport:
    return TelegramTransport(bot)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def phone(server: BotApiServer, session: aiohttp.ClientSession) -> Callable[[int], Phone]:
    return lambda user_id: Phone(control(server), user_id, session)


@pytest.fixture
async def fen(phone: Callable[[int], Phone]) -> Phone:
    """阿芬's phone, with the bot started."""
    hers = phone(1001)
    await hers.start()
    return hers


def control(server: BotApiServer) -> str:
    """Where the control API is."""
    return server.base_url.removesuffix("/bot")
