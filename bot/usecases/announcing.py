"""Announcements by village: the office to all, a station's head to their own; slowly, stoppable, and counted after."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.announcements import Announcement
from bot.domain.people import Person
from bot.domain.polls import Poll
from bot.domain.text import Text, t
from bot.domain.town import HEADS, Role, Seat
from bot.usecases.desk import Buttons, Desk, people_of
from bot.usecases.moving import NotFoundError
from bot.usecases.polling import question
from bot.usecases.roles import roles_of
from bot.usecases.seats import NotAllowedError

BATCH = 200
"""So many are put into the outbox each time that the sweep comes round: the rest of the pace is for answers."""
SHOWN = 6


async def announcing_seat(desk: Desk, person: Person) -> Seat:
    """The seat that the person announces from: the office's, else a station head's. Raises NotAllowedError."""
    seats = await roles_of(desk, person)
    for role in (frozenset({Role.OFFICE}), HEADS):
        for seat in seats:
            if seat.role in role:
                return seat
    raise NotAllowedError(person.id)


def reach(desk: Desk, seat: Seat) -> tuple[str, ...]:
    """The villages that this seat may announce to."""
    if seat.role is Role.OFFICE:
        return tuple(village.id for village in desk.town.villages)
    station = desk.town.station(seat.station)
    return station.villages if station else ()


async def recipients(desk: Desk, villages: Sequence[str]) -> int:
    return await desk.tx.people.audience_size(villages)


async def announce(desk: Desk, person: Person, text: str, villages: Sequence[str]) -> Announcement:
    """Begin to send it. Raises NotAllowedError: not (any more) theirs to announce, or not to these villages."""
    seat = await announcing_seat(desk, person)
    if (not villages and seat.role is not Role.OFFICE) or not set(villages) <= set(reach(desk, seat)):
        raise NotAllowedError(person.id)
    expected = await recipients(desk, villages)
    one = Announcement(0, text, tuple(villages), person.id, seat.id, desk.now, expected)
    return await desk.tx.announcements.add(one)


async def open_announcement(desk: Desk, person: Person, announcement_id: int) -> Announcement:
    """For the office, and whoever sits on the seat that made it. Raises NotFoundError."""
    one = await desk.tx.announcements.get(announcement_id, lock=True)
    seats = await roles_of(desk, person)
    if one is None or not any(seat.role is Role.OFFICE or seat.id == one.seat for seat in seats):
        raise NotFoundError(announcement_id)
    return one


async def stop(desk: Desk, person: Person, announcement_id: int) -> Announcement:
    """No more of it: what is queued is taken back, what is on its way arrives. Raises NotFoundError."""
    one = await open_announcement(desk, person, announcement_id)
    if one.done_at or one.stopped_at:
        return one
    await desk.tx.outbox.withdraw(one.batch)
    one = replace(one, stopped_at=desk.now, cursor=None)
    await desk.tx.announcements.save(one)
    return one


async def newest(desk: Desk, person: Person) -> list[Announcement]:
    """The latest that are this person's to see."""
    seats = await roles_of(desk, person)
    office = any(seat.role is Role.OFFICE for seat in seats)
    ids = {seat.id for seat in seats}
    return [one for one in await desk.tx.announcements.newest(50) if office or one.seat in ids][:SHOWN]


async def standing_of(desk: Desk, one: Announcement) -> Text:
    """How far it is, in words."""
    tally = await desk.tx.outbox.tally(one.batch) if one.done_at is None else None
    delivered, lost = (tally.sent, tally.dead) if tally else (one.delivered, one.unreachable)
    state = "done" if one.done_at and not one.stopped_at else "stopped" if one.stopped_at else "sending"
    return t(f"announce.{state}", expected=one.expected, delivered=delivered, lost=lost)


async def send_announcements(desk: Desk) -> int:
    """Part of the sweep: the next batch of each announcement, out of quiet hours; at the end its counts."""
    done = 0
    for one in await desk.tx.announcements.unfinished():
        if one.cursor is not None:
            done += await _feed(desk, one)
        else:
            done += await _finish(desk, one)
    return done


async def _feed(desk: Desk, one: Announcement) -> int:
    if desk.awake(urgent=False) > desk.now or one.cursor is None:
        return 0
    ids = await desk.tx.people.audience(one.villages, one.cursor, BATCH)
    poll = await desk.tx.polls.get(one.poll) if one.poll else None
    text, buttons = letter(desk, one, poll)
    for person in await people_of(desk, ids):
        await desk.tell(person, text, buttons, key=one.batch, batch=one.batch)
    await desk.tx.announcements.save(replace(one, cursor=ids[-1] if len(ids) == BATCH else None))
    return len(ids)


async def _finish(desk: Desk, one: Announcement) -> int:
    """Nothing waits any more: note the counts, and tell who made it."""
    tally = await desk.tx.outbox.tally(one.batch)
    if tally.waiting:
        return 0
    one = replace(one, done_at=desk.now, delivered=tally.sent, unreachable=tally.dead)
    await desk.tx.announcements.save(one)
    text = t("announce.counts", text=short(one.text), state=await standing_of(desk, one))
    for person in await people_of(desk, [one.person]):
        await desk.tell(person, text, key=f"{one.batch}:done")
    return 1


def letter(desk: Desk, one: Announcement, poll: Poll | None = None) -> tuple[Text, Buttons]:
    """What a villager gets."""
    off = [(t("notices.off"), "b:off")]
    if poll:
        text, rows = question(desk, poll)
        return text, [*rows, off]
    seat = desk.town.seat(one.seat)
    station = desk.town.station(seat.station) if seat else None
    return t("announce.letter", who=station.name if station else desk.town.office_name, text=one.text), [off]


def short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 20 else line[:19] + "…"
