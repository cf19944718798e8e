"""getUpdates: nothing is forgotten before it is confirmed, and there is one reader at a time."""

import asyncio

import pytest

from handlers.sandbox.botapi import BotApiServer, Phone
from tests.sandbox.botapi.clients import Client, Refused
from tests.sandbox.botapi.conftest import Raw
from tests.sandbox.botapi.waiting import until


async def texts(client: Client, **params: object) -> list[str]:
    return [update["message"]["text"] for update in await client.call("get_updates", **params)]


async def until_a_poll_waits(server: BotApiServer) -> None:
    await until(lambda: any(e.get("method") == "getUpdates" and e["status"] is None for e in server.log))


async def test_updates_come_again_until_an_offset_confirms_them(
    client: Client, villager: Phone, server: BotApiServer
) -> None:
    for text in ("一", "二", "三"):
        await villager.send_text(text)
    first, second, _ = await client.call("get_updates")
    assert second["update_id"] == first["update_id"] + 1
    assert await texts(client) == ["一", "二", "三"]
    assert server.acknowledged == []
    assert await texts(client, offset=second["update_id"]) == ["二", "三"]
    assert await texts(client) == ["二", "三"]
    assert (server.acknowledged, server.unconfirmed) == ([first["update_id"]], 2)
    assert await texts(client, offset=second["update_id"] + 2) == []


async def test_a_limit_takes_the_oldest_and_a_negative_offset_keeps_the_newest(client: Client, villager: Phone) -> None:
    for text in ("一", "二", "三"):
        await villager.send_text(text)
    assert await texts(client, limit=2) == ["一", "二"]
    assert await texts(client, offset=-1) == ["三"]
    assert await texts(client) == ["三"]


async def test_a_long_poll_ends_as_soon_as_something_comes(
    client: Client, villager: Phone, server: BotApiServer
) -> None:
    poll = asyncio.create_task(client.call("get_updates", timeout=20))
    await until_a_poll_waits(server)
    await villager.send_text("来了")
    (update,) = await asyncio.wait_for(poll, 10)
    assert update["message"]["text"] == "来了"


async def test_a_poll_without_news_ends_empty_after_its_timeout(client: Client) -> None:
    assert await client.call("get_updates", timeout=1) == []


async def test_a_second_poll_ends_the_first_with_409(raw: Raw, villager: Phone, server: BotApiServer) -> None:
    first = asyncio.create_task(raw("getUpdates", timeout=20))
    await until_a_poll_waits(server)
    second = asyncio.create_task(raw("getUpdates", timeout=20))
    status, answer = await asyncio.wait_for(first, 10)
    assert status == 409
    assert answer["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    await villager.send_text("给第二个")
    status, answer = await asyncio.wait_for(second, 10)
    assert (status, len(answer["result"])) == (200, 1)


async def test_with_a_webhook_set_there_is_no_polling(client: Client) -> None:
    await client.call("set_webhook", url="http://127.0.0.1:9/none")
    with pytest.raises(Refused, match="can't use getupdates method while webhook is active") as refusal:
        await client.call("get_updates")
    assert refusal.value.code == 409
    await client.call("delete_webhook")
    assert await client.call("get_updates") == []


async def test_setting_a_webhook_ends_a_waiting_poll(raw: Raw, server: BotApiServer) -> None:
    poll = asyncio.create_task(raw("getUpdates", timeout=20))
    await until_a_poll_waits(server)
    await raw("setWebhook", url="http://127.0.0.1:9/none")
    status, answer = await asyncio.wait_for(poll, 10)
    assert (status, answer["description"]) == (409, "Conflict: terminated by setWebhook request")


async def test_only_the_wanted_kinds_of_updates_are_kept(client: Client, villager: Phone) -> None:
    assert await client.call("get_updates", allowed_updates=["edited_message"]) == []
    (message_id,) = await villager.send_text("一")
    await villager.edit(message_id, "二")
    (update,) = await client.call("get_updates")
    assert "edited_message" in update
    await client.call("get_updates", allowed_updates=[])
    await villager.send_text("三")
    assert len(await client.call("get_updates")) == 2
