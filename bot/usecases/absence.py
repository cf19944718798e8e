"""Leave: who is away names a stand-in, who then gets what would have come to them; the end of it comes by itself."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from bot.dialogue.leave import span_text
from bot.domain.authority import owners
from bot.domain.machine import OFFICE_STATES, OPEN_STATES
from bot.domain.people import Person
from bot.domain.spans import Span
from bot.domain.standing import Leave
from bot.domain.text import Text, t
from bot.domain.town import Role, Seat
from bot.ports import CaseFilter
from bot.usecases.desk import Buttons, Desk, people_of
from bot.usecases.roles import may_manage, roles_of
from bot.usecases.seats import NotAllowedError
from bot.usecases.standing import stand_ins, standing
from bot.usecases.telling import tell_office

MOST = 100_000
"""Cases of one seat."""
QUEUE: Buttons = [[(t("menu.queue"), "m:queue")]]


async def leave_of(desk: Desk, seat_id: str) -> Leave | None:
    """The leave from the seat that runs or is to come, of whoever holds it now."""
    holder = (await standing(desk)).holders.get(seat_id)
    found = [one for one in await desk.tx.leaves.open() if one.seat == seat_id and one.person_id == holder]
    return next((one for one in found if one.until > desk.now), None)


async def go(desk: Desk, person: Person, span: Span, covers: Sequence[tuple[str, str | None]]) -> list[Leave]:
    """`covers`: each seat with the seat that acts for it, None: the next above. One said before is replaced.

    The holder says so themselves, or whoever manages the seat does it for them. Raises NotAllowedError; also where
    the office would be left with nobody.
    """
    held = (await standing(desk)).holders
    made: list[Leave] = []
    for seat_id, by in covers:
        seat = desk.town.seat(seat_id)
        if seat is None or seat_id not in held or not await _may(desk, person, seat, held[seat_id]):
            raise NotAllowedError(seat_id)
        if by not in {other.id for other in await stand_ins(desk, seat)} and (by or seat.role is Role.OFFICE):
            raise NotAllowedError(by)
        if before := await leave_of(desk, seat_id):
            await desk.tx.leaves.end(before.id, desk.now)
        since, until = _midnight(desk, span.first), _midnight(desk, span.last + timedelta(days=1))
        blank = Leave(0, seat_id, held[seat_id], by, since, until, person.id, desk.now)
        leave = await desk.tx.leaves.add(blank)
        await _tell_all(desk, person, seat, leave)
        made.append(leave)
    return made


async def _may(desk: Desk, person: Person, seat: Seat, holder: int) -> bool:
    return holder == person.id or await may_manage(desk, person, seat)


def _midnight(desk: Desk, day: date) -> datetime:
    return datetime.combine(day, time(), desk.town.zone)


def span_of(desk: Desk, leave: Leave) -> Text:
    last = desk.local(leave.until - timedelta(microseconds=1)).date()
    return span_text(desk.local(leave.since).date(), last)


def acting_name(desk: Desk, leave: Leave) -> Text:
    seat = desk.town.seat(leave.stand_in)
    return t("plain", text=seat.name) if seat else t("leave.next_above")


async def _tell_all(desk: Desk, person: Person, seat: Seat, leave: Leave) -> None:
    """The stand-in, the office, and the person themselves where somebody else did it for them."""
    words = {"name": seat.name, "span": span_of(desk, leave), "by": acting_name(desk, leave)}
    if leave.runs(desk.now):
        await desk.tx.marks.once(_begun(leave), desk.now)
    if other := await _stand_in(desk, leave):
        await desk.tell(other, t("leave.asked", **words), QUEUE, key=f"leave:{leave.id}:asked")
    await tell_office(desk, t("leave.office", **words), key=f"leave:{leave.id}:office")
    if leave.person_id != person.id:
        for absent in await people_of(desk, [leave.person_id]):
            await desk.tell(absent, t("leave.done_for_you", **words), _back(seat), key=f"leave:{leave.id}:told")


async def _stand_in(desk: Desk, leave: Leave) -> Person | None:
    """Whoever acts for the seat at the moment; before the leave begins, who was named."""
    now = await standing(desk)
    id_ = now.acting.get(leave.seat) if leave.runs(desk.now) else now.holders.get(leave.stand_in or "")
    found = await people_of(desk, [id_]) if id_ and id_ != leave.person_id else []
    return found[0] if found else None


def _begun(leave: Leave) -> str:
    return f"leave:{leave.id}:begun"


def _back(seat: Seat) -> Buttons:
    return [[(t("leave.back"), f"z!:{seat.id}")]]


async def come_back(desk: Desk, person: Person, seat_id: str) -> Leave:
    """Back before the day, or not going after all. Raises NotAllowedError."""
    seat, leave = desk.town.seat(seat_id), await leave_of(desk, seat_id)
    if seat is None or leave is None or not await _may(desk, person, seat, leave.person_id):
        raise NotAllowedError(seat_id)
    other = await _stand_in(desk, leave)
    await desk.tx.leaves.end(leave.id, desk.now)
    if other:
        await desk.tell(other, t("leave.is_back", name=seat.name), key=f"leave:{leave.id}:over")
    return leave


async def run_leaves(desk: Desk) -> int:
    """What begins is said to the stand-in, what is over to both, each once."""
    done = 0
    holders = await desk.tx.people.holders()
    for leave in await desk.tx.leaves.open():
        seat, theirs = desk.town.seat(leave.seat), holders.get(leave.seat) == leave.person_id
        if seat is None or not theirs or leave.until <= desk.now:
            other = await _stand_in(desk, leave)
            if await desk.tx.leaves.end(leave.id, min(leave.until, desk.now)):
                done += 1
                if seat and theirs:
                    await _tell_over(desk, seat, leave, other)
        elif leave.runs(desk.now) and await desk.tx.marks.once(_begun(leave), desk.now):
            done += 1
            if other := await _stand_in(desk, leave):
                words = t("leave.begins", name=seat.name, span=span_of(desk, leave))
                await desk.tell(other, words, QUEUE, key=_begun(leave))
    return done + await _tell_of_fallen(desk)


async def _tell_of_fallen(desk: Desk) -> int:
    """The office has the next move where nobody acts for who is away, and no head is there: it hears of each such case
    once, for it may have come to that only by a stand-in's or a head's going."""
    now, done = await standing(desk), 0
    for leave in await desk.tx.leaves.open():
        seat = desk.town.seat(leave.seat)
        if seat is None or not leave.runs(desk.now) or leave.seat in now.acting or leave.seat not in now.holders:
            continue
        found = await desk.tx.cases.find(CaseFilter(states=OPEN_STATES - OFFICE_STATES, seats=(seat.id,), limit=MOST))
        fallen = [
            case
            for case in found
            if all(other.role is Role.OFFICE for _, other in owners(desk.town, case, now.acting))
            and await desk.tx.marks.once(f"fallen:{leave.id}:{case.id}", desk.now)
        ]
        if fallen:
            words = t("leave.fallen", name=seat.name, span=span_of(desk, leave), count=len(fallen))
            await tell_office(desk, words, QUEUE, key=f"fallen:{leave.id}:{fallen[0].id}")
            done += len(fallen)
    return done


async def _tell_over(desk: Desk, seat: Seat, leave: Leave, other: Person | None) -> None:
    for person in await people_of(desk, [leave.person_id]):
        await desk.tell(person, t("leave.over", name=seat.name), QUEUE, key=f"leave:{leave.id}:over")
    if other:
        await desk.tell(other, t("leave.is_back", name=seat.name), key=f"leave:{leave.id}:over")


def instead_line(desk: Desk, covered: Iterable[str], leaves: Iterable[Leave]) -> Text:
    """For a digest: whom the reader stands in for now, and until when. `leaves` are those that are not over."""
    running = {one.seat: one for one in leaves if one.runs(desk.now)}
    names = [
        t("leave.until", name=seat.name, span=span_of(desk, running[seat.id]))
        for id_ in covered
        if (seat := desk.town.seat(id_)) and id_ in running
    ]
    return t("leave.instead", names=tuple(names)) if names else t("nothing")


async def own_seats(desk: Desk, person: Person) -> list[Seat]:
    """The seats that a person may be away from."""
    return [seat for seat in await roles_of(desk, person) if seat.role is not Role.ADMIN]
