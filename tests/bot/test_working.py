"""Working a case: deputies, station heads and the office act; the villager hears of every change."""

import pytest

from bot.domain.cases import AnswerClass, Rating, Solved
from bot.domain.machine import State
from bot.domain.messages import OutgoingKind
from tests.support.chat import ChatClient, LocalTown

LAMP = "我们石龙村的路灯坏了半个月,晚上老人不敢出门"


@pytest.fixture
async def deputy(place: LocalTown) -> ChatClient:
    seats = [seat.id for seat in place.town.deputies_of("shilong")][:1]
    return await place.staff("deputy", *seats)


@pytest.fixture
async def head(place: LocalTown) -> ChatClient:
    return await place.staff("head", head_seat(place, "shilong"))


@pytest.fixture
async def office(place: LocalTown) -> ChatClient:
    return await place.staff("office", "office-1")


def head_seat(place: LocalTown, station: str) -> str:
    return next(s.id for s in place.town.seats if s.station == station and s.role == "station_head")


async def test_a_new_case_reaches_deputy_and_station_without_its_author(
    place: LocalTown, villager: ChatClient, deputy: ChatClient, head: ChatClient, office: ChatClient
) -> None:
    await villager.say(LAMP)
    await villager.photos(3)
    await villager.say("1")
    await villager.say("1")
    for client in (deputy, head):
        messages = await client.all()
        assert [m.kind for m in messages] == [OutgoingKind.TEXT, OutgoingKind.FILES] or len(messages) == 2
        assert "ZJ-2026-000001" in messages[0].text
        assert LAMP in messages[0].text
        assert "v1" not in str(messages)
    assert await office.all() == []


async def test_the_whole_story_with_a_dissatisfied_villager(
    place: LocalTown, villager: ChatClient, deputy: ChatClient, head: ChatClient, office: ChatClient
) -> None:
    case = await villager.submit(LAMP)
    await deputy.tap("接办")
    about, news = (await villager.last()).split("\n")
    assert about == "关于您说的“我们石龙村的路灯坏了半个月,晚上老人不…”："
    assert "已接手办理" in news
    await head.tap("办结")
    await head.photos(1)
    await head.say("灯泡已换好,请放心出行")
    assert "请选办理结果" in await head.last()
    await head.tap("A 已解决")
    assert "已办结答复" in await head.last()
    assert "灯泡已换好" in await villager.last()
    [answered] = await place.cases()
    assert (answered.state, answered.answer_class) == (State.ANSWERED, AnswerClass.A)
    await villager.tap("不满意")
    [reopened] = await place.cases()
    assert (reopened.state, reopened.rating, reopened.reopened) == (State.REOPENED, Rating.DISSATISFIED, 1)
    assert "群众不满意" in await office.last()
    await villager.tap("没解决")
    await villager.say("只换了一盏，还有四盏不亮")
    assert "只换了一盏" in await office.last()
    await head.press(f"c:{case.id}:resolve")
    assert "现在不能这样做" in (await head.toasts())[-1]
    await office.tap("交回站里")
    await office.say("请把五盏全部修好")
    assert "请把五盏全部修好" in await head.last()
    await head.tap("办结")
    await head.say("五盏灯今晚全部修好了")
    await head.tap("A 已解决")
    await villager.say("1")
    await villager.say("1")
    [closed] = await place.cases()
    assert (closed.state, closed.rating, closed.solved) == (State.CLOSED, Rating.SATISFIED, Solved.YES)
    actions = [event.action for event in await place.events(closed)]
    assert actions == [
        "register", "take", "resolve", "object", "solved", "supply", "send_back", "resolve", "rate", "solved",
    ]  # fmt: skip


async def test_the_history_is_chained_by_hash(place: LocalTown, villager: ChatClient, deputy: ChatClient) -> None:
    await villager.submit(LAMP)
    await deputy.tap("接办")
    [case] = await place.cases()
    first, second = await place.events(case)
    assert second.previous == first.digest()
    assert case.head == second.digest()


