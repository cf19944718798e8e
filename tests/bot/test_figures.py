"""The office reads the year's rates; the history alone tells the same; a changed history is found."""

from dataclasses import replace

import pytest

from bot.domain.cases import broken_at
from bot.domain.rates import outcome_of, replayed
from bot.usecases.figures import figures, year_of
from tests.bot.staff import LAMP, Crew, crew_of
from tests.support.chat import LocalTown


@pytest.fixture
async def crew(place: LocalTown) -> Crew:
    return await crew_of(place)


async def test_the_office_reads_the_years_rates_with_what_is_behind_them(crew: Crew) -> None:
    await crew.answered()
    await crew.villager.say("1")
    await crew.villager.say("1")
    await crew.villager.submit(LAMP)
    await crew.office.say("/rates")
    text = await crew.office.last()
    assert "答复率：50.0%（1/2）" in text
    assert "满意率：100.0%（1/1）" in text
    assert "石龙村" in text
    await crew.office.say("/rates 2031")
    assert "无记录" in await crew.office.last()
    await crew.head.say("/rates")
    assert "工作人员用的" in await crew.head.last()


@pytest.mark.parametrize("by", ["station", "deputy", "village", "topic", "month"])
async def test_groups_add_up_to_the_whole(crew: Crew, by: str) -> None:
    await crew.answered()
    await crew.villager.submit("石龙村村口垃圾没人收，臭得很")
    async with crew.place.store.begin() as tx:
        desk = crew.place.desk_for(tx, crew.place.clock.now(), "test")
        span = year_of(desk, 2026)
        whole = (await figures(desk, *span))[None]
        groups = await figures(desk, *span, by)
    assert sorted(n for found in groups.values() for n in found.response.of) == sorted(whole.response.of)
    assert len(whole.response.of) == 2


async def test_the_history_alone_tells_the_same(crew: Crew) -> None:
    await crew.answered()
    await crew.villager.tap("不满意")
    await crew.office.press("c:1:send_back")
    await crew.office.say("再办")
    await crew.head.press("c:1:resolve")
    await crew.head.say("好了")
    await crew.head.tap("B 正在解决")
    await crew.villager.say("2")
    await crew.villager.say("2")
    case = await crew.case()
    assert replayed(case.number, await crew.place.events(case)) == outcome_of(case)


async def test_a_changed_shortened_or_reordered_history_is_found(crew: Crew) -> None:
    case = await crew.answered()
    events = await crew.place.events(case)
    assert broken_at(case, events) is None
    assert broken_at(case, [replace(events[0], data={"village": "x"}), *events[1:]]) == 2
    assert broken_at(case, events[:-1]) == len(events) - 1
    assert broken_at(case, events[1:]) == 1
    assert broken_at(replace(case, head="0"), events) == len(events)
