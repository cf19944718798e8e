"""Registers: every column as the town lists it, nothing that leads to a person, nothing that runs in a spreadsheet."""

import csv
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from bot.domain.cases import AnswerClass
from bot.domain.contacts import ContactKind
from bot.domain.duties import DutyKind, Supplement
from bot.domain.periods import Period
from bot.domain.polls import SCALE, Poll, PollKind
from bot.domain.sheets import REGISTERS, Cell, Register, Sheet, registers_named
from bot.domain.supervision import SupervisionKind, SupervisionResult
from bot.ports.ledgers import Export
from bot.usecases import answering, assigning, supervising
from bot.usecases.counting import count
from bot.usecases.registers import draw_up, log_export
from handlers.documents.csvfile import write_csv
from handlers.documents.xlsx import write_xlsx
from tests.bot.staff import crew_of
from tests.bot.test_suggestions import replied as suggested_and_replied
from tests.documents.conftest import ledger_of, note
from tests.support.chat import LocalTown

YEAR = Period.parse("2026")
EVIL = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", '=HYPERLINK("http://x","y")', "＝1")
TEN = datetime.fromisoformat("2026-03-02T10:00")
"""The hour of everything here, in the town: without a zone, as spreadsheets keep time."""

PLAIN = Register("plain", "试/验:表", ("甲", "乙"))


async def rows(place: LocalTown, name: str, period: Period = YEAR) -> list[dict[str, Cell]]:
    """The register's rows, each by its headers."""
    async with ledger_of(place) as ledger:
        sheet = await draw_up(ledger, REGISTERS[name], period)
    return [dict(zip(sheet.register.headers, row, strict=True)) for row in sheet.rows]


async def rated_case(place: LocalTown, text: str = "村口路灯坏了，打13800138000找我") -> str:
    """From complaint to a dissatisfied rating and its reason. Returns the number."""
    villager, deputy = place.client("v1"), await place.staff("d1", "shilong-head")
    await villager.agree()
    case = await villager.submit(text, "石龙村")
    await deputy.press(f"c:{case.id}:take")
    await deputy.press(f"c:{case.id}:resolve")
    await deputy.say("换了灯泡")
    await deputy.tap("A")
    await villager.press(f"r:{case.id}:0:dissatisfied")
    await villager.press(f"s:{case.id}:0:no")
    await villager.say("晚上还是不亮")
    return case.number


async def test_every_register_can_be_drawn_up_empty(place: LocalTown) -> None:
    for name in REGISTERS:
        found = await rows(place, name)
        assert not found or name == "voters", name


async def test_the_register_of_cases_masks_contacts_and_withholds_the_author(place: LocalTown) -> None:
    number = await rated_case(place)
    (row,) = await rows(place, "cases")
    assert row["编号"] == number
    assert row["时间"] == TEN
    assert (row["村"], row["站"]) == ("石龙村", "石龙村人大代表联络站")
    assert row["摘要"] == "村口路灯坏了，打***找我"
    assert row["联系方式(仅授权)"] == "不导出"
    assert row["状态"] == "不满意，重新办理"
    assert row["同意时间"] == TEN.date()  # the day alone: the minute would tell one author's cases from others'


async def test_a_sealed_case_shows_its_number_and_nothing_of_its_matter(place: LocalTown) -> None:
    villager = place.client("v1")
    await villager.agree()
    await villager.submit("石龙村村支书贪污征地补偿款", "石龙村")
    assert (await place.cases())[-1].sealed
    (row,) = await rows(place, "cases")
    assert (row["敏感"], row["摘要"], row["村"], row["一级"]) == ("密件", "（密件）", "", "")
    assert row["同意时间"] is None


