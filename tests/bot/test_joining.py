"""“Is it this one?”: several villagers behind one case, each with their own word."""

import pytest

from bot.domain.cases import Rating, Solved
from tests.bot.staff import LAMP, Crew, crew_of
from tests.support.chat import ChatClient, LocalTown

SAME_LAMP = "石龙村路灯不亮,晚上老人不敢出门,我电话13800138000"
OTHER_ROAD = "石龙村到小学的水泥路全是大坑,摩托车摔了几次"


@pytest.fixture
async def crew(place: LocalTown) -> Crew:
    return await crew_of(place)


@pytest.fixture
async def neighbour(place: LocalTown) -> ChatClient:
    client = place.client("v2")
    await client.agree()
    return client


async def test_a_second_villager_is_asked_and_joins_instead_of_a_twin(
    place: LocalTown, crew: Crew, neighbour: ChatClient
) -> None:
    await crew.villager.submit(LAMP)
    await neighbour.say(SAME_LAMP)
    asked = await neighbour.last()
    assert "是不是这一件" in asked
    assert "路灯坏了半个月" in asked
    assert "ZJ-" not in asked
    await neighbour.say("1")
    assert "您也算一份了，编号 ZJ-2026-000001" in await neighbour.last()
    [case] = await place.cases()
    event = (await place.events(case))[-1]
    assert (event.action, event.part, event.data["text"]) == ("join", "supporter", SAME_LAMP)
    card = await crew.deputy.last()
    assert "又有人附议" in card
    assert "1 人附议" in card
    assert SAME_LAMP in card


async def test_another_matter_goes_on_as_its_own_case_and_is_asked_once(
    place: LocalTown, crew: Crew, neighbour: ChatClient
) -> None:
    await crew.villager.submit(LAMP)
    await neighbour.say(SAME_LAMP)
    await neighbour.tap("不是，另报一件")
    assert "有照片吗" in await neighbour.last()
    await neighbour.say("1")
    await neighbour.say("1")
    assert len(await place.cases()) == 2


async def test_what_is_not_alike_is_not_asked_about(crew: Crew, neighbour: ChatClient) -> None:
    await crew.villager.submit(LAMP)
    await neighbour.say(OTHER_ROAD)
    assert "是不是这一件" not in await neighbour.last()


async def test_ones_own_case_and_an_ended_one_are_not_offered(crew: Crew, neighbour: ChatClient) -> None:
    await crew.villager.submit(LAMP)
    await crew.villager.say(SAME_LAMP)
    assert "是不是这一件" not in await crew.villager.last()
    await crew.villager.press("c:1:withdraw!")
    await neighbour.say(SAME_LAMP)
    assert "是不是这一件" not in await neighbour.last()


async def test_a_restricted_or_sealed_case_is_never_shown(place: LocalTown, crew: Crew, neighbour: ChatClient) -> None:
    await crew.villager.say("石龙村村干部贪了我们修路灯的钱,路灯坏了没人管")
    await crew.villager.tap("9 找人工")
    [case] = await place.cases()
    assert case.sealed
    await neighbour.say("石龙村修路灯的钱去哪了,路灯坏了没人管")
    assert "是不是这一件" not in await neighbour.last()


async def test_photos_of_a_supporter_go_along_and_so_does_the_rest_of_their_album(
    place: LocalTown, crew: Crew, neighbour: ChatClient
) -> None:
    await crew.villager.submit(LAMP)
    await neighbour.photos(1, SAME_LAMP, album="a1")
    await neighbour.say("1")
    await neighbour.photos(1, album="a1")
    async with place.store.begin() as tx:
        assert len(await tx.cases.attachments(1)) == 2
    assert len(await place.cases()) == 1


async def _joined(crew: Crew, neighbour: ChatClient) -> None:
    await crew.villager.submit(LAMP)
    await neighbour.say(SAME_LAMP)
    await neighbour.say("1")


