"""What came of a report to the Party or of an inspection: added to the record later, the newest shown first."""

from datetime import date

from bot.domain.duties import Duty
from tests.bot.test_duties import kept, record
from tests.support.chat import ChatClient, LocalTown


async def add(client: ChatClient, button: str, sentence: str) -> None:
    await client.tap(button)
    await client.say(sentence)
    await client.tap("完成")


async def only(place: LocalTown) -> Duty:
    (duty,) = await kept(place)
    return duty


async def test_what_was_done_about_an_inspection_is_added_by_who_recorded_it_and_by_the_office(
    place: LocalTown,
) -> None:
    deputy, office = await place.staff("d1", "shilong-1"), await place.staff("o1", "office-1")
    await record(deputy, "视察/调研", "“清四乱”视察，镇级代表8人")
    before = await only(place)
    place.clock.push(days=40)
    await deputy.say("/duties")
    assert "4月还没有" in await deputy.last()
    await add(deputy, "补记落实情况 03-02 清四乱", "昨天回访，清完两处")
    assert "▪ 2026-04-10 落实情况：昨天回访，清完两处（陈晓彬）" in await deputy.last()
    await office.say("/duties 2026-03")
    await office.tap("视察/调研 03-02 清四乱")
    await add(office, "补记落实情况", "4月9日建设办书面反馈")  # an earlier day, told later
    assert (await office.last()).index("回访") < (await office.last()).index("反馈")
    await add(office, "补记落实情况", "全部清完")
    after = await only(place)
    assert [(one.on, one.seat, one.text) for one in after.supplements] == [
        (date(2026, 4, 11), "office-1", "全部清完"),
        (date(2026, 4, 10), "shilong-1", "昨天回访，清完两处"),
        (date(2026, 4, 9), "office-1", "4月9日建设办书面反馈"),
    ]
    assert (after.text, after.on, after.facts, after.members) == (before.text, before.on, before.facts, before.members)
    await deputy.say("/duties")
    assert "补记落实情况" not in str((await deputy.all())[-1].buttons), "it waits for nothing any more"


async def test_an_answer_of_the_committee_is_dated_within_reason(place: LocalTown) -> None:
    office = await place.staff("o1", "office-1")
    await record(office, "报党委", "《关于供水的报告》")
    await office.say("/duties")
    await office.tap("补记答复 03-02 关于供水的报告")
    for words, trouble in (("3月1日批示抓紧办", "比原来那条还早"), ("明天", "还没到")):
        await office.say(words)
        assert trouble in await office.last()
        await office.say("1")
    assert (await only(place)).supplements == ()
    await office.say("是今天")
    await office.tap("完成")
    assert [(one.on, one.text) for one in (await only(place)).supplements] == [
        (date(2026, 3, 2), "3月1日批示抓紧办\n明天\n是今天")
    ]


async def test_nobody_else_opens_a_record_or_adds_to_it(place: LocalTown, villager: ChatClient) -> None:
    deputy, other = await place.staff("d1", "shilong-1"), await place.staff("d2", "shilong-2")
    await record(deputy, "视察/调研", "和车锦锋视察河道")
    duty = await only(place)
    for client in (other, villager):
        for word in ("open", "add", "files", "strike"):
            await client.press(f"y:{duty.id}:{word}")
            assert "没有这一条" in (await client.toasts())[-1]
        await client.press("y:2026-03:0")
    assert "工作人员" in await villager.last()
    await deputy.press(f"y:{duty.id}:add")
    await deputy.say("清完了")
    async with place.store.begin() as tx:
        await tx.people.end("shilong-1", place.clock.now(), "withdrawn")
    await deputy.tap("完成")
    assert "没有记上" in await deputy.last()
    assert "清完了" in await deputy.last()
    assert (await only(place)).supplements == ()


async def test_what_can_have_no_answer_takes_none(place: LocalTown) -> None:
    deputy = await place.staff("d1", "shilong-1")
    await record(deputy, "学习", "学习《代表法》")
    await deputy.press(f"y:{(await only(place)).id}:add")
    assert "用不了" in (await deputy.toasts())[-1]


async def test_voice_and_photos_of_a_record_and_of_what_was_added_come_with_its_card(place: LocalTown) -> None:
    office, deputy = await place.staff("o1", "office-1"), await place.staff("d1", "shilong-1")
    await deputy.say("/duty")
    await deputy.tap("视察/调研")
    await deputy.voice()
    await deputy.tap("完成")
    duty = await only(place)
    await office.press(f"y:{duty.id}:add")
    await office.photos(1)
    await office.tap("完成")
    assert "附件 2 个" in await office.last()
    await office.tap("看照片、听语音")
    assert [[file.kind for file in one.files] for one in await office.all() if one.files] == [["photo"], ["voice"]]
    (later,) = (await only(place)).supplements
    assert (later.text, [file.kind for file in later.files], duty.files) == ("", ["photo"], (await only(place)).files)


async def test_the_office_finds_what_still_waits_for_an_answer_in_the_whole_town(place: LocalTown) -> None:
    office, deputy = await place.staff("o1", "office-1"), await place.staff("d1", "shilong-1")
    await record(deputy, "视察/调研", "视察河道")
    await record(office, "报党委", "《关于供水的报告》，批示：抓紧办")  # answered at once
    await record(office, "报党委", "《关于道路的请示》")
    place.clock.push(days=300)
    for client, number in ((office, 2), (deputy, 1)):
        await client.say("/duties")
        adding = [b.label for row in (await client.all())[-1].buttons for b in row if "补记" in b.label]
        assert len(adding) == number, adding
