"""The bench runs and sets each figure beside its rival. How fast it all is, no test asserts."""

import json

import pytest

from bot.__main__ import main
from bot.compose.bench_town import Figure


def test_a_ratio_is_ours_over_the_other() -> None:
    assert Figure("x", 2.0, 4.0, "1/s", ">= 1").ratio == 0.5
    assert Figure("x", 2.0, 0.0, "1/s", ">= 1").ratio == 0.0


def test_replicas_want_a_database_of_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "replicas"]) == 2
    assert "--postgres" in capsys.readouterr().err


def test_many_cases_are_measured_beside_few(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "size", "--cases", "500", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    acts = ["digests", "reply", "queue", "own list", "search", "search, nothing met", "by number"]
    assert [row["what"].rsplit(",", 1)[0] for row in told["rows"]] == acts
    assert all(row["ours"] > 0 and row["other"] > 0 for row in told["rows"])
    assert told["memory_mb"] > 0
