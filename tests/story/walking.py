"""Random histories of a small town through the real use cases, steered to what was seldom done so far.

A history is a list of plain steps, so that one that fails can be played again with some of them left out.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from bot.dialogue.matter import Submission, Words
from bot.domain.authority import parts_in
from bot.domain.cases import Actor, AnswerClass, Case, Rating, Solved, may
from bot.domain.machine import TABLE, Action, IllegalMove, Part
from bot.domain.messages import File, FileKind
from bot.domain.people import Person
from bot.domain.spans import Span
from bot.domain.suggestions import NotNow, allowed
from bot.domain.suggestions import Step as Move
from bot.domain.supervision import SupervisionKind, SupervisionResult
from bot.domain.topics import Flag
from bot.ports import CaseFilter
from bot.usecases import (
    absence,
    answering,
    assigning,
    contacts,
    joining,
    merging,
    publishing,
    rating,
    recusing,
    registering,
    revealing,
    seats,
    suggesting,
    supervising,
    working,
)
from bot.usecases.desk import Desk
from bot.usecases.moving import NotFoundError
from bot.usecases.publishing import NotCleanError
from bot.usecases.recusing import AloneError
from bot.usecases.revealing import RevealError
from bot.usecases.seats import NotAllowedError
from bot.usecases.standing import standing
from bot.usecases.suggesting import NotDistilledError
from tests.support.chat import CHANNEL, LocalTown

SEATS = {
    "deputy": "shilong-2",
    "other": "shilong-1",
    "head": "shilong-head",
    "liaison": "shilong-liaison",
    "office": "office-1",
    "second": "office-2",
}
VILLAGERS = ("villager", "neighbour", "farmer")
PEOPLE = (*VILLAGERS, *SEATS)
REFUSED = (IllegalMove, NotFoundError, NotAllowedError, NotNow, NotCleanError, NotDistilledError, RevealError, AloneError)
"""What conversations answer with a word: what was written before it was raised is committed all the same."""

MOST_CASES = 5
PHOTO = (File(FileKind.PHOTO, "photo", "photo"),)
MOVES = {rule.action for rule in TABLE if rule.to != "same"}
"""Actions that change a case's state."""


@dataclass(frozen=True, slots=True)
class Step:
    """`name` by `who`; `target` is a case's or a suggestion's id, `chance` decides the rest."""

    name: str
    who: str = ""
    target: int = 0
    chance: int = 0


Use = Callable[[Desk, Person, int, Random], Awaitable[Any]]


async def _correct(desk: Desk, person: Person, case: int, rng: Random) -> None:
    await working.correct(desk, person, case, topic=rng.choice(["roads.potholes", "welfare.relief", "water.supply"]))


async def _transfer(desk: Desk, person: Person, case: int, rng: Random) -> None:
    if rng.random() < 0.5:
        await working.transfer(desk, person, case, seat=rng.choice([SEATS["deputy"], SEATS["other"]]))
    else:
        await working.transfer(desk, person, case, village=rng.choice(["shilong", "shilong", "datang"]))


async def _rate(desk: Desk, person: Person, case: int, rng: Random, rating_: Rating | None = None) -> None:
    found = await desk.tx.cases.get(case)
    round_ = found.reopened if found and rng.random() < 0.9 else rng.randint(0, 2)
    await rating.rate(desk, person, case, round_, rating_ or rng.choice([Rating.SATISFIED, Rating.FAIR]))


async def _object(desk: Desk, person: Person, case: int, rng: Random) -> None:
    await _rate(desk, person, case, rng, Rating.DISSATISFIED)


async def _solved(desk: Desk, person: Person, case: int, rng: Random) -> None:
    await rating.say_solved(desk, person, case, rng.randint(0, 2), rng.choice(list(Solved)))


async def _merge(desk: Desk, person: Person, case: int, rng: Random) -> None:
    await merging.merge(desk, person, case, rng.randint(1, MOST_CASES))


async def _conclude(desk: Desk, person: Person, case: int, rng: Random) -> None:
    with_whom = rng.choice([[], [SEATS["deputy"]], [SEATS["deputy"], SEATS["other"]]])
    await supervising.conclude(desk, person, case, "已改", rng.choice(list(SupervisionResult)), with_whom)


async def _suggest(desk: Desk, person: Person, case: int, rng: Random) -> None:
    """A suggestion of its own, or one more case of one that there is."""
    there = await desk.tx.suggestions.all()
    if there and rng.random() < 0.5:
        await suggesting.add_case(desk, person, case, rng.choice(there).id)
    else:
        await suggesting.file(desk, person, case, "建议落实管护")


