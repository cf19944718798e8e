"""Duties in chat: three taps and one sentence, who may record what, reminders and reception days, each once."""

from datetime import date

from bot.domain.duties import Duty, DutyKind
from bot.ports.ledgers import DutyFilter
from tests.support.chat import ChatClient, LocalTown


async def kept(place: LocalTown) -> list[Duty]:
    async with place.store.begin() as tx:
        return await tx.duties.find(DutyFilter())


async def record(client: ChatClient, kind: str, sentence: str) -> None:
    await client.say("/duty")
    await client.tap(kind)
    await client.say(sentence)
    await client.tap("完成")


async def test_a_deputy_records_a_visit_with_three_taps_and_one_sentence(place: LocalTown) -> None:
    villager = place.client("v1")
    await villager.agree()
    case = await villager.submit("村口路灯坏了", "石龙村")
    deputy = await place.staff("d1", "shilong-1")
    await deputy.press("m:duty")
    await deputy.tap("月访")
    await deputy.say("昨天和车锦锋走访5户，听了十二人反映路灯，意见1")
    shown = await deputy.last()
    assert "日期：2026-03-01" in shown
    assert "户数：5" in shown
    assert "人次：12" in shown
    assert "参加代表：车锦锋" in shown
    await deputy.tap("完成")
    (duty,) = await kept(place)
    assert (duty.kind, duty.on, duty.station) == (DutyKind.VISIT, date(2026, 3, 1), "shilong")
    assert dict(duty.facts) == {"households": 5, "visitors": 12}
    assert duty.members == ("shilong-1", "shilong-2")
    assert duty.cases == (case.number,)


async def test_a_later_sentence_puts_the_read_back_right(place: LocalTown) -> None:
    deputy = await place.staff("d1", "shilong-1")
    await deputy.say("/duty")
    await deputy.tap("月访")
    await deputy.say("走访5户")
    await deputy.say("应是6户")
    assert "户数：6" in await deputy.last()
    await deputy.tap("完成")
    assert [duty.facts for duty in await kept(place)] == [{"households": 6}]


async def test_a_voice_note_or_photos_are_record_enough(place: LocalTown) -> None:
    deputy = await place.staff("d1", "shilong-1")
    await deputy.say("/duty")
    await deputy.tap("月访")
    await deputy.voice()
    await deputy.photos(2)
    await deputy.tap("完成")
    (duty,) = await kept(place)
    assert [file.kind for file in duty.files] == ["voice", "photo", "photo"]


async def test_going_back_leaves_without_a_record(place: LocalTown) -> None:
    deputy = await place.staff("d1", "shilong-1")
    await deputy.say("/duty")
    await deputy.tap("月访")
    await deputy.say("走访5户")
    for _ in range(3):
        await deputy.say("0")
    assert "没有记" in await deputy.last()
    assert await kept(place) == []


async def test_words_before_a_kind_is_chosen_are_answered_with_the_question(place: LocalTown) -> None:
    deputy = await place.staff("d1", "shilong-1")
    await deputy.say("/duty")
    await deputy.say("走访5户")
    assert "请先点一种" in await deputy.last()


async def test_the_office_records_a_meeting_and_a_deputy_cannot(place: LocalTown) -> None:
    deputy, office = await place.staff("d1", "shilong-1"), await place.staff("o1", "office-1")
    await deputy.say("/duty")
    buttons = [button.label for row in (await deputy.all())[-1].buttons for button in row]
    assert any("月访" in label for label in buttons)
    assert not any("会议" in label for label in buttons)
    await record(office, "会议", "第二次代表大会，应到81人，实到78人，听取审议报告3项，作出决议2项")
    (meeting,) = await kept(place)
    assert dict(meeting.facts) == {"expected": 81, "present": 78, "reports_heard": 3, "resolutions": 2}
    assert meeting.members == ()


async def test_a_villager_records_no_duty(place: LocalTown, villager: ChatClient) -> None:
    for command in ("/duty", "/duties"):
        await villager.say(command)
        assert "工作人员" in await villager.last()


async def test_who_lost_the_seat_meanwhile_records_nothing(place: LocalTown) -> None:
    deputy = await place.staff("d1", "shilong-1")
    await deputy.say("/duty")
    await deputy.tap("月访")
    await deputy.say("走访5户")
    async with place.store.begin() as tx:
        await tx.people.end("shilong-1", place.clock.now(), "withdrawn")
    await deputy.tap("完成")
    assert "没有这个权限" in await deputy.last()
    assert await kept(place) == []


async def test_a_sealed_or_unknown_case_is_not_linked(place: LocalTown) -> None:
    villager = place.client("v1")
    await villager.agree()
    await villager.submit("石龙村村支书贪污征地补偿款", "石龙村")
    deputy = await place.staff("d1", "shilong-1")
    await record(deputy, "月访", "走访1户，意见1、意见77")
    assert "没有关联" in await deputy.last()
    assert (await kept(place))[0].cases == ()


