"""Periods: what can be written, where they begin and end, which one came before."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.periods import Period


@pytest.mark.parametrize(
    ("word", "first", "end", "before", "name"),
    [
        ("2026", date(2026, 1, 1), date(2027, 1, 1), "2025", "2026年"),
        ("2026Q1", date(2026, 1, 1), date(2026, 4, 1), "2025Q4", "2026年第一季度"),
        ("2026Q4", date(2026, 10, 1), date(2027, 1, 1), "2026Q3", "2026年第四季度"),
        ("2026-03", date(2026, 3, 1), date(2026, 4, 1), "2026-02", "2026年3月"),
        ("2026-01", date(2026, 1, 1), date(2026, 2, 1), "2025-12", "2026年1月"),
        ("2025-12", date(2025, 12, 1), date(2026, 1, 1), "2025-11", "2025年12月"),
    ],
)
def test_a_period_knows_its_days_and_the_one_before(word: str, first: date, end: date, before: str, name: str) -> None:
    period = Period.parse(word)
    assert (period.first, period.end, period.name) == (first, end, name)
    assert period.before == Period.parse(before)
    assert period.before.end == first


@pytest.mark.parametrize("word", ["", "26", "2026Q5", "2026-13", "2026-3", "0000", "9999", "2026Q1-03", "last year"])
def test_what_is_no_period_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="no period"):
        Period.parse(word)


def test_a_period_begins_at_midnight_in_the_town() -> None:
    since, until = Period.parse("2026-03").moments(ZoneInfo("Asia/Shanghai"))
    assert since == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert until == datetime(2026, 3, 31, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 1, 31), ("2026-01", "2026Q1", "2026")),
        (date(2026, 6, 1), ("2026-06", "2026Q2", "2026")),
        (date(2026, 12, 31), ("2026-12", "2026Q4", "2026")),
    ],
)
def test_the_periods_around_a_day_are_written_as_they_are_read(day: date, words: tuple[str, ...]) -> None:
    around = Period.around(day)
    assert tuple(period.word for period in around) == words
    assert [Period.parse(period.word) for period in around] == list(around)
    assert all(period.first <= day < period.end for period in around)