async def _recuse(desk: Desk, person: Person, case: int, rng: Random) -> None:
    """Oneself, somebody else (the office), or as the villager wishes."""
    if await desk.tx.cases.is_author(case, person.id):
        await recusing.wish(desk, person, case, rng.choice(list(SEATS.values())))
        return
    held = (await desk.tx.people.holders()).get(rng.choice(list(SEATS.values())))
    await recusing.recuse(desk, person, case, rng.choice(recusing.REASONS), rng.choice([None, None, held]))


async def _readmit(desk: Desk, person: Person, case: int, rng: Random) -> None:
    found = await desk.tx.cases.get(case)
    await recusing.readmit(desk, person, case, rng.choice(found.recused) if found and found.recused else 0)


async def _reply(desk: Desk, person: Person, case: int, rng: Random) -> None:
    """The suggestion's reply, as a form about one of its cases."""
    there = [one for one in await desk.tx.suggestions.all() if case in one.cases]
    if not there:
        raise NotFoundError(case)
    await suggesting.reply(desk, person, case, rng.choice(there).id, "已列入计划", rng.choice(list(AnswerClass)))


ACTS: Mapping[Action, Use] = {
    Action.TAKE: lambda d, p, c, r: working.take(d, p, c),
    Action.REPLY: lambda d, p, c, r: working.reply(d, p, c, "好"),
    Action.ASK_MORE: lambda d, p, c, r: working.ask_more(d, p, c, "哪里？"),
    Action.SUPPLY: lambda d, p, c, r: working.supply(d, p, c, "村口"),
    Action.NOTE: lambda d, p, c, r: working.note(d, p, c, "记"),
    Action.PHOTO: lambda d, p, c, r: working.add_photos(d, p, c, PHOTO),
    Action.CORRECT: _correct,
    Action.TRANSFER: _transfer,
    Action.HAND_UP: lambda d, p, c, r: working.hand_up(d, p, c, "要镇里办"),
    Action.SEND_BACK: lambda d, p, c, r: working.send_back(d, p, c, "请办"),
    Action.RESOLVE: lambda d, p, c, r: answering.resolve(d, p, c, "办好了", r.choice(list(AnswerClass))),
    Action.SPOT: lambda d, p, c, r: answering.resolve(
        d, p, c, "办好了", r.choice(list(AnswerClass)), action=Action.SPOT
    ),
    Action.RATE: _rate,
    Action.OBJECT: _object,
    Action.OBJECT_AGAIN: _object,
    Action.SOLVED: _solved,
    Action.REOPEN: lambda d, p, c, r: working.reopen(d, p, c),
    Action.WITHDRAW: lambda d, p, c, r: working.withdraw(d, p, c),
    Action.REFUSE: lambda d, p, c, r: assigning.refuse(d, p, c, "不属代表职权", "court"),
    Action.ASSIGN: lambda d, p, c, r: assigning.assign(d, p, c, "请办", r.choice([["water"], ["water", "power"]])),
    Action.RETURN: lambda d, p, c, r: assigning.give_back(d, p, c, "不归我们"),
    Action.BEGIN: lambda d, p, c, r: assigning.begin(d, p, c),
    Action.EXTEND: lambda d, p, c, r: assigning.extend(d, p, c, "等配件", r.choice([5, 10, 15])),
    Action.DELIVER: lambda d, p, c, r: answering.deliver(d, p, c, "修好了"),
    Action.REDO: lambda d, p, c, r: answering.redo(d, p, c, "重做"),
    Action.CHECK: lambda d, p, c, r: answering.check(d, p, c, r.choice(list(AnswerClass))),
    Action.CLOSE: lambda d, p, c, r: answering.close(d, p, c),
    Action.FOLLOW_UP: lambda d, p, c, r: answering.follow_up(d, p, c, "还在办", r.choice(list(AnswerClass))),
    Action.MERGE: _merge,
    Action.UNMERGE: lambda d, p, c, r: merging.unmerge(d, p, c),
    Action.ASK_PUBLISH: lambda d, p, c, r: publishing.ask(d, p, c),
    Action.ALLOW: lambda d, p, c, r: publishing.allow(d, p, c),
    Action.FORBID: lambda d, p, c, r: publishing.forbid(d, p, c),
    Action.PUBLISH: lambda d, p, c, r: publishing.publish(d, p, c, "路灯修好"),
    Action.ARCHIVE: lambda d, p, c, r: answering.archive(d, p, c),
    Action.SUGGEST: _suggest,
    Action.SUGGESTION_REPLY: _reply,
    Action.SUPERVISE: lambda d, p, c, r: supervising.supervise(d, p, c, r.choice(list(SupervisionKind)), "说明", 5),
    Action.SUPERVISED: _conclude,
    Action.JOIN: lambda d, p, c, r: joining.join(d, p, c, "我也是"),
    Action.LEAVE: lambda d, p, c, r: joining.leave(d, p, c),
    Action.RAISE: lambda d, p, c, r: recusing.take_up(d, p, c),
    Action.RECUSE: _recuse,
    Action.READMIT: _readmit,
    Action.REVEAL: lambda d, p, c, r: revealing.reveal(d, p, c, "要当面核实"),
}
"""How each action of the table is taken; those of the clock and of vacancies come by themselves."""


