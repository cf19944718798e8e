"""Gathers all that a report says from the ledger, and checks one that somebody wrote."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.domain.cases import Case, Rating
from bot.domain.machine import OPEN_STATES, Action, State
from bot.domain.masking import mask
from bot.domain.periods import Period
from bot.domain.rates import outcome_of, rates
from bot.domain.report.blocks import Block
from bot.domain.report.check import Finding, check
from bot.domain.report.outline import MONTHS, Content, Group, Overdue, ReportKind, Typical, draft
from bot.domain.town import Town
from bot.ports import CaseFilter
from bot.usecases.case_registers import closed
from bot.usecases.counting import count
from bot.usecases.ledger import RATINGS, Ledger

GROUPS = 10
"""How many topics and villages a report lists, those with most cases first."""

STORIES = 3
OVERDUE = 20


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
    ledger: Ledger, kind: ReportKind, period: Period, now: datetime, given: Mapping[str, str]
) -> list[Block]:
    """The draft, drawn from this ledger (narrowed to a station or a seat where the report is theirs)."""
    cases = [record.case for record in await ledger.cases(period) if not record.case.sealed]
    before = [record.case for record in await ledger.cases(period.before) if not record.case.sealed]
    content = Content(
        kind=kind,
        town=ledger.town.name,
        office=ledger.town.office_name,
        period=period,
        figures=await count(ledger, period),
        topics=_groups(cases, before, lambda case: ledger.topic_name(case.topic) or "未分类"),
        villages=_groups(cases, before, lambda case: ledger.village_name(case.village) or "地点不明"),
        months=_months(ledger, period, cases, before),
        ratings=_ratings(cases),
        typical=await _stories(ledger, period),
        overdue=await _overdue(ledger, now),
        given=given,
        whose=ledger.whose,
        sample=ledger.town.sample,
    )
    return draft(content)


async def check_report(ledger: Ledger, text: str, period: Period) -> list[Finding]:
    """Each figure of the text beside the ledger's."""
    return check(text, await count(ledger, period))


def _groups(cases: list[Case], before: list[Case], name: Callable[[Case], str]) -> list[Group]:
    now: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        now[name(case)].append(case)
    earlier: dict[str, int] = defaultdict(int)
    for case in before:
        earlier[name(case)] += 1
    groups = []
    for key, found in now.items():
        counted = rates(map(outcome_of, found))
        content, rated = counted.satisfaction.hits, counted.satisfaction.of
        answered = len(counted.response.hits)
        groups.append(Group(key, len(found), earlier[key], answered, len(content), len(rated)))
    return sorted(groups, key=lambda group: (-group.cases, group.name))[:GROUPS]


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


async def _stories(ledger: Ledger, period: Period) -> list[Typical]:
    """Closed, satisfied, open to everybody; told by topic, place and the answer, never in the author's words."""
    stories: list[Typical] = []
    for record in await ledger.events(period, [Action.RESOLVE]):
        case, event = record.case, record.event
        fit = case.state is State.CLOSED and case.rating is Rating.SATISFIED and event.data.get("text") == case.answer
        if not fit or case.sealed or case.restricted or len(stories) == STORIES:
            continue
        received = ledger.local(case.created_at)
        stories.append(
            Typical(
                number=case.number,
                place=ledger.village_name(case.village) or "地点不明",
                topic=ledger.subtopic_name(case.subtopic) or ledger.topic_name(case.topic) or "未分类",
                received=f"{received.month}月{received.day}日",
                days=(ledger.local(event.at).date() - received.date()).days,
                answer=mask(case.answer or "").strip().rstrip("。"),
            )
        )
    return stories


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
    ][:OVERDUE]