async def test_a_suggestion_shows_its_signers_its_clock_and_what_the_deputy_said(place: LocalTown) -> None:
    crew = await crew_of(place)
    await suggested_and_replied(crew)
    await crew.deputy.press("q:1:rate.fair")
    (row,) = await rows(place, "suggestions")
    assert (row["号"], row["领衔"], row["联名"], row["届次/闭会"]) == (
        "JY-2026-000001",
        "车锦锋",
        "",
        "闭会期间",
    )
    assert (row["承办"], row["交办日"], row["类别"]) == ("镇规划建设办", TEN.date(), "B")
    assert (row["测评"], row["再办"]) == ("基本满意", "")
    assert row["公开日"] is None
    (case,) = await rows(place, "cases")
    assert case["建议号"] == row["号"]
    await note(place, DutyKind.MEETING, "镇人民代表大会会议，听取审议报告3项", "office-1")
    assert (await rows(place, "suggestions"))[0]["届次/闭会"] == "大会期间"
    async with ledger_of(place) as ledger:
        figures = await count(ledger, YEAR)
    said = [figures[id_].say() for id_ in ("suggestions", "suggestions_replied", "suggestions_content")]
    assert said == ["1件", "1件", "1/1（100.0%）"]
    async with ledger_of(place, seat="datang-1") as ledger:
        assert await ledger.suggestions(YEAR) == []


async def test_what_was_entered_for_a_villager_says_by_whom_when_agreed_and_how_it_was_rated(place: LocalTown) -> None:
    head = await place.staff("h1", "shilong-head")
    for words in ("/assist", "1", "石龙村村口路灯坏了", "1", "1", "1"):
        await head.say(words)
    await head.press("c:1:resolve")
    await head.say("换了灯泡")
    await head.tap("A")
    await head.press("r:1:0:fair")
    (row,) = await rows(place, "cases")
    assert (row["渠道"], row["登记人"], row["代填人"]) == ("代录", "石龙村人大代表联络站", "黄雪芳")
    assert row["同意时间"] == TEN
    (row,) = await rows(place, "ratings")
    assert (row["评价"], row["方式"], row["回访人"]) == ("基本满意", "电话回访", "黄雪芳")
    async with ledger_of(place) as ledger:
        found = await count(ledger, YEAR)
    assert {id_: found[id_].value for id_ in ("assisted", "rated", "phoned", "phoned_satisfaction")} == {
        "assisted": 1, "rated": None, "phoned": 1, "phoned_satisfaction": 1
    }  # fmt: skip


async def test_rounds_among_voters_stand_in_the_registers_of_reports_and_of_projects(place: LocalTown) -> None:
    report = await note(place, DutyKind.VOTERS, "向选民60人述职")
    await note(place, DutyKind.PROJECT, "村级集中供水：完成80%，督查2次")
    async with place.store.begin() as tx:
        voters = [await tx.people.add("local", f"w{n}", f"w{n}", "zh-CN", place.clock.now()) for n in range(4)]
        now, me = place.clock.now(), voters[0].id
        rated = await tx.polls.add(Poll(0, PollKind.REPORT, "述职", SCALE, (), now, now, me, duty=report.id))
        water = await tx.polls.add(Poll(0, PollKind.SATISFACTION, "供水", SCALE, (), now, now, me, "村级集中供水"))
        still_open = await tx.polls.add(Poll(0, PollKind.SATISFACTION, "", SCALE, (), now, now, me, "村级集中供水"))
        for poll in (rated, water, still_open):
            for voter, choice in zip(voters, (0, 0, 2, 3), strict=True):
                await tx.polls.vote(poll.id, voter.id, choice)
        await tx.polls.close(rated.id, now)
        await tx.polls.close(water.id, now)
    row = next(row for row in await rows(place, "voters") if row["述职日"])
    assert (row["评议票数"], row["满意票"], row["基本满意票"], row["不满意票"]) == (4, 2, 0, 1)
    (project,) = await rows(place, "projects")
    assert project["满意度"] == "测评2/3"


