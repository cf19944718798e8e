"""`export`: the file, the log of who took it and why, and what is refused."""

import asyncio
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.__main__ import main
from bot.ports.ledgers import Export
from storage.store import open_store
from tests.support.stores import KEYS


def logged(folder: Path) -> list[Export]:
    async def read() -> list[Export]:
        store = await open_store(f"sqlite:{folder / 'town.sqlite'}", KEYS)
        try:
            async with store.begin() as tx:
                return await tx.registers.exports()
        finally:
            await store.close()

    return asyncio.run(read())


def export(**options: str) -> int:
    given = {"register": "all", "period": "2026", "why": "年终总结", "who": "曾德清", "out": "out.xlsx"} | options
    return main(["export", *(word for name, value in given.items() for word in (f"--{name}", value))])


def test_all_registers_make_one_workbook_and_each_leaves_a_line_in_the_log(installed: Path) -> None:
    assert export() == 0
    sheets = load_workbook(installed / "out.xlsx").sheetnames
    assert "群众意见" in sheets
    assert "纠纷、转介(密)" not in sheets
    lines = logged(installed)
    assert len(lines) == len(sheets)
    assert {(line.who, line.why, line.period, line.form) for line in lines} == {
        ("曾德清", "年终总结", "2026年", "xlsx")
    }


def test_one_register_may_be_csv(installed: Path) -> None:
    assert export(register="纠纷/转介(密)", out="out.csv") == 0
    assert (installed / "out.csv").read_text(encoding="utf-8-sig").strip() == "类型,转往,日期,结果,意见号"


@pytest.mark.parametrize(
    "options",
    [{"out": "out.csv"}, {"out": "out.pdf"}, {"why": " "}, {"register": "nothing"}, {"period": "last year"}],
)
def test_what_cannot_be_exported_leaves_no_file_and_no_line(installed: Path, options: dict[str, str]) -> None:
    assert export(**options) == 2
    assert not list(installed.glob("out.*"))
    assert logged(installed) == []


def test_a_file_that_cannot_be_written_fails_and_stays_on_the_log(installed: Path) -> None:
    assert export(out="no/such/folder/out.xlsx", register="cases") == 1
    assert [line.what for line in logged(installed)] == ["cases"]


def test_a_database_that_is_not_there_is_named(
    tmp_path: Path, installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "town.sqlite").unlink()
    assert export() == 1
    assert "python -m bot migrate" in capsys.readouterr().err