async def _rate_suggestion(desk: Desk, person: Person, one: int, rng: Random) -> None:
    await suggesting.rate(desk, person, one, rng.choice([Rating.SATISFIED, Rating.FAIR]))


async def _object_to_suggestion(desk: Desk, person: Person, one: int, rng: Random) -> None:
    await suggesting.rate(desk, person, one, Rating.DISSATISFIED)


async def _reply_to_suggestion(desk: Desk, person: Person, one: int, rng: Random) -> None:
    found = await desk.tx.suggestions.get(one)
    await suggesting.reply(desk, person, found.cases[0] if found else 0, one, "已列入计划", rng.choice(list(AnswerClass)))


MARCH: Mapping[Move, Use] = {
    Move.COSIGN: lambda d, p, s, r: suggesting.cosign(d, p, s),
    Move.ADD_CASE: lambda d, p, s, r: suggesting.add_case(d, p, r.randint(1, MOST_CASES), s),
    Move.WITHDRAW: lambda d, p, s, r: suggesting.take_step(d, p, s, Move.WITHDRAW),
    Move.ASSIGN: lambda d, p, s, r: suggesting.assign(d, p, s, "water", is_complex=False),
    Move.ASSIGN_COMPLEX: lambda d, p, s, r: suggesting.assign(d, p, s, "water", is_complex=True),
    Move.REPLY: _reply_to_suggestion,
    Move.ACCEPT: _rate_suggestion,
    Move.OBJECT: _object_to_suggestion,
    Move.OBJECT_AGAIN: _object_to_suggestion,
    Move.REPORT: lambda d, p, s, r: suggesting.take_step(d, p, s, Move.REPORT),
    Move.PUBLISH: lambda d, p, s, r: suggesting.publish(d, p, s),
}
"""How each step of a suggestion's machine is taken, but for those of the clock and of vacancies."""
HOURS = (1, 20, 24 * 3, 24 * 8, 24 * 20, 24 * 92)


