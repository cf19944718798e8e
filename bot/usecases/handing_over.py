"""Handing over what lies on a seat: to a named successor, the station or the office; after a vacancy by itself."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.domain.authority import owners, present
from bot.domain.cases import SYSTEM, Actor, Case
from bot.domain.duties import Duty, DutyKind
from bot.domain.machine import WORKING_STATES, Action, Part, State
from bot.domain.people import Person
from bot.domain.routing import head_of, station_for, successor
from bot.domain.standing import Standing
from bot.domain.suggestions import NEEDS_LEAD, Side, Suggestion
from bot.domain.supervision import Supervision
from bot.domain.text import Text, t
from bot.domain.town import Role, Seat
from bot.ports import CaseFilter
from bot.ports.ledgers import DutyFilter
from bot.texts.catalogue import REFERENCE
from bot.usecases.desk import Buttons, Desk, people_of
from bot.usecases.moving import move
from bot.usecases.standing import stand_ins, standing
from bot.usecases.suggesting import take_over
from bot.usecases.telling import tell_office, tell_staff

STATION, OFFICE, NEXT = "@station", "@office", "@next"
"""Targets besides a seat: each case's station head, the office's care, the stand-in or else the next above."""

CARDS = 3
"""So many cases are shown one by one to whoever gets them; more are only counted."""

QUEUE: Buttons = [[(t("menu.queue"), "m:queue")]]


@dataclass(frozen=True, slots=True)
class Load:
    """What lies on a seat: open cases, suggestions that need their lead, supervisions that it keeps or that its cases
    are under, reception days to come."""

    cases: Sequence[Case]
    suggestions: Sequence[Suggestion]
    supervisions: Sequence[Supervision]
    duties: Sequence[Duty]

    def __bool__(self) -> bool:
        return bool(self.cases or self.suggestions or self.supervisions or self.duties)


async def load_of(desk: Desk, seat_id: str) -> Load:
    tx = desk.tx
    states = WORKING_STATES | {State.ANSWERED}
    cases = (await tx.cases.find(CaseFilter(states=states, seats=(seat_id,), limit=100_000)))[::-1]
    suggestions = [one for one in await tx.suggestions.all() if one.lead == seat_id and one.status in NEEDS_LEAD]
    ids = {case.id for case in cases}
    supervisions = [one for one in await tx.supervisions.open() if one.keeper == seat_id or one.case_id in ids]
    today = desk.local(desk.now).date()
    plans = await tx.duties.find(DutyFilter(today, kinds=(DutyKind.PLAN,), seat=seat_id))
    return Load(cases, suggestions, supervisions, plans)


async def pass_on(desk: Desk, seat_id: str, target: str, reason: str, by: Actor = SYSTEM) -> Load:
    """Hand over all of it; returns what was handed over. The seat itself stays as it is.

    Whoever cannot have a case (recused, not here) is passed over for the next above, in the end for the office.
    """
    load = await load_of(desk, seat_id)
    await pass_cases(desk, load.cases, target, reason, by)
    now = await standing(desk)
    for one in load.suggestions:
        await _pass_suggestion(desk, now, one, target, by)
    keeper = target if _is_office(desk, target) else None
    for supervision in load.supervisions:
        if supervision.keeper == seat_id:
            await desk.tx.supervisions.save(replace(supervision, keeper=keeper))
    for duty in load.duties:
        await _pass_duty(desk, now, duty, seat_id, target)
    return load


async def pass_cases(
    desk: Desk, cases: Sequence[Case], target: str, reason: str, by: Actor = SYSTEM, *, cards: int = CARDS
) -> None:
    """The cases alone. Who gets many of them is told so once, with the way to the queue."""
    now = await standing(desk)
    quiet = len(cases) > cards
    passed = [await hand_over(desk, case, heir(desk, case, now, target), reason, by, quiet=quiet) for case in cases]
    if quiet:
        await _tell_of_many(desk, passed, now, lambda count: t("handover.got", count=count))


async def _tell_of_many(desk: Desk, cases: Sequence[Case], now: Standing, words: Callable[[int], Text]) -> None:
    """Each who has some of them now hears once how many."""
    got = Counter(person for case in cases for person, _ in owners(desk.town, case, now.acting))
    key = f"got:{cases[0].id}:{cases[-1].id}:{desk.now.timestamp():.0f}"
    for person in await people_of(desk, list(got)):
        await desk.tell(person, words(got[person.id]), QUEUE, key=key)


async def move_stations(desk: Desk, cases: Sequence[Case]) -> None:
    """Cases whose station is no longer there go to that of their village, else of their seat: as they stand, with their
    dates and whoever has them. Where there is none of these either, the office has them beside the seat."""
    moves: dict[tuple[str | None, str | None], list[Case]] = {}
    for case in cases:
        to = station_for(desk.town, case.station, case.village, case.deputy)
        moves.setdefault((case.station, to), []).append(case)
    for (was, to), own in moves.items():
        await _move_station(desk, own, was, to)


async def _move_station(desk: Desk, cases: Sequence[Case], was: str | None, to: str | None) -> None:
    town, quiet = desk.town, len(cases) > CARDS
    names = {"was": town.name_of("station", was), "now": town.name_of("station", to) or town.office_name}
    data = {"station": to, "text": desk.texts.render(REFERENCE, t("handover.moved_by", **names))}
    moved = [await move(desk, case, SYSTEM, Action.HAND_OVER, data, {"station": to}) for case in cases]
    if quiet:
        await _tell_of_many(
            desk, moved, await standing(desk), lambda count: t("handover.moved_many", count=count, **names)
        )
    for case in () if quiet else moved:
        await tell_staff(desk, case, t("handover.moved", **names), office=to is None)


def heir(desk: Desk, case: Case, now: Standing, target: str) -> str | None:
    """The seat that gets this case; None: the office's care."""
    acting = present(case, now.acting)
    if case.sealed or target == OFFICE:
        return None
    if target == STATION:
        return head_of(desk.town, case.station, acting)
    if target in acting:
        return target
    return successor(desk.town, case.deputy, case.station, acting)


