"""Draws up each register of a period, row by row. What leads to a person is masked, what is sealed stays closed."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import date

from bot.domain.cases import Rating
from bot.domain.duties import Duty, DutyKind, Fact, shortened
from bot.domain.masking import mask
from bot.domain.periods import Period
from bot.domain.sheets import Register, Sheet
from bot.domain.text import t
from bot.ports import Tx
from bot.ports.ledgers import Export
from bot.usecases import asking_registers, case_registers, disclosure_registers
from bot.usecases.asking_registers import rounds
from bot.usecases.case_registers import Rows
from bot.usecases.ledger import Ledger
from bot.usecases.suggestion_register import suggestions

ACTIVITIES = {
    DutyKind.INSPECTION: "视察/调研",
    DutyKind.OUTREACH: "普法",
    DutyKind.STUDY: "学习",
    DutyKind.THEME: "主题",
    DutyKind.TRAINING: "培训",
}


UNWRITTEN = "（语音或照片）"


async def draw_up(ledger: Ledger, register: Register, period: Period) -> Sheet:
    """The register of the period; without rows where there is nothing on record."""
    return Sheet(register, period.name, await _DRAW[register.id](ledger, period))


async def log_export(tx: Tx, export: Export) -> None:
    """Note who took what out, and why. Raises ValueError where either is missing."""
    if not export.who.strip() or not export.why.strip():
        raise ValueError("an export needs who and why")
    await tx.registers.log_export(export)


async def _reception(ledger: Ledger, period: Period) -> Rows:
    plans = await ledger.duties(period, DutyKind.PLAN)
    announced = {(plan.station, plan.on): ledger.local(plan.created_at).date() for plan in plans}
    return [
        [
            "接待日" if duty.kind is DutyKind.RECEPTION else "月访",
            duty.on,
            ledger.station_name(duty.station),
            announced.get((duty.station, duty.on)) if duty.kind is DutyKind.RECEPTION else None,
            _members(ledger, duty),
            duty.number(Fact.VISITORS),
            duty.number(Fact.HOUSEHOLDS),
            "、".join(duty.cases),
        ]
        for duty in await ledger.duties(period, DutyKind.RECEPTION, DutyKind.VISIT)
    ]


async def _rota(ledger: Ledger, period: Period) -> Rows:
    """Each announced reception day: who was to sit there, who did by the records of that day, who did not."""
    held: dict[tuple[str | None, date], list[Duty]] = defaultdict(list)
    for duty in await ledger.duties(period, DutyKind.RECEPTION):
        held[duty.station, duty.on].append(duty)
    rows: Rows = []
    for plan in await ledger.duties(period, DutyKind.PLAN):
        records = held[plan.station, plan.on]
        came = list(dict.fromkeys(seat for duty in records for seat in (*duty.members, duty.seat)))
        missing = [seat for seat in plan.members if seat not in came] if records else []
        visitors = [number for duty in records if (number := duty.number(Fact.VISITORS)) is not None]
        rows.append(
            [
                plan.on,
                ledger.station_name(plan.station),
                ledger.local(plan.created_at).date(),
                _names(ledger, plan.members),
                _names(ledger, came) if records else "无记录",
                _names(ledger, missing),
                sum(visitors) if visitors else None,
            ]
        )
    return rows


def _names(ledger: Ledger, seats: Sequence[str]) -> str:
    return "、".join(map(ledger.seat_name, seats))


def _members(ledger: Ledger, duty: Duty) -> str:
    return "、".join(ledger.seat_name(seat) for seat in duty.members or (duty.seat,))


async def _activities(ledger: Ledger, period: Period) -> Rows:
    return [
        [
            ACTIVITIES[duty.kind],
            duty.on,
            mask(duty.title),
            duty.word(Fact.LEVEL),
            duty.number(Fact.PEOPLE),
            duty.number(Fact.REPORTS_WRITTEN),
            *_later(duty),
        ]
        for duty in await ledger.duties(period, *ACTIVITIES)
    ]


async def _party(ledger: Ledger, period: Period) -> Rows:
    """Each report with who sent it by what way, and the case that it is about; of a closed one not its title."""
    rows: Rows = []
    for duty in await ledger.duties(period, DutyKind.PARTY):
        about = [await ledger.tx.cases.by_number(number) for number in duty.cases]
        hidden = next((words for case in about if case and (words := case_registers.closed(case))), "")
        rows.append(
            [
                "请示" if "请示" in duty.title else "报告",
                duty.on,
                hidden or mask(duty.title),
                hidden or mask(duty.word(Fact.ANSWER)),
                ledger.seat_name(duty.seat),
                duty.word(Fact.WAY),
                "、".join(duty.cases),
                *_later(duty, hidden),
            ]
        )
    return rows


def _later(duty: Duty, hidden: str = "") -> tuple[date | None, str]:
    """The newest day on which something came of it, and all that came, the newest first; `hidden` in its place."""
    if not duty.supplements:
        return None, ""
    said = [f"{one.on} {shortened(mask(one.text)) or UNWRITTEN}" for one in duty.supplements]
    return duty.supplements[0].on, hidden or "；".join(said)


def meeting_type(duty: Duty) -> str:
    return (
        "代表大会"
        if "代表大会" in duty.text or "代表会议" in duty.text
        else "主席团会议"
        if "主席团" in duty.text
        else "会议"
    )


async def _meetings(ledger: Ledger, period: Period) -> Rows:
    return [
        [
            meeting_type(duty),
            duty.on,
            f"{_or_blank(duty.number(Fact.EXPECTED))}/{_or_blank(duty.number(Fact.PRESENT))}",
            mask(duty.title),
            duty.number(Fact.REPORTS_HEARD),
            duty.number(Fact.RESOLUTIONS),
        ]
        for duty in await ledger.duties(period, DutyKind.MEETING)
    ]


def _or_blank(number: int | None) -> str:
    return "" if number is None else str(number)


async def _projects(ledger: Ledger, period: Period) -> Rows:
    """One row a project: its latest progress, all checks of it, and how the cases linked to it were rated."""
    notes: dict[str, list[Duty]] = defaultdict(list)
    for duty in await ledger.duties(period, DutyKind.PROJECT):
        notes[duty.title].append(duty)
    rows: Rows = []
    measured = await rounds(ledger)
    for title, records in notes.items():
        progress = [p for duty in records if (p := duty.number(Fact.PERCENT)) is not None]
        checks = [c for duty in records if (c := duty.number(Fact.CHECKS)) is not None]
        numbers = sorted({number for duty in records for number in duty.cases})
        cases = [await ledger.tx.cases.by_number(number) for number in numbers]
        ratings = [case.rating for case in cases if case and case.rating and not case.told]
        content = sum(rating is not Rating.DISSATISFIED for rating in ratings)
        rows.append(
            [
                mask(title),
                f"{progress[-1]}%" if progress else "",
                sum(checks) if checks else None,
                "，".join(filter(None, (f"{content}/{len(ratings)}" if ratings else "", measured.get(title, "")))),
            ]
        )
    return rows


async def _referrals(ledger: Ledger, period: Period) -> Rows:
    """What somebody noted, and each case that was diverted with guidance: logged, not dropped."""
    rows: Rows = []
    for duty in await ledger.duties(period, DutyKind.REFERRAL):
        kind, went = "信访" if "访" in duty.text else "纠纷", duty.word(Fact.WENT_TO)
        rows.append([kind, went, duty.on, mask(duty.word(Fact.RESULT)), "、".join(duty.cases)])
    for record in await ledger.diversions(period):
        where = ledger.say(t(f"where.{record.event.data['where']}"))
        state = ledger.say(t(f"state.{record.case.state}"))
        rows.append(["转介", where, ledger.local(record.event.at).date(), state, record.case.number])
    return rows


async def _elections(ledger: Ledger, period: Period) -> Rows:
    figures = (Fact.VOTERS, Fact.BALLOTS, Fact.POSTS, Fact.ELECTED)
    return [
        [*(duty.number(fact) for fact in figures), duty.word(Fact.REVIEW)]
        for duty in await ledger.duties(period, DutyKind.ELECTION)
    ]


_DRAW: dict[str, Callable[[Ledger, Period], Awaitable[Rows]]] = {
    "cases": case_registers.cases,
    "handling": case_registers.handling,
    "ratings": case_registers.ratings,
    "supervision": case_registers.supervision,
    "reception": _reception,
    "rota": _rota,
    "suggestions": suggestions,
    "activities": _activities,
    "party": _party,
    "meetings": _meetings,
    "projects": _projects,
    "voters": asking_registers.voters,
    "polls": asking_registers.polls,
    "referrals": _referrals,
    "elections": _elections,
    "reveals": disclosure_registers.reveals,
    "exports": disclosure_registers.exports,
}
