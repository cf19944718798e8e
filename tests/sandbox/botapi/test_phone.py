"""The phone that end-to-end tests hold, and the control API behind it."""

import aiohttp
import pytest

from handlers.sandbox.botapi import BotApiServer, Phone
from tests.sandbox.botapi.conftest import STRANGER, VILLAGER, MovingClock, Raw
from tests.sandbox.botapi.samples import png


def keyboard(*labels: str) -> dict[str, object]:
    return {"inline_keyboard": [[{"text": label, "callback_data": f"do:{label}"}] for label in labels]}


async def test_the_phone_shows_the_chat_with_edits_and_deletions_applied(raw: Raw, villager: Phone) -> None:
    await villager.start()
    _, first = await raw("sendMessage", chat_id=VILLAGER, text="一")
    _, second = await raw("sendMessage", chat_id=VILLAGER, text="二")
    await raw("editMessageText", chat_id=VILLAGER, message_id=first["result"]["message_id"], text="壹")
    await raw("deleteMessage", chat_id=VILLAGER, message_id=second["result"]["message_id"])
    await villager.refresh()
    assert [(m["from_bot"], m["text"]) for m in villager.messages] == [(False, "/start"), (True, "壹")]


async def test_a_label_is_pressed_on_the_newest_message_that_has_it(raw: Raw, villager: Phone) -> None:
    await villager.start()
    await raw("sendMessage", chat_id=VILLAGER, text="旧", reply_markup=keyboard("提交", "取消"))
    await raw("sendMessage", chat_id=VILLAGER, text="新", reply_markup=keyboard("✅ 提交"))
    await villager.press_label("提交")
    _, updates = await raw("getUpdates")
    assert updates["result"][-1]["callback_query"]["data"] == "do:✅ 提交"
    assert villager.labels == ["✅ 提交"]
    with pytest.raises(LookupError, match="不存在"):
        await villager.press_label("不存在")


async def test_a_button_that_an_edit_took_away_can_still_be_pressed_on_an_old_screen(raw: Raw, villager: Phone) -> None:
    await villager.start()
    _, sent = await raw("sendMessage", chat_id=VILLAGER, text="?", reply_markup=keyboard("旧"))
    message_id = sent["result"]["message_id"]
    await raw("editMessageReplyMarkup", chat_id=VILLAGER, message_id=message_id, reply_markup=keyboard("新"))
    await villager.press(message_id, "do:旧")
    _, updates = await raw("getUpdates")
    assert updates["result"][-1]["callback_query"]["data"] == "do:旧"
    with pytest.raises(RuntimeError, match="no such button"):
        await villager.press(message_id, "do:别的")


async def test_waiting_goes_through_the_messages_one_by_one(raw: Raw, villager: Phone) -> None:
    await villager.start()
    await raw("sendMessage", chat_id=VILLAGER, text="收到 1")
    await raw("sendMessage", chat_id=VILLAGER, text="收到 2")
    assert (await villager.wait_for("收到"))["text"] == "收到 1"
    assert (await villager.wait_for(lambda message: "收到" in message["text"]))["text"] == "收到 2"
    with pytest.raises(TimeoutError, match="收到 2"):
        await villager.wait_for("收到", timeout=0.05)


async def test_what_a_phone_cannot_do_is_refused_with_a_reason(
    villager: Phone, server: BotApiServer, session: aiohttp.ClientSession, url: str
) -> None:
    with pytest.raises(RuntimeError, match="1-64 characters"):
        await villager.start("no spaces")
    with pytest.raises(RuntimeError, match="1-64 characters"):
        await villager.start("x" * 65)
    with pytest.raises(RuntimeError, match="nothing to send"):
        await villager.send_text("  ")
    with pytest.raises(RuntimeError, match="1-10 files"):
        await villager.send_photos([png()] * 11)
    with pytest.raises(RuntimeError, match="out of range"):
        await villager.send_location(99, 0)
    with pytest.raises(RuntimeError, match="at most 1024"):
        await villager.send_photos([png()], "字" * 1025)
    with pytest.raises(RuntimeError, match="not in that chat"):
        await villager.send_text("喂", chat_id=STRANGER)
    with pytest.raises(RuntimeError, match="only an own message"):
        await villager.edit(404, "喂")
    with pytest.raises(RuntimeError, match="there is no phone 5"):
        await Phone(url, 5, session).send_text("喂")
    await villager.block()
    with pytest.raises(RuntimeError, match="has blocked the bot"):
        await villager.send_text("喂")
    assert server.log == []


async def test_the_log_and_the_violations_can_be_read_over_http(
    raw: Raw, villager: Phone, session: aiohttp.ClientSession, url: str, clock: MovingClock
) -> None:
    await villager.start()
    await raw("sendMessage", chat_id=VILLAGER, text="喂")
    await raw("sendMessage", chat_id=VILLAGER, text="")
    async with session.get(f"{url}/log?after=1") as response:
        log = await response.json()
    assert log["last"] == 2
    (entry,) = log["log"]
    assert (entry["seq"], entry["method"], entry["status"]) == (2, "sendMessage", 400)
    assert entry["at"] == int(clock.now.timestamp())
    async with session.get(f"{url}/violations") as response:
        (note,) = (await response.json())["violations"]
    assert (note["seq"], note["rule"]) == (2, "missing_parameter")


async def test_messages_carry_the_time_of_the_sandboxs_clock(raw: Raw, villager: Phone, clock: MovingClock) -> None:
    clock.advance(days=3)
    await villager.start()
    _, sent = await raw("sendMessage", chat_id=VILLAGER, text="喂")
    _, updates = await raw("getUpdates")
    now = int(clock.now.timestamp())
    assert (sent["result"]["date"], updates["result"][0]["message"]["date"]) == (now, now)


async def test_two_servers_at_once_know_nothing_of_each_other(session: aiohttp.ClientSession) -> None:
    servers = [BotApiServer(), BotApiServer()]
    for server in servers:
        server.add_user(VILLAGER, "阿婆")
    urls = [await server.start() for server in servers]
    await Phone(urls[0], VILLAGER, session).start()
    assert [len(server.events_of(VILLAGER)) for server in servers] == [1, 0]
    for server in servers:
        await server.stop()
