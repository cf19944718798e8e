"""Assisted entry: staff enter a villager's matter; the villager follows it with the receipt, and rates in person."""

from datetime import timedelta

import pytest

from bot.domain.cases import Case, Rating, Solved
from bot.domain.contacts import Contact
from bot.domain.machine import State
from bot.domain.messages import Slip
from bot.domain.rates import outcome_of, rates, replayed
from bot.domain.receipts import digits_of, grouped, is_whole, with_check
from tests.bot.staff import LAMP, Crew, crew_of
from tests.support.chat import ChatClient, LocalTown


@pytest.fixture
async def crew(place: LocalTown) -> Crew:
    """The crew; its villager has not begun yet."""
    crew = await crew_of(place)
    crew.villager = place.client("old-li")
    return crew


async def enter(client: ChatClient, text: str = LAMP) -> Case:
    """The whole guided entry, quickly."""
    await client.say("/assist")
    await client.say("1")
    await client.say(text)
    if "有照片吗" in await client.last():
        await client.say("1")
    await client.say("1")
    if "称呼" in await client.last():
        await client.say("1")
    return (await client.place.cases())[-1]


async def slip(client: ChatClient) -> Slip:
    return [message.slip for message in await client.all() if message.slip][-1]


async def code(client: ChatClient) -> str:
    return digits_of((await slip(client)).large)


async def answered(crew: Crew, grade: str = "A 已解决") -> Case:
    case = await enter(crew.head)
    await crew.head.press(f"c:{case.id}:resolve")
    await crew.head.say("灯泡换好了")
    await crew.head.tap(grade)
    return await crew.case()


async def link(crew: Crew) -> None:
    await crew.villager.say(await code(crew.head))
    await crew.villager.say("1")
    if "您同意吗" in await crew.villager.last():
        await crew.villager.tap("✅ 同意")


async def wrong(number: int) -> str:
    return with_check(f"{number:011d}")


async def test_a_station_head_enters_a_matter_and_gets_a_receipt_to_read_out_and_to_print(crew: Crew) -> None:
    await crew.head.say("/start")
    await crew.head.tap("替群众登记")
    assert "先念给群众听" in await crew.head.last()
    await crew.head.tap("同意")
    await crew.head.say(LAMP)
    await crew.head.photos(2)
    await crew.head.tap("下一步")
    assert "请看对不对" in await crew.head.last()
    await crew.head.tap("提交")
    case = await crew.case()
    assert (case.village, case.station, case.state) == ("shilong", "shilong", State.REGISTERED)
    (event, *_) = await crew.place.events(case)
    assert (event.part, event.seat, event.data["channel"]) == ("author", "shilong-head", "assisted")
    async with crew.place.store.begin() as tx:
        receipt = await tx.receipts.of(case.id)
        assert await tx.people.get(await tx.cases.author(case.id) or 0) is None
        assert len(await tx.cases.attachments(case.id)) == 2
    assert receipt
    assert (receipt.seat, receipt.notice, receipt.entered_at) == ("shilong-head", "1", crew.place.clock.now())
    paper = await slip(crew.head)
    assert paper.link == f"https://t.me/test_bot?start=code-{await code(crew.head)}"
    assert is_whole(await code(crew.head))
    assert paper.large in "".join(await crew.head.news())
    assert case.number in "".join(paper.head)
    assert "代录" in "".join(await crew.deputy.news())


async def contact_of(crew: Crew, case: Case) -> Contact:
    async with crew.place.store.begin() as tx:
        return await tx.contacts.of(await tx.cases.author(case.id) or 0)


async def begin(crew: Crew) -> Case:
    """Entered, up to the question for name and number."""
    for words in ("/assist", "1", LAMP, "1", "1"):
        await crew.head.say(words)
    assert "称呼" in await crew.head.last()
    return await crew.case()


@pytest.mark.parametrize(
    ("typed", "name", "phone"),
    [
        ("李大爷 13800138000", "李大爷", "13800138000"),
        ("电话：１３８ 0013 8000，李婶", "李婶", "13800138000"),
        ("13800138000", None, "13800138000"),
        ("李大爷", "李大爷", None),
    ],
)
async def test_a_villager_may_leave_a_name_and_a_number(
    crew: Crew, typed: str, name: str | None, phone: str | None
) -> None:
    case = await begin(crew)
    await crew.head.say(typed)
    assert "记下了" in await crew.head.last()
    assert "0013" not in await crew.head.last()
    assert await contact_of(crew, case) == Contact(phone, name)
    async with crew.place.store.begin() as tx:
        clerk = await tx.people.find("local", "head")
        assert clerk
        assert await tx.drafts.current(clerk.id) is None
        assert "李" not in str([await tx.cases.events(case.id), await tx.cases.get(case.id)])


