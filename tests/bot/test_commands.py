"""The commands of the menu, as each kind of person gets them."""

import pytest

from tests.support.chat import ChatClient, LocalTown

LAMP = "我们石龙村的路灯坏了半个月"


async def test_mine_lists_own_cases_newest_first_and_opens_them(place: LocalTown, villager: ChatClient) -> None:
    await villager.submit(LAMP)
    await villager.submit("石龙村村口垃圾没人收，臭得很")
    await villager.say("/mine")
    text = await villager.last()
    assert text.index("ZJ-2026-000002") < text.index("ZJ-2026-000001")
    await villager.tap("路灯")
    assert LAMP in await villager.last()


@pytest.mark.parametrize("written", ["1", "000001", "ZJ-2026-000001", "zj-2026-1", "2026-1", " 1 "])
async def test_a_case_is_found_by_any_way_of_writing_its_number(
    place: LocalTown, villager: ChatClient, written: str
) -> None:
    await villager.submit(LAMP)
    await villager.say(f"/case {written}")
    assert LAMP in await villager.last()


@pytest.mark.parametrize("written", ["2", "x", "ZJ-2025-000001", "999999999999", "'; DROP TABLE cases"])
async def test_no_such_case(place: LocalTown, villager: ChatClient, written: str) -> None:
    await villager.submit(LAMP)
    await villager.say(f"/case {written}")
    assert "没有找到" in await villager.last()


async def test_find_shows_station_and_deputies(place: LocalTown, villager: ChatClient) -> None:
    await villager.say("/find")
    assert "哪个村" in await villager.last()
    await villager.tap("大塘村")
    text = await villager.last()
    assert "大塘村人大代表联络站" in text
    assert place.town.deputies_of("datang")[0].name in text
    assert "0000-0000002" in text
    await villager.say("/find 石龙")
    assert "石龙村人大代表联络站" in await villager.last()


async def test_find_remembers_the_last_village_and_can_look_at_another(place: LocalTown, villager: ChatClient) -> None:
    await villager.submit(LAMP)
    await villager.say("/find")
    assert "石龙村人大代表联络站" in await villager.last()
    await villager.tap("看别的村")
    assert "哪个村" in await villager.last()


async def test_the_language_can_be_changed_and_the_menu_follows(place: LocalTown, villager: ChatClient) -> None:
    await villager.say("/lang")
    await villager.tap("English")
    assert await villager.last() == "All right, English from now on."
    menu = [message for message in await villager.all() if message.commands][-1]
    assert dict(menu.commands)["new"] == "Report or suggest"
    await villager.say("/help")
    assert "How Xiangyin works" in await villager.last()
    await villager.say("/lang zh-CN")
    assert "以后用中文" in await villager.last()


async def test_an_english_app_is_greeted_in_english(place: LocalTown) -> None:
    client = place.client("e1")
    await client.say("/start", language="en-GB")
    assert "Do you agree?" in await client.last()


async def test_help_tells_staff_more(place: LocalTown, villager: ChatClient) -> None:
    await villager.say("/help")
    assert "【代表、站长、联络员】" not in await villager.last()
    deputy = await place.staff("d", place.town.deputies_of("shilong")[0].id)
    await deputy.say("/help")
    assert "【代表、站长、联络员】" in await deputy.last()


async def test_privacy_shows_the_notice_again(villager: ChatClient) -> None:
    await villager.say("/privacy")
    assert "谁看到" in await villager.last()


async def test_an_unknown_command_points_to_help(villager: ChatClient) -> None:
    await villager.say("/fly")
    assert "/help" in await villager.last()


async def test_new_does_not_throw_an_unfinished_draft_away(place: LocalTown, villager: ChatClient) -> None:
    await villager.say("村口的路灯坏了半个月")
    await villager.say("/new")
    assert "没写完" in await villager.last()
    await villager.tap("接着写")
    assert "哪个村" in await villager.last()
    await villager.say("/new")
    await villager.tap("重新写")
    assert "请说说是什么事" in await villager.last()


async def test_a_draft_put_aside_for_a_reply_is_gone_on_with(place: LocalTown, villager: ChatClient) -> None:
    """A question about one case may come in the middle of writing another."""
    deputy = await place.staff("d", place.town.deputies_of("shilong")[0].id)
    await villager.submit(LAMP)
    await villager.say("/new")
    await villager.say("村口垃圾没人收，臭得很")
    await deputy.tap("请补充")
    await deputy.say("哪几盏?")
    await deputy.say("1")
    await villager.tap("补充")
    await villager.say("五盏")
    await villager.say("1")
    assert "没写完" in await villager.last()
    assert "哪个村" in await villager.last()


async def test_a_command_with_the_bots_name_works(villager: ChatClient) -> None:
    await villager.say("/help@test_bot")
    assert "乡音怎么用" in await villager.last()


@pytest.mark.parametrize("name", ["queue", "people", "invite", "digest"])
async def test_staff_commands_are_closed_to_villagers(villager: ChatClient, name: str) -> None:
    await villager.say(f"/{name}")
    assert "工作人员用的" in await villager.last()


async def test_a_deputys_stray_words_are_not_made_a_case_without_asking(place: LocalTown) -> None:
    deputy = await place.staff("d", place.town.deputies_of("shilong")[0].id)
    await deputy.say("石龙村路灯我明天去看")
    await deputy.tap("✅ 同意")
    assert "登记成一条意见吗" in await deputy.last()
    assert await place.cases() == []


async def test_who_blocked_the_bot_is_not_written_to_until_they_return(place: LocalTown, villager: ChatClient) -> None:
    deputy = await place.staff("d", place.town.deputies_of("shilong")[0].id)
    await villager.submit(LAMP)
    before = len(await villager.all())
    await villager.send(kind="blocked")
    await deputy.tap("接办")
    assert len(await villager.all()) == before
    await villager.send(kind="unblocked")
    await deputy.tap("回复")
    await deputy.say("明天来修")
    await deputy.tap("发出")
    assert "明天来修" in await villager.last()
