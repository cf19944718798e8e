"""Reports on a town where something happened: every figure recounted from the tables, and what may not be told."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from docx import Document
from docx.shared import Mm, Pt

from bot.domain.duties import DutyKind, Supplement
from bot.domain.periods import Period
from bot.domain.report.blocks import Block, Chart, Grid, Heading, Para, Signed, Title
from bot.domain.report.content import ReportKind
from bot.domain.report.figures import NONE, Figure
from bot.tagging.likeness import Likeness
from bot.usecases.counting import MEASURES, count
from bot.usecases.reports import ScopeError, check_report, check_scope, write_report
from handlers.documents.cells import display_width
from handlers.documents.docx import write_docx
from handlers.documents.reading import UnreadableError, read_words
from storage.engine import normalise_url, plain_transaction
from tests.documents.conftest import ledger_of, note
from tests.support.chat import LocalTown

YEAR = Period.parse("2026")
LIKENESS = Likeness()

DUTIES = (
    (DutyKind.RECEPTION, "接待3人", "shilong-head"),
    (DutyKind.RECEPTION, "接待3人", "shilong-1"),
    (DutyKind.VISIT, "走访5户，7人", "shilong-1"),
    (DutyKind.VISIT, "2025年12月1日走访2户", "shilong-1"),
    (DutyKind.INSPECTION, "视察供水，形成调研报告1份", "shilong-1"),
    (DutyKind.OUTREACH, "《民法典》宣传，60人", "datang-1"),
    (DutyKind.MEETING, "代表大会，听取审议报告3项，作出决议2项", "office-1"),
    (DutyKind.MEETING, "主席团会议，听取审议报告1项", "office-1"),
    (DutyKind.PARTY, "《关于供水的报告》", "office-1"),
    (DutyKind.PROJECT, "集中供水：完成80%，督查2次", "shilong-1"),
    (DutyKind.PROJECT, "集中供水：完成90%，督查1次", "shilong-2"),
    (DutyKind.ELECTION, "市人大代表选举，选民38590人，投票36196人，当选15人", "office-1"),
    (DutyKind.ELECTION, "镇人大代表选举，选民38590人，投票36196人，当选81人", "office-1"),
)


SUGGESTIONS = ("suggestions", "suggestions_replied", "suggestions_content")


async def year(place: LocalTown) -> None:
    """Three cases (one satisfied, one dissatisfied, one overdue), a sealed one, and the duties."""
    villager, head = place.client("v1"), await place.staff("h1", "shilong-head")
    await villager.agree()
    for text, rating in (("村口路灯坏了", "satisfied"), ("桥头垃圾没人收", "dissatisfied"), ("自来水水压太低", "")):
        case = await villager.submit(text, "石龙村")
        if rating:
            await head.press(f"c:{case.id}:take")
            await head.press(f"c:{case.id}:resolve")
            await head.say("已换灯泡，电话13800138000。")
            await head.tap("A")
            await villager.press(f"r:{case.id}:0:{rating}")
            await villager.press(f"s:{case.id}:0:{'yes' if rating == 'satisfied' else 'no'}")
            if rating == "dissatisfied":
                await villager.say("还是没人收")
    await villager.submit("石龙村村支书贪污征地补偿款", "石龙村")
    noted = {kind: await note(place, kind, text, seat) for kind, text, seat in DUTIES}
    report, now = noted[DutyKind.PARTY], place.clock.now()
    async with place.store.begin() as tx:
        for answer in ("已收到", "请抓紧办"):
            await tx.duties.supplement(report.id, Supplement(report.on, "office-1", report.person, answer, now))


async def figures(place: LocalTown, period: Period = YEAR, **scope: str) -> dict[str, Figure]:
    async with ledger_of(place, **scope) as ledger:
        return await count(ledger, period)


async def blocks(place: LocalTown, kind: ReportKind, period: Period = YEAR, **scope: str) -> list[Block]:
    async with ledger_of(place, **scope) as ledger:
        return await write_report(ledger, kind, period, place.clock.now(), {}, LIKENESS)


def words(found: list[Block]) -> str:
    lines = []
    for block in found:
        if isinstance(block, Chart):
            block = block.grid
        if isinstance(block, Grid):
            lines += [" ".join(row) for row in (block.headers, *block.rows)]
        elif isinstance(block, Signed):
            lines += [block.who, block.day]
        else:
            lines.append(block.text)
    return "\n".join(lines)


async def test_every_figure_is_what_the_tables_hold(place: LocalTown, tmp_path: Path) -> None:
    """Recounted in plain SQL, past every repository."""
    await year(place)
    found = await figures(place)
    of = "kind = '{}' AND \"on\" BETWEEN '2026-01-01' AND '2026-12-31' AND struck_at IS NULL"
    fact = "SELECT {}(json_extract(facts, '$.{}')) FROM duties WHERE " + of
    number = "SELECT count(*) FROM duties WHERE " + of
    queries = {
        "cases": "SELECT count(*) FROM cases",
        "urgent": "SELECT sum(urgent) FROM cases",
        "answered": "SELECT count(*) FROM cases WHERE answer_class IS NOT NULL",
        "answer_rate": "SELECT count(*) FROM cases WHERE answer_class IS NOT NULL",
        "resolution": "SELECT count(*) FROM cases WHERE state = 'closed' AND answer_class = 'A' AND solved = 'yes'",
        "assigned": "SELECT nullif(count(DISTINCT case_id), 0) FROM case_events WHERE action = 'assign'",
        "handed_up": "SELECT nullif(count(DISTINCT case_id), 0) FROM case_events WHERE action = 'hand_up'",
        "rated": "SELECT count(*) FROM case_events WHERE action IN ('rate', 'object', 'object_again')",
        "satisfaction": "SELECT count(*) FROM case_events WHERE action = 'rate'",
        "solved": "SELECT count(*) FROM cases WHERE solved = 'yes'",
        "receptions": 'SELECT count(DISTINCT station || "on") FROM duties WHERE ' + of.format("reception"),
        "visitors": "SELECT sum(json_extract(facts, '$.visitors')) FROM duties WHERE kind IN ('reception', 'visit')",
        "visits": number.format("visit"),
        "households": fact.format("sum", "households", "visit"),
        "inspections": number.format("inspection"),
        "research": fact.format("sum", "reports_written", "inspection"),
        "outreach": number.format("outreach"),
        "meetings": number.format("meeting"),
        "reports_heard": fact.format("sum", "reports_heard", "meeting"),
        "resolutions": fact.format("sum", "resolutions", "meeting"),
        "party": number.format("party"),
        "party_answered": "SELECT count(DISTINCT duty_id) FROM duty_supplements",
        "inspections_followed": "SELECT 0",
        "projects": "SELECT 1",
        "checks": fact.format("sum", "checks", "project"),
        "election_voters": fact.format("max", "voters", "election"),
        "ballots": fact.format("max", "ballots", "election"),
        "elected_city": "SELECT 15",
        "elected_town": "SELECT 81",
    }
    with plain_transaction(normalise_url(f"sqlite:{tmp_path / 'town.sqlite'}")) as connection:
        counted = {id_: connection.execute(sa.text(query)).scalar() for id_, query in queries.items()}
    assert {id_: found[id_].value for id_ in queries} == counted
    assert counted["cases"] == 4
    assert (found["party_answered"].say(), found["inspections_followed"].say()) == ("1/1（100.0%）", "0/1（0.0%）")
    empty = set(MEASURES) - set(queries)
    unused = {"assisted", "phoned", "phoned_satisfaction", "polls", "votes", *SUGGESTIONS}
    assert empty == {"themes", "study", "training", "reported", "referrals", "supervisions"} | unused
    assert {found[id_].say() for id_ in empty} == {NONE}


async def test_the_period_before_stands_beside(place: LocalTown) -> None:
    await year(place)
    found = await figures(place)
    assert (found["visits"].say(), found["visits"].say_before()) == ("1次", "1次")
    assert (found["households"].say(), found["households"].say_before()) == ("5户", "2户")
    assert found["cases"].say_before() == NONE


@pytest.mark.parametrize("kind", [k for k in ReportKind if k not in (ReportKind.STATION, ReportKind.DEPUTY)])
async def test_an_empty_town_prints_no_record_and_never_a_nought_or_an_x(place: LocalTown, kind: ReportKind) -> None:
    text = words(await blocks(place, kind))
    assert NONE in text
    assert not re.search(r"(?<!\d)0\s*(?:次|件|项|份|人|户|个|/)|[XＸ×]\s*(?:次|项|份)", text)


async def test_every_figure_in_the_annual_report_names_its_register(place: LocalTown) -> None:
    await year(place)
    found = await blocks(place, ReportKind.ANNUAL)
    prose = "".join(block.text for block in found if isinstance(block, Para) and not block.note)
    for figure in (await figures(place)).values():
        assert figure.phrase() in prose, figure.id
    assert "总人口【请填报】※" in prose


async def test_no_author_and_no_telephone_stands_in_a_report_and_nothing_of_a_sealed_case(place: LocalTown) -> None:
    await year(place)
    place.clock.push(days=60)
    for kind in (ReportKind.ANNUAL, ReportKind.PARTY):
        text = words(await blocks(place, kind))
        for hidden in ("13800138000", "贪污", "村支书", "村口路灯坏了"):
            assert hidden not in text
        assert "（密件）" in text


async def test_a_typical_case_is_one_that_ended_well(place: LocalTown) -> None:
    await year(place)
    text = words(await blocks(place, ReportKind.ANNUAL))
    assert "（ZJ-2026-000001），当天答复：已换灯泡，电话***。群众评价满意" in text
    assert "（ZJ-2026-000002），" not in text


async def test_a_station_and_a_deputy_see_their_own(place: LocalTown) -> None:
    await year(place)
    datang = await figures(place, station="datang")
    assert (datang["outreach"].value, datang["visits"].say(), datang["cases"].say()) == (1, NONE, NONE)
    deputy = await figures(place, seat="shilong-2")
    assert (deputy["checks"].value, deputy["visits"].say()) == (1, NONE)
    title = (await blocks(place, ReportKind.STATION, station="datang"))[0]
    assert title == Title("大塘村人大代表联络站2026年工作报告", "（草稿）")


async def test_a_deputys_own_report_says_each_thing_once_and_together_what_is_not_on_record(place: LocalTown) -> None:
    await year(place)
    found = await blocks(place, ReportKind.DEPUTY, seat="shilong-1")
    prose = [block.text for block in found if isinstance(block, Para)]
    assert sum("月月访谈1次" in text for text in prose) == 1
    assert (
        "视察调研1次〔活动1条，上期无记录〕；视察调研已有落实情况0/1（0.0%）〔活动1条，上期无记录〕；"
        "形成调研报告1份〔活动1条，上期无记录〕；普法宣传、主题活动、" in "".join(prose)
    )
    assert "提出代表建议、代表建议已书面答复、代表对建议办理满意和基本满意：无记录〔代表建议，上期无记录〕。" in prose
    signed = next(block for block in found if isinstance(block, Signed))
    assert (signed.who, signed.day) == ("人大代表 陈晓彬", "2026年3月2日")
    sources = next(block for block in found if isinstance(block, Grid) and block.headers[0] == "项目")
    listed = {row[0] for row in sources.rows}
    assert "月月访谈" in listed
    assert not {"召开会议", "选民登记", "民意测评"} & listed


async def test_a_report_to_the_party_committee_names_it_and_ends_as_such_papers_do(place: LocalTown) -> None:
    found = await blocks(place, ReportKind.PARTY, Period.parse("2026Q1"))
    assert found[0] == Title("关于2026年第一季度\n人大代表联系群众工作情况的报告", "（草稿）")
    assert Para("中共样例镇委员会：", flush=True) in found
    at = found.index(Signed("样例镇人大办公室", "2026年3月2日"))
    assert (found[at - 1], found[at + 1]) == (Para("特此报告。"), Heading(1, "附：数字来源"))


@pytest.mark.parametrize(
    ("kind", "period", "station", "seat"),
    [
        (ReportKind.ANNUAL, "2026Q1", None, None),
        (ReportKind.MONTHLY, "2026", None, None),
        (ReportKind.STATION, "2026", None, None),
        (ReportKind.STATION, "2026", "nowhere", None),
        (ReportKind.DEPUTY, "2026", None, "nobody"),
        (ReportKind.ANNUAL, "2026", "shilong", None),
    ],
)
def test_a_report_that_cannot_be_made_as_asked_is_refused(
    place: LocalTown, kind: ReportKind, period: str, station: str | None, seat: str | None
) -> None:
    with pytest.raises(ScopeError):
        check_scope(kind, Period.parse(period), place.town, station, seat)


async def test_a_report_as_made_agrees_with_the_ledger_it_came_from(place: LocalTown, tmp_path: Path) -> None:
    """The written file is read again, and each of its figures is found right."""
    await year(place)
    found = [block for block in await blocks(place, ReportKind.ANNUAL) if not isinstance(block, Grid | Chart)]
    bare: list[Block] = [
        Para(re.sub("〔.*?〕", "", block.text)) for block in found if isinstance(block, Para) and not block.note
    ]
    write_docx(tmp_path / "out.docx", bare[:-3], "某人")
    async with ledger_of(place) as ledger:
        findings = await check_report(ledger, read_words(tmp_path / "out.docx"), YEAR)
    assert len(findings) > 20
    wrong = [(finding.said.context, finding.ledger) for finding in findings if finding.verdict != "agrees"]
    assert wrong == []


def test_the_document_has_the_official_fonts_margins_and_page_numbers(tmp_path: Path) -> None:
    paper: list[Block] = [
        Title("题"),
        Heading(1, "一"),
        Heading(2, "二"),
        Heading(3, "三"),
        Para("文\x00字"),
        Grid(("甲", "乙"), [("1", "2")]),
    ]
    write_docx(tmp_path / "out.docx", paper, "某人 2026")
    document = Document(str(tmp_path / "out.docx"))
    fonts = [re.findall(r'w:eastAsia="(.+?)"', p.runs[0]._r.xml)[0] for p in document.paragraphs[:5]]
    assert fonts == ["方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312", "仿宋_GB2312"]
    section = document.sections[0]
    lengths = (section.page_width, section.top_margin, section.left_margin)
    assert [round(length / Mm(1)) for length in lengths if length] == [210, 37, 28]
    assert "PAGE" in section.footer.paragraphs[0]._p.xml
    assert 'w:altName w:val="仿宋"' in next(
        part.blob.decode() for part in document.part.package.iter_parts() if part.partname == "/word/fontTable.xml"
    )
    assert read_words(tmp_path / "out.docx").splitlines() == [
        "题",
        "一",
        "二",
        "三",
        "文字",
        "某人 2026",
        "甲",
        "乙",
        "1",
        "2",
    ]


def test_no_figure_of_a_table_is_broken_however_long_the_words_beside_it(tmp_path: Path) -> None:
    long = "代表对建议办理满意和基本满意" * 3
    row = (long, long, "20/20（100.0%）", "10/10（100.0%）", "纠纷/转介(密)", "无记录")
    grid = Grid(("项目", "说明", "本期", "上期", "台账", "记录条数"), [row])
    write_docx(tmp_path / "out.docx", [grid, replace(grid, small=True)], "某人")
    for table, size in zip(Document(str(tmp_path / "out.docx")).tables, (10.5, 9), strict=True):
        widths = [cell.width / Mm(1) for cell in table.rows[0].cells if cell.width]
        assert sum(widths) == pytest.approx(156, abs=0.1)
        for text, width in zip(row[2:4], widths[2:4], strict=True):
            assert display_width(text) * Pt(size / 2) / Mm(1) + 2 <= width, text


def test_text_of_either_encoding_is_read_and_what_is_neither_is_named(tmp_path: Path) -> None:
    for encoding in ("utf-8-sig", "gb18030"):
        (tmp_path / "a.txt").write_text("召开会议4次", encoding=encoding)
        assert read_words(tmp_path / "a.txt") == "召开会议4次"
    (tmp_path / "a.txt").write_bytes(b"\xff\xff\xff")
    (tmp_path / "a.docx").write_bytes(b"no zip")
    for name in ("a.txt", "a.docx"):
        with pytest.raises(UnreadableError, match=name):
            read_words(tmp_path / name)