async def test_each_question_is_one_row_and_is_counted_only_when_it_has_ended(place: LocalTown) -> None:
    async with place.store.begin() as tx:
        voters = [await tx.people.add("local", f"w{n}", f"w{n}", "zh-CN", place.clock.now()) for n in range(3)]
        now, me = place.clock.now(), voters[0].id
        year = await tx.polls.add(Poll(0, PollKind.SATISFACTION, "今年满意吗", SCALE, (), now, now, me, "2026年"))
        where = Poll(0, PollKind.OPINION, "灯装在哪，问13800138000", ("桥头", "村口"), ("shilong",), now, now, me)
        lamp = await tx.polls.add(where)
        for voter, choice in zip(voters, (0, 1, 2), strict=True):
            await tx.polls.vote(year.id, voter.id, choice)
            await tx.polls.vote(lamp.id, voter.id, min(choice, 1))
        await tx.polls.close(year.id, now)
    ended, running = await rows(place, "polls")
    assert (ended["类型"], ended["范围"], ended["对象"], ended["票数"]) == ("满意度测评", "全镇", "2026年", 3)
    assert ended["各项票数"] == "满意 1，基本满意 1，不满意 1，不了解 0"
    assert ended["满意和基本满意/有看法"] == "2/3"
    assert (running["范围"], running["各项票数"], running["题目"]) == ("石龙村", "进行中", "灯装在哪，问***")
    assert await rows(place, "polls", Period.parse("2026-04")) == []
    async with ledger_of(place) as ledger:
        figures = await count(ledger, YEAR)
    assert (figures["polls"].say(), figures["votes"].say()) == ("2次", "3票")


async def test_who_looked_up_a_contact_stands_in_a_register_of_its_own_without_the_contact(place: LocalTown) -> None:
    villager, office = place.client("v1"), await place.staff("o1", "office-1")
    await villager.agree()
    case = await villager.submit("村口路灯坏了", "石龙村")
    async with place.store.begin() as tx:
        person = await tx.people.find("local", "v1")
        assert person is not None
        await tx.contacts.put(person.id, ContactKind.PHONE, "13800138000", place.clock.now())
    await office.press(f"c:{case.id}:reveal")
    await office.say("上门核实水表，他的号码13800138000")
    (row,) = await rows(place, "reveals")
    assert list(row.values()) == [
        case.number,
        TEN,
        place.town.name_of("seat", "office-1"),
        place.town.office_name,
        "上门核实水表，他的号码***",
    ]


async def test_what_left_the_system_stands_in_a_register_of_its_own(place: LocalTown) -> None:
    async with ledger_of(place) as ledger:
        for what in ("cases", "report annual"):
            await log_export(ledger.tx, Export(what, "2026年", "某人", "存档", 7, "xlsx", place.clock.now()))
    found = await rows(place, "exports")
    assert [row["台账或报告"] for row in found] == ["群众意见", "report annual"]
    assert (found[0]["时间"], found[0]["经手人"], found[0]["用途"], found[0]["条数"]) == (TEN, "某人", "存档", 7)


async def test_handling_shows_who_took_it_what_was_done_and_the_class_of_the_answer(place: LocalTown) -> None:
    number = await rated_case(place)
    (row,) = await rows(place, "handling")
    assert row["意见号"] == number
    assert (row["承办"], row["审核人"]) == ("黄雪芳", "黄雪芳")
    assert (row["措施"], row["类别"], row["答复日"]) == ("换了灯泡", "A", TEN)


async def test_handling_shows_the_body_its_helpers_the_extension_and_the_check(place: LocalTown) -> None:
    villager, office = place.client("v1"), await place.staff("o1", "office-1")
    await villager.agree()
    case = await villager.submit("自来水水压太低", "石龙村")
    first, second = place.town.handlers[:2]
    async with place.store.begin() as tx:
        desk, clerk = place.desk_for(tx, place.clock.now(), "test"), await tx.people.find("local", office.account)
        assert clerk is not None
        await assigning.assign(desk, clerk, case.id, "请核查", [first.id, second.id])
        await assigning.begin(desk, clerk, case.id)
        await assigning.extend(desk, clerk, case.id, "等管材", 5)
        await answering.deliver(desk, clerk, case.id, "已换水泵")
        await answering.resolve(desk, clerk, case.id, "已换水泵", AnswerClass.A)
    assigned = (await rows(place, "handling"))[-1]
    assert (assigned["交办人"], assigned["承办"], assigned["协办"]) == ("曾德清", first.name, second.name)
    assert assigned["延期及理由"] == "5个工作日：等管材"
    assert assigned["期限"] == datetime.fromisoformat("2026-03-23T18:00")  # as it was given, though now nothing is due
    assert (assigned["措施"], assigned["类别"], assigned["审核人"]) == ("已换水泵", "A", "曾德清")


