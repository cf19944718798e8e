"""Asking the villagers: one tap, one vote, and nobody can tell who chose what; results with numbers once closed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.announcements import Announcement
from bot.domain.duties import Duty, DutyKind
from bot.domain.people import Person
from bot.domain.polls import SCALE, Poll, PollKind
from bot.domain.text import Text, t
from bot.domain.town import Role, Seat
from bot.ports.ledgers import DutyFilter
from bot.usecases import consent
from bot.usecases.cards import day
from bot.usecases.desk import Buttons, Desk, people_of
from bot.usecases.moving import NotFoundError
from bot.usecases.roles import roles_of
from bot.usecases.seats import NotAllowedError

SHOWN = 6
EVERY = 10_000
YEAR = timedelta(days=366)


class VoteError(Exception):
    """The vote does not count; `why` is one of WHYS."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


WHYS = ("over", "twice", "elsewhere", "consent")
"""Why a vote does not count; the texts are `vote.why`."""


async def asking_seat(desk: Desk, person: Person) -> Seat:
    """The office alone asks. Raises NotAllowedError."""
    for seat in await roles_of(desk, person):
        if seat.role is Role.OFFICE:
            return seat
    raise NotAllowedError(person.id)


async def subjects(desk: Desk) -> list[str]:
    """The livelihood projects of the last year, by their titles."""
    today = desk.local(desk.now).date()
    wanted = DutyFilter(today - YEAR, today + timedelta(days=1), (DutyKind.PROJECT,))
    return list(dict.fromkeys(duty.title for duty in await desk.tx.duties.find(wanted)))[-SHOWN:]


async def reports(desk: Desk) -> list[Duty]:
    """Deputies' reports to their voters of the last year that no round was made about yet, newest first."""
    today = desk.local(desk.now).date()
    wanted = DutyFilter(today - YEAR, today + timedelta(days=1), (DutyKind.VOTERS,))
    asked = {poll.duty for poll in await desk.tx.polls.newest(EVERY, [PollKind.REPORT])}
    return [duty for duty in (await desk.tx.duties.find(wanted))[::-1] if duty.id not in asked][:SHOWN]


def seats_of(duty: Duty) -> tuple[str, ...]:
    return duty.members or (duty.seat,)


def villages_of(desk: Desk, duty: Duty) -> tuple[str, ...]:
    """Where the voters of the deputies who reported live."""
    found = [village for seat in map(desk.town.seat, seats_of(duty)) if seat for village in seat.villages]
    return tuple(dict.fromkeys(found))


async def ask(desk: Desk, person: Person, poll: Poll, days: int) -> tuple[Poll, Announcement]:
    """Open the poll now, for so many days, and send its question out. Raises NotAllowedError."""
    seat = await asking_seat(desk, person)
    until = desk.now + timedelta(days=days)
    poll = await desk.tx.polls.add(replace(poll, person=person.id, opens_at=desk.now, closes_at=until))
    expected = await desk.tx.people.audience_size(poll.villages)
    one = Announcement(0, poll.question, poll.villages, person.id, seat.id, desk.now, expected, poll.id)
    return poll, await desk.tx.announcements.add(one)


async def vote(desk: Desk, person: Person, poll_id: int, choice: int) -> None:
    """One vote, once and for all. Raises NotFoundError, VoteError."""
    poll = await desk.tx.polls.get(poll_id, lock=True)
    if poll is None or not 0 <= choice < len(poll.choices):
        raise NotFoundError(poll_id)
    if not poll.takes(desk.now):
        raise VoteError("over")
    if not consent.agreed(desk, person):
        raise VoteError("consent")
    if poll.villages and person.village not in poll.villages:
        raise VoteError("elsewhere")
    if not await desk.tx.polls.vote(poll.id, person.id, choice):
        raise VoteError("twice")


async def close(desk: Desk, person: Person, poll_id: int) -> Poll:
    """The office ends it before its time. Raises NotAllowedError, NotFoundError."""
    await asking_seat(desk, person)
    poll = await desk.tx.polls.get(poll_id, lock=True)
    if poll is None or poll.closed_at:
        raise NotFoundError(poll_id)
    return await _close(desk, poll)


async def close_due(desk: Desk) -> int:
    """Part of the sweep: what is over is closed; who asked, and the deputies it was about, get the result."""
    due = await desk.tx.polls.due(desk.now)
    for poll in due:
        await _close(desk, poll)
    return len(due)


async def _close(desk: Desk, poll: Poll) -> Poll:
    await desk.tx.polls.close(poll.id, desk.now)
    poll = replace(poll, closed_at=desk.now)
    held = await desk.tx.people.holders()
    told = [poll.person, *(held[seat] for seat in poll.seats if seat in held)]
    text = await result(desk, poll)
    for person in await people_of(desk, told):
        await desk.tell(person, text, key=f"poll:{poll.id}:closed")
    return poll


def choice_text(poll: Poll, index: int) -> Text:
    choice = poll.choices[index]
    return t("plain", text=choice) if poll.kind is PollKind.OPINION else t(f"poll.{choice}")


def question(desk: Desk, poll: Poll) -> tuple[Text, Buttons]:
    """The question with a button for each choice."""
    rows = [
        [(t("button.numbered", number=i + 1, label=choice_text(poll, i)), f"u:{poll.id}:{i}")]
        for i in range(len(poll.choices))
    ]
    return t("poll.ask", question=poll.question, until=day(desk, poll.closes_at)), rows


async def result(desk: Desk, poll: Poll) -> Text:
    """Each choice with its votes; while the poll is open only how many have voted, so that nobody is led."""
    count = await desk.tx.polls.count(poll.id)
    if poll.closed_at is None:
        return t("poll.open", question=poll.question, total=count.total, until=day(desk, poll.closes_at))
    sent = await desk.tx.announcements.of_poll(poll.id)
    rows = tuple(
        t("poll.row", choice=choice_text(poll, i), votes=votes, percent=f"{votes / max(count.total, 1):.0%}")
        for i in range(len(poll.choices))
        for votes in (count.votes.get(i, 0),)
    )
    asked = sent.expected if sent else 0
    return t("poll.result", question=poll.question, total=count.total, asked=asked, rows=rows)


def scale_of(kind: PollKind, choices: Sequence[str]) -> tuple[str, ...]:
    return tuple(choices) if kind is PollKind.OPINION else SCALE