async def test_only_the_head_resolves(place: LocalTown, villager: ChatClient, deputy: ChatClient) -> None:
    case = await villager.submit(LAMP)
    await deputy.press(f"c:{case.id}:resolve")
    assert "现在不能这样做" in (await deputy.toasts())[-1]


@pytest.mark.parametrize("word", ["take", "reply", "resolve", "note", "history", "open", "withdraw!", "village.datang"])
async def test_a_stranger_can_do_nothing_to_a_case(place: LocalTown, villager: ChatClient, word: str) -> None:
    case = await villager.submit(LAMP)
    stranger = place.client("v2")
    await stranger.agree()
    before = await stranger.last()
    await stranger.press(f"c:{case.id}:{word}")
    assert "不归您办" in (await stranger.toasts())[-1]
    assert await stranger.last() == before
    assert await place.cases() == [case]


async def test_another_stations_head_can_do_nothing(place: LocalTown, villager: ChatClient) -> None:
    case = await villager.submit(LAMP)
    other = await place.staff("other", head_seat(place, "datang"))
    await other.press(f"c:{case.id}:take")
    assert "不归您办" in (await other.toasts())[-1]
    await other.say("/case 1")
    assert "没有找到" in await other.last()


async def test_a_role_that_was_withdrawn_takes_its_buttons_along(
    place: LocalTown, villager: ChatClient, deputy: ChatClient, head: ChatClient, office: ChatClient
) -> None:
    case = await villager.submit(LAMP)
    await office.press(f"e!:{case.deputy}")
    assert "移交 1 条" in await office.last()
    await deputy.press(f"c:{case.id}:take")
    assert "不归您办" in (await deputy.toasts())[-1]
    [moved] = await place.cases()
    assert moved.deputy == head_seat(place, "shilong")
    assert "因人员变动" in await head.last()


async def test_a_villager_is_asked_for_more_and_answers_while_the_clock_stands(
    place: LocalTown, villager: ChatClient, deputy: ChatClient
) -> None:
    await villager.submit(LAMP)
    await deputy.tap("请补充")
    await deputy.say("请问是哪几盏?")
    await deputy.say("1")
    assert "请问是哪几盏" in await villager.last()
    [waiting] = await place.cases()
    assert waiting.state is State.NEEDS_MORE
    place.clock.push(days=3)
    await villager.tap("补充")
    await villager.say("村口到祠堂那五盏")
    await villager.say("1")
    assert "村口到祠堂那五盏" in await deputy.last()
    [back] = await place.cases()
    assert back.state is State.REGISTERED
    assert back.due_at
    assert waiting.due_at
    assert (back.due_at - waiting.due_at).days == 3


async def test_a_question_is_answered_by_simply_answering(
    place: LocalTown, villager: ChatClient, deputy: ChatClient
) -> None:
    await villager.submit(LAMP)
    await deputy.tap("请补充")
    await deputy.say("请问是哪几盏?")
    await deputy.say("1")
    await villager.say("村口到祠堂那五盏")
    assert "要补充到 ZJ-2026-000001" in await villager.last()
    await villager.say("还有小学门口一盏")
    await villager.say("1")
    assert "村口到祠堂那五盏\n还有小学门口一盏" in await deputy.last()
    assert len(await place.cases()) == 1


async def test_a_reply_is_read_back_before_it_goes_out(
    place: LocalTown, villager: ChatClient, deputy: ChatClient
) -> None:
    await villager.submit(LAMP)
    before = await villager.last()
    await deputy.tap("回复")
    await deputy.say("已联系电工")
    assert await villager.last() == before
    await deputy.tap("重写")
    await deputy.say("已联系电工,明天来修")
    await deputy.tap("发出")
    assert "已联系电工,明天来修" in await villager.last()


