"""`check-config` says what a start would say, and what deserves a look."""

from datetime import date

import pytest

from bot.commands.check_config import run_check_config
from bot.config import SAMPLE_CONFIG, find_warnings
from tests.config.files import Files

TOKEN = "123456:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQ"


def warnings(files: Files, today: date = date(2026, 3, 2)) -> str:
    return "\n".join(find_warnings(files.settings(), files.town(), today))


def test_the_sample_is_usable_but_is_said_to_be_a_sample(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_check_config(SAMPLE_CONFIG, {"XIANGYIN_TELEGRAM_TOKEN": TOKEN}) == 0
    said = capsys.readouterr().out
    assert "15 villages" in said
    assert "96 deputies" in said
    assert "sample = true" in said
    assert TOKEN not in said


def test_mistakes_are_printed_with_a_failing_code(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    files.change("roster.toml", 'stand_in = "d2"', 'stand_in = "d9"')
    assert run_check_config(files.config, {}) == 2
    said = capsys.readouterr().out
    assert "seat 'd1'.stand_in" in said
    assert "没有编号为 'd9' 的席位" in said


def test_weak_spots_are_named(files: Files) -> None:
    said = warnings(files)
    for words in (
        "no Telegram token",
        "1 deputies have no stand-in",
        "1 stations have no deputy head",
        "one seat only",
        "1 villages have no coordinates",
        "1 villages have no hamlets",
        "1 stations have no telephone",
    ):
        assert words in said
    for words in ("sample", "liaison officer", "no deputy:", "serve no village", "holidays"):
        assert words not in said


def test_a_village_without_a_deputy_and_an_idle_station_are_named(files: Files) -> None:
    files.change("roster.toml", 'villages = ["datang"]', 'villages = ["shilong"]')
    files.change("roster.toml", "station = [", 'station = [{ id = "two", name = "二站" },')
    files.change(
        "roster.toml", "seat = [", 'seat = [{ id = "h2", name = "乙", role = "station_head", station = "two" },'
    )
    said = warnings(files)
    assert "1 villages have no deputy" in said
    assert "1 stations serve no village" in said


@pytest.mark.parametrize(
    ("today", "missed"),
    [(date(2026, 10, 31), None), (date(2026, 11, 1), 2027), (date(2027, 1, 1), 2027)],
)
def test_holidays_that_nobody_knows_are_missed_once_they_are_published(
    files: Files, today: date, missed: int | None
) -> None:
    assert ("holidays" in warnings(files, today)) == (missed is not None)
    if missed:
        assert f"holidays of {missed}" in warnings(files, today)
        files.add("config.toml", f"[calendar]\nextra_holidays = ['{missed}-01-01']\n")
        assert "holidays" not in warnings(files, today)