class Walk:
    """One history in a town where everybody of SEATS sits. `seen` counts what was done in all histories so far."""

    def __init__(self, place: LocalTown, people: Mapping[str, Person], rng: Random, seen: Counter[str]) -> None:
        self.place, self.people, self.rng, self.seen = place, people, rng, seen
        self.steps: list[Step] = []

    async def choose(self) -> Step:
        """What to do next: mostly something that may be done now, and was done seldom so far."""
        rng, chance = self.rng, self.rng.randrange(1 << 30)
        cases = await self._cases()
        way = rng.random()
        if not cases or (len(cases) < MOST_CASES and way < 0.1):
            return Step("register", rng.choice(VILLAGERS), 0, chance)
        if way < 0.24:
            return Step(rng.choice(("pass", "pass", "sweep")), "", 0, chance)
        if way < 0.29:
            return Step(rng.choice(("vacate", "seat", "seat", "away", "back", "phone")), rng.choice(PEOPLE), 0, chance)
        if way < 0.34:
            wild = rng.choice([*ACTS, *(f"suggestion:{move}" for move in MARCH)])
            return Step(wild, rng.choice(PEOPLE), rng.randint(1, MOST_CASES), chance)
        found = await self._open(cases if rng.random() < 0.5 else [rng.choice(cases)])
        if way > 0.75:
            found = await self._open_suggestions() or found
        if not found:
            return Step("pass", "", 0, chance)
        weights = [(4 if step.name in MOVES else 1) / (1 + self.seen[step.name]) for step in found]
        return Step(*rng.choices([(s.name, s.who, s.target) for s in found], weights)[0], chance)

    async def take(self, step: Step) -> None:
        """Do it as a conversation does: what is refused is answered, and the transaction kept."""
        self.steps.append(step)
        rng = Random(step.chance)
        match step.name:
            case "pass":
                self.place.clock.push(hours=rng.choice(HOURS))
            case "sweep":
                await self.place.sweep.once()
            case _:
                await self._at_desk(self._use(step, rng))

    def _use(self, step: Step, rng: Random) -> Callable[[Desk], Awaitable[Any]]:
        person = self.people.get(step.who)
        match step.name:
            case "register" if person:
                return lambda desk: registering.register(desk, person, matter(rng))
            case "phone" if person:
                return lambda desk: contacts.leave_phone(desk, person, "13800000000")
            case "vacate" if step.who in SEATS:
                return lambda desk: seats.withdraw_seat(desk, self.people["admin"], SEATS[step.who])
            case "seat" if person and step.who in SEATS:
                return lambda desk: self._sit(desk, person, SEATS[step.who])
            case "away" if person and step.who in SEATS:
                return lambda desk: self._go(desk, person, SEATS[step.who], rng)
            case "back" if person and step.who in SEATS:
                return lambda desk: absence.come_back(desk, person, SEATS[step.who])
            case name if person and name.startswith("suggestion:"):
                move = Move(name.removeprefix("suggestion:"))
                return lambda desk: MARCH[move](desk, person, step.target, rng)
            case name if person and name in ACTS:
                return lambda desk: ACTS[Action(name)](desk, person, step.target, rng)
        return lambda desk: _nothing()

    async def _at_desk(self, use: Callable[[Desk], Awaitable[Any]]) -> None:
        async with self.place.store.begin() as tx:
            try:
                await use(self.place.desk_for(tx, self.place.clock.now(), f"turn:{len(self.steps)}"))
            except REFUSED:
                return

    async def _sit(self, desk: Desk, person: Person, seat: str) -> None:
        if await desk.tx.people.holder(seat) is None:
            await desk.tx.people.appoint(seat, person.id, desk.now)

    async def _go(self, desk: Desk, person: Person, seat: str, rng: Random) -> None:
        first: date = desk.local(desk.now).date() + timedelta(days=rng.choice((0, 0, 3)))
        found = desk.town.seat(seat)
        by = [None, *(other.id for other in await absence.stand_ins(desk, found))] if found else [None]
        await absence.go(desk, person, Span(first, first + timedelta(days=rng.choice((1, 10)))), [(seat, rng.choice(by))])

    async def _cases(self) -> list[Case]:
        async with self.place.store.begin() as tx:
            return await tx.cases.find(CaseFilter())

    async def _open(self, cases: Sequence[Case]) -> list[Step]:
        """What the table lets anybody do to these cases now."""
        found: list[Step] = []
        async with self.place.store.begin() as tx:
            desk = self.place.desk_for(tx, self.place.clock.now(), "look")
            now = await standing(desk)
            for case in cases:
                author, behind = await tx.cases.author(case.id), await tx.cases.parties(case.id, "supporter")
                for who in PEOPLE:
                    id_ = self.people[who].id
                    parts = parts_in(desk.town, case, id_, now) + [Actor(Part.AUTHOR, id_)] * (id_ == author)
                    parts += [Actor(Part.SUPPORTER, id_)] * (id_ in behind or (who in VILLAGERS and id_ != author))
                    names = {action for actor in parts for action in may(case, actor.part, desk.now) if action in ACTS}
                    found += [Step(name, who, case.id) for name in sorted(names)]
        return found

    async def _open_suggestions(self) -> list[Step]:
        async with self.place.store.begin() as tx:
            desk = self.place.desk_for(tx, self.place.clock.now(), "look")
            found: list[Step] = []
            for one in await tx.suggestions.all():
                for who in SEATS:
                    for side, _ in await suggesting.sides(desk, self.people[who], one):
                        found += [Step(f"suggestion:{m}", who, one.id) for m in allowed(one, side) if m in MARCH]
        return found


async def _nothing() -> None:
    return


def matter(rng: Random) -> Submission:
    """A lamp, or something that is urgent, restricted, sealed, or nowhere."""
    flags = rng.choice([(), (), (), (Flag.URGENT,), (Flag.RESTRICTED,), (Flag.SEALED, Flag.RESTRICTED)])
    return Submission(
        words=(Words(message_id="1", text="路灯坏了"),),
        village=rng.choice(["shilong", "shilong", "shilong", None]),
        topic="roads",
        subtopic=rng.choice(["roads.lamps", "roads.potholes", None]),
        flags=frozenset(flags),
        files=PHOTO if rng.random() < 0.3 else (),
    )


async def settle_in(place: LocalTown) -> dict[str, Person]:
    """Everybody takes their seat, and the administrator looks on."""
    found: dict[str, Person] = {}
    async with place.store.begin() as tx:
        for name in (*PEOPLE, "admin"):
            found[name] = await tx.people.add(CHANNEL, name, name, "zh-CN", place.clock.now())
            if seat := SEATS.get(name, "admin" if name == "admin" else ""):
                await tx.people.appoint(seat, found[name].id, place.clock.now())
    return found


