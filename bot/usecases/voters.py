"""What a voter may know of a deputy's year: counted from the ledger, nothing in it that leads to a person."""

from datetime import date, datetime

from bot.domain.duties import Duty, DutyKind, Fact
from bot.domain.polls import PollKind
from bot.domain.rates import outcome_of, rates
from bot.domain.text import Text, t
from bot.domain.town import Role, Seat
from bot.ports import CaseFilter
from bot.ports.ledgers import DutyFilter
from bot.usecases.desk import Desk
from bot.usecases.moving import NotFoundError

FEW = 3
"""Fewer ratings than this are not shown: who gave them might be guessed."""
EVERY = 100_000


def deputy(desk: Desk, seat_id: str) -> Seat:
    """Raises NotFoundError: no deputy's seat."""
    seat = desk.town.seat(seat_id)
    if seat is None or seat.role is not Role.DEPUTY:
        raise NotFoundError(seat_id)
    return seat


async def year_page(desk: Desk, seat_id: str) -> Text:
    """The deputy's calendar year up to now. Raises NotFoundError."""
    seat, zone = deputy(desk, seat_id), desk.town.zone
    year = desk.local(desk.now).year
    since, until = (datetime(y, 1, 1, tzinfo=zone) for y in (year, year + 1))
    cases = await desk.tx.cases.find(CaseFilter(seats=(seat.id,), sealed=False, since=since, until=until, limit=EVERY))
    found = rates(map(outcome_of, cases))
    duties = await desk.tx.duties.find(DutyFilter(date(year, 1, 1), date(year + 1, 1, 1), seat=seat.id))
    suggested = [
        one
        for one in await desk.tx.suggestions.all()
        if seat.id in (one.lead, *one.cosigners) and since <= one.filed_at < until
    ]
    rated = len(found.satisfaction.of)
    content = t("year.rated", content=len(found.satisfaction.hits), of=rated) if rated >= FEW else t("year.few")
    return t(
        "year.page",
        name=seat.name,
        year=year,
        cases=len(found.response.of),
        answered=len(found.response.hits),
        content=content,
        receptions=_times(duties, DutyKind.RECEPTION),
        visits=_times(duties, DutyKind.VISIT),
        households=_sum(duties, DutyKind.VISIT, Fact.HOUSEHOLDS),
        inspections=_times(duties, DutyKind.INSPECTION),
        study=_times(duties, DutyKind.STUDY),
        suggestions=len(suggested),
        reports=tuple([await _report(desk, duty) for duty in duties if duty.kind is DutyKind.VOTERS])
        or t("year.no_report"),
    )


async def _report(desk: Desk, duty: Duty) -> Text:
    """The report to the voters, and how they rated it where they were asked and the round has ended."""
    for poll in await desk.tx.polls.newest(EVERY, [PollKind.REPORT]):
        if poll.duty == duty.id and poll.closed_at:
            count = await desk.tx.polls.count(poll.id)
            votes = {name: count.of(name) for name in ("satisfied", "fair", "dissatisfied", "unsure")}
            return t("year.report_rated", day=duty.on.isoformat(), total=count.total, **votes)
    return t("year.report", day=duty.on.isoformat())


def _times(duties: list[Duty], kind: DutyKind) -> int:
    return sum(duty.kind is kind for duty in duties)


def _sum(duties: list[Duty], kind: DutyKind, fact: Fact) -> int:
    return sum(duty.number(fact) or 0 for duty in duties if duty.kind is kind)