async def test_each_supervision_is_one_row(place: LocalTown) -> None:
    villager, office = place.client("v1"), await place.staff("o1", "office-1")
    await villager.agree()
    case = await villager.submit("自来水水压太低", "石龙村")
    async with place.store.begin() as tx:
        desk, clerk = place.desk_for(tx, place.clock.now(), "test"), await tx.people.find("local", office.account)
        assert clerk is not None
        for finding, result in (("水泵坏了", SupervisionResult.NOT), ("水泵修好了", SupervisionResult.DONE)):
            await supervising.supervise(desk, clerk, case.id, SupervisionKind.ONSITE, "请现场看看", 5)
            await supervising.conclude(desk, clerk, case.id, finding, result, ["shilong-1"])
    found = await rows(place, "supervision")
    assert [(row["对象"], row["问题"], row["结果"]) for row in found] == [
        (case.number, "水泵坏了", "未整改"),
        (case.number, "水泵修好了", "已整改"),
    ]
    assert {(row["方式(现场/书面/联合)"], row["参加代表"]) for row in found} == {("现场", "陈晓彬")}
    async with ledger_of(place) as ledger:
        assert (await count(ledger, YEAR))["supervisions"].value == 2
    async with ledger_of(place, seat="shilong-2") as ledger:
        assert (await count(ledger, YEAR))["supervisions"].value is None


async def test_a_rating_shows_what_was_said_and_not_who_said_it(place: LocalTown) -> None:
    number = await rated_case(place)
    (row,) = await rows(place, "ratings")
    assert (row["意见号"], row["评价"], row["已解决"], row["理由"]) == (number, "不满意", "否", "晚上还是不亮")
    assert not {"v1", "1"} & set(map(str, row.values()))


async def test_what_happened_in_another_period_is_not_counted(place: LocalTown) -> None:
    await rated_case(place)
    for name in ("cases", "handling", "ratings"):
        assert await rows(place, name, Period.parse("2026-02")) == []
        assert len(await rows(place, name, Period.parse("2026-03"))) == 1


async def test_reception_and_visits_show_the_notice_day_and_the_cases(place: LocalTown) -> None:
    number = await rated_case(place)
    await note(place, DutyKind.PLAN, "2026年3月2日上午接待", "shilong-head")
    await note(place, DutyKind.RECEPTION, f"接待3人，2户，意见{number}", "shilong-head")
    await note(place, DutyKind.VISIT, "和陈晓彬走访5户")
    reception, visit = await rows(place, "reception")
    assert (reception.pop("类型"), visit["类型"]) == ("接待日", "月访")
    assert reception == {
        "日期": date(2026, 3, 2),
        "站": "石龙村人大代表联络站",
        "公告日": date(2026, 3, 2),
        "代表": "黄雪芳",
        "人次": 3,
        "户数": 2,
        "意见号": number,
    }
    assert (visit["代表"], visit["户数"], visit["人次"], visit["公告日"]) == ("陈晓彬", 5, None, None)


async def test_the_rota_shows_who_was_on_duty_who_came_and_who_did_not(place: LocalTown) -> None:
    await note(place, DutyKind.PLAN, "2026年3月2日上午，陈晓彬、车锦锋值班", "shilong-head")
    await note(place, DutyKind.PLAN, "2026年3月9日上午，车锦锋值班", "shilong-head")
    await note(place, DutyKind.RECEPTION, "接待3人", "shilong-1")
    first, second = await rows(place, "rota")
    assert [first[name] for name in ("值班代表", "到岗", "未到", "人次")] == ["陈晓彬、车锦锋", "陈晓彬", "车锦锋", 3]
    assert [second[name] for name in ("值班代表", "到岗", "未到", "人次")] == ["车锦锋", "无记录", "", None]


