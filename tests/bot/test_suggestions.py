"""Suggestions in chat: distilled from cases, signed, assigned, answered, rated, handled again, reported, published."""

import pytest

from bot.domain.cases import Rating
from bot.domain.suggestions import Status, Suggestion
from tests.bot.staff import LAMP, Crew, crew_of
from tests.support.chat import LocalTown

WORDS = "建议由镇规划建设办统一更换石龙村主干道路灯，列入明年预算。"


@pytest.fixture
async def crew(place: LocalTown) -> Crew:
    return await crew_of(place)


async def only(crew: Crew) -> Suggestion:
    async with crew.place.store.begin() as tx:
        [one] = await tx.suggestions.all()
    return one


async def file(crew: Crew) -> Suggestion:
    await crew.villager.submit(LAMP)
    await crew.deputy.press("c:1:suggest")
    await crew.deputy.tap("写一条新建议")
    await crew.deputy.say(WORDS)
    await crew.deputy.tap("提出")
    return await only(crew)


async def replied(crew: Crew) -> None:
    await file(crew)
    await crew.office.press("q:1:assign")
    await crew.office.tap("镇规划建设办")
    await crew.office.tap("3 个月")
    await answer(crew)


async def answer(crew: Crew) -> None:
    await crew.office.press("q:1:reply")
    await crew.office.say("已列入计划，六月前换完")
    await crew.office.tap("B 正在解决")


async def test_a_case_becomes_a_suggestion_and_stays_a_case(crew: Crew) -> None:
    one = await file(crew)
    assert (one.number, one.status, one.lead, one.cases) == ("JY-2026-000001", Status.FILED, "shilong-2", (1,))
    assert "JY-2026-000001" in await crew.villager.last()
    assert WORDS in await crew.office.last()
    assert (await crew.case()).number == "ZJ-2026-000001"
    assert one.due_at
    assert f"{one.due_at.astimezone(crew.place.town.zone):%m-%d}" == "03-09"


