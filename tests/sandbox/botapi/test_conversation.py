"""A bot and a phone talk: the same scenes with python-telegram-bot and with aiogram."""

import pytest

from handlers.sandbox.botapi import BotApiServer, Phone
from tests.sandbox.botapi.clients import Client, Refused
from tests.sandbox.botapi.conftest import DEPUTY, STRANGER, VILLAGER, MovingClock
from tests.sandbox.botapi.samples import jpeg, ogg, png

YES_NO = {"inline_keyboard": [[{"text": "是", "callback_data": "yes"}, {"text": "否", "callback_data": "no"}]]}


async def test_start_arrives_with_its_payload_and_the_command_marked(client: Client, villager: Phone) -> None:
    await villager.start("case_17")
    (update,) = await client.call("get_updates")
    message = update["message"]
    assert message["text"] == "/start case_17"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert message["from"]["language_code"] == "zh-hans"
    assert message["chat"] == {"id": VILLAGER, "type": "private", "first_name": "阿婆"}


async def test_an_album_is_separate_updates_with_one_media_group_id(client: Client, villager: Phone) -> None:
    await villager.send_photos([jpeg(), jpeg(800, 600), png()], "三张相片")
    updates = await client.call("get_updates")
    messages = [update["message"] for update in updates]
    assert len(messages) == 3
    assert len({message["media_group_id"] for message in messages}) == 1
    assert [message.get("caption") for message in messages] == ["三张相片", None, None]
    assert [message["photo"][-1]["width"] for message in messages] == [640, 800, 640]
    assert len({message["photo"][-1]["file_unique_id"] for message in messages}) == 3


async def test_a_single_photo_is_no_album(client: Client, villager: Phone) -> None:
    await villager.send_photos([jpeg()])
    (update,) = await client.call("get_updates")
    assert "media_group_id" not in update["message"]


async def test_what_a_phone_sends_can_be_downloaded_byte_by_byte(client: Client, villager: Phone) -> None:
    large = png() + bytes(3_000_000)
    await villager.send_photos([large])
    await villager.send_voice(ogg(7))
    photo, voice = [update["message"] for update in await client.call("get_updates")]
    assert await client.download(photo["photo"][-1]["file_id"]) == large
    assert await client.download(voice["voice"]["file_id"]) == ogg(7)
    assert voice["voice"]["duration"] == 7


async def test_all_kinds_of_messages_of_a_phone_arrive(client: Client, villager: Phone) -> None:
    await villager.send_location(21.9, 110.8)
    await villager.send_sticker("🙏")
    await villager.send_contact("+8613900000001")
    await villager.send_files("video", [b"film"])
    await villager.send_files("document", [b"%PDF"], "附件", file_name="报告.pdf")
    await villager.send_text("转来的", forward_from="隔离阿叔")
    place, sticker, contact, video, document, forward = [
        update["message"] for update in await client.call("get_updates")
    ]
    assert place["location"] == {"latitude": 21.9, "longitude": 110.8}
    assert sticker["sticker"]["emoji"] == "🙏"
    assert contact["contact"]["phone_number"] == "+8613900000001"
    assert contact["contact"]["user_id"] == VILLAGER
    assert video["video"]["file_size"] == 4
    assert document["document"]["file_name"] == "报告.pdf"
    assert forward["forward_origin"]["sender_user_name"] == "隔离阿叔"


async def test_a_text_with_buttons_is_pressed_answered_and_edited(client: Client, villager: Phone) -> None:
    await villager.start()
    sent = await client.call("send_message", chat_id=VILLAGER, text="解决了吗?", reply_markup=YES_NO)
    await villager.wait_for("解决了吗")
    pressed = await villager.press_label("是")
    query = (await client.call("get_updates"))[-1]["callback_query"]
    assert (query["id"], query["data"], query["message"]["message_id"]) == (pressed, "yes", sent["message_id"])
    assert await client.call("answer_callback_query", callback_query_id=pressed, text="多谢") is True
    await client.call("edit_message_text", chat_id=VILLAGER, message_id=sent["message_id"], text="已解决")
    seen = await villager.wait_for("已解决")
    assert "inline_keyboard" not in seen
    assert seen["edited"] is True
    assert [(toast["text"], toast["alert"]) for toast in villager.toasts] == [("多谢", False)]


