"""Who acts from which seat at one moment: its holder, or whoever stands in while the holder is away. Pure."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from bot.domain.routing import successor
from bot.domain.town import Role, Town


@dataclass(frozen=True, slots=True)
class Leave:
    """The person is away from the seat from `since` until `until`; `stand_in` is the seat that acts for it.

    `ended_at` is set when they are back. It says nothing of whoever else comes to hold the seat meanwhile.
    """

    id: int
    seat: str
    person_id: int
    stand_in: str | None
    since: datetime
    until: datetime
    made_by: int
    made_at: datetime
    ended_at: datetime | None = None

    def runs(self, now: datetime) -> bool:
        return self.ended_at is None and self.since <= now < self.until


@dataclass(frozen=True)
class Standing:
    """`holders`: seat -> the person who holds it. `cover`: a seat whose holder is away -> the seat that acts for it,
    None where nobody can: what lies on it is then the next one's above."""

    holders: Mapping[str, int]
    cover: Mapping[str, str | None]

    @cached_property
    def acting(self) -> dict[str, int]:
        """Seat -> the person who acts from it now; a seat that nobody acts from is not in it."""
        found: dict[str, int] = {}
        for seat, person in self.holders.items():
            if seat not in self.cover:
                found[seat] = person
            elif cover := self.cover[seat]:
                found[seat] = self.holders[cover]
        return found

    def own(self, person: int) -> list[str]:
        """The seats that the person holds, also while they are away."""
        return [seat for seat, holder in self.holders.items() if holder == person]

    def instead(self, person: int) -> dict[str, str]:
        """Seats of others that the person acts from now -> their own seat by which they do."""
        own = set(self.own(person))
        return {seat: cover for seat, cover in self.cover.items() if cover in own and seat not in own}


def standing(town: Town, holders: Mapping[str, int], leaves: Iterable[Leave], now: datetime) -> Standing:
    """The later of two leaves from one seat counts. A stand-in who is away as well is stood in for by theirs."""
    away = {one.seat: one for one in leaves if one.runs(now) and holders.get(one.seat) == one.person_id}
    present = holders.keys() - away.keys()
    return Standing(holders, {seat: _cover(town, seat, away, present) for seat in away})


def _cover(town: Town, seat_id: str, away: Mapping[str, Leave], present: Container[str]) -> str | None:
    """Along the chain of stand-ins to one who is here; else the roster's stand-in or the station's head; for an
    office seat another one."""
    seen, at = {seat_id}, away[seat_id].stand_in
    while at and at in away and at not in seen:
        seen.add(at)
        at = away[at].stand_in
    if at and at in present:
        return at
    seat = town.seat(seat_id)
    if seat and seat.role is Role.OFFICE:
        return next((other.id for other in town.seats_of(Role.OFFICE) if other.id in present), None)
    return successor(town, seat_id, seat.station if seat else None, present)
