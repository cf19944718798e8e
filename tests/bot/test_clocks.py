"""The clocks of a case: each step once, to the right person, quiet hours kept, standing still while it waits."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.clocks import Terms, steps
from bot.domain.machine import Action, Clock, State
from bot.domain.topics import Limit
from bot.usecases.heartbeat import LATE
from tests.bot.staff import LAMP, Crew, crew_of
from tests.support.chat import ChatClient, LocalTown

DAY = timedelta(days=1)
NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
async def crew(place: LocalTown) -> Crew:
    return await crew_of(place)


async def walk(crew: Crew, days: int, hours: int = 6) -> None:
    """Let time pass, with the sweep at work several times a day."""
    for _ in range(days * 24 // hours):
        crew.place.clock.push(hours=hours)
        for _ in range(2):
            await crew.place.sweep.once()


async def actions(crew: Crew) -> list[str]:
    return [event.action for event in await crew.place.events(await crew.case())]


async def said(client: ChatClient, words: str) -> int:
    return sum(words in m.text for m in await client.all())


async def test_a_case_that_nobody_takes_is_warned_of_reminded_supervised_and_reported_once_each(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    await walk(crew, 30)
    assert await actions(crew) == ["register", "warn", "remind", "supervise", "escalate"]
    for client in (crew.deputy, crew.head):
        for words in ("⏳ 快到期", "催办：已到期", "督办：超期", "书面报告"):
            assert await said(client, words) == 1, words
    assert await said(crew.office, "⏳ 快到期") == 0
    assert await said(crew.office, "督办：超期") == 1
    assert await said(crew.office, "【报镇党委】ZJ-2026-000001") == 1
    assert (await crew.case()).next_at is None


async def test_steps_wait_for_the_morning(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    await walk(crew, 10, hours=1)
    async with crew.place.store.begin() as tx:
        rows = [row for row in await tx.outbox.rows("deputy") if "催办" in row.message.text]
    assert [f"{row.send_after.astimezone(crew.place.town.zone):%H:%M}" for row in rows] == ["18:00"]


async def test_a_standstill_misses_no_step_and_doubles_none(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    crew.place.clock.push(days=60)
    for _ in range(3):
        await crew.place.sweep.once()
    assert await actions(crew) == ["register", "warn", "remind", "supervise", "escalate"]


async def test_after_a_standstill_the_newest_step_alone_goes_out_and_the_others_are_noted(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    crew.place.clock.push(days=60)
    for _ in range(3):
        await crew.place.sweep.once()
    for words in ("快到期了，请抓紧", "催办：已到期", "督办：超期"):
        assert await said(crew.deputy, words) == 0, words
    assert await said(crew.deputy, "书面报告") == 1
    assert await said(crew.office, "【报镇党委】ZJ-2026-000001") == 1
    case = await crew.case()
    async with crew.place.store.begin() as tx:
        assert len(await tx.supervisions.of_case(case.id)) == 1
    noted = [event.data.get("passed_over", False) for event in await crew.place.events(case)]
    assert noted == [False, True, True, True, False]
    await crew.deputy.tap("经过")
    assert "".join(await crew.deputy.news()).count("（补记，没有另发）") == 3


async def test_after_a_standstill_a_villager_is_not_asked_over_and_over(crew: Crew) -> None:
    await crew.answered()
    crew.place.clock.push(days=60)
    for _ in range(3):
        await crew.place.sweep.once()
    assert await said(crew.villager, "您满意吗") == 1
    assert await actions(crew) == ["register", "resolve", "ask_rating", "ask_rating", "unrated"]


async def test_the_clock_stands_still_while_the_villager_is_asked(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    await crew.deputy.press("c:1:ask_more")
    await crew.deputy.say("是哪几盏？")
    await crew.deputy.say("1")
    await walk(crew, 20)
    assert await actions(crew) == ["register", "ask_more"]
    await crew.deputy.say("/why 1")
    assert "期限暂停" in await crew.deputy.last()
    await crew.villager.press("c:1:supply")
    await crew.villager.say("村口五盏")
    await crew.villager.say("1")
    case = await crew.case()
    assert case.due_at
    assert case.due_at > crew.place.clock.now()
    await walk(crew, 5)
    assert "remind" in await actions(crew)


async def test_who_takes_the_case_starts_the_next_clock(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    crew.place.clock.push(days=2)
    await crew.deputy.press("c:1:take")
    case = await crew.case()
    assert (case.clock, case.since, case.reached) == (Clock.SUBTOPIC, crew.place.clock.now(), 0)
    await crew.place.sweep.once()
    assert await actions(crew) == ["register", "take"]


async def test_what_is_with_the_office_reminds_the_office_alone(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    await crew.head.press("c:1:hand_up")
    await crew.head.say("请镇里协调")
    await walk(crew, 8)
    assert await said(crew.office, "催办：已到期") == 1
    assert await said(crew.head, "催办：已到期") == 0


async def test_a_rating_is_asked_for_three_times_and_then_the_case_is_unrated(crew: Crew) -> None:
    await crew.answered()
    await walk(crew, 15)
    assert await said(crew.villager, "您满意吗") == 3
    assert await actions(crew) == ["register", "resolve", "ask_rating", "ask_rating", "unrated"]
    case = await crew.case()
    assert (case.state, case.rating) == (State.ANSWERED, None)
    assert "未评价" in "".join(await crew.head.news())
    await crew.villager.tap("满意")
    assert (await crew.case()).state is State.CLOSED


async def test_class_b_is_followed_up_each_quarter(crew: Crew) -> None:
    await crew.answered("正在协调", "B 正在解决")
    await crew.villager.say("1")
    for _ in range(2):
        crew.place.clock.push(days=92)
        await crew.place.sweep.once()
    assert (await actions(crew)).count("ask_follow_up") == 2
    assert await said(crew.head, "请告诉群众现在的进展") == 2


async def test_an_urgent_case_must_be_taken_in_a_quarter_of_an_hour(crew: Crew) -> None:
    await crew.villager.submit("石龙村后山塌方,把路堵死了,有人被困")
    case = await crew.case()
    assert case.clock is Clock.URGENT
    assert case.due_at == crew.place.clock.now() + timedelta(minutes=15)


async def test_why_tells_what_was_done_and_what_comes(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    await walk(crew, 3)
    await crew.head.say("/why 1")
    text = await crew.head.last()
    assert "受理期限" in text
    assert "✔ 临期提醒" in text
    [reminded] = [line for line in text.splitlines() if "○ 催办" in line]
    assert "曾德清" not in reminded
    [reported] = [line for line in text.splitlines() if "○ 报镇党委" in line]
    assert reported.endswith("→ 车锦锋、黄雪芳、曾德清")
    await crew.villager.say("/why 1")
    assert "没有找到" in await crew.villager.last()


async def test_a_year_that_the_calendar_does_not_know_is_cried_out_once(crew: Crew) -> None:
    crew.place.clock.push(days=365 * 20)
    for _ in range(3):
        await crew.place.sweep.once()
    assert await said(crew.office, "不知道 2046 年的放假调休") == 1


async def test_a_sweep_that_stands_still_raises_an_alarm(crew: Crew) -> None:
    await crew.place.sweep.once()
    await crew.villager.say("/help")
    crew.place.clock.push(minutes=LATE.total_seconds() / 60 - 1)
    await crew.villager.say("/help")
    assert await said(crew.office, "定时任务停了") == 0
    crew.place.clock.push(minutes=6)
    for _ in range(3):
        await crew.villager.say("/help")
    assert await said(crew.office, "定时任务停了") == 1


def later(start: datetime, limit: Limit) -> datetime:
    return start + DAY * (limit.working_days or 0)


def test_the_steps_of_a_limit() -> None:
    terms = Terms(supervise=Limit(working_days=3), report=Limit(working_days=5), asked=3)
    found = steps(Clock.SUBTOPIC, NOW, NOW + 10 * DAY, terms, later)
    assert found == (
        (Action.WARN, NOW + 8 * DAY),
        (Action.REMIND, NOW + 10 * DAY),
        (Action.SUPERVISE, NOW + 13 * DAY),
        (Action.ESCALATE, NOW + 18 * DAY),
    )


@pytest.mark.parametrize("asked", [1, 3, 7])
def test_a_rating_is_asked_for_as_often_as_the_settings_say(asked: int) -> None:
    terms = Terms(supervise=Limit(hours=1), report=Limit(hours=1), asked=asked)
    found = steps(Clock.RATING, NOW, NOW + 7 * DAY, terms, later)
    assert [action for action, _ in found] == [Action.ASK_RATING] * (asked - 1) + [Action.UNRATED]
    assert sorted(at for _, at in found) == [at for _, at in found]