async def test_a_number_that_is_none_is_asked_for_again_and_leaving_nothing_is_an_answer(crew: Crew) -> None:
    case = await begin(crew)
    await crew.head.say("李大爷 12345")
    assert "电话号码不对" in await crew.head.last()
    assert not await contact_of(crew, case)
    await crew.head.tap("不留")
    assert "没有留" in await crew.head.last()
    assert not await contact_of(crew, case)


async def test_name_and_number_go_when_the_villager_follows_on_their_own_phone(crew: Crew) -> None:
    case = await begin(crew)
    await crew.head.say("李大爷 13800138000")
    async with crew.place.store.begin() as tx:
        guest = await tx.cases.author(case.id) or 0
    await link(crew)
    async with crew.place.store.begin() as tx:
        assert not await tx.contacts.of(guest)
        assert await tx.cases.author(case.id) not in (guest, None)


async def test_nothing_is_registered_where_the_villager_did_not_agree(crew: Crew) -> None:
    await crew.head.say("/assist")
    await crew.head.say("路灯坏了")
    assert "先念给群众听" in await crew.head.last()
    await crew.head.say("0")
    assert "没有登记" in await crew.head.last()
    assert await crew.place.cases() == []


async def test_who_may_enter_matters_and_who_may_not(crew: Crew) -> None:
    liaison = await crew.place.staff("liaison", "shilong-liaison")
    admin = await crew.place.staff("admin", "admin")
    for client in (crew.deputy, crew.office, liaison, await crew.place.staff("vice", "shilong-vice")):
        await client.say("/assist")
        assert "先念给群众听" in await client.last()
    for client in (admin, crew.villager):
        await client.say("/assist")
        assert "工作人员用的" in await client.last()


async def test_who_lost_the_seat_meanwhile_enters_nothing(crew: Crew) -> None:
    await crew.head.say("/assist")
    await crew.head.say("1")
    await crew.head.say(LAMP)
    await crew.head.say("1")
    async with crew.place.store.begin() as tx:
        await tx.people.end("shilong-head", crew.place.clock.now(), "withdrawn")
    await crew.head.say("1")
    assert "没有这个权限" in await crew.head.last()
    assert await crew.place.cases() == []


async def test_a_voice_note_is_entered_like_words_and_short_words_are_not_doubted(crew: Crew) -> None:
    await crew.head.say("/assist")
    await crew.head.say("1")
    await crew.head.voice()
    await crew.head.say("石龙")
    assert "哪方面" in await crew.head.last()
    await enter(crew.deputy, "石龙村没水")
    assert len(await crew.place.cases()) == 1


async def test_until_the_villager_follows_the_answer_goes_to_who_entered_it_to_be_passed_on(crew: Crew) -> None:
    case = await enter(crew.deputy)
    await crew.deputy.news()
    await crew.head.press(f"c:{case.id}:resolve")
    await crew.head.say("灯泡换好了")
    await crew.head.tap("A 已解决")
    passed = [text for text in await crew.deputy.news() if "请念给他听" in text]
    assert len(passed) == 1
    assert "灯泡换好了" in passed[0]
    assert not [text for text in await crew.head.news() if "请念给他听" in text]


async def test_a_rating_told_by_telephone_is_noted_as_such_and_counted_apart(crew: Crew) -> None:
    case = await answered(crew)
    await crew.head.press("c:1:phoned")
    await crew.head.tap("满意")
    await crew.head.tap("解决了")
    case = await crew.case()
    assert (case.state, case.rating, case.solved, case.told) == (
        State.CLOSED, Rating.SATISFIED, Solved.YES, True
    )  # fmt: skip
    events = await crew.place.events(case)
    assert [(e.action, e.seat) for e in events[-2:]] == [("rate", "shilong-head"), ("solved", "shilong-head")]
    assert replayed(case.number, events) == outcome_of(case)
    found = rates([outcome_of(case)])
    assert (found.satisfaction.of, found.phoned.hits, found.unrated) == ((), (case.number,), ())
    assert any("电话回访" in text for text in await crew.deputy.news())
    await crew.office.say("/rates")
    assert "满意率：无记录" in await crew.office.last()
    assert "电话回访代记的（单独算）：100.0%（1/1）" in await crew.office.last()


