"""Who sits where in the simulated town, how quick each place is, and whom a case belongs to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from bot.domain.cases import Case
from bot.domain.town import ADMIN_SEAT, HEADS, Role, Seat
from bot.simulation.person import Matter, Person
from bot.simulation.world import Script, Surprise, World
from bot.usecases.seats import PAYLOAD


@dataclass
class Staff:
    """`seats`: who sits where now; `away`: from which of them somebody is on leave, and who stands in (None: the next
    above). `pace`: how much slower than others a station or handling body works."""

    world: World
    seats: dict[str, Person] = field(default_factory=dict)
    away: dict[str, Person | None] = field(default_factory=dict)
    pace: dict[str, float] = field(default_factory=dict)
    untold: list[str] = field(default_factory=list)  # cases of which nobody who should work on them was told

    def __post_init__(self) -> None:
        rng, town = self.world.random(), self.world.town
        for place in (*(station.id for station in town.stations), *(body.id for body in town.handlers)):
            self.pace[place] = rng.choice((0.5, 0.8, 1.0, 1.0, 1.3, 2.2))

    def newcomer(self, seat: Seat, number: int = 0) -> Person:
        account = f"{seat.id}-{number}" if number else seat.id
        return Person(self.world, account, self.world.phones.add(account, seat.role), seat.id)

    def open_town(self, code: str) -> Script:
        """The administrator comes by the first link and invites the office, the office everybody else."""
        town = self.world.town
        admin = self.newcomer(Seat(ADMIN_SEAT, ADMIN_SEAT, Role.ADMIN))
        yield from admin.say(f"/start {PAYLOAD}{code}")
        self.seats[ADMIN_SEAT] = admin
        offices = town.seats_of(Role.OFFICE)
        for seat in offices:
            yield from admin.alone(self.invite(admin, seat))
        office = self.seats[offices[0].id]
        for seat in town.seats:
            if seat.role not in (Role.OFFICE, Role.ADMIN):
                yield from office.alone(self.invite(office, seat))

    def invite(self, inviter: Person, seat: Seat, number: int = 0) -> Script:
        """A one-time link, and the one who opens it."""
        yield from inviter.say(f"/invite {seat.id}")
        links = [word for word in inviter.phone.text.split() if f"?start={PAYLOAD}" in word]
        if not links:
            raise Surprise(f"{inviter.phone.role}: no link in {inviter.phone.text[:30]!r}")
        person = self.newcomer(seat, number)
        yield from person.say(f"/start {links[0].partition('?start=')[2]}")
        self.seats[seat.id] = person

    def invite_newest(self, office: Person, beside: Seat) -> Script:
        """The last of a station's seats on which nobody sits: whoever the office has just added."""
        yield from office.say("/people")
        yield from office.press(f"g:{beside.station}:0")
        known = {seat.id for seat in self.world.town.seats}
        new = [data.removeprefix("i:") for data in office.offered(r"i:.+") if data.removeprefix("i:") not in known]
        if not new:
            raise Surprise(f"office: no new seat at {office.phone.text[:30]!r}")
        yield from self.invite(office, Seat(new[-1], new[-1], Role.DEPUTY, beside.station))

    def leave(self, seat_id: str, successor: int | None) -> Script:
        """The office ends the seat; later, perhaps, somebody else takes it."""
        office, seat = self.office(), self.world.town.seat(seat_id)
        if seat is None:
            raise Surprise(f"no seat {seat_id}")
        yield from office.alone(self._end(office, seat))
        if successor is not None:
            yield self.world.desk_hour(self.world.random(), successor)
            yield from office.alone(self.invite(office, seat, 1))

    def _end(self, office: Person, seat: Seat) -> Script:
        yield from office.say("/people")
        yield from office.press(f"g:{seat.station}:0")
        yield from office.press(f"e:{seat.id}")
        yield from office.press(f"e!:{seat.id}")
        self.seats.pop(seat.id, None)

    def present(self, seat_id: str | None) -> Person | None:
        """Who acts from the seat now: its holder, or who stands in."""
        seat = seat_id or ""
        return self.away[seat] if seat in self.away else self.seats.get(seat)

    def covers(self, person: Person) -> bool:
        """Whether they stand in for somebody."""
        return any(other is person for other in self.away.values())

    def office(self, rng: Random | None = None) -> Person:
        """Somebody of the office; the first does most of it."""
        found = [self.seats[seat.id] for seat in self.world.town.seats_of(Role.OFFICE) if seat.id in self.seats]
        return found[-1] if rng and rng.random() < 0.3 else found[0]

    def head(self, case: Case) -> Person:
        """The station's head, else its deputy head. Raises Surprise: it has neither."""
        if found := self._at(case, HEADS_IN_ORDER):
            return found[0]
        raise Surprise("a station without a head")

    def deputy(self, case: Case) -> Person | None:
        return self.present(case.deputy)

    def near(self, case: Case, *, liaison: bool = False) -> list[Person]:
        """Its deputy and the station's head, and perhaps the liaison officer; nobody is near to a sealed case."""
        if case.sealed:
            return []
        found = [self.deputy(case), *self._at(case, HEADS_IN_ORDER)[:1]]
        found += self._at(case, (Role.LIAISON,)) if liaison else []
        return [person for person in found if person]

    def _at(self, case: Case, roles: Iterable[Role]) -> list[Person]:
        seats = [seat for role in roles for seat in self.world.town.seats_at(case.station, (role,))]
        return [person for seat in seats if (person := self.present(seat.id))]

    def worker(self, rng: Random, case: Case) -> Person:
        """Who of those that have the case takes it up; where nobody is near, the office."""
        near = self.near(case, liaison=True)
        return rng.choice([*near[:1], *near]) if near else self.office(rng)

    def slow(self, case: Case) -> float:
        return self.pace.get(case.handler or case.station or "", 1.0)

    def note_told(self, matter: Matter, *people: Person) -> None:
        """Somebody of these has got the case's card, or the case is put down as one of which nobody was told."""
        if not any(person.told(matter) for person in people):
            self.untold.append(matter.number)


HEADS_IN_ORDER = (Role.STATION_HEAD, *sorted(HEADS - {Role.STATION_HEAD}))
