"""Announcements by village: previewed, paced, out of quiet hours, stoppable, counted, and turned off with one tap."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.ports import OutboxStatus
from bot.usecases import announcing
from tests.bot.staff import Crew, crew_of
from tests.support.chat import CHANNEL, ChatClient, LocalTown

TEXT = "周六上午九点石龙村停水，请先存水"


@pytest.fixture
async def crew(place: LocalTown) -> Crew:
    return await crew_of(place)


async def people(place: LocalTown, number: int, village: str = "shilong") -> list[ChatClient]:
    """So many villagers who agreed to the notice and said where they live."""
    async with place.store.begin() as tx:
        for n in range(number):
            account = f"{village}-{n}"
            person = await tx.people.add(CHANNEL, account, account, "zh-CN", place.clock.now())
            await tx.people.save(replace(person, consent="1", home=village))
    return [place.client(f"{village}-{n}") for n in range(number)]


async def announce(client: ChatClient, *villages: str) -> None:
    await client.say("/announce")
    await client.say(TEXT)
    for village in villages:
        await client.tap(village)
    if villages and villages != ("全部",):
        await client.tap("选好了")


async def rows(place: LocalTown) -> list[OutboxStatus]:
    async with place.store.begin() as tx:
        return [
            row for row in await tx.outbox.rows() if row.key.startswith("announcement:1:") and "done" not in row.key
        ]


async def got(client: ChatClient) -> bool:
    return any(TEXT in text for text in await client.news())


async def test_the_office_sees_the_words_and_how_many_get_them_before_anything_is_sent(crew: Crew) -> None:
    here, there = await people(crew.place, 3), await people(crew.place, 2, "datang")
    await announce(crew.office, "石龙村")
    preview = await crew.office.last()
    assert "收得到的有 3 人" in preview
    assert TEXT in preview
    await crew.place.sweep.once()
    assert not await got(here[0])
    await crew.office.tap("发出")
    assert "共 3 人" in await crew.office.last()
    await crew.place.sweep.once()
    assert [await got(client) for client in (*here, *there)] == [True] * 3 + [False] * 2
    await crew.place.sweep.once()
    assert len(await rows(crew.place)) == 3


async def test_to_all_of_the_town_or_to_several_villages(crew: Crew) -> None:
    await people(crew.place, 2)
    await people(crew.place, 3, "datang")
    await announce(crew.office, "全部")
    assert "收得到的有 6 人" in await crew.office.last()  # the crew's villager has no village yet
    await crew.office.say("0")
    await crew.office.tap("石龙村")
    await crew.office.tap("大塘村")
    assert "石龙村、大塘村" in await crew.office.last()
    await crew.office.tap("✓ 石龙村")
    await crew.office.tap("选好了")
    assert "收得到的有 3 人" in await crew.office.last()


async def test_a_stations_head_announces_to_their_own_villages_alone(crew: Crew) -> None:
    here, there = await people(crew.place, 1), await people(crew.place, 1, "datang")
    await announce(crew.head)
    assert "收得到的有 1 人" in await crew.head.last()
    await crew.head.tap("发出")
    await crew.place.sweep.once()
    assert any("石龙村人大代表联络站通知" in text for text in await here[0].news())
    assert not await there[0].news()


async def test_deputies_liaisons_and_villagers_announce_nothing(crew: Crew) -> None:
    for client in (crew.deputy, crew.villager, await crew.place.staff("l", "shilong-liaison")):
        await client.say("/announce")
        assert "没有这个权限" in await client.last()


async def test_who_lost_the_seat_meanwhile_sends_nothing(crew: Crew) -> None:
    await people(crew.place, 1)
    await announce(crew.head)
    async with crew.place.store.begin() as tx:
        await tx.people.end("shilong-head", crew.place.clock.now(), "withdrawn")
    await crew.head.tap("发出")
    assert "没有这个权限" in await crew.head.last()
    await crew.place.sweep.once()
    assert not await rows(crew.place)


async def test_at_night_it_waits_for_the_morning(crew: Crew) -> None:
    (client,) = await people(crew.place, 1)
    crew.place.clock.push(hours=12)  # ten in the evening
    await announce(crew.office, "石龙村")
    await crew.office.tap("发出")
    await crew.place.sweep.once()
    assert not await rows(crew.place)
    crew.place.clock.push(hours=10)
    await crew.place.sweep.once()
    (row,) = await rows(crew.place)
    assert row.send_after >= datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
    assert await got(client)


async def test_it_goes_out_in_batches_and_can_be_stopped_on_the_way(crew: Crew) -> None:
    clients = await people(crew.place, announcing.BATCH + 1)
    await announce(crew.office, "石龙村")
    await crew.office.tap("发出")
    await crew.place.sweep.once()
    fed = await rows(crew.place)
    assert len(fed) == announcing.BATCH
    async with crew.place.store.begin() as tx:
        for row in fed[:3]:
            await tx.outbox.sent(row.id, crew.place.clock.now(), None)
    await crew.office.tap("停止发送")
    assert "已停止：共 201 人，送到 3 人" in await crew.office.last()
    for _ in range(3):
        await crew.place.sweep.once()
    assert len(await rows(crew.place)) == 3
    assert not await got(clients[-1])


async def test_the_next_batch_follows_and_nobody_gets_it_twice(crew: Crew) -> None:
    clients = await people(crew.place, announcing.BATCH + 1)
    await announce(crew.office, "石龙村")
    await crew.office.tap("发出")
    for _ in range(3):
        await crew.place.sweep.once()
    assert len(await rows(crew.place)) == announcing.BATCH + 1
    assert await got(clients[-1])


async def test_afterwards_it_is_told_how_many_got_it_and_how_many_could_not_be_reached(crew: Crew) -> None:
    await people(crew.place, 3)
    await announce(crew.office, "石龙村")
    await crew.office.tap("发出")
    await crew.place.sweep.once()
    async with crew.place.store.begin() as tx:
        for n, row in enumerate([row for row in await tx.outbox.rows() if row.key.startswith("announcement:1:")]):
            if n:
                await tx.outbox.sent(row.id, crew.place.clock.now(), None)
            else:
                await tx.outbox.dead(row.id, crew.place.clock.now(), "blocked")
    for _ in range(2):
        await crew.place.sweep.once()
    told = [text for text in await crew.office.news() if "发完了" in text]
    assert told == [f"通知“{announcing.short(TEXT)}”\n发完了：共 3 人，送到 2 人，收不到 1 人。"]


async def test_one_tap_turns_them_off_and_the_menu_on_again(crew: Crew) -> None:
    (client,) = await people(crew.place, 1)
    await announce(crew.office, "石龙村")
    await crew.office.tap("发出")
    await crew.place.sweep.once()
    await client.tap("不再收")
    assert "不再给您发" in await client.last()
    await announce(crew.office, "石龙村")
    assert "收得到的有 0 人" in await crew.office.last()
    await client.say("/notices")
    await client.tap("重新收")
    await announce(crew.office, "石龙村")
    assert "收得到的有 1 人" in await crew.office.last()


async def test_a_foreign_or_forged_button_stops_nothing(crew: Crew) -> None:
    await people(crew.place, 1)
    await announce(crew.office, "石龙村")
    await crew.office.tap("发出")
    for client in (crew.villager, crew.head, crew.deputy):
        await client.press("b:1:stop")
        assert "不归您办" in (await client.toasts())[-1]
    await crew.office.press("b:99:stop")
    await crew.office.press("b:1:evil")
    await crew.place.sweep.once()
    assert len(await rows(crew.place)) == 1
