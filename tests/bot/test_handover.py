"""Handing over: all that lies on a seat, to a successor, the station or the office; what falls silent; no orphans."""

import pytest

from bot.domain.duties import DutyKind
from bot.domain.machine import Action
from bot.ports.ledgers import DutyFilter
from tests.bot.staff import LAMP, Crew, crew_of
from tests.support.chat import ChatClient, LocalTown

ROAD = "石龙村村口的路全是坑，摩托车摔了几次"
WORDS = "建议由镇规划建设办统一更换石龙村主干道路灯，列入明年预算。"


@pytest.fixture
async def crew(place: LocalTown) -> Crew:
    return await crew_of(place)


@pytest.fixture
async def other(place: LocalTown) -> ChatClient:
    return await place.staff("other", "shilong-3")


async def load(crew: Crew) -> None:
    """Two cases, a suggestion that nobody signed, and a reception day of the roads deputy."""
    await crew.villager.submit(LAMP)
    await crew.villager.submit(ROAD)
    await crew.deputy.press("c:1:draft")
    await crew.deputy.say(WORDS)
    await crew.deputy.tap("提出")
    await crew.office.press("c:2:kind.onsite")
    await crew.office.say("请当面说明")
    await crew.office.tap("5 个工作日内")
    await crew.head.say("/duty")
    await crew.head.tap("预告接待日")
    await crew.head.say("20日上午9点，村委会一楼，车锦锋接待")
    await crew.head.tap("完成")


async def test_who_leaves_for_good_hands_over_everything_after_one_look(
    place: LocalTown, crew: Crew, other: ChatClient
) -> None:
    await load(crew)
    await crew.office.say("/people")
    await crew.office.tap("石龙村")
    await crew.office.tap("● 人大代表 车锦锋")
    await crew.office.tap("离任移交")
    await crew.office.tap("潘晓平")
    text = await crew.office.last()
    assert "车锦锋 → 潘晓平" in text
    for line in ("未办结意见 2 条：1、2", "代表建议 1 条：JY-2026-000001", "督办 1 项", "接待日预告 1 次：3-20"):
        assert line in text
    await crew.office.tap("移交并收回席位")
    assert "移交 2 条" in await crew.office.last()
    assert {case.deputy for case in await place.cases()} == {"shilong-3"}
    async with place.store.begin() as tx:
        assert "shilong-2" not in await tx.people.holders()
        [suggestion] = await tx.suggestions.all()
        [plan] = await tx.duties.find(DutyFilter(kinds=(DutyKind.PLAN,)))
        assert await tx.cases.orphans(await tx.people.holders()) == []
    assert suggestion.lead == "shilong-3"
    assert plan.members == ("shilong-3",)
    assert "改由潘晓平接待" in plan.text
    for event in [(await place.events(case))[-1] for case in await place.cases()]:
        assert (event.action, event.seat, event.data["to"]) == (Action.HAND_OVER, "office-1", "shilong-3")
    assert "席位已结束" in "".join(m.text for m in await crew.deputy.all())
    await crew.deputy.press("c:1:open")
    assert "不归您办" in (await crew.deputy.toasts())[-1]


async def test_handed_over_without_losing_the_seat(place: LocalTown, crew: Crew, other: ChatClient) -> None:
    await load(crew)
    await crew.office.press("b:shilong-2")
    await crew.office.tap("本站站长")
    await crew.office.tap("只移交")
    assert {case.deputy for case in await place.cases()} == {"shilong-head"}
    async with place.store.begin() as tx:
        assert "shilong-2" in await tx.people.holders()
        [suggestion] = await tx.suggestions.all()
    assert suggestion.lead == "shilong-3"  # a head leads no suggestion: the usual stand-in does
    assert "已由镇人大办移交给别人" in await crew.deputy.last()


