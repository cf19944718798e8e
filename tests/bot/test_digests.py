"""Digests: at eight, once, grouped, with counts and buttons; quiet hours; weekly for those who choose so."""

from datetime import UTC, datetime

import pytest

from bot.compose.desk import rules_from
from bot.domain.digest import digest
from bot.domain.machine import State
from bot.usecases.desk import after_quiet
from bot.usecases.digests import short
from tests.domain.test_machine import case_in
from tests.support.chat import ChatClient, LocalTown, sample


@pytest.fixture
async def deputy(place: LocalTown) -> ChatClient:
    return await place.staff("deputy", place.town.deputies_of("shilong")[0].id)


async def digests(client: ChatClient) -> list[str]:
    return [m.text for m in await client.all() if "待办汇总" in m.text]


async def to_eight(place: LocalTown, days: int = 1) -> None:
    now = place.clock.now().astimezone(place.town.zone)
    place.clock.push(days=days, hours=8 - now.hour, minutes=-now.minute)


async def test_the_digest_comes_at_eight_and_once(place: LocalTown, villager: ChatClient, deputy: ChatClient) -> None:
    await villager.submit("我们石龙村的路灯坏了半个月")
    await villager.submit("石龙村村口垃圾没人收，臭得很")
    await place.sweep.once()
    first = len(await digests(deputy))
    await to_eight(place)
    place.clock.push(minutes=-1)
    await place.sweep.once()
    assert len(await digests(deputy)) == first
    place.clock.push(minutes=1)
    for _ in range(3):
        await place.sweep.once()
    assert len(await digests(deputy)) == first + 1
    text = (await digests(deputy))[-1]
    assert "未办结 2 条" in text
    assert "石龙村 · 道路交通：1 条" in text
    assert "石龙村 · 人居环境：1 条" in text


async def test_overdue_cases_are_counted_and_come_first(
    place: LocalTown, villager: ChatClient, deputy: ChatClient
) -> None:
    await villager.submit("我们石龙村的路灯坏了半个月")
    await to_eight(place, days=5)
    await villager.submit("石龙村村口垃圾没人收，臭得很")
    await place.sweep.once()
    text = (await digests(deputy))[-1]
    assert "超期 1 条，新到 1 条" in text
    message = next(m for m in reversed(await deputy.all()) if "待办汇总" in m.text)
    assert "路灯" in message.buttons[0][0].label
    await deputy.press(message.buttons[0][0].data)
    assert "已超期" in await deputy.last()


async def test_who_chose_weekly_gets_it_on_the_weekday_only(
    place: LocalTown, villager: ChatClient, deputy: ChatClient
) -> None:
    await deputy.say("/digest")
    await deputy.tap("每周")
    assert "每周一次" in await deputy.last()
    await villager.submit("我们石龙村的路灯坏了半个月")
    await place.sweep.once()
    before = len(await digests(deputy))
    for day in range(7):
        await to_eight(place)
        await place.sweep.once()
        local = place.clock.now().astimezone(place.town.zone)
        assert len(await digests(deputy)) == before + (day == 6), local


async def test_a_weekly_digest_that_an_outage_took_comes_on_the_next_day_and_once(
    place: LocalTown, villager: ChatClient, deputy: ChatClient
) -> None:
    await deputy.say("/digest")
    await deputy.tap("每周")
    await villager.submit("我们石龙村的路灯坏了半个月")
    await place.sweep.once()
    before = len(await digests(deputy))
    for days, new in ((6, 0), (2, 1), (1, 1), (4, 1), (1, 2)):  # Sunday, Tuesday, Wednesday, Sunday, Monday
        await to_eight(place, days)
        await place.sweep.once()
        assert len(await digests(deputy)) == before + new, place.clock.now().astimezone(place.town.zone)


async def test_what_a_phone_cannot_show_is_summed_in_one_line(
    place: LocalTown, villager: ChatClient, deputy: ChatClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.usecases.digests.SHOWN", 1)
    await villager.submit("我们石龙村的路灯坏了半个月")
    await to_eight(place, days=5)
    await villager.submit("石龙村村口垃圾没人收，臭得很")
    await villager.submit("石龙村的水渠塌了，田里没有水")
    await place.sweep.once()
    lines = [line for line in (await digests(deputy))[-1].splitlines() if line.startswith("▪")]
    assert lines == ["▪ 石龙村 · 道路交通：1 条，超期 1", "▪ 其他：2 条，新 2"]


async def test_nobody_gets_an_empty_digest(place: LocalTown, deputy: ChatClient) -> None:
    await to_eight(place)
    await place.sweep.once()
    assert await deputy.all() == []


async def test_the_queue_is_the_same_at_any_time(place: LocalTown, villager: ChatClient, deputy: ChatClient) -> None:
    await villager.submit("我们石龙村的路灯坏了半个月")
    await deputy.say("/queue")
    assert "未办结 1 条" in await deputy.last()
    other = await place.staff("other", place.town.deputies_of("datang")[0].id)
    await other.say("/queue")
    assert (await other.last()).endswith("现在没有要办的。")


@pytest.mark.parametrize(
    ("now", "sent"),
    [("2026-03-02T12:00", "12:00"), ("2026-03-02T21:30", "07:00"), ("2026-03-02T23:59", "07:00"),
     ("2026-03-02T03:00", "07:00"), ("2026-03-02T07:00", "07:00"), ("2026-03-02T21:29", "21:29")]
)  # fmt: skip
def test_quiet_hours_pass_midnight(now: str, sent: str) -> None:
    configuration, _ = sample()
    settings, town = configuration.settings, configuration.town
    local = datetime.fromisoformat(now).replace(tzinfo=town.zone)
    later = after_quiet(local, rules_from(settings, "b"))
    assert f"{later:%H:%M}" == sent
    assert 0 <= (later - local).total_seconds() <= 9.5 * 3600


def test_a_case_that_waits_for_its_villager_is_not_overdue() -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    waiting, working = case_in(State.NEEDS_MORE), case_in(State.WITH_STATION)
    what = digest([waiting, working, case_in(State.CLOSED)], now, now)
    assert (what.open, what.overdue, what.new) == (2, 1, 0)
    assert what.first[0] == working


def test_numbers_are_said_short() -> None:
    assert short("ZJ-2026-000123") == "123"
