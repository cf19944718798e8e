"""`report`: a draft on the command line, and the check of a written report."""

from pathlib import Path

import pytest

from bot.__main__ import main
from handlers.documents.reading import read_words
from tests.documents.test_export import logged

WRITTEN = "样例镇2026年人大工作报告\n召开会议4次，听取审议工作报告X项，作出决议决定X项，进行了30余次的督办。"


def draft(*more: str) -> int:
    return main(["report", "--kind", "annual", "--period", "2026", "--out", "out.docx", "--who", "曾德清", *more])


def test_a_draft_is_written_and_logged_and_a_given_figure_is_marked(installed: Path) -> None:
    assert draft("--given", "总人口=52000人") == 0
    text = read_words(installed / "out.docx")
    assert "总人口52000人※" in text
    assert "召开会议：无记录〔会议，上期无记录〕" in text
    assert [(line.what, line.who, line.form) for line in logged(installed)] == [("report annual", "曾德清", "docx")]


@pytest.mark.parametrize(
    "more",
    [
        ("--period", "2026Q1"),
        ("--period", "someday"),
        ("--given", "总人口"),
        ("--out", "out.txt"),
        ("--station", "shilong"),
        ("--kind", "station"),
        ("--why", ""),
    ],
)
def test_what_cannot_be_made_leaves_no_file_and_no_line(installed: Path, more: tuple[str, ...]) -> None:
    assert draft(*more) == 2
    assert not list(installed.glob("out.*"))
    assert logged(installed) == []


def test_a_written_report_is_checked_figure_by_figure(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (installed / "written.txt").write_text(WRITTEN, encoding="utf-8")
    assert main(["report", "--check", "written.txt"]) == 1
    first, *lines, last = capsys.readouterr().out.splitlines()
    assert first == "written.txt ↔ 台账 2026年"
    assert lines == [
        "？ 台账没有  召开会议4次  |  召开会议：无记录（台账“会议”）",
        "☐ 没填  听取审议工作报告X项  |  听取审议报告：无记录（台账“会议”）",
        "☐ 没填  作出决议决定X项  |  作出决议决定：无记录（台账“会议”）",
        "？ 台账没有  进行了30余次的督办  |  督办：无记录（台账“督办”）",
    ]
    assert last == "共 4 个数字：✓ 相符 0，✗ 不符 0，？ 台账没有 2，☐ 没填 2"


def test_a_text_without_a_year_asks_for_the_period(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (installed / "written.txt").write_text("没有数字", encoding="utf-8")
    assert main(["report", "--check", "written.txt"]) == 2
    assert "--period" in capsys.readouterr().err
    assert main(["report", "--check", "written.txt", "--period", "2026"]) == 0
    assert main(["report", "--check", "gone.txt"]) == 1
    assert main(["report"]) == 2
