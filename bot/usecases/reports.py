"""Gathers all that a report says from the ledger, and checks one that somebody wrote."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.domain.cases import Case, Event, Rating
from bot.domain.duties import DutyKind
from bot.domain.machine import OPEN_STATES, Action, State
from bot.domain.masking import mask
from bot.domain.periods import Period
from bot.domain.rates import outcome_of, rates
from bot.domain.report.blocks import Block
from bot.domain.report.check import Finding, check
from bot.domain.report.content import GROUPS, MONTHS, Content, Group, Matter, Overdue, ReportKind, Typical
from bot.domain.report.figures import Figure
from bot.domain.report.outline import draft
from bot.domain.town import Role, Town
from bot.ports import CaseFilter
from bot.tagging.likeness import Likeness, Told
from bot.usecases.case_registers import SEALED, closed
from bot.usecases.counting import count
from bot.usecases.ledger import RATINGS, Ledger

STORIES = 3
_ELSEWHERE = frozenset({State.WITHDRAWN, State.REFUSED, State.MERGED})
"""A merged case counts as a supporter of the other."""

OVERDUE = 20
MATTERS = 10


class ScopeError(Exception):
    """The kind of report does not go with this period, station or seat; the message says how it should be."""


def check_scope(kind: ReportKind, period: Period, town: Town, station: str | None, seat: str | None) -> None:
    """Raises ScopeError where the report cannot be made as asked."""
    if period.months != MONTHS.get(kind, period.months):
        raise ScopeError(f"{kind}: 期间不对 / the period does not fit: 2026, 2026Q1, 2026-03")
    if (kind is ReportKind.STATION) != bool(station) or (station and town.station(station) is None):
        known = "、".join(one.id for one in town.stations)
        raise ScopeError(f"--station 只用于 station 报告 / is for the station report: {known}")
    if (kind is ReportKind.DEPUTY) != bool(seat) or (seat and town.seat(seat) is None):
        raise ScopeError("--seat 只用于 deputy 报告，填名册里的席位 / is for the deputy report: an id of the roster")


async def write_report(
    ledger: Ledger,
    kind: ReportKind,
    period: Period,
    now: datetime,
    given: Mapping[str, str],
    likeness: Likeness,
) -> list[Block]:
    """The draft, drawn from this ledger (narrowed to a station or a seat where the report is theirs)."""
    cases = [record.case for record in await ledger.cases(period)]
    before = [record.case for record in await ledger.cases(period.before)]

    def topic(case: Case) -> str:
        return SEALED if case.sealed else ledger.topic_name(case.topic) or "未分类"

    def village(case: Case) -> str:
        return SEALED if case.sealed else ledger.village_name(case.village) or "地点不明"

    late = await _overdue(ledger, now)
    content = Content(
        kind=kind,
        town=ledger.town.name,
        office=ledger.town.office_name,
        period=period,
        figures=await count(ledger, period),
        topics=_groups(cases, before, topic),
        villages=_groups(cases, before, village),
        months=_months(ledger, period, cases, before),
        ratings=_ratings(cases),
        matters=_matters(ledger, cases, await ledger.tx.cases.backing(), likeness, period),
        typical=await _stories(ledger, period),
        overdue=late[:OVERDUE],
        late=len(late),
        at=_day(ledger, now),
        roster="；".join(figure.phrase() for figure in roster_figures(ledger).values()),
        idle=await _idle(ledger, period),
        given=given,
        whose=ledger.whose,
        sample=ledger.town.sample,
    )
    return draft(content)


async def check_report(ledger: Ledger, text: str, period: Period) -> list[Finding]:
    """Each figure of the text beside the ledger's."""
    return check(text, {**await count(ledger, period), **roster_figures(ledger)})


def _groups(cases: list[Case], before: list[Case], name: Callable[[Case], str]) -> list[Group]:
    now: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        now[name(case)].append(case)
    earlier: dict[str, int] = defaultdict(int)
    for case in before:
        earlier[name(case)] += 1
    listed = sorted(now, key=lambda key: (-len(now[key]), key))
    groups = [_group(key, now[key], earlier[key]) for key in listed[:GROUPS]]
    if rest := listed[GROUPS:]:
        together = [case for key in rest for case in now[key]]
        groups.append(_group(f"其余{len(rest)}个", together, sum(earlier[key] for key in rest)))
    return groups


def _group(name: str, cases: list[Case], before: int) -> Group:
    counted = rates(map(outcome_of, cases))
    content, rated = counted.satisfaction.hits, counted.satisfaction.of
    return Group(name, len(cases), before, len(counted.response.hits), len(content), len(rated))


def _months(ledger: Ledger, period: Period, cases: list[Case], before: list[Case]) -> list[tuple[str, int, int]]:
    """Each month's cases, and those of the month that stood there in the period before."""

    def by_month(found: list[Case]) -> Counter[int]:
        return Counter(ledger.local(case.created_at).month - period.month for case in found)

    # The period before lies a whole number of its own lengths back: a quarter's months have other numbers there.
    shift = period.before.month - period.month
    now, earlier = by_month(cases), by_month(before)
    return [(f"{period.month + n}月", now[n], earlier[n + shift]) for n in range(period.months)]


