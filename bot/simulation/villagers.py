"""Villagers: they agree, say what the matter is, join others, add, withdraw, rate, and sometimes only chat."""

import re
from random import Random

from bot.domain.cases import AnswerClass, Rating, Solved
from bot.domain.places import Village
from bot.simulation.person import Matter, Person
from bot.simulation.words import Concern
from bot.simulation.world import Script, Surprise, World

VOTERS = 38_590
STEPS = 14
"""More screens than that no submission has."""

CONTENT = {
    AnswerClass.A: (0.64, 0.27, 0.09),
    AnswerClass.B: (0.34, 0.44, 0.22),
    AnswerClass.C: (0.25, 0.40, 0.35),
    AnswerClass.D: (0.28, 0.40, 0.32),
}
"""How likely each rating is, by the class of the answer."""

_NUMBER = re.compile(r"[A-Z0-9]+-\d{4}-\d{6}")


class Villagers:
    """All who may write, by the number of the voters' list; each lives in one village."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._known: dict[int, Person] = {}
        self._order: list[int] = []

    def somebody(self, rng: Random) -> Person:
        """One in four is somebody who wrote before."""
        if self._order and rng.random() < 0.25:
            return self._known[rng.choice(self._order)]
        number = rng.randrange(VOTERS)
        if number not in self._known:
            account = f"voter-{number:05d}"
            self._known[number] = Person(self.world, account, self.world.phones.add(account, "villager"))
            self._order.append(number)
        return self._known[number]

    @property
    def known(self) -> list[Person]:
        """All who ever wrote, in the order in which they came."""
        return [self._known[number] for number in self._order]

    @property
    def count(self) -> int:
        """How many ever wrote."""
        return len(self._known)

    def village_of(self, person: Person) -> Village:
        villages = self.world.town.villages
        return villages[int(person.account.removeprefix("voter-")) * len(villages) // VOTERS]


def begin(person: Person) -> Script:
    """To a new matter: the first time with the notice and the consent to it."""
    yield from person.say("/new" if person.phone.newest else "/start")
    for key in ("submit.fresh", "privacy.agree"):
        if person.sees(key):
            yield from person.tap(key)


def submit(person: Person, rng: Random, concern: Concern, village: Village) -> Script:
    """Say it, answer what is asked, submit. Returns the case; None where they joined another's, or gave up."""
    yield from begin(person)
    way, words = rng.random(), person.world.saying.matter(rng, concern, village)
    if way < 0.06:
        yield from person.send("voice")
    elif way < 0.14:
        yield from person.send("photo", rng.randint(1, 3), words)
    else:
        yield from person.say(words)
    return (yield from _review(person, rng)) if (yield from guided(person, rng, concern, village)) else None


def guided(person: Person, rng: Random, concern: Concern, village: Village, *, steady: bool = False) -> Script:
    """Answer what is asked, until it can be read back. False: they joined another's, or (not `steady`) gave up."""
    for _ in range(STEPS):
        if person.sees("submit.do_submit"):
            return True
        if person.sees("alike.join"):
            if rng.random() < 0.6:
                yield from person.tap("alike.join")
                return False
            yield from person.tap("alike.other")
        elif person.sees("submit.village_unknown"):
            lost = rng.random() < 0.05
            yield from person.tap_label(person.world.label("submit.village_unknown") if lost else village.name)
        elif person.sees("submit.topic_unknown"):
            yield from _choose_topic(person, rng, concern)
        elif person.sees("submit.photos_done"):
            yield from person.tap("submit.photos_done")
        elif person.sees("submit.photos_none"):
            yield from _photos(person, rng)
        elif person.sees("submit.unsure_yes"):
            yield from person.tap("submit.unsure_yes")
        else:
            raise Surprise(
                f"{person.phone.role}: asked {person.phone.text!r}, {[b.label for b in person.phone.question]}"
            )
        if not steady and rng.random() < 0.015:
            return False  # the phone rings, the pot boils over: the draft stays
    raise Surprise(f"{person.phone.role}: no end of questions at {person.phone.text[:24]!r}")


def _choose_topic(person: Person, rng: Random, concern: Concern) -> Script:
    town = person.world.town
    topic = next(topic for topic in town.topics if any(sub.id == concern.subtopic for sub in topic.subtopics))
    if rng.random() < 0.3:
        yield from person.tap("submit.topic_unknown")
    else:
        yield from person.tap_label(topic.name)