async def test_a_query_is_answered_once_and_not_too_late(client: Client, villager: Phone, clock: MovingClock) -> None:
    await villager.start()
    sent = await client.call("send_message", chat_id=VILLAGER, text="?", reply_markup=YES_NO)
    first = await villager.press(sent["message_id"], "yes")
    await client.call("answer_callback_query", callback_query_id=first)
    with pytest.raises(Refused, match="query is too old and response timeout expired or query id is invalid"):
        await client.call("answer_callback_query", callback_query_id=first)
    second = await villager.press(sent["message_id"], "no")
    clock.advance(hours=1)
    with pytest.raises(Refused, match="query is too old"):
        await client.call("answer_callback_query", callback_query_id=second)


async def test_a_person_edits_a_message_and_the_bot_hears_it(client: Client, villager: Phone) -> None:
    (message_id,) = await villager.send_text("水管爆了")
    await villager.edit(message_id, "水管爆了,在村口")
    first, second = await client.call("get_updates")
    assert first["message"]["text"] == "水管爆了"
    assert second["edited_message"]["text"] == "水管爆了,在村口"
    assert second["edited_message"]["message_id"] == message_id
    assert "edit_date" in second["edited_message"]


async def test_a_text_too_long_for_one_message_comes_in_pieces(client: Client, villager: Phone) -> None:
    ids = await villager.send_text("讲" * 9000)
    texts = [update["message"]["text"] for update in await client.call("get_updates")]
    assert len(ids) == 3
    assert [len(text) for text in texts] == [4096, 4096, 808]


async def test_the_bot_sends_every_kind_of_message(client: Client, villager: Phone) -> None:
    await villager.start()
    to = {"chat_id": VILLAGER}
    photo = await client.call("send_photo", **to, photo=png(), caption="图", reply_markup=YES_NO)
    await client.call("send_voice", **to, voice=ogg())
    await client.call("send_audio", **to, audio=b"song", title="山歌")
    await client.call("send_video", **to, video=b"film", width=320, height=240, duration=5)
    await client.call("send_animation", **to, animation=b"gif")
    await client.call("send_video_note", **to, video_note=b"round")
    await client.call("send_document", **to, document=b"doc")
    await client.call("send_sticker", **to, sticker=b"webp", emoji="🙏")
    await client.call("send_location", **to, latitude=21.9, longitude=110.8)
    await client.call("send_contact", **to, phone_number="110", first_name="派出所")
    await client.call("send_chat_action", **to, action="typing")
    again = await client.call("send_photo", **to, photo=photo["photo"][-1]["file_id"])
    assert again["photo"][-1]["file_unique_id"] == photo["photo"][-1]["file_unique_id"]
    events = await villager.events()
    shown = [event["message"] for event in events if event["type"] == "message"][1:]
    kinds = ("photo", "voice", "audio", "video", "animation", "video_note", "document", "sticker", "location")
    assert [kind for kind, message in zip(kinds, shown, strict=False) if kind not in message] == []
    assert await villager.download(shown[1]["voice"]) == ogg()
    assert any(event["type"] == "typing" for event in events)


async def test_an_album_of_the_bot_shares_one_media_group_id(client: Client, villager: Phone) -> None:
    await villager.start()
    known = await client.call("send_photo", chat_id=VILLAGER, photo=png())
    media = [
        {"type": "photo", "media": png(), "caption": "一"},
        {"type": "photo", "media": known["photo"][-1]["file_id"]},
    ]
    first, second = await client.call("send_media_group", chat_id=VILLAGER, media=media)
    assert first["media_group_id"] == second["media_group_id"]
    assert first["caption"] == "一"
    await villager.refresh()
    assert [message.get("media_group_id") for message in villager.messages[-2:]] == [first["media_group_id"]] * 2


async def test_a_copy_has_no_author_and_a_forward_names_them(client: Client, villager: Phone, deputy: Phone) -> None:
    await deputy.start()
    (message_id,) = await villager.send_photos([png()], "路烂")
    source = {"from_chat_id": VILLAGER, "message_id": message_id}
    await client.call("copy_message", chat_id=DEPUTY, caption="新的说明", **source)
    await client.call("forward_message", chat_id=DEPUTY, **source)
    copied = await client.call(
        "copy_messages", chat_id=DEPUTY, from_chat_id=VILLAGER, message_ids=[message_id], remove_caption=True
    )
    await deputy.refresh()
    copy, forward, bare = deputy.messages[-3:]
    assert (copy["caption"], copy.get("forward")) == ("新的说明", None)
    assert (forward["caption"], forward["forward"]) == ("路烂", True)
    assert (bare["message_id"], bare.get("caption")) == (copied[0]["message_id"], None)


