"""Polls: the office asks, each villager of the villages has one vote for good, and nobody can tell who chose what."""

import pytest

from bot.domain.polls import Count
from tests.bot.staff import Crew, crew_of
from tests.bot.test_announcing import people
from tests.bot.test_duties import record
from tests.support.chat import ChatClient, LocalTown


@pytest.fixture
async def crew(place: LocalTown) -> Crew:
    return await crew_of(place)


async def opinion(office: ChatClient, village: str = "石龙村") -> None:
    await office.say("/poll")
    await office.tap("征求意见")
    await office.say("村口先修哪条路？")
    await office.say("东边的\n西边的\n都不修")
    await office.tap(village)
    if village != "全部":
        await office.tap("选好了")
    await office.tap("7 天")
    await office.tap("开始")


async def count(place: LocalTown, poll: int = 1) -> Count:
    async with place.store.begin() as tx:
        return await tx.polls.count(poll)


async def test_a_question_with_choices_goes_to_the_villages_and_one_tap_votes(crew: Crew) -> None:
    here, there = await people(crew.place, 3), await people(crew.place, 1, "datang")
    await crew.office.say("/poll")
    await crew.office.tap("征求意见")
    await crew.office.say("村口先修哪条路？")
    await crew.office.say("东边的\n西边的\n都不修")
    await crew.office.tap("石龙村")
    await crew.office.tap("选好了")
    await crew.office.tap("7 天")
    shown = await crew.office.last()
    assert "收得到的有 3 人" in shown
    assert "▪ 西边的" in shown
    await crew.office.tap("开始")
    await crew.place.sweep.once()
    assert "点一下就算投了" in await here[0].last()
    assert not await there[0].news()
    await here[0].tap("东边的")
    await here[1].tap("2 西边的")
    await here[2].tap("西边的")
    assert await count(crew.place) == Count({0: 1, 1: 2})
    assert "收到" in await here[0].last()


async def test_one_vote_for_good_and_nothing_tells_who_chose_what(crew: Crew) -> None:
    (client,) = await people(crew.place, 1)
    await opinion(crew.office)
    await crew.place.sweep.once()
    await client.tap("东边的")
    await client.press("u:1:1")
    assert "每人一票" in (await client.toasts())[-1]
    assert await count(crew.place) == Count({0: 1})
    after = [message.text for message in await client.all()][-3:]
    assert not any("东边的" in text for text in after)


async def test_nobody_else_votes_and_not_before_or_after(crew: Crew) -> None:
    (stranger,) = await people(crew.place, 1, "datang")
    new = crew.place.client("new")
    await opinion(crew.office)
    await stranger.press("u:1:0")
    assert "只问有关的村" in (await stranger.toasts())[-1]
    await new.press("u:1:0")
    assert "同意" in (await new.toasts())[-1]
    for data in ("u:1:3", "u:9:0", "u:1:x"):
        await stranger.press(data)
        assert (await stranger.toasts())[-1]
    (late,) = await people(crew.place, 1)
    crew.place.clock.push(days=7)
    await late.press("u:1:0")
    assert "已经结束" in (await late.toasts())[-1]
    assert await count(crew.place) == Count({})


async def test_results_come_with_their_number_after_the_end_and_not_before(crew: Crew) -> None:
    clients = await people(crew.place, 4)
    await opinion(crew.office)
    await crew.place.sweep.once()
    for client, choice in zip(clients, ("东边的", "东边的", "东边的", "西边的"), strict=True):
        await client.tap(choice)
    await clients[0].say("/polls")
    assert "已有 4 人投票" in await clients[0].last()
    assert "东边的" not in await clients[0].last()
    crew.place.clock.push(days=7)
    await crew.place.sweep.once()
    told = [text for text in await crew.office.news() if "已结束，问了 4 人，4 人投票" in text]
    assert len(told) == 1
    assert "东边的：3 票（75%）" in told[0]
    await clients[3].say("/polls")
    assert "东边的：3 票（75%）" in await clients[3].last()


async def test_the_office_alone_asks_and_may_end_it_early(crew: Crew) -> None:
    for client in (crew.head, crew.deputy, crew.villager):
        await client.say("/poll")
        assert "没有这个权限" in await client.last()
    await opinion(crew.office, "全部")
    await crew.head.press("u:1:close")
    assert "没有这个权限" in (await crew.head.toasts())[-1]
    await crew.office.tap("提前结束")
    assert "已结束" in await crew.office.last()
    await crew.villager.say("/polls")
    assert "已结束" in await crew.villager.last()


async def test_too_few_or_too_many_choices_are_asked_for_again(crew: Crew) -> None:
    await crew.office.say("/poll")
    await crew.office.tap("征求意见")
    await crew.office.say("村口先修哪条路？")
    for wrong in ("东", "东\n东", "1、2、3、4、5、6、7"):
        await crew.office.say(wrong)
        assert "2 到 6 个不同的选项" in await crew.office.last()


async def test_a_satisfaction_round_is_about_a_project_of_the_ledger(crew: Crew) -> None:
    clients = await people(crew.place, 2)
    await record(crew.deputy, "民生实事", "村级集中供水：完成80%，督查2次")
    await crew.office.say("/poll")
    await crew.office.tap("满意度测评")
    await crew.office.tap("村级集中供水")
    await crew.office.tap("石龙村")
    await crew.office.tap("选好了")
    await crew.office.tap("3 天")
    await crew.office.tap("开始")
    await crew.place.sweep.once()
    assert "您对“村级集中供水”满意吗" in await clients[0].last()
    await clients[0].tap("1 满意")
    await clients[1].tap("不满意")
    crew.place.clock.push(days=3)
    await crew.place.sweep.once()
    assert any("不满意：1 票（50%）" in text for text in await crew.office.news())


async def test_voters_rate_a_deputys_report_and_the_year_page_shows_it_with_its_number(crew: Crew) -> None:
    clients = await people(crew.place, 3)
    await record(crew.deputy, "向选民述职", "向选民60人述职")
    await crew.office.say("/poll")
    await crew.office.tap("代表述职评议")
    await crew.office.tap("车锦锋 2026-03-02")
    await crew.office.tap("7 天")
    assert "收得到的有 3 人" in await crew.office.last()
    await crew.office.tap("开始")
    await crew.place.sweep.once()
    for client, choice in zip(clients, ("1 满意", "1 满意", "不了解"), strict=True):
        await client.tap(choice)
    await clients[0].press("v:shilong-2:year")
    assert "人评议" not in await clients[0].last()
    crew.place.clock.push(days=7)
    await crew.place.sweep.once()
    assert any("满意：2 票" in text for text in await crew.deputy.news())
    await clients[0].press("v:shilong-2:year")
    assert "3 人评议：满意 2，基本满意 0，不满意 0，不了解 1" in await clients[0].last()
    await crew.office.say("/poll")
    await crew.office.tap("代表述职评议")
    assert "没有可以评议的述职" in await crew.office.last()
