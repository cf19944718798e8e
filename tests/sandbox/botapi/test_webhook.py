"""The webhook: with its secret, in order within a chat, again until it is taken."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from handlers.sandbox.botapi import BotApiServer, Phone
from tests.sandbox.botapi.conftest import VILLAGER, Raw
from tests.sandbox.botapi.waiting import until

SECRET = "X-Telegram-Bot-Api-Secret-Token"


class Receiver:
    """The bot's end; answers with the statuses in `answers`, then with 200 and `reply`."""

    def __init__(self) -> None:
        self.url = ""
        self.updates: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.answers: list[int] = []
        self.reply: dict[str, Any] | None = None
        self.under_way = 0
        self.most_under_way = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def handle(self, request: web.Request) -> web.Response:
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        await self.gate.wait()
        await asyncio.sleep(0.01)  # long enough for a second delivery to show itself
        self.under_way -= 1
        self.secrets.append(request.headers.get(SECRET))
        if self.answers and (status := self.answers.pop(0)) != 200:
            return web.Response(status=status)
        self.updates.append(await request.json())
        reply, self.reply = self.reply, None
        return web.json_response(reply) if reply else web.Response()

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.updates]


@pytest.fixture
async def receiver(server: BotApiServer) -> AsyncIterator[Receiver]:
    server.webhook.first_pause = 0.02
    receiver = Receiver()
    application = web.Application()
    application.router.add_post("/hook", receiver.handle)
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    receiver.gate.set()
    await server.webhook.unset(drop=False)
    await runner.cleanup()


async def test_an_update_is_delivered_with_the_secret(receiver: Receiver, raw: Raw, villager: Phone) -> None:
    await raw("setWebhook", url=receiver.url, secret_token="s3cret")
    await villager.send_text("一")
    await until(lambda: receiver.updates)
    assert (receiver.texts, receiver.secrets) == (["一"], ["s3cret"])
    _, info = await raw("getWebhookInfo")
    assert (info["result"]["url"], info["result"]["pending_update_count"]) == (receiver.url, 0)


async def test_updates_that_waited_are_delivered_when_the_webhook_is_set(
    receiver: Receiver, raw: Raw, villager: Phone
) -> None:
    await villager.send_text("早到")
    await raw("setWebhook", url=receiver.url)
    await until(lambda: receiver.updates)
    assert (receiver.texts, receiver.secrets) == (["早到"], [None])


async def test_a_failed_delivery_is_repeated_in_order_and_its_error_told(
    receiver: Receiver, raw: Raw, villager: Phone, server: BotApiServer
) -> None:
    receiver.answers = [500, 503, 200]
    receiver.gate.clear()
    await raw("setWebhook", url=receiver.url)
    await villager.send_text("一")
    await villager.send_text("二")
    receiver.gate.set()
    await until(lambda: len(receiver.updates) == 2)
    assert receiver.texts == ["一", "二"]
    deliveries = [entry for entry in server.log if "webhook" in entry]
    assert [entry["status"] for entry in deliveries] == [500, 503, 200, 200]
    _, info = await raw("getWebhookInfo")
    assert info["result"]["last_error_message"] == "Wrong response from the webhook: 503 Service Unavailable"
    assert isinstance(info["result"]["last_error_date"], int)


async def test_nothing_is_lost_while_the_bot_is_down(
    receiver: Receiver, raw: Raw, villager: Phone, server: BotApiServer
) -> None:
    await raw("setWebhook", url="http://127.0.0.1:9/none")
    await villager.send_text("一")
    await until(lambda: any("webhook" in entry for entry in server.log))
    _, info = await raw("getWebhookInfo")
    assert info["result"]["last_error_message"] == "Connection refused"
    assert info["result"]["pending_update_count"] == 1
    await raw("setWebhook", url=receiver.url)
    await until(lambda: receiver.updates)
    assert receiver.texts == ["一"]


async def test_one_chat_is_delivered_one_by_one_and_chats_side_by_side(
    receiver: Receiver, raw: Raw, villager: Phone, deputy: Phone
) -> None:
    receiver.gate.clear()
    await raw("setWebhook", url=receiver.url)
    for text in ("一", "二", "三"):
        await villager.send_text(text)
        await deputy.send_text(text)
    await until(lambda: receiver.under_way == 2)
    receiver.gate.set()
    await until(lambda: len(receiver.updates) == 6)
    assert receiver.most_under_way == 2
    for phone in (villager, deputy):
        own = [u["message"]["text"] for u in receiver.updates if u["message"]["chat"]["id"] == phone.user_id]
        assert own == ["一", "二", "三"]


async def test_there_are_no_more_deliveries_at_once_than_max_connections(
    receiver: Receiver, raw: Raw, villager: Phone, deputy: Phone
) -> None:
    await villager.send_text("一")
    await deputy.send_text("一")
    await raw("setWebhook", url=receiver.url, max_connections=1)
    await until(lambda: len(receiver.updates) == 2)
    assert receiver.most_under_way == 1


async def test_pending_updates_can_be_dropped(receiver: Receiver, raw: Raw, villager: Phone) -> None:
    await villager.send_text("旧")
    await raw("setWebhook", url=receiver.url, drop_pending_updates=True)
    await villager.send_text("新")
    await until(lambda: receiver.updates)
    assert receiver.texts == ["新"]


async def test_the_bot_may_answer_an_update_with_a_call(receiver: Receiver, raw: Raw, villager: Phone) -> None:
    receiver.reply = {"method": "sendMessage", "chat_id": VILLAGER, "text": "收到"}
    await raw("setWebhook", url=receiver.url)
    await villager.send_text("喂")
    assert (await villager.wait_for("收到"))["from_bot"]


async def test_only_the_allowed_kinds_are_delivered(receiver: Receiver, raw: Raw, villager: Phone) -> None:
    await raw("setWebhook", url=receiver.url, allowed_updates=["edited_message"])
    (message_id,) = await villager.send_text("一")
    await villager.edit(message_id, "二")
    await until(lambda: receiver.updates)
    assert "edited_message" in receiver.updates[0]
    _, info = await raw("getWebhookInfo")
    assert info["result"]["allowed_updates"] == ["edited_message"]