async def test_to_the_office_itself(place: LocalTown, crew: Crew) -> None:
    await load(crew)
    await crew.office.press("b:shilong-2")
    await crew.office.tap("样例镇人大办公室")
    await crew.office.tap("移交并收回席位")
    assert {case.deputy for case in await place.cases()} == {None}
    await crew.office.say("/queue")
    assert "未办结 2 条" in await crew.office.last()
    assert any("没有代表可以接手领衔" in m.text for m in await crew.office.all())


async def test_many_cases_are_counted_and_not_shown_one_by_one(crew: Crew, other: ChatClient) -> None:
    for number in range(5):
        await crew.villager.submit(f"石龙村村口的路有{number}个坑，摩托车摔了几次")
        if "是不是这一件" in await crew.villager.last():
            await crew.villager.tap("不是")
    before = len(await other.all())
    await crew.office.press("b!:shilong-2:shilong-3:end")
    news = [m.text for m in (await other.all())[before:]]
    assert [text for text in news if "移交" in text] == ["📥 移交给您 5 条意见，点“待办”看。"]


async def test_only_who_manages_the_seat_hands_it_over_and_only_to_who_may_have_it(
    place: LocalTown, crew: Crew, other: ChatClient
) -> None:
    await load(crew)
    before = await place.cases()
    for client in (crew.head, crew.deputy, other, crew.villager):
        for data in ("b:shilong-2", "b:shilong-2:shilong-3", "b!:shilong-2:shilong-3:end", "b!:shilong-2:@next:late"):
            await client.press(data)
            assert "没有这个权限" in await client.last()
    for data in ("b!:shilong-2:datang-1:end", "b!:shilong-2:admin:keep", "b!:nobody:@office:end"):
        await crew.office.press(data)
        assert "没有这个权限" in await crew.office.last()
    for data in ("b:shilong-2:datang-1", "b!:shilong-2:shilong-3:never"):
        await crew.office.press(data)
        assert "用不了" in (await crew.office.toasts())[-1]
    assert await place.cases() == before


async def test_the_office_hears_once_of_a_deputy_who_does_not_answer_and_hands_over_with_one_tap(
    place: LocalTown, crew: Crew, other: ChatClient
) -> None:
    await crew.villager.submit(LAMP)
    await crew.villager.submit(ROAD)
    for _ in range(9):
        place.clock.push(days=1)
        await place.sweep.once()
    assert not any("没有动静" in m.text for m in await crew.office.all())
    await crew.head.press("c:2:note")
    await crew.head.say("在等配件")
    for _ in range(4):
        place.clock.push(days=1)
        await place.sweep.once()
    told = [m for m in await crew.office.all() if "没有动静" in m.text]
    assert len(told) == 1
    assert "车锦锋 有 1 条到期后一直没有动静：1。" in told[0].text
    await crew.office.tap("移交给 潘晓平")
    assert [case.deputy for case in await place.cases()] == ["shilong-3", "shilong-2"]
    assert "因人员变动转到您这里" in await other.last()
    for _ in range(4):
        place.clock.push(days=1)
        await place.sweep.once()
    assert len([m for m in await crew.office.all() if "没有动静：1" in m.text]) == 1


async def test_what_is_done_in_time_is_not_silent(place: LocalTown, crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    for _ in range(20):
        place.clock.push(days=1)
        await place.sweep.once()
        if place.clock.now().weekday() == 2:
            await crew.deputy.press("c:1:note")
            await crew.deputy.say("在等配件")
    assert not any("没有动静" in m.text for m in await crew.office.all())


async def test_a_roster_line_that_is_gone_with_nobody_at_the_station_falls_to_the_office(
    place: LocalTown, crew: Crew
) -> None:
    await crew.villager.submit(LAMP)
    async with place.store.begin() as tx:
        for seat in ("shilong-2", "shilong-head"):
            await tx.people.end(seat, place.clock.now(), "left the roster")
    await place.sweep.once()
    assert (await crew.case()).deputy is None
    await crew.office.say("/queue")
    assert "未办结 1 条" in await crew.office.last()
