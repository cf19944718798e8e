"""Refusing, assigning, extending, checking, following up, merging, publishing and archiving, all in chat."""

import pytest

from bot.domain.cases import AnswerClass, Consent
from bot.domain.machine import Action, State
from bot.domain.personal import traces
from tests.bot.staff import LAMP, Crew, crew_of
from tests.support.chat import LocalTown


@pytest.fixture
async def crew(place: LocalTown) -> Crew:
    return await crew_of(place)


async def test_a_card_shows_the_common_buttons_and_the_rare_ones_behind_more(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    card = next(m for m in await crew.head.all() if m.buttons)
    labels = [button.label for row in card.buttons for button in row]
    assert "接办" in labels
    assert "更多…" in labels
    assert "不予受理" not in labels
    await crew.head.tap("更多")
    assert await crew.head.button("不予受理") == "c:1:refuse"


async def test_a_refused_villager_reads_why_and_where_to_go(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    await crew.head.press("c:1:refuse")
    await crew.head.say("这是两家的债务，要由法院判")
    assert "该去哪里" in await crew.head.last()
    await crew.head.tap("法院")
    told = await crew.villager.last()
    assert "要由法院判" in told
    assert "请找：法院" in told
    assert (await crew.case()).state is State.REFUSED
    await crew.office.press("c:1:reopen")
    assert (await crew.case()).state is State.REOPENED


async def test_a_deputy_answers_on_the_spot(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    await crew.deputy.press("c:1:spot")
    await crew.deputy.say("政策是这样规定的")
    await crew.deputy.tap("D 解释")
    case = await crew.case()
    assert (case.state, case.answer_class) == (State.ANSWERED, AnswerClass.D)
    await crew.villager.tap("基本满意")
    assert (await crew.case()).state is State.CLOSED


async def test_a_case_is_assigned_with_helpers_answered_checked_and_rated(crew: Crew) -> None:
    case = await crew.assigned()
    assert (case.state, case.handler, case.helpers) == (State.ASSIGNED, "water", ("power",))
    assert "镇水利所（供电所协办）" in await crew.villager.last()
    await crew.office.press("c:1:begin")
    assert (await crew.case()).state is State.IN_PROGRESS
    await crew.deputy.press("c:1:deliver")
    await crew.deputy.say("线路已经检修")
    assert (await crew.case()).state is State.CHECKING
    assert "线路已经检修" not in await crew.villager.last()
    await crew.office.press("c:1:redo")
    await crew.office.say("要写清楚修了几盏")
    await crew.office.press("c:1:deliver")
    await crew.office.say("五盏灯全部修好")
    await crew.office.press("c:1:resolve")
    assert "五盏灯全部修好" in await crew.office.last()
    await crew.office.tap("A 已解决")
    case = await crew.case()
    assert (case.state, case.answer, case.checked) == (State.ANSWERED, "五盏灯全部修好", True)
    assert "五盏灯全部修好" in await crew.villager.last()


async def test_a_handling_body_gives_a_case_back_once(crew: Crew) -> None:
    await crew.assigned()
    await crew.office.press("c:1:return")
    await crew.office.say("不归水利所管")
    case = await crew.case()
    assert (case.state, case.handler, case.returned) == (State.WITH_OFFICE, None, True)
    await crew.office.press("c:1:to.6")
    await crew.office.press("c:1:assign!.6")
    await crew.office.say("请办理")
    await crew.office.press("c:1:return")
    assert "现在不能这样做" in (await crew.office.toasts())[-1]
    assert (await crew.case()).handler == "power"


async def test_a_limit_is_extended_once_and_the_villager_is_told(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    await crew.deputy.press("c:1:take")
    before = (await crew.case()).due_at
    await crew.head.press("c:1:extend")
    await crew.head.say("等配件")
    await crew.head.tap("延 5 个工作日")
    case = await crew.case()
    assert before
    assert case.due_at
    assert (case.due_at - before).days == 7
    assert "等配件" in await crew.villager.last()
    await crew.head.press("c:1:extend")
    assert "现在不能这样做" in (await crew.head.toasts())[-1]


async def test_a_limit_that_is_up_is_not_extended(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    await crew.deputy.press("c:1:take")
    crew.place.clock.push(days=60)
    await crew.head.press("c:1:extend")
    assert "现在不能这样做" in (await crew.head.toasts())[-1]


async def test_the_office_checks_the_class_of_a_stations_answer_once(crew: Crew) -> None:
    await crew.answered()
    await crew.office.press("c:1:check")
    await crew.office.tap("B 正在解决")
    case = await crew.case()
    assert (case.answer_class, case.checked) == (AnswerClass.B, True)
    assert "核定为：B 正在解决" in await crew.head.last()
    await crew.office.press("c:1:grade.A")
    assert "现在不能这样做" in (await crew.office.toasts())[-1]


async def test_what_is_being_solved_is_followed_up_until_it_is_solved(crew: Crew) -> None:
    await crew.answered("列入下月计划", "C 列入计划")
    await crew.villager.say("1")
    assert (await crew.case()).due_at
    await crew.head.press("c:1:archive")
    await crew.head.press("c:1:follow_up")
    await crew.head.say("灯杆已经到货")
    await crew.head.tap("B 正在解决")
    assert "灯杆已经到货" in await crew.villager.last()
    assert (await crew.case()).due_at
    await crew.head.press("c:1:follow_up")
    await crew.head.say("已经装好")
    await crew.head.tap("A 已解决")
    case = await crew.case()
    assert (case.answer_class, case.due_at) == (AnswerClass.A, None)
    await crew.office.press("c:1:archive")
    assert (await crew.case()).state is State.ARCHIVED


@pytest.mark.parametrize(("given", "right", "followed"), [("C 列入计划", "A", False), ("A 已解决", "C", True)])
async def test_a_class_put_right_after_the_end_begins_or_ends_the_following_up(
    crew: Crew, given: str, right: str, *, followed: bool
) -> None:
    await crew.answered("已报计划", given)
    await crew.villager.say("1")
    await crew.office.press(f"c:1:grade.{right}")
    assert bool((await crew.case()).next_at) is followed
    crew.place.clock.push(days=100)
    await crew.place.sweep.once()
    done = [event.action for event in await crew.place.events(await crew.case())]
    assert (Action.ASK_FOLLOW_UP in done) is followed


async def test_nobody_stands_behind_a_case_of_their_own(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    await crew.villager.submit("石龙村祠堂前面的路面烂了")
    await crew.head.press("c:2:into.1")
    assert (await crew.case(2)).state is State.MERGED
    async with crew.place.store.begin() as tx:
        assert await tx.cases.parties(1, "supporter") == []


async def test_parted_again_whoever_came_with_it_goes_with_it(crew: Crew) -> None:
    """But for one of whom another case is still merged there."""
    await crew.villager.submit(LAMP)
    for name, text in (("v2", "石龙村祠堂前面的路面烂了"), ("v3", "石龙村口的垃圾没人清")):
        other = crew.place.client(name)
        await other.agree()
        await other.submit(text)
    await other.submit("石龙村后巷的污水渠堵了")
    for case in (2, 3, 4):
        await crew.head.press(f"c:{case}:into.1")
    await crew.head.press("c:2:unmerge")
    await crew.head.press("c:3:unmerge")
    async with crew.place.store.begin() as tx:
        third = await tx.cases.author(3)
        assert await tx.cases.parties(1, "supporter") == [third]


async def test_two_reports_of_one_matter_are_merged_answered_for_both_and_parted(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    other = crew.place.client("v2")
    await other.agree()
    await other.submit("石龙村祠堂前面的路灯不亮")
    await crew.head.press("c:2:merge")
    await crew.head.tap("我们石龙村的路灯")
    merged = await crew.case(2)
    assert (merged.state, merged.merged_into, merged.next_at) == (State.MERGED, 1, None)
    assert "ZJ-2026-000001" in await other.last()
    await crew.head.press("c:1:resolve")
    await crew.head.say("全部换好了")
    await crew.head.tap("A 已解决")
    assert "全部换好了" in await other.last()
    assert (await other.all())[-1].buttons[0][0].data == "k:1:rate:0:satisfied"
    await crew.head.press("c:2:unmerge")
    parted = await crew.case(2)
    assert (parted.state, parted.merged_into) == (State.REGISTERED, None)
    assert parted.next_at
    async with crew.place.store.begin() as tx:
        assert await tx.cases.parties(1, "supporter") == []


async def test_who_withdraws_a_merged_case_no_longer_stands_behind_the_other(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    other = crew.place.client("v2")
    await other.agree()
    await other.submit("石龙村祠堂前面的路灯不亮")
    await crew.head.press("c:2:into.1")
    await other.press("c:2:withdraw!")
    case = await crew.case(2)
    assert (case.state, case.merged_into) == (State.WITHDRAWN, None)
    async with crew.place.store.begin() as tx:
        assert await tx.cases.parties(1, "supporter") == []


async def test_a_sealed_case_is_merged_with_nothing(crew: Crew) -> None:
    await crew.villager.submit("石龙村村干部贪污集体的钱，我要举报")
    await crew.villager.submit(LAMP)
    for word in ("merge", "into.2"):
        await crew.office.press(f"c:1:{word}")
        assert (await crew.case()).state is not State.MERGED


async def test_nothing_is_published_without_consent_or_with_traces_of_a_person(crew: Crew) -> None:
    await crew.answered()
    await crew.villager.say("1")
    await crew.office.press("c:1:publish")
    assert "现在不能这样做" in (await crew.office.toasts())[-1]
    await crew.office.press("c:1:ask_publish")
    await crew.villager.tap("同意公开")
    assert (await crew.case()).consent is Consent.AGREED
    await crew.office.press("c:1:publish")
    await crew.office.say("石龙村路灯修好，联系 13800001111")
    assert "石龙村路灯修好，联系 ***" in await crew.office.last()
    assert (await crew.case()).published is None
    await crew.office.tap("重写")
    await crew.office.say("石龙村路灯已全部修好")
    await crew.office.tap("✅ 公开")
    assert (await crew.case()).published == "石龙村路灯已全部修好"
    await crew.villager.press("c:1:forbid")
    assert ((await crew.case()).published, (await crew.case()).consent) == (None, Consent.REFUSED)


async def test_what_nobody_rated_is_closed_by_a_person_and_stays_unrated(crew: Crew) -> None:
    await crew.answered()
    await crew.head.press("c:1:close")
    assert "现在不能这样做" in (await crew.head.toasts())[-1]
    crew.place.clock.push(days=20)
    await crew.place.sweep.once()
    await crew.head.press("c:1:close")
    case = await crew.case()
    assert (case.state, case.rating) == (State.CLOSED, None)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("打 13800001111 找我", ["13800001111"]),
        ("身份证 440981199001011234", ["440981199001011234"]),
        ("车牌粤K12345 乱停", ["粤K12345"]),
        ("0668-2880000", ["0668-2880000"]),
        ("a.b@example.com", ["a.b@example.com"]),
        ("五盏灯 3000 元，2026年3月修好", []),
    ],
)
def test_traces_of_a_person_are_found(text: str, found: list[str]) -> None:
    assert traces(text) == found


async def test_what_no_station_has_is_given_to_none_and_its_mark_is_read_at_a_glance(crew: Crew) -> None:
    """A complaint that names a cadre: sealed, so the office alone has it; there is nobody to send it back to."""
    case = await crew.villager.submit("石龙村村主任收钱才盖章，请查一查")
    assert case.sealed
    card = next(m for m in reversed(await crew.office.all()) if "新意见" in m.text)
    assert "〔密件〕" in card.text
    assert not any(button.data.endswith(":send_back") for row in card.buttons for button in row)
    await crew.office.press(f"c:{case.id}:send_back")
    assert (await crew.case()).state is State.HANDED_UP


async def test_what_was_done_is_said_as_what_it_was(crew: Crew) -> None:
    await crew.assigned()
    await crew.head.press("c:1:begin")
    assert "办好了，现在是这样" in await crew.head.last()
    await crew.office.press("c:1:deliver")
    await crew.office.say("已换灯")
    await crew.office.press("c:1:resolve")
    await crew.office.tap("A 已解决")
    assert "等群众评价" in await crew.office.last()