async def hand_over(
    desk: Desk, case: Case, to_seat: str | None, reason: str, by: Actor = SYSTEM, *, quiet: bool = False
) -> Case:
    """The case goes to `to_seat`, or (None) into the office's care. `quiet`: the caller tells who gets it."""
    if by.person in case.recused:
        by = SYSTEM
    data = {"from": case.deputy, "to": to_seat, "reason": reason}
    case = await move(desk, case, by, Action.HAND_OVER, data, {"deputy": to_seat})
    if not quiet:
        await tell_staff(desk, case, t("staff.handed_over"), office=to_seat is None)
    if to_seat is None and not quiet:
        text = t("office.nobody", number=case.number)
        await tell_office(desk, text, key=f"nobody:{case.id}:{case.version}", about=case)
    return case


async def _pass_suggestion(desk: Desk, now: Standing, one: Suggestion, target: str, by: Actor) -> None:
    """A suggestion is led by a deputy: the successor, else its first co-signer, else the usual stand-in or another
    deputy of the station. Where there is none it stays with the seat, and the office hears of it."""
    found = next_lead(desk, now, one, target)
    if found is None:
        await tell_office(desk, t("suggestion.no_lead", number=one.number), key=f"no-lead:{one.id}:{one.version}")
        return
    side = Side.OFFICE if by.part is Part.OFFICE else Side.SYSTEM
    await take_over(desk, one, found, side, by.seat)


def next_lead(desk: Desk, now: Standing, one: Suggestion, target: str) -> str | None:
    lead = desk.town.seat(one.lead)
    beside = desk.town.seats_at(lead.station, (Role.DEPUTY,)) if lead else ()
    usual = (lead.stand_in,) if lead else ()
    for id_ in (target, *one.cosigners, *usual, *(seat.id for seat in beside)):
        seat = desk.town.seat(id_)
        if seat and seat.role is Role.DEPUTY and seat.id != one.lead and seat.id in now.holders:
            return seat.id
    return None


async def _pass_duty(desk: Desk, now: Standing, duty: Duty, seat_id: str, target: str) -> None:
    """A reception day to come: whoever takes over stands in the notice beside the one who was announced."""
    seat = desk.town.seat(target) or desk.town.seat(head_of(desk.town, duty.station, now.acting))
    if seat is None:
        return
    old = desk.town.seat(seat_id)
    note = desk.texts.render(REFERENCE, t("handover.plan", old=old.name if old else seat_id, new=seat.name))
    members = tuple(dict.fromkeys(seat.id if member == seat_id else member for member in duty.members))
    recorder = seat.id if duty.seat == seat_id else duty.seat
    await desk.tx.duties.strike(duty.id, desk.now)
    await desk.tx.duties.add(replace(duty, id=0, seat=recorder, members=members, text=f"{duty.text}{note}"))


def _is_office(desk: Desk, target: str) -> bool:
    seat = desk.town.seat(target)
    return seat is not None and seat.role is Role.OFFICE


async def targets(desk: Desk, seat: Seat) -> list[tuple[str, Text]]:
    """To whom the seat's work may go: those who could stand in for it, then its station, then the office."""
    found = [(other.id, t("plain", text=other.name)) for other in await stand_ins(desk, seat)]
    if seat.role is Role.OFFICE:
        return found
    if head_of(desk.town, seat.station, (await standing(desk)).acting):
        found.append((STATION, t("handover.station")))
    return [*found, (OFFICE, t("plain", text=desk.town.office_name))]


def actor_of(person: Person, seats: Iterable[Seat]) -> Actor:
    """Who hands over: the office's seat; the administrator acts as the system."""
    office = next((seat for seat in seats if seat.role is Role.OFFICE), None)
    return Actor(Part.OFFICE, person.id, office.id) if office else SYSTEM