async def test_a_supporter_hears_of_each_step_and_rates_for_themselves(
    place: LocalTown, crew: Crew, neighbour: ChatClient
) -> None:
    await _joined(crew, neighbour)
    await crew.head.press("c:1:take")
    assert "您附议的 ZJ-2026-000001 有进展" in await neighbour.last()
    await crew.head.press("c:1:resolve")
    await crew.head.say("灯泡换好了")
    await crew.head.tap("A 已解决")
    assert "灯泡换好了" in await neighbour.last()
    await neighbour.tap("不满意")
    assert "单独记下" in await neighbour.last()
    await neighbour.tap("没解决")
    assert (await crew.case()).rating is None  # the author's rating alone moves the case
    await crew.villager.tap("1  😊 满意")
    assert (await crew.case()).rating is Rating.SATISFIED
    async with place.store.begin() as tx:
        [given] = await tx.confirmations.of(1)
    assert (given.rating, given.solved) == (Rating.DISSATISFIED, Solved.NO)
    await crew.head.press("c:1:open")
    assert "1 人附议（评价：满意 0，基本满意 0，不满意 1）" in await crew.head.last()


async def test_a_supporter_may_still_rate_after_the_author_but_not_an_older_answer(
    place: LocalTown, crew: Crew, neighbour: ChatClient
) -> None:
    await _joined(crew, neighbour)
    await crew.head.press("c:1:resolve")
    await crew.head.say("灯泡换好了")
    await crew.head.tap("A 已解决")
    await crew.villager.press("r:1:0:dissatisfied")
    await neighbour.press("k:1:rate:0:fair")
    async with place.store.begin() as tx:
        assert [c.rating for c in await tx.confirmations.of(1)] == [Rating.FAIR]
    await crew.office.press("c:1:take")
    await crew.office.press("c:1:resolve")
    await crew.office.say("整条路都换了新灯")
    await crew.office.tap("A 已解决")
    await neighbour.press("k:1:rate:0:satisfied")
    async with place.store.begin() as tx:
        assert [c.rating for c in await tx.confirmations.of(1)] == [Rating.FAIR]


async def test_mine_shows_joined_cases_and_one_may_leave(crew: Crew, neighbour: ChatClient) -> None:
    await _joined(crew, neighbour)
    await neighbour.say("/mine")
    assert "您附议的" in await neighbour.last()
    await neighbour.tap("1  ")
    card = await neighbour.last()
    assert "ZJ-2026-000001" in card
    await neighbour.say("/case 1")
    assert await neighbour.last() == card
    await neighbour.tap("不再附议")
    before = len(await neighbour.all())
    await crew.head.press("c:1:take")
    assert len(await neighbour.all()) == before
    await neighbour.say("/case 1")
    assert "没有找到" in await neighbour.last()


async def test_a_supporter_has_no_other_power_over_the_case_and_strangers_have_none(
    place: LocalTown, crew: Crew, neighbour: ChatClient
) -> None:
    await _joined(crew, neighbour)
    before = (await crew.case()).version
    for word in ("take", "withdraw!", "history", "resolve", "open", "more", "note"):
        await neighbour.press(f"c:1:{word}")
    stranger = place.client("v3")
    await stranger.agree()
    for data in (
        "k:1:open",
        "k:1:leave",
        "k:1:rate:0:satisfied",
        "k:1:solved:0:yes",
        "k:99:open",
        "k:1:x",
        "k:1:rate:0:x",
    ):
        await stranger.press(data)
        await neighbour.press(data.replace("leave", "nothing"))
    assert (await crew.case()).version == before
    async with place.store.begin() as tx:
        assert await tx.confirmations.of(1) == []
        assert await tx.inbox.parked() == []


async def test_the_author_reads_that_somebody_joined_but_not_their_words(crew: Crew, neighbour: ChatClient) -> None:
    await _joined(crew, neighbour)
    await crew.villager.press("c:1:history")
    history = await crew.villager.last()
    assert "附议群众 附议" in history
    assert "13800138000" not in history


async def test_a_telephone_number_in_a_case_is_masked_for_other_villagers(crew: Crew, neighbour: ChatClient) -> None:
    await crew.villager.submit(SAME_LAMP)
    await neighbour.say(LAMP)
    asked = await neighbour.last()
    assert "是不是这一件" in asked
    assert "138" not in asked


async def test_a_case_that_ended_meanwhile_cannot_be_joined(
    place: LocalTown, crew: Crew, neighbour: ChatClient
) -> None:
    await crew.villager.submit(LAMP)
    await neighbour.say(SAME_LAMP)
    await crew.villager.press("c:1:withdraw!")
    await neighbour.say("1")
    assert "另外登记" in await neighbour.last()
    await neighbour.say("1")
    await neighbour.say("1")
    assert len(await place.cases()) == 2
