"""Hot issues for staff, in the digest too, and why a case has its tag."""

import pytest

from bot.domain.machine import State
from tests.bot.staff import LAMP, Crew, crew_of
from tests.support.chat import ChatClient, LocalTown

LAMPS = (LAMP, "石龙村路灯不亮,老人晚上不敢出门,电话13800138000", "石龙村的路灯坏了,晚上好黑老人不敢出门")


@pytest.fixture
async def crew(place: LocalTown) -> Crew:
    return await crew_of(place)


async def _three_lamps(place: LocalTown) -> None:
    for number, text in enumerate(LAMPS):
        place.clock.push(days=1)
        client: ChatClient = place.client(f"w{number}")
        await client.agree()
        await client.say(text)
        if "是不是这一件" in await client.last():
            await client.say("1" if number == 1 else "2")
        if "有照片吗" in await client.last():
            await client.say("1")
            await client.say("1")


async def test_hot_issues_count_people_and_quote_a_typical_sentence_without_numbers(
    place: LocalTown, crew: Crew
) -> None:
    await _three_lamps(place)
    await crew.office.say("/hot")
    told = await crew.office.last()
    assert "石龙村 · 道路交通：3 人，2 件" in told
    assert "路灯" in told
    assert "138" not in told


async def test_what_was_answered_and_closed_of_late_still_counts(place: LocalTown, crew: Crew) -> None:
    await crew.answered()
    await crew.villager.tap("满意")
    assert (await crew.case()).state is State.CLOSED
    for name in ("w1", "w2"):
        place.clock.push(days=1)
        client = place.client(name)
        await client.agree()
        await client.submit(LAMP + name)
    await crew.office.say("/hot")
    assert "石龙村 · 道路交通：3 人" in await crew.office.last()
    place.clock.push(days=29)  # the closed one is out of the window, and the two others are too few
    await crew.office.say("/hot")
    assert "没有三个人以上" in await crew.office.last()


async def test_hot_is_for_staff_and_each_sees_their_own(place: LocalTown, crew: Crew) -> None:
    await _three_lamps(place)
    await crew.villager.say("/hot")
    assert "工作人员" in await crew.villager.last()
    elsewhere = next(s.id for s in place.town.seats if s.role == "station_head" and s.station != "shilong")
    stranger = await place.staff("elsewhere", elsewhere)
    await stranger.say("/hot")
    assert "没有三个人以上" in await stranger.last()


async def test_the_digest_has_a_line_when_something_is_hot(place: LocalTown, crew: Crew) -> None:
    await place.sweep.once()
    await _three_lamps(place)
    place.clock.push(days=1)
    await place.sweep.once()
    assert any("热点：石龙村 · 道路交通，3 人在说" in text for text in await crew.head.news())


async def test_what_grows_no_more_is_not_told_in_the_digest(place: LocalTown, crew: Crew) -> None:
    await _three_lamps(place)
    place.clock.push(days=20)
    await crew.head.news()
    await place.sweep.once()
    told = [text for text in await crew.head.news() if "待办汇总" in text]
    assert told
    assert not any("热点" in text for text in told)


async def test_staff_read_why_a_case_has_its_tag_and_put_it_right_from_there(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    await crew.head.press("c:1:more")
    await crew.head.tap("为什么这样分")
    told = await crew.head.last()
    assert "“路灯”" in told
    assert "把握" in told
    await crew.head.tap("改分类")
    await crew.head.tap("饮水")
    assert "小类" in await crew.head.last()
    await crew.villager.press("c:1:why")
    assert "为什么这样分" not in await crew.villager.last()
