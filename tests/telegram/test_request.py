"""Calls over aiohttp fail as the library's own would, name no address, and ask the proxy that the machine knows."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest

from handlers.telegram.bot_factory import tls_context
from handlers.telegram.request import AiohttpRequest, proxy_of_environment
from tests.telegram.odd_server import HANG, OddServer

SECRET = "123456789:AAF0123456789_abcdefghijklmnopqrstu"


@asynccontextmanager
async def calling(read_timeout: float = 5.0, proxy: str | None = None) -> AsyncIterator[BaseRequest]:
    request = AiohttpRequest(1, 1.0, read_timeout, proxy, tls_context)
    try:
        yield request
    finally:
        await request.shutdown()


async def test_an_answer_that_does_not_come_is_a_time_out() -> None:
    async with OddServer(HANG).running() as server, calling(0.1) as request:
        with pytest.raises(TimedOut):
            await request.post(f"{server.url}/sendMessage")


async def test_how_long_an_answer_may_take_can_be_told_call_by_call() -> None:
    async with OddServer(HANG).running() as server, calling() as request:
        with pytest.raises(TimedOut):
            await request.post(f"{server.url}/getUpdates", read_timeout=0.1)


async def test_a_server_that_is_away_is_a_network_error_that_names_no_address() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    async with calling() as request:
        with pytest.raises(NetworkError, match="refused") as raised:
            await request.post(f"http://127.0.0.1:{port}/bot{SECRET}/getMe")
    assert SECRET not in repr(raised.value)
    assert str(port) not in str(raised.value)
    assert raised.value.__cause__ is None


async def test_an_address_that_is_none_is_a_network_error_that_does_not_quote_it() -> None:
    async with calling() as request:
        with pytest.raises(NetworkError) as raised:
            await request.post(f"http:///bot{SECRET}/getMe")
    assert SECRET not in repr(raised.value)


async def test_it_can_be_used_again_after_it_was_shut_down() -> None:
    async with OddServer([{"n": 1}], [{"n": 2}]).running() as server, calling() as request:
        assert await request.post(f"{server.url}/getUpdates") == [{"n": 1}]
        await request.shutdown()
        assert await request.post(f"{server.url}/getUpdates") == [{"n": 2}]


async def test_a_proxy_is_asked_where_the_environment_names_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(str(request.url))
        return web.json_response({"ok": True, "result": []})

    application = web.Application()
    application.router.add_route("*", "/{tail:.*}", answer)
    server = TestServer(application)
    await server.start_server()
    monkeypatch.setenv("http_proxy", str(server.make_url("/")))
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    async with calling() as request:
        await request.post("http://telegram.invalid/bot1:x/getUpdates")
    await server.close()
    assert asked == ["http://telegram.invalid/bot1:x/getUpdates"]
    assert proxy_of_environment("http://127.0.0.1:8081/bot") is None
