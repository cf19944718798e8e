"""What a person is to a case, worked out from the roster and the case as they stand now. Nothing is cached."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.domain.cases import Actor, Case, may
from bot.domain.machine import IN_PERSON, OFFICE_STATES, Action, IllegalMove, Part
from bot.domain.standing import Standing
from bot.domain.town import HEADS, STATION_ROLES, Role, Seat, Town

NOBODY: Mapping[str, str] = {}


def staff_parts(
    town: Town, case: Case, person: int, seats: Iterable[str], instead: Mapping[str, str] = NOBODY
) -> list[Actor]:
    """Every part that the person's seats give them in this case, their own first; none to one who is recused.

    `instead` are the seats of others that they act from now, each with their own seat by which they do. The assigned
    seat and its stand-in act as the deputy (the stand-in of a restricted case only while it acts for the seat); a
    sealed case has no station, so its own station is nobody to it.
    """
    if person in case.recused:
        return []
    found = [Actor(part, person, id_) for id_ in seats if (part := _part(town, case, town.seat(id_)))]
    for covered, own in instead.items():
        if part := _part(town, case, town.seat(covered)):
            found.append(Actor(part, person, own, covered))
    return found


def takes_part(town: Town, case: Case, person: int, seats: Iterable[str]) -> bool:
    """Whether these seats, their own, give the person any part in the case."""
    return person not in case.recused and any(_part(town, case, town.seat(id_)) for id_ in seats)


def _part(town: Town, case: Case, seat: Seat | None) -> Part | None:
    """What this seat is to the case."""
    if seat is None:
        return None
    if seat.role is Role.OFFICE:
        return Part.OFFICE
    if case.sealed:
        return None
    here = case.station is not None and seat.station == case.station
    if here and seat.role in HEADS:
        return Part.HEAD
    assigned = town.seat(case.deputy)
    if assigned and seat.role is Role.DEPUTY:
        stand_in = None if case.restricted else assigned.stand_in
        if seat.id in (assigned.id, stand_in):
            return Part.DEPUTY
    return Part.LIAISON if here and seat.role is Role.LIAISON else None


def parts_in(town: Town, case: Case, person: int, now: Standing) -> list[Actor]:
    """The same, from who acts from which seat now."""
    return staff_parts(town, case, person, now.own(person), now.instead(person))


def actor_for(action: Action, case: Case, parts: Iterable[Actor], now: datetime) -> Actor:
    """The first of these parts that may take the action now. Raises IllegalMove where none may."""
    parts = list(parts)
    for actor in parts:
        speaks_for = actor.part is Part.AUTHOR and actor.seat is not None
        if action in may(case, actor.part, now) and not (speaks_for and action in IN_PERSON):
            return actor
    raise IllegalMove(case.state, action, parts[0].part if parts else Part.AUTHOR)


def present(case: Case, acting: Mapping[str, int]) -> dict[str, int]:
    """Who acts from which seat, without those who have no part in this case any more."""
    return {seat: person for seat, person in acting.items() if person not in case.recused}


def speakers(town: Town, case: Case, seat_id: str, acting: Mapping[str, int]) -> list[Seat]:
    """Who speaks with the villager for whom this seat entered the case: the seat itself; where nobody acts from it, the
    others of its station; the office for a sealed case, and where nobody else is left."""
    acting = present(case, acting)
    seat = town.seat(seat_id)
    if seat and not case.sealed:
        if seat.id in acting:
            return [seat]
        if others := [other for other in town.seats_at(seat.station, STATION_ROLES) if other.id in acting]:
            return others
    return [office for office in town.seats_of(Role.OFFICE) if office.id in acting]


def told(town: Town, case: Case, acting: Mapping[str, int], *, office: bool) -> list[tuple[int, Seat]]:
    """Who is told of a case, each person once: the assigned seat, the station's head (the deputy head where
    nobody acts as head) and liaison officer, and the office where `office` or where nobody else is left."""
    acting = present(case, acting)
    seats: list[Seat] = []
    if not case.sealed:
        seats = _deputy_and_head(town, case, acting)
        seats += [s for s in town.seats_at(case.station, (Role.LIAISON,)) if s.id in acting]
    if office or not seats:
        seats += [s for s in town.seats_of(Role.OFFICE) if s.id in acting]
    return _people(seats, acting)


def owners(town: Town, case: Case, acting: Mapping[str, int], *, office: bool = False) -> list[tuple[int, Seat]]:
    """Who has the next move, each person once: the office for what reached it, else the deputy and the station's
    head; where nobody of these acts, the office. With `office` it is added anyway."""
    acting = present(case, acting)
    seats: list[Seat] = []
    if case.state not in OFFICE_STATES and not case.sealed:
        seats = _deputy_and_head(town, case, acting)
    if office or not seats:
        seats += [s for s in town.seats_of(Role.OFFICE) if s.id in acting]
    return _people(seats, acting)


def _deputy_and_head(town: Town, case: Case, acting: Mapping[str, int]) -> list[Seat]:
    assigned = town.seat(case.deputy)
    seats = [assigned] if assigned and assigned.id in acting else []
    heads = [s for s in town.seats_at(case.station, HEADS) if s.id in acting]
    return seats + ([s for s in heads if s.role is Role.STATION_HEAD] or heads)


def _people(seats: Iterable[Seat], acting: Mapping[str, int]) -> list[tuple[int, Seat]]:
    people: dict[int, Seat] = {}
    for seat in seats:
        people.setdefault(acting[seat.id], seat)
    return list(people.items())
