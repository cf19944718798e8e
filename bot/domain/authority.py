"""What a person is to a case, worked out from the roster and the case as they stand now. Nothing is cached."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.domain.cases import Actor, Case, may
from bot.domain.machine import OFFICE_STATES, Action, IllegalMove, Part
from bot.domain.town import HEADS, Role, Seat, Town


def staff_parts(town: Town, case: Case, person: int, seats: Iterable[str]) -> list[Actor]:
    """Every part that the person's seats give them in this case.

    The assigned seat and its stand-in act as the deputy; a sealed case has no station, so its own station
    is nobody to it.
    """
    found: list[Actor] = []
    assigned = town.seat(case.deputy)
    for seat in filter(None, map(town.seat, seats)):
        if seat.role is Role.OFFICE:
            found.append(Actor(Part.OFFICE, person, seat.id))
        elif case.sealed:
            continue
        elif case.station and seat.station == case.station and seat.role in HEADS:
            found.append(Actor(Part.HEAD, person, seat.id))
        elif assigned and seat.role is Role.DEPUTY and seat.id in (assigned.id, assigned.stand_in):
            found.append(Actor(Part.DEPUTY, person, seat.id))
        elif case.station and seat.station == case.station and seat.role is Role.LIAISON:
            found.append(Actor(Part.LIAISON, person, seat.id))
    return found


def actor_for(action: Action, case: Case, parts: Iterable[Actor], now: datetime) -> Actor:
    """The first of these parts that may take the action now. Raises IllegalMove where none may."""
    parts = list(parts)
    for actor in parts:
        if action in may(case, actor.part, now):
            return actor
    raise IllegalMove(case.state, action, parts[0].part if parts else Part.AUTHOR)


def told(town: Town, case: Case, holders: Mapping[str, int], *, office: bool) -> list[tuple[int, Seat]]:
    """Who is told of a case, each person once: the assigned seat, the station's head (the deputy head where
    the head's seat is vacant) and liaison officer, and the office where `office` or where nobody else is left."""
    seats: list[Seat] = []
    if not case.sealed:
        if (assigned := town.seat(case.deputy)) and assigned.id in holders:
            seats.append(assigned)
        heads = [s for s in town.seats_at(case.station, HEADS) if s.id in holders]
        seats += [s for s in heads if s.role is Role.STATION_HEAD] or heads
        seats += [s for s in town.seats_at(case.station, (Role.LIAISON,)) if s.id in holders]
    if office or not seats:
        seats += [s for s in town.seats_of(Role.OFFICE) if s.id in holders]
    people: dict[int, Seat] = {}
    for seat in seats:
        people.setdefault(holders[seat.id], seat)
    return list(people.items())


def owners(town: Town, case: Case, holders: Mapping[str, int], *, office: bool = False) -> list[tuple[int, Seat]]:
    """Who has the next move, each person once: the office for what reached it, else the deputy and the station's
    head; where nobody of these sits, the office. With `office` it is added anyway."""
    seats: list[Seat] = []
    if case.state not in OFFICE_STATES and not case.sealed:
        if (assigned := town.seat(case.deputy)) and assigned.id in holders:
            seats.append(assigned)
        heads = [s for s in town.seats_at(case.station, HEADS) if s.id in holders]
        seats += [s for s in heads if s.role is Role.STATION_HEAD] or heads
    if office or not seats:
        seats += [s for s in town.seats_of(Role.OFFICE) if s.id in holders]
    people: dict[int, Seat] = {}
    for seat in seats:
        people.setdefault(holders[seat.id], seat)
    return list(people.items())
