"""Leave: who is away names a stand-in, who gets what would have come to them, and hands it back by the day."""

import pytest

from bot.usecases.standing import stand_ins
from tests.bot.staff import LAMP, Crew, crew_of
from tests.support.chat import ChatClient, LocalTown


@pytest.fixture
async def crew(place: LocalTown) -> Crew:
    return await crew_of(place)


@pytest.fixture
async def other(place: LocalTown) -> ChatClient:
    """The deputy for power and telecommunications, who is nobody's usual stand-in but of shilong-2."""
    return await place.staff("other", "shilong-3")


async def away(client: ChatClient, when: str = "到3月12日", who: str = "潘晓平") -> None:
    await client.say("/leave")
    await client.say(when)
    await client.tap(who)
    await client.tap("就这样")


async def test_new_cases_and_the_digest_go_to_the_stand_in_and_come_back_by_the_day(
    place: LocalTown, crew: Crew, other: ChatClient
) -> None:
    await crew.villager.submit(LAMP)
    await away(crew.deputy)
    assert "请您代办" in await other.last()
    assert "请假" in await crew.office.last()
    before = len(await crew.deputy.all())
    await crew.villager.submit("石龙村村口的路全是坑，摩托车摔了几次")
    assert "新意见" in await other.last()
    assert "（您代车锦锋办）" in await other.last()
    place.clock.push(days=1)
    await place.sweep.once()
    digest = next(m.text for m in reversed(await other.all()) if "待办汇总" in m.text)
    assert "未办结 2 条" in digest
    assert "车锦锋（3月2日到3月12日）" in digest
    assert len(await crew.deputy.all()) == before
    await crew.deputy.say("/queue")
    assert "未办结 2 条" in await crew.deputy.last()
    place.clock.push(days=10)
    await place.sweep.once()
    await place.sweep.once()
    texts = [m.text for m in await crew.deputy.all()]
    assert sum("假期到了" in text for text in texts) == 1
    assert any("回来了" in m.text for m in await other.all())
    await crew.villager.submit("石龙村小学门口红绿灯不亮")
    assert "新意见" in await crew.deputy.last()


async def test_what_a_stand_in_does_is_signed_by_them_and_says_for_whom(place: LocalTown, crew: Crew) -> None:
    stranger = await place.staff("stranger", "shilong-6")
    await crew.villager.submit(LAMP)
    await stranger.press("c:1:reply")
    assert "不归您办" in (await stranger.toasts())[-1]
    await away(crew.deputy, who="刘丽才")
    await stranger.press("c:1:reply")
    await stranger.say("明天去看")
    await stranger.tap("发出")
    assert "人大代表 刘丽才（代车锦锋）" in await crew.villager.last()
    event = (await place.events(await crew.case()))[-1]
    assert (event.seat, event.data["instead_of"]) == ("shilong-6", "shilong-2")
    place.clock.push(days=20)
    await stranger.press("c:1:reply")
    assert "不归您办" in (await stranger.toasts())[-1]


async def test_reminders_go_to_the_stand_in(place: LocalTown, crew: Crew, other: ChatClient) -> None:
    await crew.villager.submit(LAMP)
    await away(crew.deputy, "今天起30天")
    before = len(await crew.deputy.all())
    for _ in range(9):
        place.clock.push(days=1)
        await place.sweep.once()
    assert any("催办" in m.text for m in await other.all())
    assert len(await crew.deputy.all()) == before


async def test_back_early_everything_comes_to_the_deputy_again(crew: Crew, other: ChatClient) -> None:
    await away(crew.deputy)
    await crew.deputy.tap("我回来了")
    assert "欢迎回来" in await crew.deputy.last()
    assert "不用您代了" in await other.last()
    await crew.villager.submit(LAMP)
    assert "新意见" in await crew.deputy.last()
    await crew.deputy.press("z!:shilong-2")
    assert "没有请假" in await crew.deputy.last()


async def test_a_leave_that_is_to_come_begins_by_itself(place: LocalTown, crew: Crew, other: ChatClient) -> None:
    await away(crew.deputy, "3月5日到6日")
    await crew.villager.submit(LAMP)
    assert "新意见" in await crew.deputy.last()
    place.clock.push(days=3)
    for _ in range(2):
        await place.sweep.once()
    assert sum("从今天起请您代" in m.text for m in await other.all()) == 1


async def test_with_nobody_named_it_goes_to_the_head(crew: Crew) -> None:
    await away(crew.deputy, who="不指定")
    before = len(await crew.deputy.all())
    await crew.villager.submit(LAMP)
    assert "新意见" in await crew.head.last()
    assert len(await crew.deputy.all()) == before
    await crew.head.say("/queue")
    assert "未办结 1 条" in await crew.head.last()


