"""Working days follow the published holidays with 调休, and deadlines are counted in them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.topics import Limit
from bot.domain.workdays import WorkCalendar, covered, deadline

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar()


def local(month: int, day: int, hour: int = 10, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


def up(start: datetime, working_days: int, calendar: WorkCalendar = CALENDAR) -> datetime:
    return deadline(start, Limit(working_days=working_days), ZONE, calendar)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),  # National Day, a Thursday
        (date(2026, 10, 7), False),
        (date(2026, 10, 10), True),  # a Saturday, worked instead
        (date(2026, 10, 11), False),
        (date(2026, 2, 14), True),  # a Saturday, worked before the Spring Festival
        (date(2026, 2, 16), False),
        (date(2026, 2, 23), False),
        (date(2026, 2, 28), True),  # a Saturday, worked after it
        (date(2026, 1, 4), True),  # a Sunday
    ],
)
def test_published_holidays_and_adjusted_days_are_known(day: date, worked: bool) -> None:
    assert CALENDAR.is_workday(day) is worked


def test_a_year_nobody_has_published_counts_monday_to_friday() -> None:
    assert covered(2026)
    assert not covered(2090)
    assert CALENDAR.is_workday(date(2090, 10, 2))  # a Monday
    assert not CALENDAR.is_workday(date(2090, 10, 1))  # a Sunday


def test_what_the_town_says_of_a_day_wins() -> None:
    calendar = WorkCalendar({date(2026, 10, 1): True, date(2026, 10, 10): False, date(2090, 10, 2): False})
    assert calendar.is_workday(date(2026, 10, 1))
    assert not calendar.is_workday(date(2026, 10, 10))
    assert not calendar.is_workday(date(2090, 10, 2))


def test_three_working_days_over_the_national_day_end_after_it() -> None:
    # 30 September, then 8 and 9 October.
    assert up(local(9, 29), 3) == local(10, 9, 18)


def test_a_worked_saturday_counts_as_a_day() -> None:
    # 8, 9 and Saturday 10 October.
    assert up(local(9, 30), 3) == local(10, 10, 18)


def test_the_spring_festival_does_not_count() -> None:
    # Saturday 14 February is worked, 15 to 23 February is the holiday.
    assert up(local(2, 13), 2) == local(2, 24, 18)


def test_a_matter_of_a_rest_day_counts_from_the_next_working_day() -> None:
    assert up(local(11, 21), 1) == local(11, 23, 18)
    assert up(local(11, 22, 23, 59), 1) == local(11, 23, 18)


def test_the_day_is_that_of_the_town_not_of_utc() -> None:
    # 23 November 00:30 in the town is still the 22nd in UTC.
    assert up(local(11, 23, 0, 30).astimezone(UTC), 1) == local(11, 24, 18)


def test_the_working_day_ends_when_the_town_says() -> None:
    assert up(local(11, 23), 1, WorkCalendar(day_ends=time(17, 30))) == local(11, 24, 17, 30)


def test_hours_run_through_night_and_holiday() -> None:
    assert deadline(local(9, 30, 23), Limit(hours=24), ZONE, CALENDAR) == local(10, 1, 23)


def test_a_deadline_is_in_utc() -> None:
    assert up(local(11, 23), 1).tzinfo is UTC
    assert deadline(local(11, 23), Limit(hours=2), ZONE, CALENDAR).tzinfo is UTC


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        up(datetime(2026, 11, 23, 10), 1)  # noqa: DTZ001


MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
LIMITS = st.integers(1, 60)


@given(MOMENTS, LIMITS)
def test_a_deadline_lies_ahead_on_a_working_day_with_as_many_working_days_between(start: datetime, days: int) -> None:
    end = up(start, days)
    first, last = start.astimezone(ZONE).date(), end.astimezone(ZONE).date()
    assert end > start
    assert CALENDAR.is_workday(last)
    between = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    assert sum(map(CALENDAR.is_workday, between)) == days


@given(MOMENTS, MOMENTS, LIMITS)
def test_who_comes_first_is_due_no_later(one: datetime, other: datetime, days: int) -> None:
    assert up(min(one, other), days) <= up(max(one, other), days)


@given(MOMENTS, LIMITS)
def test_a_longer_limit_ends_later(start: datetime, days: int) -> None:
    assert up(start, days) < up(start, days + 1)


def test_minutes_run_on_the_clock() -> None:
    assert deadline(local(10, 1, 23, 50), Limit.parse("15m"), ZONE, CALENDAR) == local(10, 2, 0, 5)
