"""The guided submission, as a villager lives it."""

import pytest

from bot.domain.cases import Kind
from bot.domain.machine import State
from tests.support.chat import ChatClient, LocalTown

LAMP = "我们石龙村的路灯坏了半个月,晚上老人不敢出门"


async def test_the_first_words_meet_the_privacy_notice_and_are_not_lost(place: LocalTown) -> None:
    client = place.client("v9")
    await client.say(LAMP)
    assert "谁看到" in await client.last()
    assert "聊天软件公司自己知道您的账号" in await client.last()
    await client.tap("同意")
    assert "有照片吗" in await client.last()


async def test_declining_keeps_nothing(place: LocalTown) -> None:
    client = place.client("v9")
    await client.say(LAMP)
    await client.tap("不同意")
    assert "没有保存" in await client.last()
    await client.say("/start")
    await client.tap("✅ 同意")
    assert "请说说是什么事" in await client.last()


async def test_a_recognised_village_and_topic_are_not_asked_for(place: LocalTown, villager: ChatClient) -> None:
    await villager.say(LAMP)
    await villager.say("1")
    check = await villager.last()
    assert "石龙村" in check
    assert "路灯" in check
    assert "反映问题" in check
    await villager.say("1")
    [case] = await place.cases()
    assert case.number == "ZJ-2026-000001"
    assert case.number in await villager.last()
    assert (case.village, case.topic, case.text) == ("shilong", "roads", LAMP)
    assert case.kind is Kind.COMPLAINT


async def test_a_village_that_is_not_in_the_text_is_tapped_typed_or_numbered(villager: ChatClient) -> None:
    await villager.say("村口的路灯坏了半个月")
    assert "哪个村" in await villager.last()
    await villager.say("大塘")
    await villager.say("1")
    assert "大塘村" in await villager.last()
    await villager.tap("改村")
    await villager.say("2")
    assert "自然村" in await villager.last()
    await villager.tap("不用填")
    await villager.tap("改村")
    await villager.tap("三角村")
    await villager.say("下寮")
    assert "三角村下寮" in await villager.last()


async def test_an_unclear_topic_is_asked_for_and_never_guessed(place: LocalTown, villager: ChatClient) -> None:
    await villager.say("石龙村那件事拖了好久了,麻烦管一管")
    if "登记成一条意见" in await villager.last():
        await villager.say("1")
    assert "哪方面" in await villager.last()
    await villager.tap("道路交通")
    await villager.say("1")
    await villager.say("1")
    [case] = await place.cases()
    assert case.topic == "roads"


async def test_two_quick_messages_both_count(place: LocalTown, villager: ChatClient) -> None:
    await villager.say("村口路灯坏了")
    await villager.say("一到晚上黑漆漆的")
    assert "补充进去了" in await villager.last()
    await villager.say("石龙村")
    await villager.say("1")
    await villager.say("1")
    [case] = await place.cases()
    assert case.text == "村口路灯坏了\n一到晚上黑漆漆的"


async def test_a_photo_without_words_is_kept_and_words_are_asked_for(place: LocalTown, villager: ChatClient) -> None:
    await villager.photos(1)
    assert "收到 1 个文件" in await villager.last()
    await villager.say(LAMP)
    assert "附件：1 个" in await villager.last()
    await villager.say("1")
    [case] = await place.cases()
    async with place.store.begin() as tx:
        assert len(await tx.cases.attachments(case.id)) == 1


async def test_an_album_counts_as_one_and_is_answered_once(place: LocalTown, villager: ChatClient) -> None:
    await villager.say(LAMP)
    before = len(await villager.all())
    await villager.photos(3)
    assert len(await villager.all()) == before + 1
    await villager.say("1")
    await villager.say("1")
    [case] = await place.cases()
    async with place.store.begin() as tx:
        assert len(await tx.cases.attachments(case.id)) == 3


async def test_an_album_that_trickles_in_after_submission_joins_its_case(
    place: LocalTown, villager: ChatClient
) -> None:
    await villager.photos(1, LAMP, album="a1")
    await villager.say("1")
    await villager.photos(1, album="a1")
    assert len(await place.cases()) == 1
    [case] = await place.cases()
    async with place.store.begin() as tx:
        assert len(await tx.cases.attachments(case.id)) == 2


async def test_a_voice_note_is_a_description(place: LocalTown, villager: ChatClient) -> None:
    await villager.voice()
    assert "语音收到了" in await villager.last()
    await villager.say("石龙村")
    await villager.tap("说不清")
    await villager.say("1")
    [case] = await place.cases()
    assert (case.village, case.topic, case.text) == ("shilong", None, "")


async def test_a_sticker_goes_on_with_the_draft(villager: ChatClient) -> None:
    await villager.say("村口的路灯坏了半个月")
    await villager.send(kind="sticker")
    assert "心意领了" in await villager.last()
    assert "哪个村" in await villager.last()


async def test_an_edited_message_changes_the_draft(place: LocalTown, villager: ChatClient) -> None:
    await villager.say(LAMP, message_id="77")
    await villager.send(kind="edit", message_id="77", text="我们石龙村的水管爆了")
    await villager.say("1")
    assert "水管爆了" in await villager.last()
    assert "路灯" not in await villager.last()


async def test_a_message_edited_after_submission_becomes_an_addition(place: LocalTown, villager: ChatClient) -> None:
    await villager.say(LAMP, message_id="77")
    await villager.say("1")
    await villager.say("1")
    await villager.send(kind="edit", message_id="77", text=LAMP + "。一共五盏")
    [case] = await place.cases()
    assert "已作为补充" in await villager.last()
    assert case.text == LAMP
    assert (await place.events(case))[-1].data["text"].endswith("一共五盏")


