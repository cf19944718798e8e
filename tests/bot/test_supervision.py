"""Supervision: opened by the office or by the clock, with deputies, findings, photos and a result; counted exactly."""

from datetime import timedelta

import pytest

from bot.domain.periods import Period
from bot.domain.sheets import REGISTERS
from bot.domain.supervision import Supervision, SupervisionKind, SupervisionResult
from bot.texts.catalogue import Catalogue
from bot.usecases.counting import count
from bot.usecases.ledger import Ledger
from bot.usecases.registers import draw_up
from tests.bot.staff import LAMP, Crew, crew_of
from tests.support.chat import LocalTown


@pytest.fixture
async def crew(place: LocalTown) -> Crew:
    return await crew_of(place)


async def supervisions(crew: Crew, case_id: int = 1) -> list[Supervision]:
    async with crew.place.store.begin() as tx:
        return await tx.supervisions.of_case(case_id)


async def open_one(crew: Crew) -> None:
    await crew.office.press("c:1:supervise")
    await crew.office.tap("现场督办")
    await crew.office.say("请当面说明为什么还没修")
    await crew.office.tap("5 个工作日内")


async def test_the_office_supervises_on_site_with_deputies_findings_photos_and_a_result(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    await open_one(crew)
    [one] = await supervisions(crew)
    assert (one.kind, one.opened_by, one.result) == (SupervisionKind.ONSITE, "office-1", None)
    assert one.due_at > crew.place.clock.now() + timedelta(days=6)
    for client in (crew.head, crew.deputy):
        assert "请当面说明" in await client.last()
    await crew.office.press("c:1:supervised")
    await crew.office.tap("车锦锋")
    await crew.office.tap("陈晓彬")
    await crew.office.tap("就这些")
    await crew.office.photos(1)
    await crew.office.say("灯杆已立，线没接")
    await crew.office.tap("部分整改")
    [one] = await supervisions(crew)
    assert (one.deputies, one.result) == (("shilong-2", "shilong-1"), SupervisionResult.PARTLY)
    assert one.findings == "灯杆已立，线没接"
    case = await crew.case()
    events = await crew.place.events(case)
    assert [event.action for event in events] == ["register", "supervise", "supervised"]
    async with crew.place.store.begin() as tx:
        assert [a.event for a in await tx.cases.attachments(1)] == [3]


async def test_without_an_open_supervision_there_is_nothing_to_conclude(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    await crew.office.press("c:1:supervised")
    assert "没有正在进行的督办" in await crew.office.last()


async def test_nobody_but_the_office_supervises(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    for client in (crew.head, crew.deputy, crew.villager):
        for word in ("supervise", "kind.onsite", "supervised", "ended."):
            await client.press(f"c:1:{word}")
            assert "现在不能这样做" in (await client.toasts())[-1]
    assert await supervisions(crew) == []


async def test_the_clock_opens_one_and_the_count_is_exact(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    await open_one(crew)
    start = crew.place.clock.now()
    crew.place.clock.push(days=30)
    for _ in range(3):
        await crew.place.sweep.once()
    found = await supervisions(crew)
    assert [(one.kind, one.opened_by) for one in found] == [
        (SupervisionKind.ONSITE, "office-1"),
        (SupervisionKind.WRITTEN, None),
    ]
    now = crew.place.clock.now() + timedelta(seconds=1)
    async with crew.place.store.begin() as tx:
        assert await tx.supervisions.count(start, now) == 2
        assert await tx.supervisions.count(start, start) == 0
        assert [one.id for one in await tx.supervisions.between(start, now)] == [one.id for one in found]


async def test_a_report_to_the_party_committee_is_on_the_register_with_who_when_how_and_for_which_case(
    crew: Crew,
) -> None:
    await crew.villager.submit(LAMP)
    for _ in range(5):
        crew.place.clock.push(days=4)
        await crew.place.sweep.once()
    assert any("【报镇党委】" in m.text for m in await crew.office.all())
    await crew.office.tap("报党委已送")
    await crew.office.say("《关于石龙村路灯的报告》，批示：请规建办一周内办结")
    await crew.office.tap("纸质送达")
    assert "已登记" in await crew.office.last()
    event = (await crew.place.events(await crew.case()))[-1]
    assert (event.action, event.seat, event.data["way"]) == ("reported", "office-1", "paper")
    async with crew.place.store.begin() as tx:
        ledger = Ledger(tx, crew.place.town, Catalogue.load())
        [row] = (await draw_up(ledger, REGISTERS["party"], Period.parse("2026"))).rows
        figures = await count(ledger, Period.parse("2026"))
    day = crew.place.clock.now().astimezone(crew.place.town.zone).date()
    assert list(row) == [
        "报告", day, "关于石龙村路灯的报告", "请规建办一周内办结", "曾德清", "纸质送达", "ZJ-2026-000001", None, "",
    ]  # fmt: skip
    assert figures["party"].value == 1


async def test_nobody_but_the_office_reports_to_the_party_committee(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    for client in (crew.head, crew.deputy, crew.villager):
        await client.press("c:1:reported")
        assert "现在不能这样做" in (await client.toasts())[-1]


async def test_a_supervision_is_reminded_of_before_its_end_and_at_it_once(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    await crew.office.press("c:1:take")
    await open_one(crew)
    for _ in range(10):
        crew.place.clock.push(days=1)
        await crew.place.sweep.once()
    for client in (crew.office, crew.deputy, crew.head):
        texts = [m.text for m in await client.all() if "请当面说明为什么还没修" in m.text]
        assert sum("现场督办快到期了" in text for text in texts) == 1
        assert sum("现场督办到期了" in text for text in texts) == 1


async def test_what_was_found_is_kept_with_its_photos_and_read_again(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    await open_one(crew)
    await crew.office.say("/supervisions")
    assert "ZJ-2026-000001 现场督办" in await crew.office.last()
    await crew.office.press("c:1:ended.0")
    await crew.office.photos(2)
    await crew.office.say("灯杆已立，线没接")
    await crew.office.tap("部分整改")
    [one] = await supervisions(crew)
    assert (one.event, one.next_at, one.keeper) == (3, None, "office-1")
    await crew.deputy.say("/supervisions 1")
    messages = (await crew.deputy.all())[-2:]
    assert "灯杆已立，线没接" in messages[0].text
    assert "部分整改" in messages[0].text
    assert len(messages[1].files) == 2
    await crew.villager.say("/supervisions 1")
    assert "工作人员用的" in await crew.villager.last()
    await crew.office.say("/supervisions")
    assert "没有进行中的督办" in await crew.office.last()


async def test_a_supervision_of_a_case_that_was_withdrawn_can_still_be_ended(crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    await open_one(crew)
    await crew.villager.press("c:1:withdraw!")
    await crew.office.press("c:1:ended.")
    await crew.office.say("群众已撤回")
    await crew.office.tap("已整改")
    assert (await supervisions(crew))[0].result is SupervisionResult.DONE