async def test_the_same_event_recorded_twice_is_warned_of(place: LocalTown) -> None:
    head, deputy = await place.staff("h1", "shilong-head"), await place.staff("d1", "shilong-1")
    await record(head, "接待日", "接待3人")
    await deputy.say("/duty")
    await deputy.tap("接待日")
    await deputy.say("接待3人")
    assert "这一天已经有一条" in await deputy.last()


async def test_only_the_maker_or_the_office_takes_a_record_back(place: LocalTown) -> None:
    deputy, other = await place.staff("d1", "shilong-1"), await place.staff("d2", "shilong-2")
    office = await place.staff("o1", "office-1")
    await record(deputy, "月访", "走访5户")
    (duty,) = await kept(place)
    await other.press(f"y:{duty.id}")
    assert len(await kept(place)) == 1
    await deputy.tap("撤销")
    assert await kept(place) == []
    await deputy.press(f"y:{duty.id}")
    assert "没有这一条" in (await deputy.toasts())[-1]
    await record(deputy, "月访", "走访6户")
    await office.press(f"y:{(await kept(place))[0].id}")
    assert await kept(place) == []


async def test_ones_own_duties_of_the_month_are_listed(place: LocalTown) -> None:
    deputy, other = await place.staff("d1", "shilong-1"), await place.staff("d2", "shilong-2")
    await deputy.say("/duties")
    assert "还没有" in await deputy.last()
    await record(deputy, "月访", "走访5户")
    await record(deputy, "学习", "2月3日学习《代表法》")
    await record(other, "学习", "学习《代表法》，陈晓彬也在")
    await deputy.say("/duties")
    assert "本月履职 2 条" in await deputy.last()


async def test_a_deputy_without_a_visit_is_reminded_once_on_the_25th(place: LocalTown) -> None:
    lazy, busy = await place.staff("d1", "shilong-1"), await place.staff("d2", "shilong-2")
    head = await place.staff("h1", "shilong-head")
    await record(busy, "月访", "走访5户")
    for client in (lazy, busy, head):
        await client.news()
    place.clock.push(days=22)
    await place.sweep.once()
    assert not [text for text in await lazy.news() if "走访" in text]
    place.clock.push(days=1)
    for _ in range(2):
        await place.sweep.once()
    assert len([text for text in await lazy.news() if "3月的走访还没有记录" in text]) == 1
    assert not [text for text in [*await busy.news(), *await head.news()] if "走访" in text]
    place.clock.push(days=31)
    await place.sweep.once()
    assert [text for text in await busy.news() if "4月的走访还没有记录" in text]


async def test_who_asked_hears_of_a_reception_day_three_days_before_and_once(
    place: LocalTown, villager: ChatClient
) -> None:
    other, head = place.client("v2"), await place.staff("h1", "shilong-head")
    await villager.say("/reception")
    await villager.tap("石龙村")
    assert "还没有预告" in await villager.last()
    await villager.tap("提前三天告诉我")
    await other.say("/reception")
    await record(head, "预告接待日", "20日上午9点，村委会一楼")
    place.clock.push(days=14)
    await place.sweep.once()
    assert "接待日：2026-03-20" not in await villager.last()
    place.clock.push(days=1)
    for _ in range(2):
        await place.sweep.once()
    assert len([text for text in await villager.news() if "接待日：2026-03-20" in text]) == 1
    assert [text for text in await head.news() if "接待日：2026-03-20" in text]
    assert not [text for text in await other.news() if "2026-03-20" in text]


async def test_who_is_on_duty_is_reminded_that_morning_once_and_nobody_else(place: LocalTown) -> None:
    named, other = await place.staff("d1", "shilong-1"), await place.staff("d2", "shilong-2")
    head = await place.staff("h1", "shilong-head")
    await record(head, "预告接待日", "20日上午9点，村委会一楼，陈晓彬接待")
    place.clock.push(days=17)
    await place.sweep.once()
    await named.news()
    place.clock.push(days=1)
    for _ in range(2):
        await place.sweep.once()
    assert len([text for text in await named.news() if "今天您在石龙村人大代表联络站值班" in text]) == 1
    assert not [text for client in (other, head) for text in await client.news() if "今天您在" in text]


async def test_who_no_longer_wants_to_hear_of_reception_days_does_not(place: LocalTown, villager: ChatClient) -> None:
    head = await place.staff("h1", "shilong-head")
    await record(head, "预告接待日", "3月4日上午9点")
    await villager.press("w:shilong:on")
    await villager.press("w:shilong")
    assert "2026-03-04" in await villager.last()
    await villager.tap("不用告诉我")
    await villager.news()
    await place.sweep.once()
    assert await villager.news() == []


async def test_a_forged_button_of_a_station_does_nothing(place: LocalTown, villager: ChatClient) -> None:
    for data in ("w:nowhere", "w:nowhere:on", "w:shilong:maybe", "y:1:2", "y:x"):
        await villager.press(data)
        assert "用不了" in (await villager.toasts())[-1]
