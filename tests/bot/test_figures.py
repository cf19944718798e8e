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
    assert "评价 1 份" in text
    await crew.office.tap("解决率")
    assert "计入：ZJ-2026-000001" in await crew.office.last()
    assert "未计入：ZJ-2026-000002" in await crew.office.last()
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


@pytest.mark.parametrize(
    ("by", "name"),
    [
        ("按联络站", "石龙村人大代表联络站"),
        ("按代表", "车锦锋"),
        ("按村", "石龙村"),
        ("按分类", "道路交通"),
        ("按月", "2026-03"),
    ],
)
async def test_each_group_shows_its_figures_and_the_cases_behind_them(crew: Crew, by: str, name: str) -> None:
    await crew.answered()
    await crew.villager.say("1")
    await crew.villager.say("1")
    await crew.villager.submit(LAMP)
    await crew.office.say("/rates")
    await crew.office.tap(by)
    text = await crew.office.last()
    assert f"1. {name}：答复 50.0%（1/2），解决 50.0%（1/2），满意 100.0%（1/1），评价 1 份" in text
    await crew.office.tap("1 满意率")
    assert f"{name} 满意率：100.0%（1/1）" in await crew.office.last()
    assert "计入：ZJ-2026-000001" in await crew.office.last()


@pytest.mark.parametrize(
    "data", ["f:2026:village:x", "f:2026:nothing:0", "f:1:village:0", "f:2026:all:0", "f:2026:village:shilong:x"]
)
async def test_forged_taps_show_nothing(crew: Crew, data: str) -> None:
    await crew.villager.submit(LAMP)
    await crew.office.press(data)
    assert "用不了" in (await crew.office.toasts())[-1]
    await crew.head.press("f:2026:village:0")
    assert "不归您办" in (await crew.head.toasts())[-1]