def _ratings(cases: list[Case]) -> list[tuple[str, int]]:
    """What villagers tapped themselves, then what staff noted of a telephone call, then nothing."""
    counted = rates(map(outcome_of, cases))
    own = set(counted.satisfaction.of)
    said = Counter(case.rating for case in cases if case.number in own)
    rows = [(name, said[rating]) for rating, name in RATINGS.items()]
    rows += [("电话回访", len(counted.phoned.of))] if counted.phoned.of else []
    return [*rows, ("没有评价", len(counted.unrated))]


def _matters(
    ledger: Ledger, cases: list[Case], backing: Mapping[int, int], likeness: Likeness, period: Period
) -> list[Matter]:
    """What at least three people raised: by place and topic, never in anybody's words."""
    fit = {str(c.id): c for c in cases if not closed(c) and c.village and c.text and c.state not in _ELSEWHERE}
    told = [
        Told(
            key, case.text, case.village, case.topic, ledger.local(case.created_at).date(), 1 + backing.get(case.id, 0)
        )
        for key, case in fit.items()
    ]
    last = period.end - timedelta(days=1)
    found = []
    for issue in likeness.hot_issues(told, last, period.end - period.first)[:MATTERS]:
        topics = Counter(fit[key].subtopic for key in issue.cases).most_common(1)
        topic = ledger.subtopic_name(topics[0][0]) or ledger.topic_name(issue.topic) or "未分类"
        first, newest = (f"{day.month}月{day.day}日" for day in (issue.first, issue.last))
        place = ledger.village_name(issue.village)
        found.append(Matter(place, topic, issue.people, len(issue.cases), first, newest))
    return found


async def _stories(ledger: Ledger, period: Period) -> list[Typical]:
    """Closed, satisfied, open to everybody: of each topic the one that most people stood behind; told by topic, place
    and the answer (in the wording that was published, if any), never in the author's words."""
    backing = await ledger.tx.cases.backing()
    found: list[tuple[int, Case, Event]] = []
    for record in await ledger.events(period, [Action.RESOLVE]):
        case, event = record.case, record.event
        fit = case.state is State.CLOSED and case.rating is Rating.SATISFIED and event.data.get("text") == case.answer
        if fit and not case.sealed and not case.restricted:
            found.append((1 + backing.get(case.id, 0), case, event))
    of_topic: dict[str | None, tuple[int, Case, Event]] = {}
    for people, case, event in sorted(found, key=lambda one: (-one[0], one[1].id)):
        of_topic.setdefault(case.topic, (people, case, event))
    return [
        Typical(
            number=case.number,
            place=ledger.village_name(case.village) or "地点不明",
            topic=ledger.subtopic_name(case.subtopic) or ledger.topic_name(case.topic) or "未分类",
            received=f"{(received := ledger.local(case.created_at)).month}月{received.day}日",
            days=(ledger.local(event.at).date() - received.date()).days,
            answer=(case.published or mask(case.answer or "")).strip().rstrip("。"),
            people=people,
        )
        for people, case, event in list(of_topic.values())[:STORIES]
    ]


async def _overdue(ledger: Ledger, now: datetime) -> list[Overdue]:
    """Open cases past their limit at this moment, the longest first; of one that few may read not the matter."""
    found = await ledger.tx.cases.find(CaseFilter(states=OPEN_STATES - {State.ANSWERED}, limit=1_000_000))
    late = [(case.due_at, case) for case in found if case.due_at and case.due_at < now and not case.paused_at]
    return [
        Overdue(
            number=case.number,
            place=closed(case) or ledger.village_name(case.village),
            topic=closed(case) or ledger.topic_name(case.topic),
            due=f"{ledger.local(due):%Y-%m-%d}",
            with_whom=ledger.seat_name(case.deputy) or ledger.station_name(case.station),
        )
        for due, case in sorted(late, key=lambda one: one[0])
        if ledger.station in (None, case.station) and ledger.seat in (None, case.deputy)
    ]


def _day(ledger: Ledger, moment: datetime) -> str:
    local = ledger.local(moment)
    return f"{local.year}年{local.month}月{local.day}日"


def roster_figures(ledger: Ledger) -> dict[str, Figure]:
    """What the roster says as it stands now; nobody keeps what it said before."""

    def figure(id_: str, label: str, unit: str, number: int) -> Figure:
        return Figure(id_, label, unit, "名册", number, number, words=(label,), units=(unit, "人"))

    deputies = len(ledger.town.seats_of(Role.DEPUTY))
    return {
        "stations": figure("stations", "联络站", "个", len(ledger.town.stations)),
        "deputies": figure("deputies", "人大代表", "名", deputies),
    }


async def _idle(ledger: Ledger, period: Period) -> list[str]:
    """The deputies who have no visit on record in the period."""
    visits = await ledger.duties(period, DutyKind.VISIT)
    done = {seat for duty in visits for seat in (duty.seat, *duty.members)}
    return [seat.name for seat in ledger.town.seats_of(Role.DEPUTY) if seat.id not in done]
