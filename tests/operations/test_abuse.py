"""Floods are slowed down, abusers are kept out for a while, and hostile text passes through unharmed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.abuse import Flood
from bot.domain.messages import OutgoingKind
from bot.domain.town import Role
from bot.worker import Worker
from handlers.telegram.plan import TEXT_UNITS, TextPart, parts_of, units
from tests.operations.updates import update_of
from tests.support.chat import CHANNEL, ChatClient, LocalTown, LocalTranslator, local_town
from tests.telegram.failing import FailingStore

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_bucket_takes_its_burst_then_as_much_as_flows_in() -> None:
    flood = Flood(burst=3, per_minute=6)
    assert [flood.takes("a", NOW) for _ in range(5)] == [True, True, True, False, False]
    assert flood.takes("b", NOW)
    assert [flood.takes("a", NOW + 10 * SECOND) for _ in range(2)] == [True, False]
    assert [flood.takes("a", NOW + 3600 * SECOND) for _ in range(4)] == [True, True, True, False]


def test_a_clock_set_back_fills_nothing_and_locks_nobody_out_for_good() -> None:
    flood = Flood(burst=1, per_minute=60)
    assert flood.takes("a", NOW)
    assert not flood.takes("a", NOW - timedelta(hours=1))
    assert flood.takes("a", NOW - timedelta(hours=1) + 2 * SECOND)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(-5, 120)), max_size=60))
def test_whatever_the_times_no_chat_gets_more_than_burst_and_flow(steps: list[tuple[int, int]]) -> None:
    flood, now, taken, passed = Flood(5, 30), NOW, 0, 0
    for count, seconds in steps:
        taken += sum(flood.takes("a", now) for _ in range(count))
        now += seconds * SECOND
        passed += max(0, seconds)
        assert taken <= 5 + passed * 0.5 + 1e-6


async def test_a_flood_is_told_once_a_minute_and_does_not_touch_others(place: LocalTown) -> None:
    place.worker = Worker(
        place.store, {CHANNEL: LocalTranslator()}, place.desk_for, place.clock, flood=Flood(burst=5, per_minute=5)
    )
    loud, calm = place.client("loud"), place.client("calm")
    for _ in range(20):
        await loud.say("/help")
    told = await loud.news()
    assert (len(told), sum("发得太快" in text for text in told)) == (6, 1)
    await calm.say("/help")
    assert len(await calm.news()) == 1
    place.clock.push(minutes=1)
    await loud.say("/help")
    assert "发得太快" not in await loud.last()
    async with place.store.begin() as tx:
        assert await tx.inbox.waiting() == 0


async def test_work_that_is_undone_and_done_again_is_no_flood(place: LocalTown) -> None:
    """As while the disk is full: the same update is taken up over and over."""
    villager = place.client("v1")
    await villager.agree()
    store = FailingStore(place.store, failures=0)
    flood = Flood(burst=3, per_minute=1)
    place.worker = Worker(store, {CHANNEL: LocalTranslator()}, place.desk_for, place.clock, flood=flood)
    store.left = 20
    with pytest.raises(OSError, match="no space"):
        await villager.say("/help")
    for _ in range(19):
        with pytest.raises(OSError, match="no space"):
            await place.worker.step()
    await villager.news()
    await place.worker.drain()
    assert "发得太快" not in "".join(await villager.news())


async def test_what_was_written_over_a_day_and_comes_at_once_is_no_flood(place: LocalTown) -> None:
    villager, loud = place.client("v1"), place.client("v2")
    for client in (villager, loud):
        await client.agree()
        await client.news()
    updates = []
    for _ in range(30):
        place.clock.push(minutes=45)
        updates.append(update_of(place, "v1", "/help"))
    updates += [update_of(place, "v2", "/help") for _ in range(30)]
    async with place.store.begin() as tx:
        await tx.inbox.add(updates, place.clock.now())
    flood = Flood(burst=5, per_minute=5)
    worker = Worker(place.store, {CHANNEL: LocalTranslator()}, place.desk_for, place.clock, flood=flood)
    await worker.drain()
    assert "发得太快" not in "".join(await villager.news())
    assert "发得太快" in "".join(await loud.news())


@pytest.fixture
async def office(place: LocalTown) -> ChatClient:
    return await place.staff("o1", place.town.seats_of(Role.OFFICE)[0].id)


async def submitted(place: LocalTown, account: str = "v1") -> ChatClient:
    villager = place.client(account)
    await villager.agree()
    await villager.submit("我们石龙村的路灯坏了半个月")
    await villager.news()
    return villager


async def test_an_advertisement_is_seen_by_the_office_alone_until_it_passes_it_on(
    place: LocalTown, office: ChatClient
) -> None:
    deputy = await place.staff("d1", place.town.deputies_of("shilong")[0].id)
    head = await place.staff("h1", place.town.seats_at("shilong", [Role.STATION_HEAD])[0].id)
    villager = place.client("v1")
    await villager.agree()
    case = await villager.submit("石龙村急用钱的看过来，无抵押贷款当天放款，加微信 vx88991")
    assert "先由样例镇人大办公室" in await villager.last()
    assert case.station is None
    assert "像是广告" in await office.last()
    assert await deputy.news() == []
    assert await head.news() == []
    await office.press(f"c:{case.id}:refuse")
    await office.say("这里只收群众意见，不登广告。")
    await office.tap("不用再找")
    assert "不登广告" in await villager.last()


async def test_what_was_set_aside_wrongly_goes_its_way_with_one_press_of_the_office(
    place: LocalTown, office: ChatClient
) -> None:
    deputy = place.town.deputies_of("shilong")[0]
    told = await place.staff("d1", deputy.id)
    villager = place.client("v1")
    await villager.agree()
    case = await villager.submit("石龙村菜市场特价摊位收费太高，有意请找我一起去谈")
    assert await told.news() == []
    await office.press(f"c:{case.id}:transfer")
    await office.tap(deputy.name)
    assert case.number in await told.last()


async def test_the_office_keeps_an_author_out_without_learning_who_it_is(place: LocalTown, office: ChatClient) -> None:
    villager = await submitted(place)
    await office.say("/block 1 3 反复辱骂办理人员")
    assert "已停止接收" in await office.last()
    assert "v1" not in "".join(await office.news())
    assert "反复辱骂办理人员" in await villager.last()
    await villager.news()
    for _ in range(3):
        await villager.say("石龙村还有一盏路灯坏了")
    told = await villager.news()
    assert len(told) == 1
    assert "暂不接收" in told[0]
    assert len(await place.cases()) == 1
    await office.say("/blocks")
    assert "1 号的提意见人" in await office.last()
    notes = [event.data["text"] for event in await place.events((await place.cases())[0]) if event.action == "note"]
    assert notes == ["block 2026-03-05: 反复辱骂办理人员"]
    place.clock.push(days=3)
    await villager.submit("石龙村还有一盏路灯坏了")
    assert len(await place.cases()) == 2
    await office.say("/blocks")
    assert "没有停止接收" in await office.last()


async def test_a_block_can_be_lifted_and_is_not_shaken_off_by_starting_anew(
    place: LocalTown, office: ChatClient
) -> None:
    villager = await submitted(place)
    await office.say("/block ZJ-2026-000001 广告")
    await villager.say("/privacy")
    assert "收回同意" in str((await villager.all())[-1].buttons) or "撤回" in str((await villager.all())[-1].buttons)
    await villager.press("p:forget")
    for button in [b.data for row in (await villager.all())[-1].buttons for b in row if b.data.startswith("p:forget")]:
        await villager.press(button)
    await villager.news()
    await villager.say("/start")
    assert "暂不接收" in await villager.last()


async def test_unblocking_lets_the_author_in_again(place: LocalTown, office: ChatClient) -> None:
    villager = await submitted(place)
    await office.say("/block 1 30 试一试")
    await office.say("/unblock 1")
    assert "可以继续反映" in await office.last()
    await villager.submit("石龙村还有一盏路灯坏了")
    assert len(await place.cases()) == 2
    await office.say("/unblock 1")
    assert "没有这条" in await office.last()


@pytest.mark.parametrize("seat_role", [None, Role.DEPUTY, Role.STATION_HEAD, Role.LIAISON, Role.ADMIN])
async def test_nobody_but_the_office_may_block(place: LocalTown, seat_role: Role | None) -> None:
    await submitted(place)
    seats = [place.town.seats_of(seat_role)[0].id] if seat_role else []
    other = await place.staff("x", *seats)
    for command in ("/block 1 3 不行", "/unblock 1", "/blocks"):
        await other.say(command)
        assert await place.client("x").all()
        async with place.store.begin() as tx:
            assert await tx.blocks.all(place.clock.now()) == []


async def test_staff_cannot_be_blocked_and_a_missing_case_is_said(place: LocalTown, office: ChatClient) -> None:
    await submitted(place, "d1")
    await place.staff("d1", place.town.deputies_of("shilong")[0].id)
    for words in ("/block 1 3 不行", "/block 99 3 没有", "/block", "/block 1", "/block 99999999999999 x"):
        await office.say(words)
    async with place.store.begin() as tx:
        assert await tx.blocks.all(place.clock.now()) == []
        assert await tx.inbox.parked() == []


async def test_no_block_lasts_longer_than_ninety_days(place: LocalTown, office: ChatClient) -> None:
    await submitted(place)
    await office.say("/block 1 999 太久")
    async with place.store.begin() as tx:
        [block] = await tx.blocks.all(place.clock.now())
    assert block.until - block.since == timedelta(days=90)


ODD = "\u202e\u200b\u200d\u2066\ufeff\0\ud800\U0001f600石龙村<b>*_`[](){}%s\\\r\n\t=+-@'\";"
HOSTILE = st.one_of(
    st.text(max_size=300),
    st.text(max_size=200, alphabet=ODD),
    st.integers(1, 10_000).map(lambda count: "😀" * count),
    st.sampled_from(
        ["=HYPERLINK(1)", "{text}", "%(x)s", "[x](tg://user?id=1)", "<script>alert(1)</script>",
         "'; DROP TABLE cases; --",
         "\u202e石龙村\u202c",
         "Z\u0300" * 500, "/" * 50, "👨‍👩‍👧‍👦" * 300, "\0" * 20]
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A new folder for each example."""
    made = tmp_path_factory.mktemp("hostile")
    return (made / str(number) for number in range(10_000))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=HOSTILE)
async def test_hostile_text_is_kept_as_it_is_and_parks_nothing(words: str, folders: Iterator[Path]) -> None:
    folder = next(folders)
    folder.mkdir()
    async with local_town(folder) as place:
        villager = place.client("v1")
        await villager.agree()
        text = f"石龙村的路灯坏了：{words}"
        await villager.say(text)
        for _ in range(6):
            if not await place.cases():
                await villager.say("1")
        async with place.store.begin() as tx:
            assert await tx.inbox.parked() == []
            rows = await tx.outbox.rows("v1")
        for row in rows:
            json.dumps(row.message.to_json()).encode()
            if row.message.kind is OutgoingKind.TEXT:
                assert all(isinstance(p, TextPart) and units(p.text) <= TEXT_UNITS for p in parts_of(row.message))
        for case in await place.cases():
            kept = case.text.replace("\ufffd", "").replace("?", "")
            wanted = text.encode("utf-8", "ignore").decode().replace("\0", "").replace("\ufffd", "").replace("?", "")
            assert kept.strip() == wanted.strip()[: len(kept.strip())]
