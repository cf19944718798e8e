"""What comes after an answer: the rating, a second round, follow-up, publication, the archive."""

from bot.domain.cases import AnswerClass, Case, Rating
from bot.domain.machine import Clock, State
from bot.simulation.course import Course
from bot.simulation.entering import follow, note_rating
from bot.simulation.office import answer_itself, assigned, concluded, sent_back
from bot.simulation.person import Person
from bot.simulation.villagers import chosen_rating, confirm, rate
from bot.simulation.world import Script

OPEN_ENDS = (AnswerClass.B, AnswerClass.C)
A_QUARTER = 92


def answered(course: Course) -> Script:
    """The villager rates, or nobody does."""
    case: Case = yield from course.look()
    course.world.play(_supporters(course, case))
    if course.chance(0.75):
        yield from concluded(course)
    if course.speaker is not None and not case.sealed and course.chance(0.85):
        yield from _told_by_telephone(course, course.speaker)
        return
    if course.out_of_reach or course.chance(0.22):
        yield from _unrated(course)
        return
    yield from course.lives(0, 5)
    rating = chosen_rating(course.rng, case.answer_class or AnswerClass.A)
    yield from course.author.alone(rate(course.author, course.rng, course.matter, case.reopened, rating))
    if rating is Rating.DISSATISFIED and case.reopened == 0:
        yield from _again(course)
    else:
        yield from _afterwards(course)


def _told_by_telephone(course: Course, speaker: Person) -> Script:
    """Staff ring the villager up and note what they say; some come with the receipt later and say it themselves."""
    case: Case = yield from course.look()
    rating = chosen_rating(course.rng, case.answer_class or AnswerClass.A)
    yield from course.works(0, 3)
    yield from speaker.alone(note_rating(speaker, course.matter, case.reopened, rating))
    if rating is Rating.DISSATISFIED and case.reopened == 0:
        yield from _again(course)
        return
    if course.chance(0.35):
        yield from course.lives(1, 5)
        course.speaker = None
        yield from course.author.alone(follow(course.author, course.code))
        own = chosen_rating(course.rng, case.answer_class or AnswerClass.A)
        yield from course.author.alone(rate(course.author, course.rng, course.matter, case.reopened, own))
        if own is Rating.DISSATISFIED and case.reopened == 0:
            yield from _again(course)
            return
    yield from _afterwards(course)


def _supporters(course: Course, case: Case) -> Script:
    """Those who stand behind the case say for themselves what they think."""
    yield from course.lives(0, 4)
    for person in list(course.joined):
        if course.chance(0.04):
            yield from person.alone(person.press(f"k:{case.id}:leave"))
            continue
        yield from person.alone(confirm(person, course.rng, case.id, case.answer_class or AnswerClass.A))


def _unrated(course: Course) -> Script:
    """Asked three times in vain; somebody then closes it, mostly."""
    yield from course.works(8, 14)
    case = yield from course.look()
    if case.state is State.ANSWERED and case.clock is Clock.STOPPED and course.chance(0.8):
        closer = (*course.staff.near(case)[1:], course.staff.office())[0]
        yield from course.by(closer, "close")
        yield from _afterwards(course)


def _again(course: Course) -> Script:
    """Reopened: the office takes it up, and answers itself, assigns it, or gives it to the station."""
    slow = course.some(("no", 88), ("late", 12))
    yield from course.works(*{"no": (0, 1), "late": (2.6, 5)}[slow])
    office = course.staff.office(course.rng)
    way = course.some(("self", 4), ("assign", 4), ("back", 2))
    case = yield from course.look()
    if way == "back" and case.station and not case.sealed:
        yield from sent_back(course, office)
    else:
        yield from course.by(office, "take")
        yield from course.works(1, 9)
        yield from assigned(course, office) if way == "assign" else answer_itself(course, office)
    yield from answered(course)


def _afterwards(course: Course) -> Script:
    """Closed: the office checks the class, follows what is still open, publishes, archives."""
    case: Case = yield from course.look()
    if not case.checked and course.chance(0.7):
        yield from course.works(0, 8)
        yield from course.staff.office().alone(_check(course, case))
    if course.chance(0.5):
        yield from concluded(course)
    case = yield from course.look()
    if case.answer_class in OPEN_ENDS:
        yield from _followed(course)
    elif course.chance(0.1) and not (case.restricted or case.sealed):
        yield from _published(course)
    elif course.chance(0.15):
        yield from course.works(20, 60)
        yield from course.by(course.staff.office(), "archive")
    elif course.chance(0.015):
        yield from course.works(3, 20)
        yield from course.by(course.staff.office(), "reopen")
        yield from _again(course)


def _check(course: Course, case: Case) -> Script:
    office = course.staff.office()
    grade = case.answer_class if course.chance(0.95) else course.rng.choice(list(AnswerClass))
    yield from office.do(course.matter, "check")
    yield from office.tap(f"class.{grade}")


def _followed(course: Course) -> Script:
    """Every quarter somebody says what has become of it, until there is nothing more to follow."""
    case: Case = yield from course.look()
    while case.answer_class in OPEN_ENDS and case.state is State.CLOSED:
        yield from course.lives(A_QUARTER, A_QUARTER)
        yield from course.works(0, 6)
        who = course.staff.near(case) or [course.staff.office()]
        grade = course.some((AnswerClass.A, 6), (AnswerClass.B, 2), (AnswerClass.C, 1), (AnswerClass.D, 1))
        words = course.words("staff", "follow_up")
        yield from course.by(course.rng.choice(who), "follow_up", words, f"class.{grade}", photos=course.photos())
        case = yield from course.look()


def _published(course: Course) -> Script:
    """The villager is asked; where they agree, the case goes to the board in other words."""
    office, author = course.staff.office(), course.author
    yield from course.works(1, 10)
    yield from course.by(office, "ask_publish")
    if course.out_of_reach or course.chance(0.2):
        return
    yield from course.lives(0, 5)
    if course.chance(0.25):
        yield from course.by(author, "forbid")
        return
    yield from course.by(author, "allow")
    yield from course.works(0, 4)
    yield from course.by(office, "publish", course.words("staff", "publish"), "board.publish")
    if course.chance(0.08):
        yield from course.works(5, 30)
        yield from course.by(office, course.some(("forbid", 1), ("take_down", 1)))