async def test_the_history_says_who_acted_for_the_villager(crew: Crew) -> None:
    await enter(crew.head)
    await crew.head.press("c:1:history")
    assert "群众（黄雪芳代） 登记" in await crew.head.last()


async def test_somebody_elses_case_cannot_be_rated_as_told_by_telephone(crew: Crew) -> None:
    villager = crew.place.client("v1")
    await villager.submit(LAMP)
    await crew.head.press("c:1:resolve")
    await crew.head.say("灯泡换好了")
    await crew.head.tap("A 已解决")
    for data in ("c:1:phoned", "r:1:0:satisfied"):
        await crew.head.press(data)
    assert (await crew.case()).rating is None


async def test_another_stations_head_neither_sees_nor_rates_what_was_entered_here(crew: Crew) -> None:
    stranger = await crew.place.staff("stranger", "datang-head")
    await answered(crew)
    for data in ("c:1:open", "c:1:phoned", "r:1:0:satisfied", "n:1"):
        await stranger.press(data)
        assert "不归您办" in (await stranger.toasts())[-1]
    assert (await crew.case()).rating is None


async def test_with_the_code_any_account_sees_how_the_case_stands(crew: Crew) -> None:
    case = await answered(crew)
    number = await code(crew.head)
    for typed in (f"/code {grouped(number)}", f"/start code-{number}", grouped(number), number[:4] + "－" + number[4:]):
        await crew.villager.say(typed)
        card = (await crew.villager.news())[-2]
        assert case.number in card
        assert "灯泡换好了" in card
        assert "黄雪芳" not in card
        await crew.villager.tap("只看看")
    assert await crew.villager.last() == "好。以后想看，再打回执上的数字就行。"


async def test_the_villager_links_the_case_and_is_its_party_from_then_on(crew: Crew) -> None:
    await answered(crew)
    await crew.head.news()
    await link(crew)
    assert "绑定好了" in await crew.villager.last()
    assert any("已经用自己的手机绑定" in text for text in await crew.head.news())
    await crew.villager.tap("不满意")
    case = await crew.case()
    assert (case.state, case.told, case.reopened) == (State.REOPENED, False, 1)
    await crew.villager.tap("没解决")
    await crew.villager.say("还有一盏不亮")
    await crew.office.press("c:1:send_back")
    await crew.office.say("请再修")
    await crew.head.press("c:1:resolve")
    await crew.head.say("全修好了")
    await crew.head.tap("A 已解决")
    assert not [text for text in await crew.head.news() if "请念给他听" in text]
    assert "全修好了" in await crew.villager.last()
    await crew.villager.say("1")
    case = await crew.case()
    assert (case.state, case.rating, case.told) == (State.CLOSED, Rating.SATISFIED, False)
    await crew.villager.say("/mine")
    assert case.number in await crew.villager.last()


async def test_who_follows_a_case_that_was_merged_hears_of_the_one_it_went_into(crew: Crew) -> None:
    into = await enter(crew.head, "石龙村的路灯坏了")
    merged = await enter(crew.head)
    await crew.head.press(f"c:{merged.id}:into.{into.id}")
    await link(crew)
    assert "绑定好了" in await crew.villager.last()
    await crew.head.press(f"c:{into.id}:resolve")
    await crew.head.say("灯都换好了")
    await crew.head.tap("A 已解决")
    assert any("灯都换好了" in text for text in await crew.villager.news())
    assert await crew.villager.button("满意")


async def test_who_entered_it_can_act_for_the_villager_no_more_once_they_follow_it(crew: Crew) -> None:
    await answered(crew)
    await link(crew)
    for data in ("c:1:phoned", "r:1:0:satisfied", "c:1:withdraw!", "n:1"):
        await crew.head.press(data)
    case = await crew.case()
    assert (case.state, case.rating) == (State.ANSWERED, None)


async def test_the_villagers_own_word_takes_the_place_of_a_rating_told_by_telephone(crew: Crew) -> None:
    await answered(crew)
    await crew.head.press("r:1:0:satisfied")
    assert (await crew.case()).told
    await crew.head.press("r:1:0:dissatisfied")  # only the villager corrects it
    assert (await crew.case()).rating is Rating.SATISFIED
    await link(crew)
    await crew.villager.tap("不满意")
    case = await crew.case()
    assert (case.state, case.rating, case.told) == (State.REOPENED, Rating.DISSATISFIED, False)
    assert replayed(case.number, await crew.place.events(case)) == outcome_of(case)
    assert any("群众不满意" in text for text in await crew.office.news())


