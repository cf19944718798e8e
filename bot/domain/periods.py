"""A year, a quarter or a month that registers and reports are made for."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

_FORM = re.compile(r"(\d{4})(?:Q([1-4])|-(0[1-9]|1[0-2]))?")


@dataclass(frozen=True, slots=True)
class Period:
    """`months` months (12, 3 or 1) that begin on the first day of `month` of `year`."""

    year: int
    month: int
    months: int

    @classmethod
    def parse(cls, word: str) -> "Period":
        """`2026`, `2026Q1` or `2026-03`. Raises ValueError for anything else."""
        match = _FORM.fullmatch(word.strip())
        if not match or not 1 <= int(match[1]) <= 9998:
            raise ValueError(f"{word!r} is no period: 2026, 2026Q1 or 2026-03")
        year, quarter, month = match.groups()
        if quarter:
            return cls(int(year), int(quarter) * 3 - 2, 3)
        return cls(int(year), int(month), 1) if month else cls(int(year), 1, 12)

    @classmethod
    def around(cls, day: date) -> tuple["Period", "Period", "Period"]:
        """The month, the quarter and the year that the day lies in."""
        return cls.month_of(day), cls(day.year, (day.month - 1) // 3 * 3 + 1, 3), cls(day.year, 1, 12)

    @classmethod
    def month_of(cls, day: date) -> "Period":
        return cls(day.year, day.month, 1)

    @property
    def word(self) -> str:
        """As `parse` reads it."""
        if self.months == 12:
            return str(self.year)
        return f"{self.year}Q{self.month // 3 + 1}" if self.months == 3 else f"{self.year}-{self.month:02d}"

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def end(self) -> date:
        """The day after the last one."""
        months = self.year * 12 + self.month - 1 + self.months
        return date(months // 12, months % 12 + 1, 1)

    @property
    def before(self) -> "Period":
        """The period of the same length just before."""
        months = self.year * 12 + self.month - 1 - self.months
        return Period(months // 12, months % 12 + 1, self.months)

    @property
    def name(self) -> str:
        """As documents say it: `2026年`, `2026年第一季度`, `2026年3月`."""
        if self.months == 12:
            return f"{self.year}年"
        if self.months == 3:
            return f"{self.year}年第{'一二三四'[self.month // 3]}季度"
        return f"{self.year}年{self.month}月"

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Its beginning and its end (exclusive), aware UTC, for a town in this zone."""
        first, end = (datetime.combine(day, time(), tzinfo=zone).astimezone(UTC) for day in (self.first, self.end))
        return first, end
