"""Working days in China, with 调休, and the deadlines that are counted in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import chinese_calendar
from chinese_calendar.constants import holidays as _known

from bot.domain.topics import Limit

_YEARS = range(min(_known).year, max(_known).year + 1)
_SATURDAY = 5


def covered(year: int) -> bool:
    """Whether the holidays of this year are known; else Monday to Friday are taken as working days."""
    return year in _YEARS


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The published calendar, corrected by the town: `overrides` says of a date whether it is worked.

    `day_ends` is the local time at which a working day, and with it a time limit, is over.
    """

    overrides: Mapping[date, bool] = field(default_factory=dict)
    day_ends: time = time(18)

    def is_workday(self, day: date) -> bool:
        if day in self.overrides:
            return self.overrides[day]
        return _usually_worked(day)


@lru_cache(maxsize=2000)
def _usually_worked(day: date) -> bool:
    if covered(day.year):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < _SATURDAY


def deadline(start: datetime, limit: Limit, zone: ZoneInfo, calendar: WorkCalendar) -> datetime:
    """When a limit that starts to run at `start` (aware) is up, aware, in UTC.

    Hours run on the clock, nights and holidays too. Of working days, the local day of `start` does not count:
    the limit is up when the n-th working day after it ends. Raises ValueError for a naive `start`.
    """
    if start.tzinfo is None:
        raise ValueError("a deadline counts from an aware time")
    if limit.hours is not None or limit.minutes is not None:
        return start.astimezone(UTC) + timedelta(hours=limit.hours or 0, minutes=limit.minutes or 0)
    day, left = start.astimezone(zone).date(), limit.working_days or 0
    while left:
        day += timedelta(days=1)
        left -= calendar.is_workday(day)
    return datetime.combine(day, calendar.day_ends, zone).astimezone(UTC)
