"""What the office and the handling bodies do with a case that reached them."""

from bot.domain.cases import AnswerClass, Case
from bot.domain.machine import State
from bot.simulation.course import Course
from bot.simulation.person import Person
from bot.simulation.world import Script

GRADES = ((AnswerClass.A, 50), (AnswerClass.B, 24), (AnswerClass.C, 12), (AnswerClass.D, 14))


def of_the_office(course: Course) -> Script:
    """Sealed, or of an unknown place: the office has it from the beginning. Returns whether it is answered now."""
    yield from course.works(0, 4)
    case = yield from course.look()
    office = course.staff.office(course.rng)
    course.staff.note_told(course.matter, office)
    if not case.sealed and course.chance(0.5):
        yield from office.alone(_find_place(course, office))
        return False
    yield from course.by(office, "take")
    yield from course.works(1, 5)
    if case.sealed and course.chance(0.55):
        where = course.some(("where.discipline", 2), ("where.court", 1), ("where.petition", 1))
        yield from course.by(office, "refuse", course.words("staff", "refuse"), where)
        return False
    yield from answer_itself(course, office)
    return True


def _find_place(course: Course, office: Person) -> Script:
    """The office knows where it is: the case goes to that village's station."""
    village = course.rng.choice(course.world.town.villages)
    yield from office.do(course.matter, "transfer")
    yield from office.press(f"c:{course.matter.id}:villages")
    yield from office.press(f"c:{course.matter.id}:village.{village.id}")


def answer_itself(course: Course, office: Person) -> Script:
    grade = course.some(*GRADES)
    yield from course.by(office, "resolve", course.words("staff", grade), f"class.{grade}", photos=course.photos())


def handed_up(course: Course) -> Script:
    """The station handed it up: assigned within five days, or late; at times given back to the station."""
    slow = course.some(("no", 88), ("late", 9), ("very", 3))
    yield from course.works(*{"no": (0, 4), "late": (5.6, 8), "very": (10, 15)}[slow])
    office = course.staff.office(course.rng)
    course.staff.note_told(course.matter, office, course.staff.office())
    if course.chance(0.1):
        yield from sent_back(course, office)
        return
    if course.chance(0.3):
        yield from course.by(office, "take")
    yield from assigned(course, office)


def sent_back(course: Course, office: Person) -> Script:
    """The station is told to do it after all, and answers."""
    yield from course.by(office, "send_back", course.words("staff", "send_back"))
    case = yield from course.look()
    yield from course.works(1, 9, case)
    grade = course.some(*GRADES)
    head = course.staff.head(case)
    yield from course.by(head, "resolve", course.words("staff", grade), f"class.{grade}", photos=course.photos())


def assigned(course: Course, office: Person) -> Script:
    """A handling body gets it: it may give it back once, begins, asks for more time, answers, and is checked."""
    yield from office.alone(_assign(course, office))
    if course.chance(0.08):
        yield from course.works(0, 2)
        yield from course.by(office, "return", course.words("staff", "return"))
        yield from course.works(0, 4)
        yield from office.alone(_assign(course, office))
    case = yield from course.look()
    if course.chance(0.85):
        yield from course.works(0, 2)
        yield from course.by(course.rng.choice([office, *course.staff.near(case)[1:]]), "begin")
    if course.chance(0.12) and not case.urgent:
        days = course.some(("days.5", 3), ("days.10", 2), ("days.15", 1))
        yield from course.by(office, "extend", course.words("staff", "extend"), days)
    yield from course.works(0.5, 2 if case.urgent else 9, case)
    yield from _delivered(course, office, case)


def _assign(course: Course, office: Person) -> Script:
    """The body whose work it is, mostly the one that the topic belongs to; at times with helpers."""
    case: Case = yield from course.look()
    bodies = [body.name for body in course.world.town.handlers]
    first = bodies[sum(map(ord, case.topic or "-")) % len(bodies)] if course.chance(0.8) else course.rng.choice(bodies)
    yield from office.do(course.matter, "assign")
    yield from office.tap_label(first)
    if course.chance(0.25):
        yield from office.tap_label(course.rng.choice([body for body in bodies if body != first]))
    yield from office.tap("assign.go")
    yield from office.say(course.words("staff", "assign"))


def _delivered(course: Course, office: Person, case: Case) -> Script:
    """The body's answer comes in by the station or the office, which checks it; one in ten has to be done again."""
    staff = course.staff
    for _ in range(2):
        bringer = course.rng.choice([office, *staff.near(case, liaison=True)])
        yield from course.by(bringer, "deliver", course.words("staff", "deliver"), photos=course.photos())
        yield from course.works(0, 2.4)
        if not course.chance(0.1):
            break
        yield from course.by(office, "redo", course.words("staff", "redo"))
        yield from course.works(1, 6, case)
    if (yield from course.look()).state is State.IN_PROGRESS:
        yield from course.by(office, "deliver", course.words("staff", "deliver"))
    yield from office.alone(_pass(course, office))


def _pass(course: Course, office: Person) -> Script:
    """Checked: as the body wrote it, or in the office's own words."""
    grade = course.some(*GRADES)
    yield from office.do(course.matter, "resolve")
    if course.chance(0.2):
        yield from office.write(course.matter, "own", course.words("staff", grade), f"class.{grade}")
    else:
        yield from office.press(f"c:{course.matter.id}:pass.{grade}")


def supervise_on_site(course: Course) -> Script:
    """The office goes there itself, and notes what it found."""
    office = course.staff.office(course.rng)
    yield from office.alone(_supervise(course, office))
    yield from course.works(2, 6)
    yield from concluded(course)


def _supervise(course: Course, office: Person) -> Script:
    kind = course.some(("onsite", 4), ("joint", 2), ("written", 2))
    yield from office.do(course.matter, "supervise")
    yield from office.press(f"c:{course.matter.id}:kind.{kind}")
    yield from office.say(course.words("staff", "supervise"))
    yield from office.tap(course.some(("within.5", 3), ("within.10", 1)))


def concluded(course: Course) -> Script:
    """The oldest open supervision ends with findings and the deputies who took part."""
    if not (yield from course.supervised()):
        return
    office = course.staff.office(course.rng)
    yield from office.alone(_conclude(course, office))


def _conclude(course: Course, office: Person) -> Script:
    id_ = course.matter.id
    yield from office.do(course.matter, "supervised")
    for _ in range(course.rng.randint(0, 2)):
        if found := [b.data for b in office.phone.question if b.data.startswith(f"c:{id_}:with.")]:
            yield from office.press(course.rng.choice(found))
    yield from office.tap("supervision.go")
    if course.chance(0.5):
        yield from office.send("photo", course.rng.randint(1, 2))
    yield from office.say(course.words("staff", "findings"))
    yield from office.tap(course.some(("result.done", 6), ("result.partly", 3), ("result.not", 1)))
