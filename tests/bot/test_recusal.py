"""Recusal: one tap with a reason, by oneself, by the office, by the villager's wish; the case goes on without them."""

import pytest

from bot.domain.machine import State
from tests.bot.staff import LAMP, Crew, crew_of
from tests.support.chat import ChatClient, LocalTown


@pytest.fixture
async def crew(place: LocalTown) -> Crew:
    return await crew_of(place)


@pytest.fixture
async def other(place: LocalTown) -> ChatClient:
    return await place.staff("other", "shilong-3")


async def sees_nothing(client: ChatClient) -> None:
    """Not by the case's number, not by an old button."""
    await client.say("/case 1")
    assert "没有找到" in await client.last()
    for word in ("open", "history", "more", "why", "reply", "take", "hand_up", "recuse", "because.me.kin", "note"):
        await client.press(f"c:1:{word}")
        assert "不归您办" in (await client.toasts())[-1], word
    await client.say("/queue")
    assert "现在没有要办的" in await client.last()


async def test_a_deputy_recuses_themselves_with_one_tap_and_a_reason(
    place: LocalTown, crew: Crew, other: ChatClient
) -> None:
    await crew.villager.submit(LAMP)
    await crew.deputy.tap("更多")
    await crew.deputy.tap("回避")
    assert "点了就生效" in await crew.deputy.last()
    await crew.deputy.tap("与本人或亲属有关")
    assert "您已回避" in await crew.deputy.last()
    case = await crew.case()
    assert case.deputy == "shilong-3"
    card = await other.last()
    assert "因人员变动转到您这里" in card
    assert "回避：车锦锋" in card
    assert "车锦锋 回避 ZJ-2026-000001（与本人或亲属有关）" in "".join(m.text for m in await crew.office.all())
    assert "现在由潘晓平负责" in await crew.villager.last()
    before = len(await crew.deputy.all())
    await other.press("c:1:note")
    await other.say("去看过")
    await crew.villager.press("c:1:supply")
    await crew.villager.say("还是不亮")
    await crew.villager.tap("发出")
    place.clock.push(days=9)
    await place.sweep.once()
    assert len(await crew.deputy.all()) == before
    await sees_nothing(crew.deputy)
    await crew.head.press("c:1:history")
    assert "车锦锋，与本人或亲属有关" in await crew.head.last()


