"""Reads one sentence about a duty: the day, the figures, the deputies named in it, the cases it speaks of."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.domain.duties import WORDY, DutyKind, Fact, Form
from bot.domain.numerals import NUMERAL, number_of
from bot.domain.town import Seat

_GAP = r"[^，。；,;\d]{0,14}?"
_ITEMS = r"\s*(?:项|个|份)"

_FIGURES: dict[Fact, tuple[str, ...]] = {
    Fact.VISITORS: (rf"{NUMERAL}\s*(?:余|多)?\s*(?:人次|人|位|名)",),
    Fact.PEOPLE: (rf"(?<!应到)(?<!实到){NUMERAL}\s*(?:余|多)?\s*(?:人次|人|位|名)",),
    Fact.HOUSEHOLDS: (rf"{NUMERAL}\s*(?:余|多)?\s*户",),
    Fact.REPORTS_WRITTEN: (rf"报告{_GAP}{NUMERAL}\s*[份篇]", rf"{NUMERAL}\s*[份篇]{_GAP}报告"),
    Fact.EXPECTED: (rf"应到{_GAP}{NUMERAL}",),
    Fact.PRESENT: (rf"实到{_GAP}{NUMERAL}",),
    Fact.REPORTS_HEARD: (
        rf"(?:听取|审议){_GAP}报告{_GAP}{NUMERAL}{_ITEMS}",
        rf"(?:听取|审议){_GAP}{NUMERAL}{_ITEMS}{_GAP}报告",
    ),
    Fact.RESOLUTIONS: (rf"(?:决议|决定){_GAP}{NUMERAL}{_ITEMS}", rf"{NUMERAL}{_ITEMS}(?:决议|决定)"),
    Fact.PERCENT: (r"(\d{1,3})\s*[%％]", rf"百分之{NUMERAL}"),
    Fact.CHECKS: (rf"(?:督查|督办|督导|监督|视察|检查){_GAP}{NUMERAL}\s*次",),
    Fact.VOTERS: (rf"选民{_GAP}{NUMERAL}", rf"{NUMERAL}\s*(?:名|位|个)?选民"),
    Fact.SATISFIED: (rf"(?<!基本)(?<!不)满意{_GAP}{NUMERAL}",),
    Fact.FAIR: (rf"基本满意{_GAP}{NUMERAL}",),
    Fact.DISSATISFIED: (rf"不满意{_GAP}{NUMERAL}",),
    Fact.BALLOTS: (rf"(?:投票|参选){_GAP}{NUMERAL}",),
    Fact.POSTS: (rf"应选{_GAP}{NUMERAL}",),
    Fact.ELECTED: (rf"(?:当选|选出|选举产生){_GAP}{NUMERAL}",),
}
_WORDS: dict[Fact, str] = {
    Fact.LEVEL: r"([省市县镇村])(?:级|人大代表)",
    Fact.ANSWER: r"批示[:：]?\s*([^。；;\n]{1,80})",
    Fact.WAY: r"(纸质|书面|公文系统|政务系统|当面|会上|电话|传真)",
    Fact.WENT_TO: r"(?:转往|转到|转交|移交)[:：]?\s*([^，。；,;\n]{1,30})",
    Fact.RESULT: r"结果[:：]?\s*([^。；;\n]{1,60})",
    Fact.REVIEW: r"((?:通过)?资格审查[^，。；,;\n]{0,20})",
}

_KINDS = {
    DutyKind.RECEPTION: "接待",
    DutyKind.VISIT: "走访|月访|入户",
    DutyKind.STUDY: "学习",
    DutyKind.INSPECTION: "视察|调研",
    DutyKind.OUTREACH: "宣传|普法",
    DutyKind.THEME: "主题|实践活动|办实事",
    DutyKind.TRAINING: "培训",
    DutyKind.VOTERS: "述职",
    DutyKind.PROJECT: "民生实事|完成.{0,4}[%％]",
    DutyKind.REFERRAL: "纠纷|信访|转往",
    DutyKind.MEETING: "会议|大会|应到",
    DutyKind.PARTY: "党委|批示|请示|《关于.{1,40}报告》",
    DutyKind.ELECTION: "选举",
}
"""By which words a sentence that nobody was asked for tells its kind. A reception day ahead is only announced on
purpose: its kind is tapped."""

_DAY = re.compile(r"(?:(\d{4})[年/-])?(\d{1,2})[月/-](\d{1,2})[日号]?")
_ONLY_DAY = re.compile(r"(?<!\d)(\d{1,2})[日号](?![楼栋路桥井灯线车机门])")
_SPOKEN = {"大后天": 3, "后天": 2, "明天": 1, "今天": 0, "昨天": -1, "昨日": -1, "昨晚": -1, "前天": -2}
_CASE = re.compile(
    r"([A-Za-z]{1,8}-\d{4}-\d{1,9})|(?:意见|编号|#)\s*[:：]?\s*(\d{1,9})(?!\d)(?!\s*[人户次份项名位件条个年月日%％])"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sentence said. `cases` as written: a full number, or the bare digits. `dated`: the day was said, too."""

    on: date
    facts: Mapping[str, int | str] = field(default_factory=dict)
    members: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    dated: bool = True


