"""Deputies distil what many raised into formal suggestions, and these run their course."""

from collections import defaultdict
from datetime import date, time
from random import Random

from bot.domain.cases import Case
from bot.domain.town import Role
from bot.simulation.course import Course
from bot.simulation.person import Person
from bot.simulation.staff import Staff
from bot.simulation.world import Script, Surprise, Until, World

EVENING = time(19, 30)


class Suggesting:
    """`courses`: the cases so far, by id."""

    def __init__(self, world: World, staff: Staff, courses: dict[int, Course], activity: float) -> None:
        self._world, self._staff, self._courses, self._activity = world, staff, courses, activity
        self._used: set[int] = set()

    def plan(self, year: int) -> None:
        """A few each month from March on."""
        rng = self._world.random()
        for month in range(3, 12):
            for _ in range(round(6 * self._activity)):
                day = date(year, month, rng.randint(2, 27))
                self._world.play(self._from_what_many_say(day, self._world.random()))

    def _from_what_many_say(self, day: date, rng: Random) -> Script:
        """The deputy who has most open cases of one topic writes about them."""
        yield Until(self._world.at(day, EVENING))
        groups: defaultdict[tuple[str, str], list[tuple[Course, Case]]] = defaultdict(list)
        for course in list(self._courses.values())[-150:]:
            if course.matter.id in self._used:
                continue
            case: Case = yield from course.look()
            seat = case.deputy or ""
            here = seat in self._staff.seats and seat not in self._staff.away
            if here and case.topic and not case.sealed:
                groups[seat, case.topic].append((course, case))
        ripe = [found for found in groups.values() if len(found) > 1]
        for found in sorted(ripe, key=lambda found: (-len(found), found[0][0].matter.id))[:4]:
            deputy = self._staff.deputy(found[0][1])
            self._used |= {course.matter.id for course, _ in found}
            if deputy is not None and (suggestion := (yield from deputy.alone(self._file(deputy, found, rng)))):
                yield from self._course(deputy, suggestion, rng)
                return

    def _file(self, deputy: Person, found: list[tuple[Course, Case]], rng: Random) -> Script:
        """Write it about the first case, add the others. Returns the suggestion's id; None where it cannot be."""
        (first, case), *rest = found
        topic = self._world.town.topic(case.topic)
        words = self._world.saying.one(rng, "staff", "suggestions").format(topic=topic.name if topic else "")
        try:
            yield from deputy.do(first.matter, "suggest")
        except Surprise:
            return None  # the case has come to an end in the meantime
        yield from deputy.press(f"c:{first.matter.id}:draft")
        yield from deputy.say(words)
        yield from deputy.tap("filing.file")
        yield from deputy.say("/suggestions")
        number = deputy.phone.newest[-1].buttons[0].data.split(":")[1]
        for course, _ in rest[:3]:
            try:
                yield from deputy.do(course.matter, "suggest")
            except Surprise:
                continue
            under = f"c:{course.matter.id}:under.{number}"
            if under in deputy.phone.offered:
                yield from deputy.press(under)
        return number

    def _course(self, lead: Person, number: str, rng: Random) -> Script:
        """Cosigned, assigned, answered, rated, perhaps handled again, reported, published."""
        office = self._staff.office()
        yield self._world.home_hour(rng, 1)
        if rng.random() < 0.04:
            yield from lead.alone(_press(lead, number, "withdraw"))
            return
        others = [seat.id for seat in self._world.town.seats_of(Role.DEPUTY) if seat.id in self._staff.seats]
        for seat in rng.sample(others, rng.randint(0, min(4, len(others)))):
            cosigner = self._staff.seats[seat]
            if cosigner is not lead:
                yield from cosigner.alone(_press(cosigner, number, "cosign"))
        yield self._world.desk_hour(rng, rng.choice((1, 2, 3, 4, 4, 7)))
        late = rng.random() < 0.15
        term = rng.choice(("months3", "months3", "months6"))
        yield from office.alone(self._assign(office, number, term, rng))
        days = {"months3": (20, 80), "months6": (60, 160)}[term]
        yield self._world.desk_hour(rng, round((rng.randint(*days) + (40 if late else 0)) * 5 / 7))
        yield from self._reply(office, lead, number, rng)
        if rng.random() < 0.15:
            yield from lead.alone(_press(lead, number, "rate.dissatisfied"))
            yield self._world.desk_hour(rng, rng.randint(6, 26))
            yield from self._reply(office, lead, number, rng)
        yield from lead.alone(_press(lead, number, f"rate.{rng.choice(('satisfied', 'satisfied', 'fair'))}"))
        yield self._world.desk_hour(rng, rng.randint(5, 15))
        yield from office.alone(_press(office, number, "report"))
        yield self._world.desk_hour(rng, rng.randint(1, 8))
        yield from office.alone(_press(office, number, "publish"))

    def _assign(self, office: Person, number: str, term: str, rng: Random) -> Script:
        yield from _press(office, number, "assign")
        body = rng.randrange(len(self._world.town.handlers))
        yield from office.press(f"q:{number}:to.{body}")
        yield from office.press(f"q:{number}:{term}.{self._world.town.handlers[body].id}")

    def _reply(self, office: Person, lead: Person, number: str, rng: Random) -> Script:
        """In writing; the leading deputy reads it some days later."""
        yield from office.alone(self._write(office, number, rng))
        yield self._world.home_hour(rng, rng.randint(1, 9))

    def _write(self, office: Person, number: str, rng: Random) -> Script:
        yield from _press(office, number, "reply")
        yield from office.say(self._world.saying.one(rng, "staff", "suggestion_replies"))
        yield from office.tap(f"replying.{rng.choice('AABC')}")


def _press(person: Person, number: str, word: str) -> Script:
    """Open the suggestion from the list, and press this."""
    if f"q:{number}:open" not in person.phone.offered:
        yield from person.say("/suggestions")
    yield from person.press(f"q:{number}:open")
    yield from person.press(f"q:{number}:{word}")
