"""`import`: past activities from a table, line by line, all or nothing, and once."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from bot.__main__ import main
from bot.domain.duties import Duty
from bot.ports.ledgers import DutyFilter
from bot.usecases.importing import HEADERS
from storage.store import open_store
from tests.support.stores import KEYS

GOOD = (
    (date(2021, 3, 5), "普法宣传", "陈晓彬", "《民法典》宣传，60人"),
    ("2021-09-29", "meeting", "office-1", "第一次代表大会，应到81人，实到78人，听取审议报告3项，作出决议2项"),
)


def table(folder: Path, *rows: tuple[object, ...], headers: tuple[str, ...] = HEADERS) -> None:
    book = Workbook()
    for row in (headers, *rows):
        book.worksheets[0].append(list(row))
    book.save(folder / "in.xlsx")


def kept(folder: Path) -> list[Duty]:
    async def read() -> list[Duty]:
        store = await open_store(f"sqlite:{folder / 'town.sqlite'}", KEYS)
        try:
            async with store.begin() as tx:
                return await tx.duties.find(DutyFilter())
        finally:
            await store.close()

    return asyncio.run(read())


def test_past_activities_are_taken_in_once_with_their_figures(installed: Path) -> None:
    table(installed, *GOOD, (None, None, None, None))
    for _ in range(2):
        assert main(["import", "in.xlsx"]) == 0
    outreach, meeting = kept(installed)
    assert (outreach.on, outreach.members, dict(outreach.facts)) == (date(2021, 3, 5), ("shilong-1",), {"people": 60})
    assert dict(meeting.facts) == {"expected": 81, "present": 78, "reports_heard": 3, "resolutions": 2}


def test_a_dry_run_says_what_it_read_and_stores_nothing(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ahead = datetime.now(UTC).date() + timedelta(days=10)
    table(installed, *GOOD, (ahead, "预告接待日", "黄雪芳", "上午9点，陈晓彬、车锦锋值班"))
    assert main(["import", "in.xlsx", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "第 3 行 2021-09-29 会议 曾德清：应到 81，实到 78" in said
    assert f"第 4 行 {ahead} 预告接待日 黄雪芳：名字 陈晓彬、车锦锋" in said
    assert kept(installed) == []


def test_every_mistake_is_told_by_its_line_and_nothing_is_stored(
    installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table(
        installed,
        *GOOD,
        ("去年", "唱歌", "无此人", ""),
        ("2999-01-01", "学习", "shilong-1", "学习"),
        ("2021-01-01", "会议", "shilong-1", "开会"),
    )
    assert main(["import", "in.xlsx"]) == 1
    told = capsys.readouterr().err
    for line, header in ((4, "日期"), (4, "类型"), (4, "席位或姓名"), (4, "内容"), (5, "日期"), (6, "席位或姓名")):
        assert f"第 {line} 行“{header}”" in told
    assert "第 2 行" not in told
    assert kept(installed) == []


def test_a_file_that_is_no_such_table_is_named(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table(installed, headers=("日期", "类型"))
    assert main(["import", "in.xlsx"]) == 1
    assert "内容" in capsys.readouterr().err
    (installed / "in.xlsx").write_bytes(b"no zip")
    assert main(["import", "in.xlsx"]) == 1
    assert main(["import", "gone.xlsx"]) == 1


def test_the_template_has_the_columns_and_its_own_examples_name_nobody(installed: Path) -> None:
    assert main(["import", "out.xlsx", "--template"]) == 0
    book = load_workbook(installed / "out.xlsx")
    assert [cell.value for cell in book.worksheets[0][1]] == list(HEADERS)
    assert "普法宣传" in str(book.worksheets[1]["A2"].value)
    assert main(["import", "out.xlsx"]) == 1
