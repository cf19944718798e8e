"""A deputy who does nothing about what is overdue: the office hears of it, and hands it over with one tap."""

from collections import defaultdict
from datetime import datetime

from bot.domain.cases import Case, Event
from bot.domain.digest import is_overdue
from bot.domain.machine import OFFICE_STATES, WORKING_STATES, Action, Part
from bot.domain.people import Person
from bot.domain.text import t
from bot.ports import CaseFilter
from bot.usecases.desk import Buttons, Desk
from bot.usecases.digests import short
from bot.usecases.handing_over import NEXT, actor_of, heir, pass_cases
from bot.usecases.roles import may_manage, roles_of
from bot.usecases.seats import NotAllowedError
from bot.usecases.standing import standing
from bot.usecases.telling import tell_office

_THEIRS = WORKING_STATES - OFFICE_STATES
_STATION = frozenset({Part.DEPUTY, Part.HEAD, Part.LIAISON})
SHOWN = 12


async def silent_cases(desk: Desk, seats: tuple[str, ...] = ()) -> list[Case]:
    """Cases on deputies' seats (all, or these) that are overdue and that nobody of the station has touched for the
    time that the settings name, counted from the limit, or from when the case came to the seat."""
    found = await desk.tx.cases.find(CaseFilter(states=_THEIRS, seats=seats, limit=1_000_000))
    late = [case for case in found[::-1] if case.deputy and is_overdue(case, desk.now)]
    return [case for case in late if await _is_silent(desk, case)]


async def _is_silent(desk: Desk, case: Case) -> bool:
    due = case.due_at or desk.now
    if desk.calendar.deadline(due, desk.rules.silent) > desk.now:
        return False
    last = _last_move(await desk.tx.cases.events(case.id))
    return desk.calendar.deadline(max(due, last), desk.rules.silent) <= desk.now


def _last_move(events: list[Event]) -> datetime:
    """When somebody of the station last did something, or the case came to another seat; else its registration."""
    moves = [e.at for e in events if e.part in _STATION or e.action in (Action.HAND_OVER, Action.TRANSFER)]
    return max(moves, default=events[0].at)


async def watch_silence(desk: Desk) -> int:
    """Once a day: tell the office of each case that has newly fallen silent, together for each seat."""
    local = desk.local(desk.now)
    if local.time() < desk.rules.digest_at or not await desk.tx.marks.once(f"silence:{local:%Y-%m-%d}", desk.now):
        return 0
    seats: dict[str, list[Case]] = defaultdict(list)
    for case in await silent_cases(desk):
        if case.deputy and case.due_at:
            mark = f"silent:{case.id}:{case.deputy}:{case.due_at:%Y%m%d%H%M}"
            if await desk.tx.marks.once(mark, desk.now):
                seats[case.deputy].append(case)
    for seat_id, cases in seats.items():
        await _tell(desk, seat_id, cases)
    return len(seats)


async def _tell(desk: Desk, seat_id: str, cases: list[Case]) -> None:
    seat, now = desk.town.seat(seat_id), await standing(desk)
    if seat is None:
        return
    to = desk.town.seat(heir(desk, cases[0], now, NEXT))
    label = t("silent.pass", name=to.name if to and to != seat else desk.town.office_name)
    buttons: Buttons = [[(label, f"b!:{seat_id}:{NEXT}:late")], [(t("silent.more"), f"b:{seat_id}")]]
    numbers = "、".join(short(case.number) for case in cases[:SHOWN])
    words = t("silent.told", name=seat.name, count=len(cases), numbers=numbers)
    await tell_office(desk, words, buttons, key=f"silent:{seat_id}:{desk.local(desk.now):%Y-%m-%d}")


async def pass_silent(desk: Desk, person: Person, seat_id: str) -> int:
    """One tap: what is silent on this seat goes to the stand-in, else the next above. Returns how many cases.

    Raises NotAllowedError.
    """
    seat = desk.town.seat(seat_id)
    if seat is None or not await may_manage(desk, person, seat):
        raise NotAllowedError(seat_id)
    cases = await silent_cases(desk, (seat_id,))
    await pass_cases(desk, cases, NEXT, "silent", actor_of(person, await roles_of(desk, person)))
    return len(cases)