async def test_an_own_word_that_agrees_only_becomes_the_villagers_own(crew: Crew) -> None:
    await answered(crew)
    await crew.head.press("r:1:0:satisfied")
    await link(crew)
    await crew.villager.tap("基本满意")
    await crew.villager.tap("解决了")
    case = await crew.case()
    assert (case.state, case.rating, case.solved, case.told) == (
        State.CLOSED, Rating.FAIR, Solved.YES, False
    )  # fmt: skip
    await crew.villager.press("r:1:0:satisfied")
    assert (await crew.case()).rating is Rating.FAIR


async def test_nobody_agrees_to_publication_in_the_villagers_place(crew: Crew) -> None:
    await answered(crew)
    await crew.head.press("r:1:0:satisfied")
    await crew.office.press("c:1:ask_publish")
    await crew.head.press("c:1:allow")
    assert (await crew.case()).consent == "asked"
    await link(crew)
    await crew.villager.press("c:1:allow")
    assert (await crew.case()).consent == "agreed"


async def test_a_receipt_is_linked_once_and_never_by_who_entered_or_works_on_the_case(crew: Crew) -> None:
    await enter(crew.head)
    number = await code(crew.head)
    for client in (crew.head, crew.deputy, crew.office):
        await client.say(number)
        await client.say("1")
        if "您同意吗" in await client.last():
            await client.tap("✅ 同意")
        assert "不能绑定成您自己的" in await client.last()
    await link(crew)
    late = crew.place.client("late")
    await late.say(number)
    assert "您的回执" in await late.last()
    assert "绑定" not in await late.last()
    async with crew.place.store.begin() as tx:
        author = await tx.people.get(await tx.cases.author(1) or 0)
    assert author
    assert author.account == "old-li"


async def test_two_who_look_at_once_do_not_both_link(crew: Crew) -> None:
    await enter(crew.head)
    late = crew.place.client("late")
    await late.agree()
    await late.say(await code(crew.head))
    await link(crew)
    await late.say("1")
    assert "已经绑定到别的手机" in await late.last()


async def test_without_agreeing_to_the_notice_nothing_is_linked(crew: Crew) -> None:
    await enter(crew.head)
    await crew.villager.say(await code(crew.head))
    await crew.villager.say("1")
    await crew.villager.tap("不同意")
    async with crew.place.store.begin() as tx:
        assert await tx.people.get(await tx.cases.author(1) or 0) is None


async def test_a_matter_said_instead_of_an_answer_to_the_question_is_not_lost(crew: Crew) -> None:
    await enter(crew.head)
    await crew.villager.agree()
    await crew.villager.say(await code(crew.head))
    await crew.villager.submit("石龙村村口垃圾没人收，臭得很")
    assert [case.text for case in await crew.place.cases()][1] == "石龙村村口垃圾没人收，臭得很"


async def test_a_slip_of_the_pen_costs_no_guess_and_is_told_apart_from_a_wrong_code(crew: Crew) -> None:
    await enter(crew.head)
    number = await code(crew.head)
    for typed in (number[:-1], number[:-1] + str((int(number[-1]) + 1) % 10), number + "0", "一二三"):
        await crew.villager.say(f"/code {typed}")
        assert "少打或打错了一个" in await crew.villager.last()
    async with crew.place.store.begin() as tx:
        assert await tx.receipts.wrong(crew.place.clock.now() - timedelta(days=1)) == []
    await crew.villager.say(f"/code {await wrong(1)}")
    assert "没有这个回执码" in await crew.villager.last()


async def test_guessing_is_locked_out_for_longer_and_longer_and_logged_without_the_code(crew: Crew) -> None:
    await enter(crew.head)
    number = await code(crew.head)
    for guess in range(5):
        await crew.villager.say(f"/code {await wrong(guess)}")
        assert "没有这个回执码" in await crew.villager.last()
    await crew.villager.say(number)
    assert "请到 10:01 再试" in await crew.villager.last()
    crew.place.clock.push(minutes=1)
    await crew.villager.say(f"/code {await wrong(7)}")
    crew.place.clock.push(minutes=1)
    await crew.villager.say(number)
    assert "请到 10:03 再试" in await crew.villager.last()
    crew.place.clock.push(minutes=1)
    await crew.villager.say(number)
    assert "绑定到您这个手机" in await crew.villager.last()
    async with crew.place.store.begin() as tx:
        assert len(await tx.receipts.wrong(crew.place.clock.now() - timedelta(hours=1))) == 6


