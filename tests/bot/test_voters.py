"""A villager and their deputies: the page of the station, a deputy's public year, a letter that is answered."""

import pytest

from bot.domain.cases import Kind
from bot.domain.machine import State
from tests.bot.staff import Crew, crew_of
from tests.bot.test_duties import record
from tests.support.chat import LocalTown


@pytest.fixture
async def crew(place: LocalTown) -> Crew:
    return await crew_of(place)


async def test_a_villager_sees_station_deputies_and_reception_days_and_says_which_village_is_theirs(crew: Crew) -> None:
    await record(crew.head, "预告接待日", "20日上午9点，村委会一楼")
    await crew.villager.say("/deputies")
    assert "您是哪个村的" in await crew.villager.last()
    await crew.villager.tap("石龙村")
    page = await crew.villager.last()
    assert "黄雪芳" in page
    assert "车锦锋" in page
    assert "接待日：2026-03-20" in page
    await crew.villager.tap("石龙村是我的村")
    async with crew.place.store.begin() as tx:
        person = await tx.people.find("local", "v1")
    assert person
    assert person.home == "shilong"
    await crew.villager.say("/find")
    assert "石龙村由" in await crew.villager.last()


async def test_a_deputys_year_is_counted_from_the_ledger(crew: Crew) -> None:
    await record(crew.deputy, "月访", "走访5户")
    await record(crew.deputy, "向选民述职", "向选民60人述职")
    await crew.answered()
    await crew.villager.tap("满意")
    await crew.villager.press("v:shilong-2:year")
    page = await crew.villager.last()
    assert "【车锦锋代表 2026 年履职】" in page
    assert "收到 1 件，已答复 1 件" in page
    assert "月月访谈 1 次，走访 5 户" in page
    assert "向选民述职：2026-03-02" in page
    assert "先不公布" in page  # one rating would tell whose it is


async def test_ratings_are_shown_with_their_number_from_three_on(crew: Crew) -> None:
    for number in range(3):
        villager = crew.place.client(f"n{number}")
        await villager.agree()
        case = await villager.submit(f"石龙村第{number}盏路灯坏了，晚上老人不敢出门")
        if case.state is State.REGISTERED:
            await crew.head.press(f"c:{case.id}:resolve")
            await crew.head.say("灯泡换好了")
            await crew.head.tap("A 已解决")
            await villager.press(f"r:{case.id}:0:{'satisfied' if number < 2 else 'dissatisfied'}")
    await crew.villager.press("v:shilong-2:year")
    shown = await crew.villager.last()
    cases = await crew.place.cases()
    rated = [case for case in cases if case.rating and case.deputy == "shilong-2"]
    assert len(rated) == 3
    assert "满意和基本满意 2，一共 3 人评" in shown


async def test_a_letter_goes_to_the_deputy_is_tracked_and_the_answer_comes_back(crew: Crew) -> None:
    other = await crew.place.staff("other", "shilong-1")
    await crew.villager.press("v:shilong-1:year")
    await crew.villager.tap("写信给 陈晓彬")
    assert "看不到您是谁" in await crew.villager.last()
    await crew.villager.say("代表您好，村里的路灯一直不亮，请帮忙看看")
    assert "给代表的信" in await crew.villager.last()
    await crew.villager.tap("寄出")
    letter = await crew.case()
    assert (letter.kind, letter.deputy, letter.station, letter.topic) == (Kind.LETTER, "shilong-1", "shilong", "roads")
    assert letter.due_at
    card = "".join(await other.news())
    assert "给代表的信" in card
    assert "v1" not in card
    assert not await crew.deputy.news()
    await other.tap("回信办结")
    await other.say("已请供电所来修，下周一到")
    await other.tap("B 正在解决")
    assert "已请供电所来修" in await crew.villager.last()
    assert "人大代表 陈晓彬" in await crew.villager.last()
    await crew.villager.tap("基本满意")
    assert (await crew.case()).state is State.CLOSED


async def test_only_letters_are_ended_by_the_deputys_own_answer(crew: Crew) -> None:
    await crew.villager.submit("石龙村的路灯坏了，晚上老人不敢出门")
    await crew.deputy.press("c:1:answer_letter")
    assert (await crew.case()).state is State.REGISTERED


async def test_a_letter_about_a_cadre_still_goes_past_the_station(crew: Crew) -> None:
    await crew.place.staff("other", "shilong-1")
    await crew.villager.press("v:shilong-1:letter")
    await crew.villager.say("石龙村村支书贪污征地补偿款")
    await crew.villager.tap("寄出")
    letter = await crew.case()
    assert (letter.sealed, letter.deputy, letter.station) == (True, None, None)


async def test_no_letter_is_begun_to_a_seat_that_nobody_holds_or_that_is_none(crew: Crew) -> None:
    await crew.villager.press("v:shilong-3:letter")
    assert "还没开通" in await crew.villager.last()
    for data in ("v:office-1:letter", "v:nobody:year", "v:nowhere:home", "v:shilong-1:evil"):
        await crew.villager.press(data)
        assert (await crew.villager.toasts())[-1]
    assert await crew.place.cases() == []
