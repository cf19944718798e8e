"""Reads from when until when somebody is away: `3月5日到12日`, `明天起三天`, `下周一到周五`, `一周`."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.numerals import NUMERAL, number_of

LONGEST = timedelta(days=366)

_DATE = r"(?:(?:(?P<year{n}>\d{{4}})[年/.-])?(?P<month{n}>\d{{1,2}})[月/.-])?(?P<day{n}>\d{{1,2}})[日号]?"
_WEEKDAY = r"(?P<next{n}>下)?(?:周|星期|礼拜)(?P<weekday{n}>[一二三四五六日天])"
_SPOKEN = r"(?P<spoken{n}>大后天|后天|明天|今天|今日|明日)"
_ONE = rf"(?:{_SPOKEN}|{_WEEKDAY}|{_DATE})"
_TO = r"\s*(?:到|至|~|～|—|--|-)\s*"
_FROM_TO = re.compile(_ONE.format(n=1) + _TO + _ONE.format(n=2))
_UNTIL = re.compile(r"(?:到|至)\s*" + _ONE.format(n=1))
_LENGTH = re.compile(rf"(?P<half>半个月)|{NUMERAL}\s*(?P<unit>天|周|个?星期|个?礼拜|个月)")
_FROM = re.compile(_ONE.format(n=1) + r"\s*(?:开始|起|，|,|\s|$)")
_AHEAD = {"今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2, "大后天": 3}
_DAYS = {"天": 1, "周": 7, "星期": 7, "礼拜": 7, "个月": 30}


@dataclass(frozen=True, slots=True)
class Span:
    """From the first day to the last, both in."""

    first: date
    last: date


def read_span(text: str, today: date) -> Span | None:
    """The span that was said; None where it is not understood, is over already, or is longer than a year.

    What lies before today is cut off. A day without a month, or without a year, is the next one that fits.
    """
    found = _read(text.strip(), today)
    if found is None or found.last < max(found.first, today):
        return None
    span = Span(max(found.first, today), found.last)
    return span if span.last - span.first <= LONGEST else None


def _read(text: str, today: date) -> Span | None:
    if both := _FROM_TO.search(text):
        first = _day(both, 1, today, today)
        last = _day(both, 2, today, first) if first else None
        return Span(first, last) if first and last else None
    if until := _UNTIL.search(text):
        last = _day(until, 1, today, today)
        return Span(today, last) if last else None
    length = _LENGTH.search(text)
    rest = _LENGTH.sub(" ", text) if length else text
    start = _FROM.search(rest)
    first = _day(start, 1, today, today) if start else today
    if first is None or (length is None and start is None):
        return None
    return Span(first, first + timedelta(days=_days(length) - 1))


def _days(length: re.Match[str] | None) -> int:
    if length is None:
        return 1
    if length["half"]:
        return 15
    unit = length["unit"] if length["unit"] in _DAYS else length["unit"][1:]
    return max(1, number_of(length[2])) * _DAYS[unit]


def _day(match: re.Match[str], n: int, today: date, after: date) -> date | None:
    """The day of one group, the first that fits on or after `after`. 明天 and 下周 count from today."""
    if spoken := match[f"spoken{n}"]:
        return today + timedelta(days=_AHEAD[spoken])
    if weekday := match[f"weekday{n}"]:
        wanted = "一二三四五六日".index(weekday.replace("天", "日"))
        if match[f"next{n}"]:
            return today + timedelta(days=7 + wanted - today.weekday())
        return after + timedelta(days=(wanted - after.weekday()) % 7)
    year, month, day = match[f"year{n}"], match[f"month{n}"], int(match[f"day{n}"])
    try:
        if year:
            return date(int(year), int(month), day)
        if month:
            found = date(after.year, int(month), day)
            # Said for the first day it may lie a little back: who is away since Monday says so on Wednesday.
            return found if found >= after - timedelta(days=60) else found.replace(year=after.year + 1)
        found = after.replace(day=day)
        return found if found >= after else _month_later(found)
    except ValueError:  # 31 February
        return None


def _month_later(day: date) -> date:
    return day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1)
