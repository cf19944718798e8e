"""Duties in chat: three taps and one sentence, who may record what, and the reminder of visits, once."""

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


async def test_a_sentence_before_a_kind_is_chosen_tells_it_or_waits_for_it(place: LocalTown) -> None:
    deputy = await place.staff("d1", "shilong-1")
    await deputy.say("/duty")
    await deputy.say("昨天走访5户")
    assert "【请看一遍】月访" in await deputy.last()
    await deputy.tap("完成")
    await deputy.say("/duty")
    await deputy.say("走访时学习《代表法》，9人")  # a visit, or study?
    assert "这是哪一种" in await deputy.last()
    await deputy.tap("学习")
    assert "人数：9" in await deputy.last()
    await deputy.tap("完成")
    assert [(duty.kind, duty.title) for duty in await kept(place)] == [
        (DutyKind.VISIT, "昨天走访5户"),
        (DutyKind.STUDY, "代表法"),
    ]


async def test_a_day_that_has_not_come_is_named_and_what_was_said_stays(place: LocalTown) -> None:
    deputy = await place.staff("d1", "shilong-1")
    await deputy.say("/duty")
    await deputy.tap("月访")
    await deputy.say("2099年3月5日走访5户")
    for words in ("1", "2"):
        assert "2099-03-05 还没到" in await deputy.last()
        await deputy.say(words)  # neither done nor thrown away
    assert await kept(place) == []
    await deputy.say("应是昨天")
    await deputy.tap("完成")
    assert [(duty.on, dict(duty.facts)) for duty in await kept(place)] == [(date(2026, 3, 1), {"households": 5})]


async def test_a_message_that_is_edited_is_put_right_until_the_record_is_made(place: LocalTown) -> None:
    deputy = await place.staff("d1", "shilong-1")
    await deputy.say("/duty")
    await deputy.tap("月访")
    await deputy.say("走访50户", message_id="m1")
    await deputy.send(kind="edit", text="走访5户", message_id="m1")
    assert "户数：5\n" in await deputy.last()
    await deputy.tap("完成")
    await deputy.send(kind="edit", text="走访7户", message_id="m1")
    assert "再改原话不算数" in await deputy.last()
    assert [duty.text for duty in await kept(place)] == ["走访5户"]


async def test_nothing_of_a_long_text_is_lost_and_what_is_too_much_is_refused_whole(place: LocalTown) -> None:
    deputy = await place.staff("d1", "shilong-1")
    await deputy.say("/duty")
    await deputy.tap("视察/调研")
    await deputy.say("看" * 4096)
    await deputy.say("河" * 904)
    assert "共 5001 字，全都记着" in await deputy.last()
    await deputy.say("远" * 5000)
    assert "刚才这一段没有记" in await deputy.last()
    await deputy.tap("完成")
    assert [duty.text for duty in await kept(place)] == ["看" * 4096 + "\n" + "河" * 904]


async def test_a_record_half_made_is_not_thrown_away_by_beginning_another(place: LocalTown) -> None:
    deputy = await place.staff("d1", "shilong-1")
    await deputy.say("/duty")
    await deputy.say("走访5户")
    await deputy.say("/duty")
    await deputy.tap("接着写")
    assert "户数：5" in await deputy.last()
    await deputy.say("/duty")
    await deputy.tap("重新写一条")
    assert "要记哪一种" in await deputy.last()


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
    assert "2026年3月履职 2 条" in await deputy.last()
    await deputy.tap("◀ 2026年2月")
    assert "2026年2月履职 1 条" in await deputy.last()
    await deputy.tap("学习 02-03 代表法")
    await deputy.tap("撤销这条")
    assert "真的撤销吗" in await deputy.last()
    assert len(await kept(place)) == 3
    for words in ("/duties 2026", "/duties someday"):
        await deputy.say(words)
    assert "请这样写" in await deputy.last()


async def test_just_the_deputies_without_a_visit_are_reminded_once_in_the_morning_of_the_25th(place: LocalTown) -> None:
    lazy, taken = await place.staff("d1", "shilong-1"), await place.staff("d2", "shilong-2")
    busy, several = await place.staff("d3", "datang-1"), await place.staff("d4", "datang-2", "datang-3")
    head = await place.staff("h1", "shilong-head")
    await record(busy, "月访", "走访5户")
    await record(head, "月访", "和车锦锋走访2户")
    everybody = (lazy, taken, busy, several, head)

    async def reminded(month: int) -> list[str]:
        news = {
            client.account: [text for text in await client.news() if "走访还没有记录" in text] for client in everybody
        }
        assert all(len(texts) == 1 and f"{month}月" in texts[0] for texts in news.values() if texts)
        return [account for account, texts in news.items() if texts]

    for hours in (22 * 24, 20):  # the 24th at ten, the 25th at six
        place.clock.push(hours=hours)
        await place.sweep.once()
        assert await reminded(3) == []
    place.clock.push(hours=3)
    for _ in range(2):
        await place.sweep.once()
    names = "、".join(place.town.name_of("seat", seat) for seat in ("datang-2", "datang-3"))
    assert names in (await several.last())
    assert await reminded(3) == ["d1", "d4"]
    place.clock.push(days=30, hours=14.5)  # the 24th of April, half past eleven at night
    await place.sweep.once()
    place.clock.push(days=1)
    await place.sweep.once()
    assert await reminded(4) == ["d1", "d2", "d3", "d4"]
    async with place.store.begin() as tx:
        last = (await tx.outbox.rows("d3"))[-1]
    assert f"{last.send_after.astimezone(place.town.zone):%d %H:%M}" == "26 07:00"
