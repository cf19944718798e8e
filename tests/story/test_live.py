"""`python -m bot run` as an administrator meets it: migrate, run, the one-time link, a good stop."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.config import SAMPLE_CONFIG
from handlers.sandbox.botapi import BotApiServer, Phone
from tests.telegram.test_kill import free_port

ROOT = Path(__file__).parents[2]
ADMIN, VILLAGER = 1001, 1002


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    playing = BotApiServer()
    playing.add_user(ADMIN, "管理员")
    playing.add_user(VILLAGER, "村民")
    await playing.start()
    yield playing
    await playing.stop()


def write_config(folder: Path, server: BotApiServer, mode: str, port: int, health: int) -> Path:
    sample = SAMPLE_CONFIG.parent
    path = folder / "config.toml"
    path.write_text(
        f'''
[town]
code = "ZJ"
name = "样例镇"
office_name = "样例镇人大办公室"
office_phone = "0000-0009999"
villages = "{sample / "villages.toml"}"
roster = "{sample / "roster.toml"}"
[privacy]
controller = "样例镇人大办公室"
contact = "0000-0009999"
[storage]
url = "sqlite:town.sqlite"
[telegram]
mode = "{mode}"
base_url = "{server.base_url.removesuffix("/bot")}"
[telegram.webhook]
public_url = "http://127.0.0.1:{port}"
listen_port = {port}
[health]
port = {health}
[log]
level = "debug"
''',
        encoding="utf-8",
    )
    return path


def environment(server: BotApiServer) -> dict[str, str]:
    return os.environ | {"XIANGYIN_TELEGRAM_TOKEN": server.token, "XIANGYIN_WEBHOOK_SECRET": "a-secret-for-a-test"}


async def bot(server: BotApiServer, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, cwd=ROOT, env=environment(server),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


@asynccontextmanager
async def running(server: BotApiServer, config: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """The bot and the payload of the link that it prints."""
    process = await bot(server, "run", "--config", str(config))
    assert process.stdout
    try:
        while True:
            line = (await asyncio.wait_for(process.stdout.readline(), 60)).decode()
            assert line, "the bot ended before it printed the link"
            if found := re.search(r"https://t\.me/xiangyin_sandbox_bot\?start=(\S+)", line):
                break
        yield process, found[1]
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_a_database_that_was_not_made_stops_the_start_with_the_mend(server: BotApiServer, tmp_path: Path) -> None:
    config = write_config(tmp_path, server, "polling", 1, free_port())
    process = await bot(server, "run", "--config", str(config))
    _, errors = await process.communicate()
    assert process.returncode == 1
    assert b"migrate" in errors
    assert b"Traceback" not in errors


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_from_the_printed_link_to_a_case_and_a_good_stop(mode: str, server: BotApiServer, tmp_path: Path) -> None:
    health = free_port()
    config = write_config(tmp_path, server, mode, free_port(), health)
    migrated = await bot(server, "migrate", "--config", str(config))
    await migrated.communicate()
    assert migrated.returncode == 0
    root = server.base_url.removesuffix("/bot")
    async with running(server, config) as (process, payload), aiohttp.ClientSession() as session:
        admin, villager = Phone(root, ADMIN, session), Phone(root, VILLAGER, session)
        await admin.start(payload)
        await admin.wait_for("您现在是系统管理员", 30)
        async with asyncio.timeout(10):
            while not any(command["command"] == "people" for command in admin.commands):
                await admin.refresh(1)
        await admin.press_label("人员与邀请")
        await admin.wait_for("席位已有人", 30)
        assert not any(command["command"] == "people" for command in villager.commands)
        await villager.send_text("我们石龙村的路灯坏了半个月")
        await villager.wait_for("您同意吗", 30)
        await villager.press_label("✅ 同意")
        await villager.wait_for("有照片吗", 30)
        await villager.send_text("1")
        await villager.wait_for("请看对不对", 30)
        await villager.send_text("1")
        await villager.wait_for("ZJ-", 30)
        async with session.get(f"http://127.0.0.1:{health}/health") as answer:
            assert answer.status == 200
            assert (await answer.json())["ok"] is True
        process.send_signal(signal.SIGTERM)
        output, errors = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0, errors.decode()[-2000:]
    log = (output + errors).decode()
    assert server.token not in log
    assert server.token.split(":")[1] not in log
    assert payload not in log
    assert "路灯" not in log, "a villager's words are in the log"