async def test_meetings_party_reports_elections_and_referrals(place: LocalTown) -> None:
    await note(place, DutyKind.MEETING, "第一次代表大会，应到81人，实到78人，听取审议报告3项，作出决议2项", "office-1")
    await note(place, DutyKind.PARTY, "《关于集中供水的报告》，批示：抓紧办", "office-1")
    await note(place, DutyKind.ELECTION, "选民38590人，投票36196人，应选81人，当选81人，通过资格审查", "office-1")
    await note(place, DutyKind.REFERRAL, "两家争地界，转往镇司法所，结果：和解", "shilong-head")
    (meeting,) = await rows(place, "meetings")
    assert list(meeting.values()) == ["代表大会", date(2026, 3, 2), "81/78", "第一次代表大会", 3, 2]
    (party,) = await rows(place, "party")
    assert list(party.values()) == [
        "报告",
        date(2026, 3, 2),
        "关于集中供水的报告",
        "抓紧办",
        "曾德清",
        "",
        "",
        None,
        "",
    ]
    (election,) = await rows(place, "elections")
    assert list(election.values()) == [38590, 36196, 81, 81, "通过资格审查"]
    (referral,) = await rows(place, "referrals")
    assert list(referral.values()) == ["纠纷", "镇司法所", date(2026, 3, 2), "和解", ""]


async def test_what_came_of_reports_and_inspections_has_columns_of_its_own_and_is_counted(place: LocalTown) -> None:
    villager = place.client("v1")
    await villager.agree()
    await villager.submit("石龙村村支书贪污征地补偿款", "石龙村")
    water = await note(place, DutyKind.PARTY, "《关于供水的报告》", "office-1")
    secret = await note(place, DutyKind.PARTY, "《关于一件意见的报告》，意见ZJ-2026-000001", "office-1")
    await note(place, DutyKind.PARTY, "《关于换届的请示》，批示：同意", "office-1")
    await note(place, DutyKind.PARTY, "《关于道路的报告》", "office-1")
    river = await note(place, DutyKind.INSPECTION, "“清四乱”视察", "shilong-1")
    said = (
        (water, 3, "已收到，联系13800138000"), (water, 9, "请抓紧办"), (secret, 4, "请查村支书"), (river, 5, ""),
    )  # fmt: skip
    async with place.store.begin() as tx:
        for duty, day, words in said:
            one = Supplement(date(2026, 3, day), "office-1", duty.person, words, place.clock.now())
            await tx.duties.supplement(duty.id, one)
    assert [(row["答复日"], row["答复"]) for row in await rows(place, "party")] == [
        (date(2026, 3, 9), "2026-03-09 请抓紧办；2026-03-03 已收到，联系***"),
        (date(2026, 3, 4), "（密件）"),
        (None, ""),
        (None, ""),
    ]
    (activity,) = await rows(place, "activities")
    assert (activity["落实日"], activity["落实情况"]) == (date(2026, 3, 5), "2026-03-05 （语音或照片）")
    async with ledger_of(place) as ledger:
        figures = await count(ledger, YEAR)
    assert figures["party_answered"].say() == "3/4（75.0%）"
    assert figures["inspections_followed"].say() == "1/1（100.0%）"


async def test_what_is_diverted_is_logged_and_the_villager_is_told_where_to_go_and_how(place: LocalTown) -> None:
    crew = await crew_of(place)
    await crew.villager.submit("石龙村村支书贪污征地补偿款", "石龙村")
    await crew.office.press("c:1:refuse")
    await crew.office.say("反映干部的问题由纪委监委受理")
    await crew.office.tap("纪委监委")
    told = await crew.villager.last()
    assert "这件事请找：纪委监委" in told
    assert "12388" in told
    await crew.villager.say("/mine")
    assert "不予受理" in await crew.villager.last()
    (referral,) = await rows(place, "referrals")
    assert list(referral.values()) == ["转介", "纪委监委", TEN.date(), "不予受理", "ZJ-2026-000001"]
    (case,) = await rows(place, "cases")
    assert (case["敏感"], case["状态"]) == ("密件", "不予受理")
    await crew.office.press("c:1:reopen")
    (referral,) = await rows(place, "referrals")
    assert referral["结果"] == "不满意，重新办理"
    async with ledger_of(place) as ledger:
        assert (await count(ledger, YEAR))["referrals"].value == 1