async def test_with_nobody_left_at_the_station_the_office_takes_it_up(place: LocalTown, crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    await crew.deputy.press("c:1:because.me.interest")
    assert (await crew.case()).deputy == "shilong-head"
    await crew.head.press("c:1:because.me.kin")
    case = await crew.case()
    assert (case.deputy, case.state) == (None, State.REGISTERED)
    await sees_nothing(crew.head)
    await sees_nothing(crew.deputy)
    await crew.office.say("/queue")
    assert "未办结 1 条" in await crew.office.last()
    await crew.office.press("c:1:more")
    await crew.office.tap("提级办理")
    assert (await crew.case()).state is State.HANDED_UP
    assert "直接接过去办了" in await crew.villager.last()
    await crew.office.press("c:1:take")
    assert (await crew.case()).state is State.WITH_OFFICE


async def test_the_office_recuses_somebody_and_takes_it_back(crew: Crew, other: ChatClient) -> None:
    await crew.villager.submit(LAMP)
    await crew.office.press("c:1:more")
    await crew.office.tap("回避")
    await crew.office.tap("黄雪芳")
    await crew.office.tap("有利益关系")
    assert "已回避" in await crew.office.last()
    assert "按规定请您回避" in await crew.head.last()
    await sees_nothing(crew.head)
    assert (await crew.case()).deputy == "shilong-2"
    await crew.office.press("c:1:more")
    await crew.office.tap("撤销回避")
    await crew.office.tap("黄雪芳")
    assert (await crew.case()).recused == ()
    await crew.head.press("c:1:open")
    assert "路灯" in await crew.head.last()


async def test_the_last_of_the_office_cannot_recuse_themselves(place: LocalTown, crew: Crew) -> None:
    await crew.with_office()
    await crew.office.press("c:1:because.me.kin")
    assert "现在只有您能办" in await crew.office.last()
    assert (await crew.case()).recused == ()
    second = await place.staff("second", "office-2")
    await crew.office.press("c:1:because.me.kin")
    await sees_nothing(crew.office)
    before = len(await crew.office.all())
    place.clock.push(days=40)
    await place.sweep.once()
    texts = [m.text for m in (await crew.office.all())[before:]]
    assert not any("ZJ-2026-000001" in text for text in texts)
    assert any("报镇党委" in m.text for m in await second.all())


async def test_of_the_office_one_stays_for_what_comes_up_from_the_station(place: LocalTown, crew: Crew) -> None:
    second = await place.staff("second", "office-2")
    await crew.villager.submit(LAMP)
    await crew.office.press("c:1:because.me.kin")
    await second.press("c:1:because.me.kin")
    async with place.store.begin() as tx:
        office = await tx.people.holder("office-1")
        assert office
    assert (await crew.case()).recused == (office.id,)


async def test_the_station_hears_that_the_office_has_taken_it_up(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    await crew.office.press("c:1:raise")
    assert (await crew.case()).state is State.HANDED_UP
    assert "直接接过去办了" in await crew.deputy.last()
    assert "直接接过去办了" in await crew.head.last()


async def test_a_villager_says_not_by_this_person(crew: Crew, other: ChatClient) -> None:
    await crew.villager.submit(LAMP)
    await crew.villager.say("/case 1")
    await crew.villager.tap("换人办")
    assert "不要代表 车锦锋" in [b.label for m in await crew.villager.all() for row in m.buttons for b in row]
    await crew.villager.tap("不要代表 车锦锋")
    assert "换人办，进展会告诉您" in await crew.villager.last()
    assert (await crew.case()).deputy == "shilong-3"
    assert "按规定请您回避" in await crew.deputy.last()
    await sees_nothing(crew.deputy)
    await crew.villager.press("c:1:wish.shilong-2")
    assert "不归您办" in (await crew.villager.toasts())[-1]


async def test_nobody_speaks_for_the_villager_or_recuses_another_but_the_office(crew: Crew, other: ChatClient) -> None:
    case = await crew.villager.submit(LAMP)
    for client, words in (
        (crew.head, ("wish", "wish.shilong-2", "because.2.kin", "readmit.2")),
        (crew.villager, ("recuse", "because.me.kin", "because.2.kin", "readmit.2", "raise", "wish.office-1")),
        (other, ("because.1.kin", "raise", "wish.shilong-2")),
        (crew.office, ("because.99.kin", "because.x.kin", "because.me.nothing", "because.", "readmit.9", "wish")),
    ):
        for word in words:
            await client.press(f"c:1:{word}")
            assert (await client.toasts())[-1], word
    assert await crew.case() == case


async def test_the_case_is_transferred_to_nobody_who_is_recused(crew: Crew, other: ChatClient) -> None:
    await crew.villager.submit(LAMP)
    await crew.deputy.press("c:1:because.me.kin")
    await crew.head.press("c:1:transfer")
    labels = [b.label for row in (await crew.head.all())[-2].buttons for b in row]
    assert "车锦锋" not in labels
    await crew.head.press("c:1:seat.shilong-2")
    assert (await crew.case()).deputy == "shilong-3"


async def test_who_is_recused_is_not_offered_it_to_merge_nor_told_of_it_in_another(
    place: LocalTown, crew: Crew, other: ChatClient
) -> None:
    await crew.villager.submit(LAMP)
    await crew.villager.submit("石龙村祠堂前面也要装两盏路灯")
    await crew.head.press("c:1:because.me.kin")
    await crew.head.press("c:2:merge")
    assert "没有可以并入" in await crew.head.last()
    await crew.office.press("c:1:merge")
    before = len(await crew.head.all())
    await crew.office.press("c:1:into.2")
    assert (await crew.case(1)).state is State.MERGED
    assert not any("晚上老人" in m.text for m in (await crew.head.all())[before:])
