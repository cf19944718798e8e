"""Who is not there: leaves with a stand-in, cases handed over in bulk, and people with whom a case must not lie."""

from datetime import date, time, timedelta
from random import Random

from bot.domain.cases import Case
from bot.domain.town import Role, Seat
from bot.simulation.course import Course
from bot.simulation.person import Person
from bot.simulation.staff import Staff
from bot.simulation.world import Script, Surprise, Until, World

MORNING, DAWN = time(8, 40), time(6, 30)
LEAVES = 0.35
"""How many of those who hold a seat are away once in a year, beside how busy the year is."""
REASONS = ("kin", "interest", "asked")


class Absences:
    def __init__(self, world: World, staff: Staff, activity: float) -> None:
        self._world, self._staff, self._activity = world, staff, activity

    def plan(self, year: int) -> None:
        rng = self._world.random()
        for seat in self._world.town.seats:
            if seat.role not in (Role.OFFICE, Role.ADMIN) and rng.random() < LEAVES * self._activity:
                first = date(year, 1, 6) + timedelta(days=rng.randrange(340))
                self._world.play(self._leave(seat, first, rng.randint(2, 15), self._world.random()))

    def _leave(self, seat: Seat, first: date, days: int, rng: Random) -> Script:
        """Says so in the morning, comes back by itself or before the day."""
        yield Until(self._world.at(first, MORNING))
        person = self._staff.present(seat.id)
        if person is None or person is not self._staff.seats.get(seat.id) or self._staff.covers(person):
            return
        last = first + timedelta(days=days)
        stand_in = yield from person.alone(self._go(person, first, last, rng))
        self._staff.away[seat.id] = stand_in
        self._world.done["leave"] += 1
        early = rng.random() < 0.2
        yield Until(self._world.at(first + timedelta(days=2 if early else days + 1), DAWN))
        if early and self._staff.seats.get(seat.id) is person:
            yield from person.alone(self._back(person, seat))
        del self._staff.away[seat.id]

    def _go(self, person: Person, first: date, last: date, rng: Random) -> Script:
        """Returns who stands in; None: the next above."""
        yield from person.say(f"/leave {first.month}月{first.day}日到{last.month}月{last.day}日")
        nobody = self._world.label("leave.nobody")
        people = {
            seat.name: other
            for seat in self._world.town.seats
            if (other := self._staff.present(seat.id)) and other is self._staff.seats.get(seat.id)
        }
        offered = [b.label for b in person.phone.question if b.data.startswith("d:")]
        fit = [name for name in people for label in offered if label.endswith(f" {name}")]
        chosen = fit[0] if fit and rng.random() < 0.8 else nobody
        yield from person.tap_label(chosen)
        yield from person.tap("leave.done")
        return people.get(chosen)

    def _back(self, person: Person, seat: Seat) -> Script:
        yield from person.say("/leave")
        yield from person.press(f"z!:{seat.id}")


def recused(course: Course, case: Case) -> Script:
    """The deputy steps back from the case, or its villager does not want them; at times the office takes that back."""
    deputy = course.staff.deputy(case)
    if deputy is None:
        return
    if course.chance(0.7) or course.out_of_reach:
        yield from deputy.alone(_recuse(course, deputy))
    else:
        yield from course.author.alone(_wish(course, case))
    if course.chance(0.15):
        yield from course.works(0, 1)
        yield from course.staff.office().alone(_readmit(course))
    case = yield from course.look()
    course.staff.note_told(course.matter, *course.staff.near(case), course.staff.office())


def _recuse(course: Course, deputy: Person) -> Script:
    yield from deputy.do(course.matter, "recuse")
    yield from deputy.press(f"c:{course.matter.id}:because.me.{course.rng.choice(REASONS)}")


def _wish(course: Course, case: Case) -> Script:
    yield from course.author.say(f"/case {course.matter.short}")
    yield from course.author.press(f"c:{course.matter.id}:wish")
    yield from course.author.press(f"c:{course.matter.id}:wish.{case.deputy}")


def _readmit(course: Course) -> Script:
    office = course.staff.office()
    yield from office.do(course.matter, "readmit")
    if found := office.offered(rf"c:{course.matter.id}:readmit\.\d+"):
        yield from office.press(found[-1])


def hand_over(staff: Staff, seat: Seat, how: str) -> Script:
    """The office looks at all that would go, and gives it to the next; the seat ends, or is kept."""
    office = staff.office()
    yield from office.say("/people")
    yield from office.press(f"g:{seat.station}:0")
    yield from office.press(f"e:{seat.id}")
    yield from office.press(f"b:{seat.id}")
    if not (targets := office.offered(rf"b:{seat.id}:.+")):
        raise Surprise("office: nobody to hand over to")
    yield from office.press(targets[0])
    yield from office.press(f"b!:{targets[0].removeprefix('b:')}:{how}")
    if how == "end":
        staff.seats.pop(seat.id, None)