def _photos(person: Person, rng: Random) -> Script:
    if rng.random() < 0.3:
        yield from person.send("photo", rng.randint(1, 4))
    elif rng.random() < 0.1:
        yield from person.say("", location=[22.0 + rng.random() / 20, 111.0 + rng.random() / 20])
    elif rng.random() < 0.5:
        yield from person.say("1")
    else:
        yield from person.tap("submit.photos_none")


def _review(person: Person, rng: Random) -> Script:
    if rng.random() < 0.06:
        yield from person.say(person.world.saying.one(rng, "additions"))
    elif rng.random() < 0.02:
        yield from person.tap_label(person.world.label("submit.do_kind", kind=""))
    return (yield from receipt(person, "submit.do_submit"))


def call_human(person: Person, rng: Random) -> Script:
    """9 instead of words."""
    yield from begin(person)
    return (yield from receipt(person, "button.human"))


def receipt(person: Person, key: str) -> Script:
    """The case that this tap made: in the answer its number stands in the words, its id in the buttons."""
    before = person.phone.newest[-1].id
    yield from person.tap(key)
    for shown in person.phone.since(before):
        buttons = [button.data for button in shown.buttons if button.data.startswith("c:")]
        if buttons and (number := _NUMBER.search(shown.text)):
            return Matter(int(buttons[0].split(":")[1]), number[0])
    raise Surprise(f"villager: no receipt but {person.phone.text[:30]!r}")


def add(person: Person, rng: Random, matter: Matter) -> Script:
    """Something more about one's own case."""
    yield from person.press(f"c:{matter.id}:supply")
    yield from person.say(person.world.saying.one(rng, "additions"))
    yield from person.tap("compose.send")


def answer_question(person: Person, rng: Random) -> Script:
    """Staff asked for more: the next words are the answer."""
    yield from person.say(person.world.saying.one(rng, "more"))
    yield from person.tap("compose.send")


def leave_phone(person: Person, rng: Random) -> Script:
    """A number at which staff may ring, for a reason that stands in the case's history."""
    yield from person.say(f"/phone 1380000{rng.randrange(10_000):04d}")


def withdraw(person: Person, matter: Matter) -> Script:
    yield from person.press(f"c:{matter.id}:withdraw")
    yield from person.press(f"c:{matter.id}:withdraw!")


def chosen_rating(rng: Random, answer_class: AnswerClass) -> Rating:
    return rng.choices(list(Rating), CONTENT[answer_class])[0]


def rate(person: Person, rng: Random, matter: Matter, round_: int, rating: Rating) -> Script:
    """One tap, perhaps a second; who is dissatisfied may say why."""
    yield from person.press(f"r:{matter.id}:{round_}:{rating}")
    if rng.random() < 0.15:
        return
    weights = {Rating.SATISFIED: (9, 1, 0), Rating.FAIR: (5, 4, 1), Rating.DISSATISFIED: (0, 3, 7)}[rating]
    solved = rng.choices(list(Solved), weights)[0]
    found = person.offered(rf"s:{matter.id}:\d+:{solved}")
    if not found:
        raise Surprise("villager: not asked whether it is solved")
    yield from person.press(found[-1])
    if any(person.world.label("compose.object_skip") in button.label for button in person.phone.newest[-1].buttons):
        words = person.world.saying.one(rng, "objections")
        yield from person.say(words) if words else person.tap("compose.object_skip")


def confirm(person: Person, rng: Random, case_id: int, answer_class: AnswerClass) -> Script:
    """A supporter's own rating, where they were asked for it."""
    rating = chosen_rating(rng, answer_class)
    found = person.offered(rf"k:{case_id}:rate:\d+:{rating}")
    if not found or rng.random() < 0.3:
        return
    yield from person.press(found[-1])
    if rng.random() < 0.7:
        solved = person.offered(
            rf"k:{case_id}:solved:\d+:{Solved.YES if rating is Rating.SATISFIED else Solved.PARTLY}"
        )
        yield from person.press(solved[-1])


def look_around(person: Person, rng: Random) -> Script:
    """What people do besides bringing matters in."""
    if not person.phone.newest:
        yield from person.say("/start")
        if rng.random() < 0.15:
            yield from person.tap("privacy.decline")
            return
        yield from person.tap("privacy.agree")
        yield from person.say("0")
    for _ in range(rng.randint(1, 2)):
        way = rng.random()
        if way < 0.5:
            yield from person.say(rng.choice(["/mine", "/find", "/help", "/reception", "/privacy"]))
        elif way < 0.6:
            yield from person.say("", kind="sticker")
        elif way < 0.75 and person.sees("reception.follow"):
            yield from person.tap("reception.follow")
        else:
            yield from person.say(person.world.saying.one(rng, "small_talk"))
