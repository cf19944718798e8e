"""What a deputy and a station do with a case until it is answered."""

from bot.domain.cases import AnswerClass, Case, Kind
from bot.domain.machine import State
from bot.simulation.absences import recused
from bot.simulation.course import Course
from bot.simulation.ending import answered
from bot.simulation.office import handed_up, of_the_office, supervise_on_site
from bot.simulation.person import Person
from bot.simulation.villagers import add, answer_question, leave_phone, withdraw
from bot.simulation.world import Script

GRADES = ((AnswerClass.A, 62), (AnswerClass.B, 14), (AnswerClass.C, 8), (AnswerClass.D, 16))
FATES = (
    ("answer", 47), ("spot", 12), ("hand_up", 25), ("refuse", 3), ("merge", 4), ("wrong", 4), ("neglect", 2),
    ("withdraw", 3),
)  # fmt: skip


def begun(course: Course) -> Script:
    """From the moment that its author has the number."""
    case = yield from course.look()
    if course.chance(0.04) and not course.out_of_reach:
        yield from course.lives(0, 1)
        yield from course.author.alone(add(course.author, course.rng, course.matter))
    if course.chance(0.03) and not course.out_of_reach:
        yield from course.author.alone(leave_phone(course.author, course.rng))
        course.world.play(_called(course))
    if case.kind is Kind.LETTER and case.state is State.REGISTERED:
        yield from _letter(course)
        return
    if case.state is State.HANDED_UP:
        if (yield from of_the_office(course)):
            yield from answered(course)
        elif (yield from course.look()).state is State.REGISTERED:
            yield from _answer(course)
        return
    fate = course.some(*FATES)
    if case.urgent and fate not in ("spot", "hand_up"):
        fate = "answer"
    yield from {"spot": _spot, "refuse": _refuse, "merge": _merge, "wrong": _wrong, "neglect": _neglect,
                "withdraw": _withdraw, "answer": _answer, "hand_up": _hand_up}[fate](course)  # fmt: skip


def _reached(course: Course) -> Script:
    """Somebody looks at the new case: mostly in time, at times late, at times very late. Returns case and person."""
    case: Case = yield from course.look()
    late = course.some(("no", 88), ("late", 9), ("very", 3))
    if not case.urgent:
        yield from course.works(*{"no": (0, 2), "late": (3.6, 6), "very": (8, 14)}[late])
    elif late != "no":
        yield from course.works(0, 2)
    case = yield from course.look()
    who = course.staff.worker(course.rng, case)
    course.staff.note_told(course.matter, who, *course.staff.near(case))
    return case, who


def _take(course: Course) -> Script:
    case, who = yield from _reached(course)
    yield from course.by(who, "take")
    return case


def _answer(course: Course) -> Script:
    """Taken, worked on, answered by the station's head."""
    case = yield from _take(course)
    yield from _work(course, case)
    yield from _resolve(course, case)
    yield from answered(course)


def _letter(course: Course) -> Script:
    """The deputy to whom it was written answers it, which ends it."""
    case, _ = yield from _reached(course)
    yield from course.works(0, 2)
    deputy = course.staff.deputy((yield from course.look()))
    if deputy is None:
        yield from _resolve(course, case)
    else:
        grade = course.some(*GRADES)
        yield from course.by(deputy, "answer_letter", course.words("staff", "letters"), f"class.{grade}")
    yield from answered(course)


def _called(course: Course) -> Script:
    """The office looks the telephone number up, for a reason that the villager reads."""
    yield from course.works(0, 3)
    if course.chance(0.5):
        yield from course.by(course.staff.office(course.rng), "reveal", course.words("staff", "reveal"))


def _work(course: Course, case: Case) -> Script:
    """What happens between taking a case and its answer."""
    staff, rng = course.staff, course.rng
    if course.chance(0.03):
        yield from recused(course, case)
        case = yield from course.look()
    if course.chance(0.1):
        yield from _ask(course, case)
    if course.chance(0.35):
        yield from course.works(0, 2)
        yield from course.by(staff.worker(rng, case), "reply", course.words("staff", "replies"), "compose.send")
    if course.chance(0.07) and not case.urgent:
        days = course.some(("days.5", 3), ("days.10", 2), ("days.15", 1))
        yield from course.by(staff.head(case), "extend", course.words("staff", "extend"), days)
    if course.chance(0.12):
        yield from course.by(staff.worker(rng, case), "note", course.words("staff", "notes"))
    if course.chance(0.06):
        yield from staff.head(case).alone(_photo(course))
    yield from course.works(0.3, 1.5 if case.urgent else 7, case)