async def test_commands_reach_the_phone_by_scope_and_language(
    client: Client, villager: Phone, server: BotApiServer, url: str
) -> None:
    def menu(word: str) -> list[dict[str, str]]:
        return [{"command": word, "description": f"命令 {word}"}]

    await client.call("set_my_commands", commands=menu("all"))
    await client.call("set_my_commands", commands=menu("english"), language_code="en")
    await client.call("set_my_commands", commands=menu("private"), scope={"type": "all_private_chats"})
    mine = {"type": "chat", "chat_id": VILLAGER}
    await client.call("set_my_commands", commands=menu("mine"), scope=mine)
    await villager.refresh()
    assert villager.commands == menu("mine")
    assert await client.call("get_my_commands", scope=mine) == menu("mine")
    await client.call("delete_my_commands", scope=mine)
    await client.call("delete_my_commands", scope={"type": "all_private_chats"})
    await villager.refresh()
    assert villager.commands == menu("all")
    menus = [event["commands"] for event in server.events_of(STRANGER) if event["type"] == "commands"]
    assert menus == [menu("all"), menu("english"), menu("private"), menu("english")]


async def test_reply_keyboards_come_and_go(client: Client, villager: Phone) -> None:
    await villager.start()
    keyboard = {"keyboard": [[{"text": "反映问题"}], [{"text": "我的"}]], "resize_keyboard": True}
    sent = await client.call("send_message", chat_id=VILLAGER, text="请选", reply_markup=keyboard)
    assert "reply_markup" not in sent
    await villager.refresh()
    assert villager.reply_keyboard == {"rows": [["反映问题"], ["我的"]], "one_time": False}
    with pytest.raises(Refused, match="message can't be edited"):
        await client.call("edit_message_text", chat_id=VILLAGER, message_id=sent["message_id"], text="改")
    await client.call("send_message", chat_id=VILLAGER, text="好", reply_markup={"remove_keyboard": True})
    await villager.refresh()
    assert villager.reply_keyboard is None


async def test_editing_says_what_is_wrong(client: Client, villager: Phone) -> None:
    (own,) = await villager.start()
    text = await client.call("send_message", chat_id=VILLAGER, text="<b>一</b>", parse_mode="HTML")
    photo = await client.call("send_photo", chat_id=VILLAGER, photo=png())
    edits: list[tuple[str, dict[str, object], str]] = [
        ("edit_message_text", {"message_id": text["message_id"], "text": "<b>一</b>"}, "message is not modified"),
        ("edit_message_text", {"message_id": 999, "text": "二"}, "message to edit not found"),
        ("edit_message_text", {"message_id": own, "text": "二"}, "message can't be edited"),
        ("edit_message_text", {"message_id": photo["message_id"], "text": "二"}, "there is no text in the message"),
        ("edit_message_caption", {"message_id": text["message_id"], "caption": "二"}, "there is no caption"),
        ("edit_message_reply_markup", {"message_id": text["message_id"]}, "message is not modified"),
    ]
    for method, params, problem in edits:
        mode = {} if method.endswith("markup") else {"parse_mode": "HTML"}
        with pytest.raises(Refused, match=problem):
            await client.call(method, chat_id=VILLAGER, **params, **mode)
    caption = {"chat_id": VILLAGER, "message_id": photo["message_id"], "caption": "说明"}
    assert (await client.call("edit_message_caption", **caption))["caption"] == "说明"
    same = {"chat_id": VILLAGER, "message_id": text["message_id"]}
    assert "reply_markup" in await client.call("edit_message_reply_markup", **same, reply_markup=YES_NO)


async def test_messages_are_deleted_within_two_days(client: Client, villager: Phone, clock: MovingClock) -> None:
    (own,) = await villager.start()
    sent = await client.call("send_message", chat_id=VILLAGER, text="一")
    assert await client.call("delete_message", chat_id=VILLAGER, message_id=own)
    with pytest.raises(Refused, match="message to delete not found"):
        await client.call("delete_message", chat_id=VILLAGER, message_id=own)
    await villager.refresh()
    assert [message["message_id"] for message in villager.messages] == [sent["message_id"]]
    clock.advance(hours=49)
    with pytest.raises(Refused, match="message can't be deleted for everyone"):
        await client.call("delete_message", chat_id=VILLAGER, message_id=sent["message_id"])
    assert await client.call("delete_messages", chat_id=VILLAGER, message_ids=[own, sent["message_id"]])