async def test_a_villagers_own_words_are_no_suggestion(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    await crew.deputy.press("c:1:draft")
    await crew.deputy.say(LAMP)
    await crew.deputy.tap("提出")
    assert "原话不能" in await crew.deputy.last()
    async with crew.place.store.begin() as tx:
        assert await tx.suggestions.all() == []


async def test_a_suggestion_that_was_refused_leaves_no_gap_and_no_trace(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    await crew.deputy.press("c:1:draft")
    await crew.place.staff("other", "shilong-2")  # the seat goes to somebody else, while the words are written
    await crew.deputy.say(WORDS)
    await crew.deputy.tap("提出")
    assert "没有发出去" in await crew.deputy.last()
    async with crew.place.store.begin() as tx:
        assert await tx.suggestions.all() == []
        assert await tx.cases.next_number("JY", 2026) == "JY-2026-000001"


async def test_no_case_joins_a_suggestion_that_is_assigned_already(crew: Crew) -> None:
    await file(crew)
    await crew.villager.say("/new")
    await crew.villager.submit("石龙村口的路灯也不亮了")
    await crew.office.press("q:1:months3.water")
    before = (await crew.case(2)).version
    await crew.deputy.press("c:2:under.1")
    assert (await crew.case(2)).version == before
    assert (await only(crew)).cases == (1,)


async def test_several_cases_stand_behind_one_and_other_deputies_sign_once(crew: Crew) -> None:
    await file(crew)
    other = await crew.place.staff("other", "shilong-1")
    await crew.villager.submit("石龙村祠堂前面的路灯不亮")
    await crew.deputy.press("c:2:under.1")
    await other.say("/suggestions")
    await other.tap("JY-2026-000001")
    await other.tap("附议")
    await other.press("q:1:cosign")
    assert "现在不能" in (await other.toasts())[-1]
    one = await only(crew)
    assert (one.cases, one.cosigners) == ((1, 2), ("shilong-1",))
    await crew.deputy.press("q:1:cosign")
    assert (await only(crew)).cosigners == ("shilong-1",)


async def test_it_is_answered_within_three_months_or_six(crew: Crew) -> None:
    await file(crew)
    await crew.office.press("q:1:months6.works")
    one = await only(crew)
    assert one.due_at
    assert f"{one.due_at.astimezone(crew.place.town.zone):%m-%d}" == "09-02"
    assert (one.status, one.complex, one.handler) == (Status.ASSIGNED, True, "works")


async def test_dissatisfied_it_is_handled_again_within_a_month_once_then_reported_and_published(crew: Crew) -> None:
    await replied(crew)
    assert "六月前换完" in await crew.villager.last()
    await crew.deputy.tap("打开")
    await crew.deputy.tap("不满意")
    one = await only(crew)
    assert (one.status, one.again) == (Status.REDOING, True)
    assert one.due_at
    assert f"{one.due_at.astimezone(crew.place.town.zone):%m-%d}" == "04-02"
    await answer(crew)
    await crew.deputy.press("q:1:rate.fair")
    assert ((await only(crew)).status, (await only(crew)).rating) == (Status.RATED, Rating.FAIR)
    await crew.office.press("q:1:publish")
    assert "现在不能" in (await crew.office.toasts())[-1]
    await crew.office.press("q:1:report")
    await crew.office.press("q:1:publish")
    one = await only(crew)
    assert (one.status, one.due_at, one.next_at) == (Status.PUBLISHED, None, None)
    async with crew.place.store.begin() as tx:
        steps = [entry.step for entry in await tx.suggestions.history(1)]
    assert steps == ["file", "assign", "reply", "object", "reply", "accept", "report", "publish"]


async def test_dissatisfied_twice_ends_it_on_the_record(crew: Crew) -> None:
    await replied(crew)
    await crew.deputy.press("q:1:rate.dissatisfied")
    await answer(crew)
    await crew.deputy.press("q:1:rate.dissatisfied")
    assert ((await only(crew)).status, (await only(crew)).rating) == (Status.RATED, Rating.DISSATISFIED)


async def test_the_legal_limit_is_warned_of_and_reminded_of_once(crew: Crew) -> None:
    await file(crew)
    await crew.office.press("q:1:months3.works")
    for _ in range(40):
        crew.place.clock.push(days=5)
        await crew.place.sweep.once()
    texts = [m.text for m in await crew.office.all()]
    assert sum("法定期限快到了" in text for text in texts) == 1
    assert sum("法定期限到了" in text for text in texts) == 1
    assert sum("法定期限到了" in m.text for m in await crew.deputy.all()) == 1


async def test_after_a_standstill_the_newest_reminder_alone_goes_out(crew: Crew) -> None:
    await file(crew)
    await crew.office.press("q:1:months3.works")
    crew.place.clock.push(days=200)
    for _ in range(2):
        await crew.place.sweep.once()
    texts = [m.text for m in await crew.office.all()]
    assert sum("法定期限快到了" in text for text in texts) == 0
    assert sum("法定期限到了" in text for text in texts) == 1


async def test_villagers_and_heads_have_no_part_in_it(crew: Crew) -> None:
    await file(crew)
    for client in (crew.villager, crew.head):
        for word in ("open", "cosign", "assign", "rate.fair", "publish", "months3.works"):
            await client.press(f"q:1:{word}")
            assert "不归您办" in (await client.toasts())[-1]
        await client.say("/suggestions")
        assert "工作人员用的" in await client.last()


@pytest.mark.parametrize(
    "data", ["q:1:to.99", "q:1:to.x", "q:1:rate.great", "q:1:nothing", "q:1:months3.nobody", "q:x:open"]
)
async def test_forged_buttons_change_nothing(crew: Crew, data: str) -> None:
    before = await file(crew)
    await crew.office.press(data)
    assert await only(crew) == before
    async with crew.place.store.begin() as tx:
        assert await tx.inbox.parked() == []


async def test_the_leading_deputy_is_reminded_to_rate_the_reply(crew: Crew) -> None:
    await replied(crew)
    for _ in range(25):
        crew.place.clock.push(days=1)
        await crew.place.sweep.once()
    assert sum("还等您测评" in m.text for m in await crew.deputy.all()) == 2
    assert not any("法定期限" in m.text for m in await crew.office.all())
    await crew.deputy.press("q:1:rate.fair")
    assert (await only(crew)).next_at is None


async def test_the_office_reads_by_when_it_is_its_turn_and_opens_the_suggestion_with_one_tap(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    await crew.deputy.press("c:1:suggest")
    await crew.deputy.press("c:1:draft")
    await crew.deputy.say("路灯没人管，建议列入预算。")
    assert "由镇人大办依法交办" in await crew.deputy.last()
    await crew.deputy.tap("提出")
    assert "请在 2026-03-09 前交办" in await crew.office.last()
    assert await crew.office.button("打开") == "q:1:open"
    await crew.office.tap("打开")
    assert "已提出，待交办" in await crew.office.last()
    for press in ("q:1:assign", "q:1:to.0", "q:1:months3.works", "q:1:reply"):
        await crew.office.press(press)
    await crew.office.say("已列入预算")
    await crew.office.tap("C 列入计划")
    await crew.deputy.press("q:1:rate.dissatisfied")
    assert "请在 2026-04-02 前再办" in await crew.office.last()