async def test_an_internal_note_is_hidden_from_the_villager(
    place: LocalTown, villager: ChatClient, deputy: ChatClient
) -> None:
    case = await villager.submit(LAMP)
    before = await villager.last()
    await deputy.tap("记录")
    await deputy.say("电工下周才有空")
    assert await villager.last() == before
    await villager.press(f"c:{case.id}:history")
    assert "电工" not in await villager.last()
    await deputy.press(f"c:{case.id}:history")
    assert "电工下周才有空" in await deputy.last()


async def test_another_villages_case_is_transferred_and_told(
    place: LocalTown, villager: ChatClient, deputy: ChatClient
) -> None:
    other_head = await place.staff("head2", head_seat(place, "datang"))
    other = await place.staff("deputy2", place.town.deputies_of("datang")[0].id)
    await villager.submit(LAMP)
    await deputy.tap("转交")
    await deputy.tap("转别的村")
    await deputy.tap("大塘村")
    [case] = await place.cases()
    assert (case.village, case.station) == ("datang", "datang")
    assert "大塘村人大代表联络站" in await villager.last()
    assert LAMP in await other.last()
    assert LAMP in await other_head.last()


async def test_the_topic_is_corrected_in_two_taps(place: LocalTown, villager: ChatClient, deputy: ChatClient) -> None:
    await villager.submit(LAMP)
    await deputy.tap("改分类")
    await deputy.tap("电力通讯")
    await deputy.tap("停电")
    [case] = await place.cases()
    assert (case.topic, case.subtopic) == ("power-telecom", "power.outage") or case.topic == "power-telecom"
    assert "分类改为" in await villager.last()


async def test_urgent_matters_reach_head_and_office_at_night(
    place: LocalTown, villager: ChatClient, head: ChatClient, office: ChatClient
) -> None:
    place.clock.push(hours=14)
    await villager.submit("石龙村后山塌方,把路堵死了,有人被困")
    for client in (head, office):
        async with place.store.begin() as tx:
            first = (await tx.outbox.rows(client.account))[0]
        assert "紧急" in first.message.text
        assert first.send_after == place.clock.now()
    assert "119" in await villager.last()


async def test_other_news_waits_for_the_morning(place: LocalTown, villager: ChatClient, head: ChatClient) -> None:
    place.clock.push(hours=14)
    await villager.submit(LAMP)
    async with place.store.begin() as tx:
        first = (await tx.outbox.rows("head"))[0]
    assert first.send_after.astimezone(place.town.zone).strftime("%H:%M") == "07:00"


async def test_a_complaint_about_a_cadre_bypasses_the_village(
    place: LocalTown, villager: ChatClient, deputy: ChatClient, head: ChatClient, office: ChatClient
) -> None:
    await villager.submit("石龙村村干部贪污集体的钱，我要举报")
    [case] = await place.cases()
    assert case.sealed
    assert case.station is None
    assert await deputy.all() == []
    assert await head.all() == []
    assert "密件" in await office.last()
    await head.say("/case 1")
    assert "没有找到" in await head.last()


async def test_a_vacancy_falls_to_the_head_and_alarms_the_office(
    place: LocalTown, villager: ChatClient, head: ChatClient, office: ChatClient
) -> None:
    case = await villager.submit(LAMP)
    assert case.deputy == head_seat(place, "shilong")
    assert "空缺" in await office.last()
    assert LAMP in await head.last()


async def test_a_case_with_nobody_at_the_station_goes_to_the_office(
    place: LocalTown, villager: ChatClient, office: ChatClient
) -> None:
    case = await villager.submit(LAMP)
    assert case.state is State.HANDED_UP
    assert any(LAMP in text for text in await office.news())


async def test_a_village_that_nobody_knows_is_routed_by_the_office(
    place: LocalTown, villager: ChatClient, deputy: ChatClient, head: ChatClient, office: ChatClient
) -> None:
    await villager.say("村口路灯坏了")
    await villager.tap("说不清")
    await villager.say("1")
    await villager.say("1")
    [case] = await place.cases()
    assert case.village is None
    await office.tap("转交")
    await office.tap("转别的村")
    await office.tap("石龙村")
    [case] = await place.cases()
    assert (case.village, case.state) == ("shilong", State.REGISTERED)
    assert "村口路灯坏了" in await deputy.last()


