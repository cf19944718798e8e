"""Polling stores everything before Telegram may forget it, and gets over whatever goes wrong."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import aiohttp.test_utils
import aiohttp.web
import pytest
from telegram import Bot
from telegram.request import BaseRequest

from bot.ports import Store
from handlers.sandbox.botapi import BotApiServer, Phone
from handlers.telegram.bot_factory import Connection
from handlers.telegram.errors import TokenRejectedError
from handlers.telegram.polling import Polling
from handlers.telegram.webhook import SECRET_HEADER, close_webhook, open_webhook
from storage.store import SqlStore
from tests.telegram.clock import SetClock
from tests.telegram.failing import FailingStore
from tests.telegram.faults import calls, fail
from tests.telegram.odd_server import HANG, OddServer
from tests.telegram.updates import said

UPDATE = json.loads(said(text="a"))


class Polled:
    """A poller and what became of it."""

    def __init__(self, store: Store, url: str, connection: Connection, clock: SetClock, **more: Any) -> None:
        self.connections = 0
        self.rung = 0
        self._connection = connection
        more = {"wait": 0, "first_pause": 0.01} | more
        self.polling = Polling(store, url, self._new_request, clock, self._ring, **more)

    def _new_request(self) -> BaseRequest:
        self.connections += 1
        return self._connection.new_request(1)

    def _ring(self) -> None:
        self.rung += 1

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Polled"]:
        stop = asyncio.Event()
        task = asyncio.create_task(self.polling.run(stop))
        try:
            yield self
        finally:
            stop.set()
            async with asyncio.timeout(10):
                await task


Make = Callable[..., Polled]


@pytest.fixture
def make(store: SqlStore, bot: Bot, connection: Connection, clock: SetClock) -> Make:
    def poller(other_store: Store | None = None, url: str | None = None, **more: Any) -> Polled:
        return Polled(other_store or store, url or bot.base_url, connection, clock, **more)

    return poller


async def keys(store: SqlStore) -> list[int]:
    """The update ids in the inbox; one chat's are shown one at a time, so they are handled here."""
    found = []
    async with store.begin() as tx:
        while rows := await tx.inbox.claim(100):
            for row in rows:
                found.append(row.update.key)
                await tx.inbox.done([row.id], row.received_at)
    return sorted(found)


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - the world is watched from outside
            await asyncio.sleep(0.005)


async def test_what_people_say_is_stored_and_the_worker_is_rung_for(
    make: Make, store: SqlStore, fen: Phone, clock: SetClock
) -> None:
    async with make(wait=30).running() as polled:
        await until(lambda: polled.rung == 1)
        await fen.send_text("水管爆了")
        await until(lambda: polled.rung == 2)
    assert len(await keys(store)) == 2
    assert polled.polling.last_good == clock.now()


