"""The registers of what villagers were asked, and of how voters rated the deputies' reports to them."""

from collections import defaultdict

from bot.domain.duties import Duty, DutyKind, Fact
from bot.domain.masking import mask
from bot.domain.periods import Period
from bot.domain.polls import Count, Poll, PollKind
from bot.domain.town import Role
from bot.usecases.case_registers import Rows
from bot.usecases.ledger import Ledger
from bot.usecases.polling import choice_text

EVERY = 10_000
KINDS = {PollKind.OPINION: "征求意见", PollKind.SATISFACTION: "满意度测评", PollKind.REPORT: "述职评议"}
OPEN = "进行中"

_NO_VOTES: tuple[int | None, ...] = (None, None, None, None)


async def polls(ledger: Ledger, period: Period) -> Rows:
    """One row a question that was put in the period. While it is open no choice is counted, so that nobody is led."""
    since, until = period.moments(ledger.town.zone)
    rows: Rows = []
    for poll in reversed(await ledger.tx.polls.newest(EVERY)):
        if not since <= poll.opens_at < until:
            continue
        count = await ledger.tx.polls.count(poll.id)
        sent = await ledger.tx.announcements.of_poll(poll.id)
        rows.append(
            [
                KINDS[poll.kind],
                mask(poll.question),
                mask(poll.subject) or "、".join(ledger.seat_name(seat) for seat in poll.seats),
                "、".join(map(ledger.village_name, poll.villages)) or "全镇",
                ledger.local(poll.opens_at).date(),
                ledger.local(poll.closed_at).date() if poll.closed_at else None,
                sent.expected if sent else None,
                count.total,
                _said(ledger, poll, count) if poll.closed_at else OPEN,
                _content(poll, count),
            ]
        )
    return rows


def _said(ledger: Ledger, poll: Poll, count: Count) -> str:
    said = ((ledger.say(choice_text(poll, place)), count.votes.get(place, 0)) for place in range(len(poll.choices)))
    return "，".join(f"{mask(choice)} {votes}" for choice, votes in said)


def _content(poll: Poll, count: Count) -> str:
    """Satisfied and fairly so, of how many that had a view; nothing for a question that does not measure."""
    yes, of = count.content
    return f"{yes}/{of}" if poll.closed_at and of and poll.kind is not PollKind.OPINION else ""


async def voters(ledger: Ledger, period: Period) -> Rows:
    """Every deputy of the roster; with the day and the result, who reported to the voters in the period."""
    reports: dict[str, list[Duty]] = defaultdict(list)
    for duty in await ledger.duties(period, DutyKind.VOTERS):
        for seat_id in duty.members or (duty.seat,):
            reports[seat_id].append(duty)
    rows: Rows = []
    votes = await _votes(ledger)
    for seat in ledger.town.seats_of(Role.DEPUTY):
        if ledger.seat not in (None, seat.id) or ledger.station not in (None, seat.station):
            continue
        name, _, note = seat.name.partition("（")
        level = "市" if note.startswith("市") else "镇"
        who = (name, level, ledger.station_name(seat.station), "驻站代表")
        for duty in reports[seat.id]:
            rows.append((*who, duty.on, duty.number(Fact.VOTERS), _verdict(duty), *votes.get(duty.id, _NO_VOTES)))
        if not reports[seat.id]:
            rows.append((*who, None, None, "", *_NO_VOTES))
    return rows


async def _votes(ledger: Ledger) -> dict[int, tuple[int | None, ...]]:
    """How voters rated each report to them in a round that has ended: votes in all, and for each verdict."""
    found: dict[int, tuple[int | None, ...]] = {}
    for poll in await ledger.tx.polls.newest(EVERY, [PollKind.REPORT]):
        if poll.duty and poll.closed_at:
            count = await ledger.tx.polls.count(poll.id)
            found[poll.duty] = (count.total, *(count.of(one) for one in ("satisfied", "fair", "dissatisfied")))
    return found


async def rounds(ledger: Ledger) -> dict[str, str]:
    """By project: satisfied and fairly so of those who had a view, in the newest round that has ended."""
    found: dict[str, str] = {}
    for poll in await ledger.tx.polls.newest(EVERY, [PollKind.SATISFACTION]):
        if poll.closed_at and poll.subject not in found:
            content, of = (await ledger.tx.polls.count(poll.id)).content
            found[poll.subject] = f"测评{content}/{of}" if of else ""
    return found


def _verdict(duty: Duty) -> str:
    said = ((Fact.SATISFIED, "满意"), (Fact.FAIR, "基本满意"), (Fact.DISSATISFIED, "不满意"))
    return "，".join(f"{word}{n}" for fact, word in said if (n := duty.number(fact)) is not None)
