"""The server as a process of its own, and mounted in another application."""

import asyncio
import sys

import aiohttp
from aiohttp import web

from handlers.sandbox.botapi import BotApiServer, Phone
from tests.sandbox.botapi.conftest import VILLAGER, Raw
from tests.sandbox.botapi.samples import png


async def test_the_server_alone_prints_its_address_and_ends_on_request(session: aiohttp.ClientSession) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "handlers.sandbox.botapi", "--port", "0", "--user", "1001:阿婆"),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    url = (await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip()
    phone = Phone(url, VILLAGER, session)
    assert len(await phone.start()) == 1
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 30) == 0


async def test_mounted_in_another_application_it_takes_large_files_too(session: aiohttp.ClientSession) -> None:
    server = BotApiServer()
    server.add_user(VILLAGER, "阿婆")
    application = web.Application()
    application.add_routes(server.routes())
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    server.mounted_at(url)
    await Phone(url, VILLAGER, session).send_photos([png() + bytes(2**21)])
    _, answer = await Raw(server, session)("getUpdates")
    assert answer["result"][0]["message"]["photo"][-1]["file_size"] > 2**21
    await server.stop()
    await runner.cleanup()
