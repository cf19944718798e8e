"""Groups: what the bot in privacy mode hears, and what becomes of a group that turns into a supergroup."""

import aiohttp
import pytest

from handlers.sandbox.botapi import BotApiServer, Phone
from tests.sandbox.botapi.clients import Client, Refused
from tests.sandbox.botapi.conftest import DEPUTY, STRANGER, VILLAGER, Raw


@pytest.fixture
async def group(session: aiohttp.ClientSession, url: str) -> int:
    wish = {"title": "镇隆联络站", "members": [VILLAGER, DEPUTY]}
    async with session.post(f"{url}/groups", json=wish) as response:
        return int((await response.json())["chat_id"])


async def test_a_new_group_tells_the_bot_that_it_was_added(client: Client, group: int) -> None:
    added, created = await client.call("get_updates")
    assert group < 0
    assert added["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert created["message"]["group_chat_created"] is True
    assert created["message"]["chat"] == {"id": group, "type": "group", "title": "镇隆联络站"}


async def test_in_a_group_the_bot_hears_commands_replies_and_mentions_only(
    client: Client, group: int, villager: Phone
) -> None:
    sent = await client.call("send_message", chat_id=group, text="各位好")
    before = len(await client.call("get_updates"))
    await villager.send_text("闲聊", chat_id=group)
    await villager.send_text("/stats", chat_id=group)
    await villager.send_text("好", chat_id=group, reply_to=sent["message_id"])
    await villager.send_text("@xiangyin_sandbox_bot 在吗", chat_id=group)
    heard = [update["message"]["text"] for update in (await client.call("get_updates"))[before:]]
    assert heard == ["/stats", "好", "@xiangyin_sandbox_bot 在吗"]


async def test_everybody_in_a_group_sees_its_messages(
    client: Client, group: int, villager: Phone, deputy: Phone, server: BotApiServer
) -> None:
    await client.call("send_message", chat_id=group, text="明日接待")
    await villager.refresh()
    await deputy.refresh()
    assert villager.messages_in(group)[-1]["text"] == "明日接待"
    assert deputy.messages_in(group)[-1]["text"] == "明日接待"
    assert server.events_of(STRANGER) == []


async def test_a_group_that_became_a_supergroup_says_where_it_went(
    client: Client, group: int, session: aiohttp.ClientSession, url: str, villager: Phone
) -> None:
    async with session.post(f"{url}/groups/{group}/migrate") as response:
        new = (await response.json())["chat_id"]
    assert str(new).startswith("-100")
    with pytest.raises(Refused, match="group chat was upgraded to a supergroup chat") as refusal:
        await client.call("send_message", chat_id=group, text="喂")
    assert refusal.value.parameters == {"migrate_to_chat_id": new}
    left, come = (await client.call("get_updates"))[-2:]
    assert (left["message"]["chat"]["id"], left["message"]["migrate_to_chat_id"]) == (group, new)
    assert (come["message"]["chat"]["id"], come["message"]["migrate_from_chat_id"]) == (new, group)
    assert come["message"]["chat"]["type"] == "supergroup"
    assert (await client.call("send_message", chat_id=new, text="喂"))["chat"]["id"] == new
    with pytest.raises(RuntimeError, match="the group has become"):
        await villager.send_text("喂", chat_id=group)


async def test_members_of_a_group_have_their_standing(client: Client, group: int) -> None:
    async def status(user_id: int) -> str:
        return str((await client.call("get_chat_member", chat_id=group, user_id=user_id))["status"])

    assert [await status(each) for each in (VILLAGER, DEPUTY, STRANGER)] == ["creator", "member", "left"]


async def test_a_bot_that_left_a_group_neither_writes_nor_hears_there(
    client: Client, group: int, villager: Phone
) -> None:
    assert await client.call("leave_chat", chat_id=group) is True
    with pytest.raises(Refused, match="bot was kicked from the group chat") as refusal:
        await client.call("send_message", chat_id=group, text="喂")
    assert refusal.value.code == 403
    before = len(await client.call("get_updates"))
    await villager.send_text("/stats", chat_id=group)
    assert len(await client.call("get_updates")) == before


async def test_a_contact_cannot_be_asked_for_in_a_group(raw: Raw, group: int) -> None:
    keyboard = {"keyboard": [[{"text": "电话", "request_contact": True}]]}
    status, answer = await raw("sendMessage", chat_id=group, text="?", reply_markup=keyboard)
    assert (status, "private chats only" in answer["description"]) == (400, True)


async def test_other_peoples_messages_in_a_group_are_not_the_bots_to_delete(
    client: Client, group: int, villager: Phone
) -> None:
    (message_id,) = await villager.send_text("/x", chat_id=group)
    with pytest.raises(Refused, match="message can't be deleted"):
        await client.call("delete_message", chat_id=group, message_id=message_id)