def read_sentence(text: str, form: Form, today: date, seats: Iterable[Seat]) -> Reading:
    """Of a figure or a day said twice the last counts, so that a second sentence puts the first one right. The day is
    today where none was said."""
    day = said_day(text, today, ahead=form.ahead)
    rest = _ONLY_DAY.sub(" ", _DAY.sub(" ", text))
    rest_without_cases = _CASE.sub(" ", rest)
    facts: dict[str, int | str] = {}
    for fact in form.facts:
        found = _word(fact, rest) if fact in WORDY else _figure(fact, rest_without_cases)
        if found is not None:
            facts[fact] = found
    members = tuple(dict.fromkeys(seat.id for seat in seats if _plain_name(seat.name) in text))
    cases = tuple(dict.fromkeys((whole or digits).upper() for whole, digits in _CASE.findall(text)))
    return Reading(day or today, facts, members, cases, dated=day is not None)


def kind_of(text: str, kinds: Iterable[DutyKind]) -> DutyKind | None:
    """Of these the one kind that the sentence speaks of; None where it may be several, or none."""
    found = [kind for kind in kinds if kind in _KINDS and re.search(_KINDS[kind], text)]
    return found[0] if len(found) == 1 else None


def _figure(fact: Fact, text: str) -> int | None:
    found = [match for pattern in _FIGURES[fact] for match in re.finditer(pattern, text)]
    return number_of(max(found, key=lambda match: match.end())[1]) if found else None


def _word(fact: Fact, text: str) -> str | None:
    found = re.findall(_WORDS[fact], text)
    return str(found[-1]).strip() if found else None


def _plain_name(name: str) -> str:
    return name.split("（")[0]


def said_day(text: str, today: date, *, ahead: bool = False) -> date | None:
    """The day of the last line that says one. Without a year, and for a bare `5号`, the nearest that fits: in the past,
    or `ahead` of today.
    """
    days = (_day_in(line, today, ahead=ahead) for line in reversed(text.splitlines()))
    return next((day for day in days if day), None)


def _day_in(line: str, today: date, *, ahead: bool) -> date | None:
    found: date | None = None
    for match in _DAY.finditer(line):
        year, month, day = match.groups()
        found = _nearest(today, int(month), int(day), ahead=ahead, year=int(year) if year else None) or found
    if found is None and (alone := _ONLY_DAY.search(_DAY.sub(" ", line))):
        day_of_month = int(alone[1])
        other = int(day_of_month < today.day) if ahead else -int(day_of_month > today.day)
        found = _nearest(today, (today.month + other - 1) % 12 + 1, day_of_month, ahead=ahead)
    if found is None and (spoken := [word for word in _SPOKEN if word in line]):
        last = max(spoken, key=lambda word: (line.rfind(word) + len(word), len(word)))
        return today + timedelta(days=_SPOKEN[last])
    return found


def _nearest(today: date, month: int, day: int, *, ahead: bool, year: int | None = None) -> date | None:
    try:
        if year is not None:
            return date(year, month, day)
        this = date(today.year, month, day)
        if ahead and this < today:
            return this.replace(year=today.year + 1)
        if not ahead and this > today:
            return this.replace(year=today.year - 1)
    except ValueError:  # 31 February, or 29 in a year without
        return None
    return this
