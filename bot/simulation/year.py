"""A year of the town: so many matters over its seasons, and all that people do about them."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random

from bot.domain.town import Seat
from bot.simulation.absences import Absences, hand_over
from bot.simulation.course import Course
from bot.simulation.duties import Duties
from bot.simulation.entering import enter, enterer, follow, write_letter
from bot.simulation.governing import Governing
from bot.simulation.outreach import Outreach
from bot.simulation.person import Matter, Person
from bot.simulation.staff import Staff
from bot.simulation.station import begun
from bot.simulation.suggesting import Suggesting
from bot.simulation.villagers import Villagers, call_human, look_around, submit
from bot.simulation.world import HOME_HOURS, Script, Turn, Until, World

MONTHS = (0.9, 0.6, 1.1, 1.1, 1.1, 1.2, 1.1, 1.1, 1.1, 0.8, 1.0, 0.9)
"""How much is brought in each month, beside the average: little at the Spring Festival and the National Day."""

LOOKS = 0.25
"""How many only look around, for each who brings a matter in."""

LEAVING = ((4, 8, 15, "at once"), (6, 17, None, "at once"), (9, 2, 30, "end"), (10, 20, None, "keep"))
"""Month and day at which a deputy leaves a seat or has to hand its cases over, after how many working days somebody
else takes it, and how: at once to the next, or after a look at what goes and to whom the office chooses."""

ENTERED, LETTERS, LINKED = 0.035, 0.012, 0.6
"""How many matters staff enter, how many are letters to deputies; of the former, how many their villager follows."""


@dataclass
class Year:
    """`cases` is how many there are at its end. `activity` (0 to 1) is how busy deputies and stations are else."""

    world: World
    year: int
    cases: int
    activity: float = 1.0

    def __post_init__(self) -> None:
        self.staff = Staff(self.world)
        self.villagers = Villagers(self.world)
        self.courses: dict[int, Course] = {}
        self.matters: list[Matter] = []
        self.joined = self.given_up = 0

    def open(self, code: str) -> Script:
        """The town opens: everybody takes their seats; then the year is put into the world."""
        yield from self.staff.open_town(code)
        rng = self.world.random()
        for at in sorted((self._moment(rng) for _ in range(self.cases)), key=lambda until: until.at):
            self.world.play(self._bring(at, self.world.random()))
        for _ in range(round(self.cases * LOOKS)):
            self.world.play(self._look(self._moment(rng), self.world.random()))
        Duties(self.world, self.staff, self.matters, self.activity).plan(self.year)
        Suggesting(self.world, self.staff, self.courses, self.activity).plan(self.year)
        Absences(self.world, self.staff, self.activity).plan(self.year)
        Outreach(self.world, self.staff, self.villagers, self.activity).plan(self.year)
        Governing(self.world, self.staff).plan(self.year)
        for month, day, successor, how in LEAVING:
            seat = rng.choice(self.world.town.deputies_of(rng.choice(self.world.town.villages).id))
            self.world.play(self._leave(date(self.year, month, day), seat, successor, how))
        self.world.play(self._mondays())

    def _moment(self, rng: Random) -> Until:
        month = rng.choices(range(1, 13), MONTHS)[0]
        first = date(self.year, month, 1)
        days = ((first + timedelta(days=31)).replace(day=1) - first).days - (4 if month == 12 else 0)
        return Until(self.world.at(first + timedelta(days=rng.randrange(days)), rng.choice(HOME_HOURS)))

    def _bring(self, at: Until, rng: Random) -> Script:
        """Somebody brings a matter in. Who joins another's, or gives up, leaves the number to somebody else."""
        yield at
        while True:
            person = self.villagers.somebody(rng)
            concern = self.world.saying.concern(rng, self.world.today())
            village, way = self.villagers.village_of(person), rng.random()
            speaker = enterer(self.staff, rng, village) if 0.01 <= way < 0.01 + ENTERED else None
            code = ""
            if way < 0.01:
                matter = yield from person.alone(call_human(person, rng))
            elif speaker is not None:
                matter, code = yield from speaker.alone(enter(speaker, rng, concern, village))
            elif way > 1 - LETTERS:
                if matter := (yield from person.alone(write_letter(person, rng, village))):
                    self.world.done["letter"] += 1
            else:
                matter = yield from person.alone(submit(person, rng, concern, village))
            if matter is not None:
                break
            self._note_joined(person)
            yield self.world.home_hour(rng)
        course = Course(self.world, self.staff, matter, person, rng, speaker=speaker, code=code)
        self.courses[matter.id] = course
        self.matters.append(matter)
        if speaker is not None and rng.random() < LINKED:
            yield self.world.home_hour(rng)
            yield from person.alone(follow(person, code))
            course.speaker = None
        if rng.random() < 0.012:
            person.phone.blocked = True
            yield Turn(person.account, {"kind": "blocked"})
        yield from begun(course)

    def _note_joined(self, person: Person) -> None:
        left = person.offered(r"k:\d+:leave")
        course = self.courses.get(int(left[-1].split(":")[1])) if left else None
        if course is None or person in course.joined:
            self.given_up += 1
        else:
            course.joined.append(person)
            self.joined += 1

    def _look(self, at: Until, rng: Random) -> Script:
        yield at
        person = self.villagers.somebody(rng)
        yield from person.alone(look_around(person, rng))

    def _leave(self, day: date, seat: Seat, successor: int | None, how: str) -> Script:
        yield Until(self.world.at(day, time(9, 40)))
        if seat.id not in self.staff.seats:
            return
        if how == "at once":
            yield from self.staff.leave(seat.id, successor)
            return
        office = self.staff.office()
        yield from office.alone(hand_over(self.staff, seat, how))
        self.world.done["handed over"] += 1
        if successor is not None:
            yield self.world.desk_hour(self.world.random(), successor)
            yield from office.alone(self.staff.invite(office, seat, 1))

    def _mondays(self) -> Script:
        """Each week the office and some others look at how things stand."""
        rng = self.world.random()
        while True:
            yield self.world.desk_hour(rng, 5)
            people = [self.staff.office(), *rng.sample(list(self.staff.seats.values()), 6)]
            for person, word in zip(people, ("/rates", "/queue", "/queue", "/hot", "/duties", "/report"), strict=False):
                yield from person.alone(person.say(word))
            if self.matters:
                yield from people[0].alone(people[0].say(f"/why {rng.choice(self.matters).short}"))
