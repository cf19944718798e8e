"""The shifted clock: real time plus pushes, never backwards."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.sandbox.clock import ShiftedClock

TOWN = ZoneInfo("Asia/Shanghai")


def clock_at(year: int, month: int, day: int, hour: int, minute: int) -> ShiftedClock:
    return ShiftedClock(lambda: datetime(year, month, day, hour, minute, tzinfo=TOWN).astimezone(UTC))


def test_an_unpushed_clock_shows_the_real_time_as_utc() -> None:
    now = clock_at(2026, 11, 23, 8, 0).now()
    assert now == datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
    assert now.tzinfo is UTC


def test_pushes_add_up() -> None:
    clock = clock_at(2026, 11, 23, 8, 0)
    clock.advance(timedelta(hours=1))
    clock.advance(timedelta(days=3))
    assert clock.now() == datetime(2026, 11, 26, 9, 0, tzinfo=TOWN)


def test_the_clock_cannot_be_turned_back() -> None:
    clock = clock_at(2026, 11, 23, 8, 0)
    with pytest.raises(ValueError, match="forwards"):
        clock.advance(timedelta(seconds=-1))
    assert clock.now() == datetime(2026, 11, 23, 8, 0, tzinfo=TOWN)


@pytest.mark.parametrize(
    ("hour", "minute", "wait"),
    [(7, 59, timedelta(minutes=1)), (8, 0, timedelta(days=1)), (20, 0, timedelta(hours=12))],
)
def test_the_next_eight_in_the_morning_is_always_ahead(hour: int, minute: int, wait: timedelta) -> None:
    assert clock_at(2026, 11, 23, hour, minute).until(time(8), TOWN) == wait


def test_the_next_eight_counts_real_hours_where_the_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    clock = ShiftedClock(lambda: datetime(2026, 10, 24, 20, 0, tzinfo=berlin).astimezone(UTC))
    assert clock.until(time(8), berlin) == timedelta(hours=13)