def _ask(course: Course, case: Case) -> Script:
    """More is asked for; one in seven never answers that."""
    yield from course.by(course.staff.worker(course.rng, case), "ask_more", course.words("staff", "ask_more"),
                         "compose.send")  # fmt: skip
    if not course.out_of_reach and course.chance(0.86):
        yield from course.lives(0, 4)
        yield from course.author.alone(answer_question(course.author, course.rng))
    else:
        yield from course.works(8, 12)


def _photo(course: Course) -> Script:
    head = course.staff.head((yield from course.look()))
    yield from head.do(course.matter, "photo")
    yield from head.send("photo", course.rng.randint(1, 3))
    yield from head.tap("compose.done")


def _resolve(course: Course, case: Case, action: str = "resolve") -> Script:
    grade = course.some(*GRADES)
    head = course.staff.head(case)
    words = course.words("staff", "spot" if action == "spot" else grade)
    yield from course.by(head, action, words, f"class.{grade}", photos=course.photos())


def _spot(course: Course) -> Script:
    """Answered on the spot, by whoever got it first."""
    case, _ = yield from _reached(course)
    yield from _resolve(course, case, "spot")
    yield from answered(course)


def _hand_up(course: Course) -> Script:
    """Beyond the station: with or without a try of its own."""
    if course.chance(0.6):
        case = yield from _take(course)
        yield from course.works(0, 3, case)
    else:
        case, _ = yield from _reached(course)
    yield from course.by(course.rng.choice(course.staff.near(case)), "hand_up", course.words("staff", "hand_up"))
    yield from handed_up(course)
    yield from answered(course)


def _refuse(course: Course) -> Script:
    case, _ = yield from _reached(course)
    where = course.some(("where.court", 2), ("where.village", 2), ("where.police", 1), ("where.petition", 1))
    yield from course.by(course.staff.head(case), "refuse", course.words("staff", "refuse"), where)


def _merge(course: Course) -> Script:
    """Laid to another case of the place, if there is one; at times parted again."""
    case, _ = yield from _reached(course)
    head = course.staff.head(case)
    yield from head.alone(_choose_target(course))
    case = yield from course.look()
    if case.state is not State.MERGED:
        yield from _answer(course)
    elif course.chance(0.15):
        yield from course.works(1, 4)
        yield from course.by(head, "unmerge")
        yield from _answer(course)


def _choose_target(course: Course) -> Script:
    head = course.staff.head((yield from course.look()))
    yield from head.do(course.matter, "merge")
    if targets := head.offered(rf"c:{course.matter.id}:into\.\d+"):
        yield from head.press(targets[0])


def _wrong(course: Course) -> Script:
    """The wrong topic or place: put right, then worked on where it belongs."""
    case, who = yield from _reached(course)
    if course.chance(0.6):
        yield from who.alone(_correct(course, who))
    else:
        giver = course.staff.near(case)[0]
        yield from giver.alone(_transfer(course, giver))
    yield from _answer(course)


def _correct(course: Course, who: Person) -> Script:
    topic = course.rng.choice(course.world.town.topics)
    sub = course.rng.choice(topic.subtopics)
    yield from who.do(course.matter, "correct")
    yield from who.press(f"c:{course.matter.id}:topic.{topic.id}")
    yield from who.press(f"c:{course.matter.id}:sub.{sub.id}")


def _transfer(course: Course, who: Person) -> Script:
    """To another deputy of the station, or to another village."""
    yield from who.do(course.matter, "transfer")
    seats = who.offered(rf"c:{course.matter.id}:seat\..+")
    if seats and course.chance(0.6):
        yield from who.press(course.rng.choice(seats))
        return
    yield from who.press(f"c:{course.matter.id}:villages")
    yield from who.press(f"c:{course.matter.id}:village.{course.rng.choice(course.world.town.villages).id}")


def _neglect(course: Course) -> Script:
    """Nobody does anything, until every step of the clock has been taken; then the office goes there."""
    yield from course.works(13, 20)
    yield from supervise_on_site(course)
    office = course.staff.office()
    if course.chance(0.6):
        yield from course.by(office, "reported", course.words("staff", "reported"), "sent.paper")
    yield from course.works(1, 3)
    case: Case = yield from course.look()
    if course.chance(0.3) and case.station:
        yield from course.by(office, "raise")
        yield from handed_up(course)
        yield from answered(course)
    else:
        yield from _answer(course)


def _withdraw(course: Course) -> Script:
    if course.chance(0.5):
        yield from _take(course)
    yield from course.lives(1, 6)
    if not course.out_of_reach:
        yield from course.author.alone(withdraw(course.author, course.matter))