async def test_many_accounts_together_guess_no_faster_and_the_office_hears_of_it_once(crew: Crew) -> None:
    await enter(crew.head)
    for guess in range(60):
        await crew.place.client(f"guesser-{guess // 4}").say(f"/code {await wrong(guess)}")
    await crew.villager.say(await code(crew.head))
    assert "试错的次数太多" in await crew.villager.last()
    await crew.place.client("guesser-99").say(f"/code {await wrong(99)}")
    alarms = [text for text in await crew.office.news() if "反复试回执码" in text]
    assert len(alarms) == 1
    crew.place.clock.push(minutes=1)
    await crew.villager.say(await code(crew.head))
    assert "绑定到您这个手机" in await crew.villager.last()


async def test_a_lost_slip_is_replaced_and_the_old_code_works_no_more(crew: Crew) -> None:
    await enter(crew.head)
    old = await code(crew.head)
    await crew.head.say("/assisted")
    assert "群众还没绑定" in await crew.head.last()
    await crew.head.tap("补发回执")
    assert await code(crew.head) != old
    await crew.villager.say(old)
    assert "没有这个回执码" in await crew.villager.last()
    await link(crew)
    await crew.head.say("/assisted")
    assert "群众已绑定" in await crew.head.last()
    await crew.deputy.say("/assisted")
    assert "还没有替群众登记过" in await crew.deputy.last()


async def test_what_was_entered_goes_with_the_seat_and_to_the_station_where_it_is_vacant(crew: Crew) -> None:
    case = await enter(crew.deputy)
    liaison = await crew.place.staff("liaison", "shilong-liaison")
    async with crew.place.store.begin() as tx:
        await tx.people.end("shilong-2", crew.place.clock.now(), "withdrawn")
    await crew.head.press(f"c:{case.id}:resolve")
    await crew.head.say("灯泡换好了")
    await crew.head.tap("A 已解决")
    assert [text for text in await liaison.news() if "请念给他听" in text]
    assert not [text for text in await crew.deputy.news() if "请念给他听" in text]
    await crew.deputy.press(f"r:{case.id}:0:satisfied")
    assert "不归您办" in (await crew.deputy.toasts())[-1]
    await liaison.press(f"r:{case.id}:0:fair")
    assert (await crew.case()).rating is Rating.FAIR


async def test_a_sealed_matter_comes_back_to_the_office_and_not_to_the_station_that_entered_it(crew: Crew) -> None:
    case = await enter(crew.head, "石龙村村支书贪污公款")
    assert case.sealed
    assert "不经过村里的联络站" in "".join(await crew.head.news())
    await crew.head.press(f"c:{case.id}:open")
    assert "不归您办" in (await crew.head.toasts())[-1]
    await crew.office.press(f"c:{case.id}:take")
    assert [text for text in await crew.office.news() if "请转告他" in text]
    assert not [text for text in await crew.head.news() if "请转告他" in text]


async def test_staff_add_for_the_villager_what_they_say_later(crew: Crew) -> None:
    case = await enter(crew.deputy)
    await crew.head.press(f"c:{case.id}:ask_more")
    await crew.head.say("哪一盏灯？")
    await crew.head.say("1")
    assert "请转告他" in await crew.deputy.last()
    await crew.deputy.press(f"c:{case.id}:open")
    await crew.deputy.tap("替群众补充")
    await crew.deputy.say("祠堂门口那盏")
    await crew.deputy.say("1")
    assert (await crew.case()).state is State.REGISTERED
    assert any("祠堂门口那盏" in text for text in await crew.head.news())


async def test_codes_end_when_the_contact_data_of_their_case_do(crew: Crew) -> None:
    await answered(crew)
    await crew.head.press("r:1:0:satisfied")
    crew.place.clock.push(days=31 * 6 + 1)
    await crew.villager.say("/help")
    await crew.place.sweep.once()
    await crew.villager.say(await code(crew.head))
    assert "没有这个回执码" in await crew.villager.last()