async def test_a_stand_in_who_goes_away_too_is_stood_in_for(place: LocalTown, crew: Crew, other: ChatClient) -> None:
    third = await place.staff("third", "shilong-4")
    await away(crew.deputy)
    await away(other, who="黄文辉")
    await crew.villager.submit(LAMP)
    assert "（您代车锦锋、潘晓平办）" in await third.last()


async def test_two_who_name_each_other_leave_it_to_the_head(crew: Crew, other: ChatClient) -> None:
    await away(crew.deputy)
    await away(other, who="车锦锋")
    await crew.villager.submit(LAMP)
    assert "新意见" in await crew.head.last()


async def test_the_office_does_it_for_somebody_and_they_are_told(crew: Crew, other: ChatClient) -> None:
    await crew.office.press("e:shilong-2")
    await crew.office.tap("请假、回来")
    await crew.office.tap("今天起 1 周")
    await crew.office.tap("潘晓平")
    await crew.office.tap("就这样")
    assert "给您登记了请假" in await crew.deputy.last()
    await crew.villager.submit(LAMP)
    assert "新意见" in await other.last()
    await crew.deputy.tap("我回来了")
    assert "不用您代了" in await other.last()


async def test_nobody_sends_another_on_leave_or_brings_them_back(crew: Crew, other: ChatClient) -> None:
    await away(crew.deputy)
    for client in (crew.head, other, crew.villager):
        await client.press("z:shilong-2")
        assert "没有这个权限" in await client.last()
        await client.press("z!:shilong-2")
        assert "没有请假" in await client.last()
    await crew.villager.submit(LAMP)
    assert "新意见" in await other.last()


async def test_the_last_of_the_office_cannot_go_without_somebody(place: LocalTown, crew: Crew) -> None:
    await crew.office.say("/leave 今天")
    assert "没有别人能代" in await crew.office.last()
    second = await place.staff("second", "office-2")
    await crew.office.say("/leave 今天")
    await crew.office.say("1")
    await crew.office.tap("就这样")
    await crew.villager.submit(LAMP)
    await crew.head.press("c:1:hand_up")
    before = len(await crew.office.all())
    await crew.head.say("站里没有经费")
    assert "上交" in await second.last()
    assert len(await crew.office.all()) == before


@pytest.mark.parametrize("said", ["我想想", "2月20日到3月1日", "2月30日", "📅"])
async def test_words_that_are_no_dates_are_asked_again(crew: Crew, said: str) -> None:
    await crew.deputy.say("/leave")
    await crew.deputy.say(said)
    assert "没看懂日期" in await crew.deputy.last()
    await crew.deputy.say("0")
    assert "没有请假" in await crew.deputy.last()


async def test_villagers_have_no_leave(crew: Crew) -> None:
    await crew.villager.say("/leave")
    assert "工作人员用的" in await crew.villager.last()


async def test_whoever_takes_the_seat_meanwhile_is_not_away(place: LocalTown, crew: Crew, other: ChatClient) -> None:
    await away(crew.deputy)
    new = await place.staff("new", "shilong-2")
    await crew.villager.submit(LAMP)
    assert "新意见" in await new.last()
    await place.sweep.once()
    async with place.store.begin() as tx:
        assert await tx.leaves.open() == []


async def test_every_seat_of_the_sample_town_has_somebody_who_could_stand_in(place: LocalTown) -> None:
    for seat in place.town.seats:
        if seat.role != "admin":
            await place.staff(f"p-{seat.id}", seat.id)
    async with place.store.begin() as tx:
        desk = place.desk_for(tx, place.clock.now(), "look")
        for seat in place.town.seats:
            if seat.role == "admin":
                continue
            found = await stand_ins(desk, seat)
            assert found, seat
            assert seat not in found
            if seat.stand_in:
                assert found[0].id == seat.stand_in


async def test_the_office_is_told_of_what_falls_to_it_when_the_stand_in_goes_too(place: LocalTown, crew: Crew) -> None:
    """Each case once; what is with the office already, and who is away with a stand-in at work, is no news."""
    await crew.villager.submit(LAMP)
    await away(crew.deputy, who="黄雪芳")
    await place.sweep.once()
    assert not any("由镇人大办管" in m.text for m in await crew.office.all())
    await crew.office.press("e!:shilong-head")
    for _ in range(2):
        await place.sweep.once()
    [told] = [m for m in await crew.office.all() if "由镇人大办管" in m.text]
    assert "1 条意见由镇人大办管" in told.text
    await crew.office.tap("待办")
    assert "未办结 1 条" in await crew.office.last()