async def test_a_project_has_one_row_with_its_latest_progress_and_all_checks(place: LocalTown) -> None:
    number = await rated_case(place)
    await note(place, DutyKind.PROJECT, "集中供水：完成40%，督查1次")
    await note(place, DutyKind.PROJECT, f"集中供水：完成80%，督查2次，意见{number}")
    (row,) = await rows(place, "projects")
    assert list(row.values()) == ["集中供水", "80%", 3, "0/1"]


async def test_every_deputy_stands_in_the_register_of_reports_to_voters(place: LocalTown) -> None:
    await note(place, DutyKind.VOTERS, "向选民60人述职，满意50票，不满意2票")
    found = await rows(place, "voters")
    assert len(found) == len([seat for seat in place.town.seats if seat.role == "deputy"])
    (row,) = [row for row in found if row["述职日"]]
    assert (row["姓名"], row["选民数"], row["测评"]) == ("陈晓彬", 60, "满意50，不满意2")
    assert {row["级别"] for row in found} == {"镇", "市"}


async def test_an_export_without_a_reason_is_refused(place: LocalTown) -> None:
    async with ledger_of(place) as ledger:
        for who, why in (("", "年终"), ("office", " ")):
            with pytest.raises(ValueError, match="who and why"):
                await log_export(ledger.tx, Export("cases", "2026", who, why, 0, "xlsx", place.clock.now()))


def test_all_leaves_out_what_is_secret_and_a_name_may_be_chinese() -> None:
    assert [r.id for r in REGISTERS.values() if r not in registers_named("all")] == ["referrals", "reveals", "exports"]
    assert registers_named("评价") == registers_named("ratings")
    with pytest.raises(KeyError):
        registers_named("nothing")


def test_no_cell_of_a_workbook_is_a_formula_and_it_is_ready_to_print(tmp_path: Path) -> None:
    sheet = Sheet(PLAIN, "2026年", [(text, 1) for text in EVIL])
    write_xlsx(tmp_path / "out.xlsx", [sheet, Sheet(REGISTERS["party"], "2026年", [])], "某人 & 用途")
    book = load_workbook(tmp_path / "out.xlsx")
    page = book.worksheets[0]
    assert page.title == "试、验、表"
    assert [page.cell(2, 1).value, page.cell(2, 2).value] == ["甲", "乙"]
    for number, text in enumerate(EVIL, 3):
        cell = page.cell(number, 1)
        assert (cell.data_type, cell.quotePrefix, cell.value) == ("s", True, text), text
        assert page.cell(number, 2).data_type == "n"
    assert page.freeze_panes == "A3"
    assert page.print_title_rows == "$2:$2"
    assert page.print_area == f"'试、验、表'!$A$1:$B${len(EVIL) + 2}"
    assert (page.page_setup.orientation, int(page.page_setup.paperSize or 0)) == ("landscape", 9)
    assert book.worksheets[1]["A3"].value == "无记录"


def test_a_wide_register_is_narrowed_until_a_page_can_be_read_and_its_rows_are_high_enough(tmp_path: Path) -> None:
    wide = Register("wide", "宽表", tuple(f"栏{n}" for n in range(15)))
    row: list[Cell] = ["ZJ-2026-000001", TEN, *["人大代表联络站" * 2] * 12, "摘要" * 40]
    write_xlsx(tmp_path / "out.xlsx", [Sheet(wide, "2026年", [row])], "某人")
    page = load_workbook(tmp_path / "out.xlsx").worksheets[0]
    widths = [page.column_dimensions[get_column_letter(n)].width for n in range(1, 16)]
    assert sum(widths) <= 190
    assert widths[0] > 14  # a number is not broken
    assert widths[1] > 16  # nor a moment
    assert max(widths) == widths[14]
    lines = 160 / (widths[14] - 2)
    assert (page.row_dimensions[3].height or 0) > 14 * lines


def test_csv_opens_as_chinese_and_no_cell_begins_as_a_formula(tmp_path: Path) -> None:
    sheet = Sheet(PLAIN, "2026年", [(text, TEN) for text in (*EVIL, "a\x00b")])
    write_csv(tmp_path / "out.csv", sheet)
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *found = csv.reader(file)
    assert header == ["甲", "乙"]
    assert [row[0] for row in found] == [*(f"'{text}" for text in EVIL), "ab"]
    assert found[0][1] == "2026-03-02 10:00"