async def test_a_reply_carries_the_message_it_answers(client: Client, villager: Phone) -> None:
    (question,) = await villager.send_text("在吗")
    answer = {"message_id": question}
    sent = await client.call("send_message", chat_id=VILLAGER, text="在", reply_parameters=answer)
    assert sent["reply_to_message"]["text"] == "在吗"
    (last,) = await villager.send_text("好", reply_to=sent["message_id"])
    update = (await client.call("get_updates"))[-1]
    assert update["message"]["reply_to_message"]["message_id"] == sent["message_id"]
    assert "reply_to_message" not in update["message"]["reply_to_message"]
    gone = {"message_id": last + 50}
    with pytest.raises(Refused, match="message to be replied not found"):
        await client.call("send_message", chat_id=VILLAGER, text="?", reply_parameters=gone)
    lenient = gone | {"allow_sending_without_reply": True}
    alone = await client.call("send_message", chat_id=VILLAGER, text="?", reply_parameters=lenient)
    assert "reply_to_message" not in alone


async def test_who_blocks_the_bot_is_not_reached_until_they_unblock(client: Client, villager: Phone) -> None:
    await villager.start()
    await villager.block()
    with pytest.raises(Refused) as refusal:
        await client.call("send_message", chat_id=VILLAGER, text="喂")
    assert (refusal.value.code, refusal.value.description) == (403, "bot was blocked by the user")
    await villager.unblock()
    await client.call("send_message", chat_id=VILLAGER, text="喂")
    members = [u["my_chat_member"] for u in await client.call("get_updates") if "my_chat_member" in u]
    states = [(each["old_chat_member"]["status"], each["new_chat_member"]["status"]) for each in members]
    assert states == [("member", "kicked"), ("kicked", "member")]


async def test_nobody_is_written_to_who_never_pressed_start(client: Client) -> None:
    with pytest.raises(Refused, match="bot can't initiate conversation with a user") as refusal:
        await client.call("send_message", chat_id=STRANGER, text="喂")
    assert refusal.value.code == 403
    with pytest.raises(Refused, match="chat not found") as refusal:
        await client.call("send_message", chat_id=777, text="喂")
    assert refusal.value.code == 400


async def test_the_bot_describes_itself(client: Client, villager: Phone) -> None:
    await villager.start()
    assert (await client.call("get_me"))["username"] == "xiangyin_sandbox_bot"
    await client.call("set_my_name", name="乡音·镇隆")
    await client.call("set_my_description", description="讲给代表听")
    await client.call("set_my_short_description", short_description="讲", language_code="zh")
    assert (await client.call("get_my_name"))["name"] == "乡音·镇隆"
    assert (await client.call("get_my_description"))["description"] == "讲给代表听"
    assert (await client.call("get_my_short_description", language_code="zh"))["short_description"] == "讲"
    assert await client.call("set_chat_menu_button", chat_id=VILLAGER, menu_button={"type": "commands"})
    assert (await client.call("get_chat_menu_button", chat_id=VILLAGER))["type"] == "commands"
    assert (await client.call("get_chat", chat_id=VILLAGER))["first_name"] == "阿婆"
    assert (await client.call("get_chat_member", chat_id=VILLAGER, user_id=VILLAGER))["status"] == "member"


async def test_a_reaction_shows_on_the_phone(client: Client, villager: Phone) -> None:
    (message_id,) = await villager.send_text("多谢")
    thumb = [{"type": "emoji", "emoji": "👍"}]
    await client.call("set_message_reaction", chat_id=VILLAGER, message_id=message_id, reaction=thumb)
    (event,) = [event for event in await villager.events() if event["type"] == "reaction"]
    assert (event["message_id"], event["emoji"]) == (message_id, "👍")


async def test_an_unknown_file_id_is_refused_but_breaks_no_rule(server: BotApiServer, client: Client) -> None:
    with pytest.raises(Refused, match="wrong file_id"):
        await client.call("get_file", file_id="AgACnothing")
    assert server.violations == []


async def test_a_protected_message_is_neither_copied_nor_forwarded(client: Client, villager: Phone) -> None:
    await villager.start()
    sent = await client.call("send_message", chat_id=VILLAGER, text="密", protect_content=True)
    source = {"from_chat_id": VILLAGER, "message_id": sent["message_id"]}
    for method in ("copy_message", "forward_message"):
        with pytest.raises(Refused, match="the message can't be"):
            await client.call(method, chat_id=VILLAGER, **source)
