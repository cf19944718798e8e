"""`python -m bot evaluate` and `bench` as an administrator types them."""

import json
from pathlib import Path

import pytest

from bot.__main__ import main
from tests.tagging.test_evaluate import ROWS, TOPICS


def test_evaluate_prints_figures_of_the_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "topics.toml").write_text(TOPICS, encoding="utf-8")
    lines = ["id,label,text", *(f"{number},{row}" for number, row in enumerate(ROWS))]
    (tmp_path / "rows.csv").write_text("\n".join(lines), encoding="utf-8")
    given = ["evaluate", "--topics", str(tmp_path / "topics.toml"), "--test", str(tmp_path / "rows.csv"), "--json"]
    assert main(given) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == len(ROWS)


def test_evaluate_says_which_file_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--topics", str(tmp_path / "none.toml"), "--test", "none.csv"]) == 2
    assert "none.toml" in capsys.readouterr().err


def test_bench_prints_the_ratios(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "tagging", "--names", "1000", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["many_names"] == 1000
    assert {"tag_to_cut", "many_to_few"} <= set(figures)
