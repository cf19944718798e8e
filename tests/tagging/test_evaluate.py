"""`evaluate`: its figures, its options, and what it says of files it cannot use."""

import argparse
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.commands.evaluate import add_arguments
from bot.tagging.evaluate import run_evaluate
from bot.tagging.figures import (
    Judged,
    calibration_by_chance,
    calibration_error,
    error_rates,
    figures,
    folds,
    macro_f1,
)

TOPICS = """
[[topic]]
id = "roads"
name = "道路"
[[topic.subtopic]]
name = "道路"
limit = "15d"
keywords = ["烂路", "水泥路"]
[[topic]]
id = "water"
name = "饮水"
[[topic.subtopic]]
name = "停水"
limit = "24h"
keywords = ["停水", "水管"]
"""
ROWS = [
    "roads,村口烂路没人修",
    "water,停水三天",
    "roads,水泥路裂了",
    "water,水管爆了",
    "roads,风车挡路",
    "water,龙头干了",
]


def _run(folder: Path, *options: str, rows: list[str] = ROWS) -> tuple[int, str]:
    (folder / "topics.toml").write_text(TOPICS, encoding="utf-8")
    lines = ["id,label,text", *(f"{number},{row}" for number, row in enumerate(rows))]
    (folder / "rows.csv").write_text("\n".join(lines), encoding="utf-8")
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    out = io.StringIO()
    files = ["--topics", str(folder / "topics.toml"), "--test", str(folder / "rows.csv")]
    code = run_evaluate(parser.parse_args([*files, *options]), out)
    return code, out.getvalue()


def _json(folder: Path, *options: str) -> dict[str, Any]:
    code, text = _run(folder, "--json", *options)
    assert code == 0
    answer: dict[str, Any] = json.loads(text)
    return answer


def test_the_tree_alone_is_judged_without_training(tmp_path: Path) -> None:
    found = _json(tmp_path)
    assert found["rows"] == 6
    assert found["accuracy"] == pytest.approx(4 / 6)
    assert found["confusion"]["roads"] == {"roads": 2, "": 1}
    assert found["texts_per_second"] > 0


def test_training_rows_teach(tmp_path: Path) -> None:
    assert _json(tmp_path, "--train", str(tmp_path / "rows.csv"))["accuracy"] == 1.0


def test_folds_report_mean_and_spread(tmp_path: Path) -> None:
    found = _json(tmp_path, "--folds", "3")
    assert set(found["folds"]) >= {"accuracy", "macro_f1", "calibration_error"}
    assert found["rows"] == 6
    assert "repeats" not in found


def test_folds_cut_in_several_ways_also_report_the_spread_over_them(tmp_path: Path) -> None:
    found = _json(tmp_path, "--folds", "2", "--repeats", "3")
    once = _json(tmp_path, "--folds", "2")
    assert found["macro_f1"] == once["macro_f1"]
    assert set(found["repeats"]) == set(found["folds"])


def test_unlabelled_rows_may_help_and_never_break(tmp_path: Path) -> None:
    more = tmp_path / "more.csv"
    more.write_text("id,text\n1,停水停水水管\n2,\n", encoding="utf-8")
    assert _json(tmp_path, "--unlabelled", str(more))["rows"] == 6


def test_a_curve_is_drawn_and_told(tmp_path: Path) -> None:
    curve = tmp_path / "curve.png"
    found = _json(tmp_path, "--train", str(tmp_path / "rows.csv"), "--curve", str(curve))
    assert curve.read_bytes().startswith(b"\x89PNG")
    assert found["curve"][0][0] == 0
    assert found["curve"][-1][0] == 6


def test_a_curve_without_matplotlib_says_the_mend_before_any_work(tmp_path: Path) -> None:
    _run(tmp_path)
    command = (
        "import sys; sys.modules['matplotlib'] = None\n"  # as if it were not installed
        "from bot.__main__ import main\n"
        "sys.argv[1:] = ['evaluate', '--topics', 'topics.toml', '--test', 'rows.csv', '--curve', 'curve.png']\n"
        "sys.exit(main())"
    )
    paths = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", command], cwd=tmp_path, env=paths, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "pip install matplotlib" in done.stderr
    assert not done.stdout


def test_the_table_names_every_figure(tmp_path: Path) -> None:
    code, text = _run(tmp_path)
    assert code == 0
    for name in ("accuracy", "macro_f1", "coverage", "accuracy_if_sure", "calibration_error", "texts_per_second"):
        assert name in text


def test_a_label_outside_the_tree_stops_with_file_line_and_mend(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _ = _run(tmp_path, rows=["sky,天塌了"])
    assert code == 2
    assert "rows.csv: line 2: label 'sky'" in capsys.readouterr().err


def test_a_missing_column_and_a_missing_file_stop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("id,words\n1,停水\n", encoding="utf-8")
    assert _run(tmp_path, "--train", str(bad))[0] == 2
    assert "no column 'label'" in capsys.readouterr().err
    assert _run(tmp_path, "--train", str(tmp_path / "none.csv"))[0] == 2
    assert "cannot be read" in capsys.readouterr().err


def test_figures_are_what_they_say() -> None:
    judged = [Judged("a", "a", 0.9), Judged("a", "b", 0.9), Judged("b", "b", 0.5), Judged("b", "", 0.0)]
    assert macro_f1(judged) == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert calibration_error(judged) == pytest.approx((2 * 0.4 + 0.5 + 0.0) / 4)
    found = figures(judged, 0.6, 2.0)
    assert (found.coverage, found.accuracy_if_sure, found.texts_per_second) == (0.5, 0.5, 2.0)


def test_few_rows_look_ill_calibrated_by_chance_alone_and_many_do_not() -> None:
    few = [Judged("a", "a", 0.5 + 0.0049 * (number * 37 % 100)) for number in range(90)]
    assert 0.05 < calibration_by_chance(few) < 0.09
    assert calibration_by_chance(few * 20) < 0.02
    assert calibration_by_chance([Judged("a", "a", 1.0)] * 10) == 0.0


def test_folds_spread_every_label_evenly() -> None:
    labels = ["a"] * 10 + ["b"] * 5
    fold = folds(labels, 5)
    assert [sum(at == number for at in fold) for number in range(5)] == [3] * 5
    assert fold == folds(labels, 5)
    assert fold != folds(labels, 5, seed=1)
    with pytest.raises(ValueError, match="cannot be cut"):
        folds(["a"], 2)


def test_error_rates_put_the_worst_first() -> None:
    rates = error_rates([("x", "a", "a"), ("x", "a", "b"), ("y", "a", "a"), ("z", "a", "b")])
    assert [(each.key, each.judged, each.wrong, each.rate) for each in rates] == [
        ("z", 1, 1, 1.0),
        ("x", 2, 1, 0.5),
        ("y", 1, 0, 0.0),
    ]