async def test_dissatisfied_twice_is_closed_and_the_office_may_reopen(
    place: LocalTown, villager: ChatClient, deputy: ChatClient, head: ChatClient, office: ChatClient
) -> None:
    await villager.submit(LAMP)
    for _ in range(2):
        await head.press("c:1:resolve")
        await head.say("已经处理")
        await head.tap("D 解释")
        await villager.tap("不满意")
        await office.press("c:1:send_back")
        await office.say("再处理")
    [case] = await place.cases()
    assert (case.state, case.rating) == (State.CLOSED, Rating.DISSATISFIED)
    assert "两次不满意" in "".join(await office.news())
    await office.press("c:1:reopen")
    [case] = await place.cases()
    assert case.state is State.REOPENED


async def test_an_old_rating_button_cannot_rate_a_new_answer(
    place: LocalTown, villager: ChatClient, deputy: ChatClient, head: ChatClient, office: ChatClient
) -> None:
    await villager.submit(LAMP)
    await head.press("c:1:resolve")
    await head.say("已经处理")
    await head.tap("A 已解决")
    old = await villager.button("3  😞")
    happy = await villager.button("1  😊")
    await villager.press(old)
    await office.press("c:1:send_back")
    await office.say("再处理")
    await head.press("c:1:resolve")
    await head.say("处理了")
    await head.tap("A 已解决")
    await villager.press(happy)
    [case] = await place.cases()
    assert case.state is State.ANSWERED
    assert "现在不能这样做" in (await villager.toasts())[-1]


async def test_handlers_do_not_rate_their_own_work(
    place: LocalTown, villager: ChatClient, deputy: ChatClient, head: ChatClient
) -> None:
    await villager.submit(LAMP)
    await head.press("c:1:resolve")
    await head.say("已经处理")
    await head.tap("A 已解决")
    for client in (head, deputy):
        await client.press("r:1:0:satisfied")
        assert "现在不能这样做" in (await client.toasts())[-1]
    [case] = await place.cases()
    assert case.rating is None


async def test_a_withdrawn_case_is_nobodys_work(place: LocalTown, villager: ChatClient, deputy: ChatClient) -> None:
    await villager.submit(LAMP)
    await villager.say("/withdraw")
    await villager.tap("路灯")
    await villager.tap("确定撤回")
    assert "已撤回" in await villager.last()
    assert "群众已撤回" in await deputy.last()
    await deputy.press("c:1:take")
    assert "现在不能" in (await deputy.toasts())[-1]


async def test_words_written_for_a_case_that_moved_on_are_given_back(
    place: LocalTown, villager: ChatClient, deputy: ChatClient
) -> None:
    await villager.submit(LAMP)
    await deputy.tap("回复")
    await deputy.say("马上来看")
    await villager.press("c:1:withdraw!")
    await deputy.tap("发出")
    assert "没有发出去" in await deputy.last()
    assert "马上来看" in await deputy.last()


@pytest.mark.parametrize(
    "data", ["", "c", "c:1", "c:x:take", "c:1:", "c:99999999999999999:take", "r:1:0:great", "d:1:1:1:1", "zz:1",
             "c:1:sub.nothing", "c:1:seat.admin", "c:1:village.nowhere", "i:admin", "e!:office-1", "g:shilong:0",
             "p:agree:0", "m:nothing", "l:fr", "v:nowhere", "c:²:take", "\u202e:1", "c:1:resolve.x"]
)  # fmt: skip
async def test_forged_buttons_do_nothing_and_break_nothing(place: LocalTown, villager: ChatClient, data: str) -> None:
    case = await villager.submit(LAMP)
    await villager.press(data)
    assert await place.cases() == [case]
    async with place.store.begin() as tx:
        assert await tx.inbox.parked() == []
        assert await tx.people.holders() == {}