async def test_only_kinds_that_mean_something_here_are_asked_for(make: Make, server: BotApiServer) -> None:
    polled = make()
    await polled.polling.poll_once()
    await polled.polling.close()
    (call,) = calls(server, "getUpdates")
    assert call["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]


async def test_the_offset_advances_only_after_the_commit(
    make: Make, store: SqlStore, server: BotApiServer, fen: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    await fen.send_text("a")
    polled = make(FailingStore(store, failures=1))
    with pytest.raises(OSError, match="no space"):
        await polled.polling.poll_once()
    assert await keys(store) == []
    assert polled.polling.last_good is None
    assert await polled.polling.poll_once() == 2
    assert await polled.polling.poll_once() == 0
    await polled.polling.close()
    offsets = [call.get("offset") for call in calls(server, "getUpdates")]
    stored = await keys(store)
    assert offsets == [None, None, stored[-1] + 1]


async def test_a_store_that_fails_costs_nothing_but_time(
    make: Make, store: SqlStore, fen: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    async with make(FailingStore(store, failures=3)).running() as polled:
        await until(lambda: polled.rung)
    assert len(await keys(store)) == 1
    assert caplog.text.count("they stay with Telegram") == 3


async def test_a_restart_loses_nothing_and_stores_nothing_twice(make: Make, store: SqlStore, fen: Phone) -> None:
    first = make()
    await first.polling.poll_once()  # stored, but never confirmed to Telegram
    await first.polling.close()
    await fen.send_text("b")
    second = make()
    assert await second.polling.poll_once() == 1
    await second.polling.close()
    assert len(await keys(store)) == 2


async def test_malformed_updates_are_stored_for_the_worker_to_park_and_polling_goes_on(
    make: Make, store: SqlStore
) -> None:
    bad = [{"update_id": 8, "message": 5}, {"update_id": 9, "message": {"chat": []}}, {"update_id": 10}]
    later = {**UPDATE, "update_id": 11}
    async with OddServer([UPDATE, *bad], [later]).running() as odd, make(url=odd.url).running():
        await until(lambda: len(odd.queries) > 2)
    assert await keys(store) == [7, 8, 9, 10, 11]
    assert [query.get("offset") for query in odd.queries[:3]] == [None, "11", "12"]


async def test_what_has_no_update_id_is_passed_over(
    make: Make, store: SqlStore, caplog: pytest.LogCaptureFixture
) -> None:
    async with OddServer([{}, 5, UPDATE, None]).running() as odd, make(url=odd.url).running():
        await until(lambda: len(odd.queries) > 1)
    assert await keys(store) == [7]
    assert caplog.text.count("no update") == 3


@pytest.mark.parametrize(
    "answer", ["<html>", '{"ok": true}', '{"ok": true, "result": {}}', "[]", [{}], 500, 502, 403, 418], ids=str
)
async def test_an_answer_that_makes_no_sense_is_got_over(make: Make, store: SqlStore, answer: Any) -> None:
    async with OddServer(answer, answer, [UPDATE]).running() as odd, make(url=odd.url).running() as polled:
        await until(lambda: polled.rung)
    assert await keys(store) == [7]


@pytest.mark.parametrize("kind", ["409", "500", "drop", "timeout_after"])
async def test_every_fault_of_the_server_is_got_over(
    make: Make, server: BotApiServer, store: SqlStore, fen: Phone, kind: str
) -> None:
    await fail(server, kind, "getUpdates", times=3, hold=0.1)
    async with make().running() as polled:
        await until(lambda: polled.rung)
    assert len(await keys(store)) == 1


async def test_429_is_waited_out(
    make: Make, server: BotApiServer, fen: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    await fail(server, "429", "getUpdates", retry_after=1)
    async with make().running() as polled:
        await until(lambda: polled.rung)
    assert "wants no getUpdates for 1 s" in caplog.text


async def test_a_second_poller_is_named_loudly_with_what_to_do(
    make: Make, server: BotApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    async with make(wait=30).running() as first, make(wait=30).running() as second:
        await until(lambda: "another running copy" in caplog.text)
    assert {record.levelno for record in caplog.records if "another running copy" in record.message} == {logging.ERROR}
    assert first.polling is not second.polling


async def test_a_webhook_left_behind_is_named_and_taken_away_at_the_next_start(
    make: Make, bot: Bot, fen: Phone, store: SqlStore, caplog: pytest.LogCaptureFixture
) -> None:
    await open_webhook(bot, "https://example.org/telegram", "secret")
    async with make().running() as polled:
        await until(lambda: "webhook" in caplog.text)
        await close_webhook(bot)
        await until(lambda: polled.rung)
    assert len(await keys(store)) == 1


async def test_a_poll_that_hangs_is_given_up_and_new_connections_are_taken(
    make: Make, store: SqlStore, caplog: pytest.LogCaptureFixture
) -> None:
    async with OddServer(HANG, [UPDATE]).running() as odd, make(url=odd.url, silence=0.3).running() as polled:
        await until(lambda: polled.rung)
        assert polled.connections == 2
    assert "taking new connections" in caplog.text


async def test_failures_that_go_on_lead_to_new_connections(make: Make) -> None:
    async with OddServer(*[500] * 7, [UPDATE]).running() as odd, make(url=odd.url, silence=0.3).running() as polled:
        await until(lambda: polled.rung)
        assert polled.connections >= 2


@pytest.mark.parametrize("status", [401, 404])
async def test_a_refused_token_ends_polling(make: Make, status: int) -> None:
    async with OddServer(status).running() as odd:
        with pytest.raises(TokenRejectedError, match="@BotFather"):
            async with asyncio.timeout(10):
                await make(url=odd.url).polling.run(asyncio.Event())


async def test_a_stop_does_not_wait_for_the_long_poll(make: Make, server: BotApiServer) -> None:
    async with make(wait=50).running():
        await until(lambda: calls(server, "getUpdates"))


async def test_the_webhook_is_called_by_the_server_with_its_secret(
    bot: Bot, server: BotApiServer, session: aiohttp.ClientSession, fen: Phone
) -> None:
    heard: list[tuple[str, int]] = []

    async def hear(request: aiohttp.web.Request) -> aiohttp.web.Response:
        heard.append((request.headers[SECRET_HEADER], (await request.json())["update_id"]))
        return aiohttp.web.Response()

    application = aiohttp.web.Application()
    application.add_routes([aiohttp.web.post("/telegram", hear)])
    async with aiohttp.test_utils.TestServer(application) as own:
        await open_webhook(bot, str(own.make_url("/telegram")), "s3cret")
        await until(lambda: heard)
        await close_webhook(bot)
    assert heard[0][0] == "s3cret"
