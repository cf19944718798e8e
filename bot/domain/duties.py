"""What deputies, stations and the office do besides cases: who may record which kind, and what of it is counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.messages import File
from bot.domain.town import STATION_ROLES, Role


class DutyKind(StrEnum):
    RECEPTION = "reception"  # 代表接待日
    VISIT = "visit"  # 月月访谈
    STUDY = "study"  # 天天学习
    INSPECTION = "inspection"  # 视察、调研
    OUTREACH = "outreach"  # 普法宣传
    THEME = "theme"  # 主题活动
    TRAINING = "training"  # 履职培训
    VOTERS = "voters"  # 向选民述职
    PROJECT = "project"  # 民生实事项目
    REFERRAL = "referral"  # 纠纷化解、转介
    PLAN = "plan"  # 预告接待日
    MEETING = "meeting"  # 会议
    PARTY = "party"  # 报党委
    ELECTION = "election"  # 选举


class Fact(StrEnum):
    """A figure or a word that one sentence may hold; the sentence is read by `bot.domain.sentences`."""

    VISITORS = "visitors"  # 人次
    HOUSEHOLDS = "households"  # 户数
    PEOPLE = "people"  # 人数
    REPORTS_WRITTEN = "reports_written"  # 调研报告, 份
    EXPECTED = "expected"  # 应到
    PRESENT = "present"  # 实到
    REPORTS_HEARD = "reports_heard"  # 听取审议报告, 项
    RESOLUTIONS = "resolutions"  # 决议决定, 项
    PERCENT = "percent"  # 项目进度
    CHECKS = "checks"  # 监督次数
    VOTERS = "voters"  # 选民数
    SATISFIED = "satisfied"
    FAIR = "fair"
    DISSATISFIED = "dissatisfied"
    BALLOTS = "ballots"  # 投票数
    POSTS = "posts"  # 应选
    ELECTED = "elected"  # 当选
    LEVEL = "level"  # 级别
    ANSWER = "answer"  # 批示
    WAY = "way"  # 报送方式
    WENT_TO = "went_to"  # 转往
    RESULT = "result"  # 结果
    REVIEW = "review"  # 资格审查


WORDY = frozenset({Fact.LEVEL, Fact.ANSWER, Fact.WAY, Fact.WENT_TO, Fact.RESULT, Fact.REVIEW})
"""Facts that are words, not numbers."""


@dataclass(frozen=True, slots=True)
class Form:
    """Who may record a kind of duty, and which facts its sentence is read for. `ahead`: its day lies in the future.
    `supplemented`: what comes of it is known later, and is added then (补记).
    """

    roles: frozenset[Role]
    facts: tuple[Fact, ...]
    secret: bool = False
    ahead: bool = False
    supplemented: bool = False


_OFFICE = frozenset({Role.OFFICE})
_ALL = STATION_ROLES | _OFFICE | {Role.DEPUTY}
_GROUP = (Fact.PEOPLE, Fact.LEVEL)

FORMS: dict[DutyKind, Form] = {
    DutyKind.RECEPTION: Form(_ALL, (Fact.VISITORS, Fact.HOUSEHOLDS)),
    DutyKind.VISIT: Form(_ALL, (Fact.HOUSEHOLDS, Fact.VISITORS)),
    DutyKind.STUDY: Form(_ALL, _GROUP),
    DutyKind.INSPECTION: Form(_ALL, (*_GROUP, Fact.REPORTS_WRITTEN), supplemented=True),
    DutyKind.OUTREACH: Form(_ALL, _GROUP),
    DutyKind.THEME: Form(_ALL, _GROUP),
    DutyKind.TRAINING: Form(_ALL, _GROUP),
    DutyKind.VOTERS: Form(
        frozenset({Role.DEPUTY}) | _OFFICE, (Fact.VOTERS, Fact.SATISFIED, Fact.FAIR, Fact.DISSATISFIED)
    ),
    DutyKind.PROJECT: Form(_ALL, (Fact.PERCENT, Fact.CHECKS)),
    DutyKind.REFERRAL: Form(_ALL, (Fact.WENT_TO, Fact.RESULT), secret=True),
    DutyKind.PLAN: Form(STATION_ROLES, (), ahead=True),
    DutyKind.MEETING: Form(_OFFICE, (Fact.EXPECTED, Fact.PRESENT, Fact.REPORTS_HEARD, Fact.RESOLUTIONS)),
    DutyKind.PARTY: Form(_OFFICE, (Fact.ANSWER, Fact.WAY), supplemented=True),
    DutyKind.ELECTION: Form(_OFFICE, (Fact.LEVEL, Fact.VOTERS, Fact.BALLOTS, Fact.POSTS, Fact.ELECTED, Fact.REVIEW)),
}


SUPPLEMENTED = tuple(kind for kind, form in FORMS.items() if form.supplemented)

FURTHEST = timedelta(days=366)
"""How far ahead a day may be announced: one further away has its year mistyped."""


class DayTrouble(StrEnum):
    """Why a day cannot be that of a record."""

    FUTURE = "future"  # it has not come yet
    FAR = "far"  # announced for further ahead than FURTHEST
    PAST = "past"  # announced for a day that is over
    EARLY = "early"  # before the day of the record that it supplements


def day_trouble(on: date, today: date, *, ahead: bool = False, since: date | None = None) -> DayTrouble | None:
    """`since`: the day of the record that is supplemented."""
    if ahead:
        return DayTrouble.PAST if on < today else DayTrouble.FAR if on > today + FURTHEST else None
    if on > today:
        return DayTrouble.FUTURE
    return DayTrouble.EARLY if since and on < since else None


@dataclass(frozen=True, slots=True)
class Supplement:
    """What came of a record later (补记): the committee's answer, what was done about an inspection's findings."""

    on: date
    seat: str
    person: int
    text: str
    at: datetime
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """One record. `seat` recorded it, `members` are the seats that took part (the recorder's own, if a deputy's, too).

    `facts` holds numbers, and words for WORDY; a fact that was not said is not in it. `cases` are case numbers.
    A record made in error is struck (`struck_at`), never deleted. `supplements`, the newest first, are only added to.
    """

    id: int
    kind: DutyKind
    on: date
    seat: str
    person: int
    station: str | None
    text: str
    created_at: datetime
    facts: Mapping[str, int | str] = field(default_factory=dict)
    members: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    channel: str = ""
    struck_at: datetime | None = None
    supplements: tuple[Supplement, ...] = ()

    def number(self, fact: Fact) -> int | None:
        found = self.facts.get(fact)
        return found if isinstance(found, int) else None

    def word(self, fact: Fact) -> str:
        return str(self.facts.get(fact, ""))

    @property
    def settled(self) -> bool:
        """What came of it is on record: said at once (批示), or added since."""
        return bool(self.supplements) or Fact.ANSWER in self.facts

    @property
    def title(self) -> str:
        """At most 40 characters: what stands in 《》 or “”, else the first clause (to a colon, comma, line end)."""
        return title_of(self.text)


BRIEF = 300


def shortened(text: str) -> str:
    """At most about BRIEF characters, for where others read it in passing."""
    return text if len(text) <= BRIEF else f"{text[:BRIEF]}…"


def title_of(text: str) -> str:
    line = " ".join(text.split())
    for opening, closing in ("《》", "“”"):
        start, end = line.find(opening), line.find(closing)
        if 0 <= start < end - 1:
            return line[start + 1 : end][:40]
    line = text.strip().split("\n")[0]
    for stop in "：:。；;，,":
        line = line.split(stop)[0]
    return " ".join(line.split())[:40]


def kinds_for(roles: frozenset[Role]) -> tuple[DutyKind, ...]:
    """What somebody with these roles may record, in the table's order."""
    return tuple(kind for kind, form in FORMS.items() if form.roles & roles)