async def test_a_text_of_five_thousand_characters_is_kept_whole(place: LocalTown, villager: ChatClient) -> None:
    text = "石龙村路灯坏了。" * 625
    await villager.say(text[:4096])
    await villager.say(text[4096:])
    await villager.say("1")
    await villager.say("1")
    [case] = await place.cases()
    assert case.text.replace("\n", "") == text


async def test_a_text_over_the_limit_is_cut_and_the_villager_told(place: LocalTown, villager: ChatClient) -> None:
    await villager.say("石龙村路灯坏了。" * 500)
    for _ in range(3):
        await villager.say("晚上很黑，老人不敢走。" * 300)
    assert "太长了" in await villager.last()


async def test_a_forwarded_message_is_taken_and_says_so(villager: ChatClient) -> None:
    await villager.say(LAMP, forwarded=True)
    assert "转发来的话" in await villager.last()


@pytest.mark.parametrize("number", ["7", "８", "9.9"])
async def test_a_number_that_is_not_offered_changes_nothing(villager: ChatClient, number: str) -> None:
    await villager.say(LAMP)
    await villager.say("1")
    before = await villager.last()
    await villager.say(number)
    assert "没有这个数字" in await villager.last() or number == "9.9"
    assert before.splitlines()[2] in await villager.last()


async def test_full_width_and_chinese_numbers_work(place: LocalTown, villager: ChatClient) -> None:
    await villager.say(LAMP)
    await villager.say("１")
    await villager.say("一")
    assert len(await place.cases()) == 1


async def test_zero_goes_back_one_question(villager: ChatClient) -> None:
    await villager.say("村口的路灯坏了半个月")
    await villager.say("石龙村")
    assert "有照片吗" in await villager.last()
    await villager.say("0")
    assert "哪方面" in await villager.last()
    await villager.say("0")
    assert "哪个村" in await villager.last()


async def test_nine_calls_a_human_and_what_was_said_goes_along(place: LocalTown, villager: ChatClient) -> None:
    await villager.say("村口的路灯坏了半个月")
    await villager.say("9")
    [case] = await place.cases()
    assert case.kind is Kind.HELP
    assert case.text == "村口的路灯坏了半个月"
    assert case.state is State.HANDED_UP
    assert "0000-0009999" in await villager.last()


async def test_a_stale_button_redraws_the_present_question(villager: ChatClient) -> None:
    await villager.say("村口的路灯坏了半个月")
    old = await villager.button("石龙村")
    await villager.say("大塘村")
    await villager.press(old)
    assert "前面的按钮" in (await villager.toasts())[-1]
    assert "有照片吗" in await villager.last()


async def test_another_persons_button_does_nothing_and_says_so(place: LocalTown, villager: ChatClient) -> None:
    await villager.say(LAMP)
    data = await villager.button("没有")
    stranger = place.client("v2")
    await stranger.agree()
    await stranger.press(data)
    assert (await stranger.toasts())[-1] == "这一步已经过去了。"
    assert "有照片吗" in await villager.last()
    assert await place.cases() == []


async def test_a_draft_survives_a_restart(place: LocalTown, villager: ChatClient) -> None:
    """Nothing of a draft is in memory: the next message is handled from the database alone."""
    await villager.say("村口的路灯坏了半个月")
    async with place.store.begin() as tx:
        person = await tx.people.find("local", "v1")
        assert person
        draft = await tx.drafts.current(person.id)
    assert draft
    assert draft.step == "village"
    again = place.client("v1")
    await again.say("石龙村")
    assert "有照片吗" in await again.last()


async def test_a_greeting_opens_no_case(place: LocalTown, villager: ChatClient) -> None:
    await villager.say("0")
    await villager.say("/start")
    await villager.say("你好")
    assert "一句话" in await villager.last() or "您好" in await villager.last()
    assert await place.cases() == []


async def test_the_kind_can_be_changed(place: LocalTown, villager: ChatClient) -> None:
    await villager.say("希望石龙村小学门口能装个红绿灯")
    await villager.say("1")
    assert "【建议】" in await villager.last()
    await villager.tap("改成反映问题")
    assert "【反映问题】" in await villager.last()
    await villager.say("1")
    [case] = await place.cases()
    assert case.kind is Kind.COMPLAINT


async def test_a_shared_location_is_kept(place: LocalTown, villager: ChatClient) -> None:
    await villager.say(LAMP)
    await villager.send(location=[21.9, 110.9])
    await villager.say("1")
    await villager.say("1")
    [case] = await place.cases()
    assert case.location
    assert case.location.latitude == 21.9


async def test_urgent_words_bring_the_emergency_numbers_at_once(villager: ChatClient) -> None:
    await villager.say("石龙村山体滑坡，有人被困")
    assert "110" in await villager.last()
    assert "119" in await villager.last()


async def test_danger_is_one_tap_from_its_number(place: LocalTown, villager: ChatClient) -> None:
    await villager.say("石龙村山体滑坡，有人被困")
    await villager.say("1")
    [case] = await place.cases()
    assert case.urgent


async def test_in_a_group_the_bot_asks_for_a_private_chat_once(place: LocalTown) -> None:
    client = place.client("v1")
    for _ in range(3):
        await client.send(private=False, chat="-100", text="/start")
    async with place.store.begin() as tx:
        rows = await tx.outbox.rows("-100")
    assert len(rows) == 1
    assert "单独跟我说" in rows[0].message.text
