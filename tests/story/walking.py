"""Random histories of a small town through the real use cases, steered to what was seldom done so far.

A history is a list of plain steps, so that one that fails can be played again with some of them left out.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from bot.dialogue.matter import Submission
from bot.domain.amendments import to_be
from bot.domain.authority import parts_in
from bot.domain.cases import Case, Kind, may
from bot.domain.machine import Action, Part
from bot.domain.people import Person
from bot.domain.spans import Span
from bot.domain.suggestions import Step as Move
from bot.domain.suggestions import allowed
from bot.ports import CaseFilter
from bot.usecases import (
    absence,
    amending,
    assisting,
    contacts,
    following,
    registering,
    seats,
    suggesting,
)
from bot.usecases.desk import Desk
from bot.usecases.moving import unlinked
from bot.usecases.standing import stand_ins, standing
from tests.story.deeds import ACTS, MARCH, MOST_CASES, MOVES, NEEDED, PEOPLE, REFUSED, SEATS, VILLAGERS, letter, matter
from tests.story.goals import CLOCK, towards, towards_move
from tests.support.chat import CHANNEL, LocalTown


@dataclass(frozen=True, slots=True)
class Step:
    """`name` by `who`; `target` is a case's or a suggestion's id, `chance` decides the rest."""

    name: str
    who: str = ""
    target: int = 0
    chance: int = 0


TOLD = frozenset({Action.RATE_OWN, Action.OBJECT_OWN})
"""What takes a case that staff entered and noted the rating of, and its villager, who comes with the receipt."""

COMINGS = ("vacate", "seat", "seat", "away", "back", "phone", "follow", "amend")
"""What people do besides cases."""

AMENDED: Mapping[str, Sequence[Any]] = {
    "setting:limits.accept": ("1d", "3d", "9d"),
    "setting:limits.contact": ("1d", "2d"),
    "setting:limits.supervise": ("1d", "4d"),
    "setting:limits.rating": ("7d", "3d"),
}
"""What the office changes while all goes on: no case may notice before its next clock is wound."""

HOURS = (1, 20, 24 * 3, 24 * 8, 24 * 20, 24 * 92)


class Walk:
    """One history in a town where everybody of SEATS sits. `seen` counts what was done in all histories so far; what
    was done least of all is this one's goal.
    """

    def __init__(self, place: LocalTown, people: Mapping[str, Person], rng: Random, seen: Counter[str]) -> None:
        self.place, self.people, self.rng, self.seen = place, people, rng, seen
        self.steps: list[Step] = []
        self.codes: dict[int, str] = {}  # of receipts
        few = min(seen[name] for name in NEEDED)
        self.goal = rng.choice([name for name in sorted(NEEDED) if seen[name] <= few])

    async def choose(self) -> Step:
        """What to do next: by turns what leads to the goal, what may be done now, what passes, what is refused."""
        rng, chance = self.rng, self.rng.randrange(1 << 30)
        cases, way = await self._cases(), rng.random()
        if not cases or (len(cases) < MOST_CASES and way < 0.1):
            name = "enter" if self.goal in TOLD else rng.choice(("register", "register", "enter", "letter"))
            who = rng.choice(VILLAGERS if name != "enter" else tuple(SEATS))
            return Step(name, who, 0, chance)
        if way < 0.18:
            return Step(rng.choice(("pass", "pass", "sweep")), "", 0, chance)
        if way < 0.26:
            return Step(rng.choice(COMINGS), rng.choice(PEOPLE), rng.randint(1, MOST_CASES), chance)
        if way < 0.31:
            wild = rng.choice([*ACTS, *(f"suggestion:{move}" for move in MARCH)])
            return Step(wild, rng.choice(PEOPLE), rng.randint(1, MOST_CASES), chance)
        found = await self._towards(cases) if way < 0.7 else []
        found = found or (await self._open_suggestions() if way > 0.9 else await self._open([rng.choice(cases)]))
        if not found:
            return Step("pass", "", 0, chance)
        weights = [(4 if step.name in MOVES else 1) / (1 + self.seen[step.name]) for step in found]
        return Step(*rng.choices([(s.name, s.who, s.target) for s in found], weights)[0], chance)

    async def _towards(self, cases: Sequence[Case]) -> list[Step]:
        """Steps that lead to the goal; none where no way is known from here."""
        goal, now = self.goal, self.place.clock.now()
        if goal.startswith("suggestion:"):
            found = await self._towards_move(Move(goal.removeprefix("suggestion:")))
            if found is not None:
                return found
            goal = Action.SUGGEST
        if goal == Action.HAND_OVER:
            return [Step("vacate", "deputy")]
        if goal in TOLD and (told := [case.id for case in cases if case.told and case.id in self.codes]):
            own = [step for step in await self._open([case for case in cases if case.told]) if step.name == goal]
            return own or [Step("follow", self.rng.choice(VILLAGERS), self.rng.choice(told))]
        wanted = {
            case.id: towards(Action(goal), case, now) for case in cases if goal not in TOLD or case.id in self.codes
        }
        if CLOCK in wanted.values():
            return [Step(name) for name in ("pass", "sweep")]
        return [step for step in await self._open(cases) if step.name == wanted.get(step.target)]

    async def _towards_move(self, goal: Move) -> list[Step] | None:
        """None where there is no suggestion yet that could come there."""
        if goal is Move.HAND_OVER and self.rng.random() < 0.5:
            return [Step("vacate", who) for who in ("deputy", "other")]
        async with self.place.store.begin() as tx:
            wanted = {one.id: towards_move(goal, one) for one in await tx.suggestions.all()}
        if CLOCK in wanted.values():
            return [Step(name) for name in ("pass", "sweep")]
        if not any(wanted.values()):
            return None
        found = [step for step in await self._open_suggestions() if step.name == f"suggestion:{wanted[step.target]}"]
        return found or None

    async def take(self, step: Step) -> None:
        """Do it as a conversation does: what is refused is answered, and the transaction kept."""
        self.steps.append(step)
        rng = Random(step.chance)
        match step.name:
            case "pass":
                self.place.clock.push(hours=rng.choice(HOURS))
            case "sweep":
                await self.place.sweep.once()
            case "amend":
                await self._at_desk(self._use(step, rng))
                await self.place.desk_for.catch_up(self.place.store)
            case _:
                await self._at_desk(self._use(step, rng))

    def _use(self, step: Step, rng: Random) -> Callable[[Desk], Awaitable[Any]]:
        person = self.people.get(step.who)
        match step.name:
            case "register" if person:
                return lambda desk: registering.register(desk, person, matter(rng))
            case "letter" if person:
                return lambda desk: registering.register(desk, person, letter(rng), kind=Kind.LETTER)
            case "enter" if person:
                return lambda desk: self._enter(desk, person, matter(rng))
            case "follow" if person and (code := self.codes.get(step.target)):
                return lambda desk: self._follow(desk, person, code)
            case "phone" if person:
                return lambda desk: contacts.leave_phone(desk, person, "13800000000")
            case "vacate" if step.who in SEATS:
                return lambda desk: seats.withdraw_seat(desk, self.people["admin"], SEATS[step.who])
            case "seat" if person and step.who in SEATS:
                return lambda desk: self._sit(desk, person, SEATS[step.who])
            case "away" if person and step.who in SEATS:
                return lambda desk: self._go(desk, person, SEATS[step.who], rng)
            case "amend" if person:
                key = rng.choice(list(AMENDED))
                changes = {key: to_be(rng.choice(AMENDED[key]))}
                return lambda desk: amending.amend(desk, person, changes, "试行")
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

    async def _enter(self, desk: Desk, person: Person, data: Submission) -> None:
        case, code = await assisting.enter(desk, person, data)
        self.codes[case.id] = code

    async def _follow(self, desk: Desk, person: Person, code: str) -> None:
        case = await following.look_up(desk, person, code)
        await following.follow(desk, person, case.id)

    async def _sit(self, desk: Desk, person: Person, seat: str) -> None:
        if await desk.tx.people.holder(seat) is None:
            await desk.tx.people.appoint(seat, person.id, desk.now)

    async def _go(self, desk: Desk, person: Person, seat: str, rng: Random) -> None:
        first: date = desk.local(desk.now).date() + timedelta(days=rng.choice((0, 0, 3)))
        found = desk.town.seat(seat)
        by = [None, *(other.id for other in await stand_ins(desk, found))] if found else [None]
        await absence.go(
            desk, person, Span(first, first + timedelta(days=rng.choice((1, 10)))), [(seat, rng.choice(by))]
        )

    async def _cases(self) -> list[Case]:
        async with self.place.store.begin() as tx:
            return await tx.cases.find(CaseFilter())

    async def _open(self, cases: Sequence[Case]) -> list[Step]:
        """What the table lets anybody do to these cases now; reads little, as it is asked at almost every step."""
        found: list[Step] = []
        async with self.place.store.begin() as tx:
            desk = self.place.desk_for(tx, self.place.clock.now(), "look")
            now = await standing(desk)
            for case in cases:
                author, behind = await tx.cases.author(case.id), await tx.cases.parties(case.id, "supporter")
                spoken_for = case.id in self.codes and await unlinked(desk, case) is not None
                for who in PEOPLE:
                    id_ = self.people[who].id
                    parts = {actor.part for actor in parts_in(desk.town, case, id_, now)}
                    if id_ == author or (spoken_for and who in SEATS):  # which of the staff may, `take` finds out
                        parts.add(Part.AUTHOR)
                    if (who in VILLAGERS and not parts) or id_ in behind:
                        parts.add(Part.SUPPORTER)
                    names = {action for part in parts for action in may(case, part, desk.now) if action in ACTS}
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


async def settle_in(place: LocalTown) -> dict[str, Person]:
    """Everybody takes their seat, and the administrator looks on."""
    found: dict[str, Person] = {}
    async with place.store.begin() as tx:
        for name in (*PEOPLE, "admin"):
            found[name] = await tx.people.add(CHANNEL, name, name, "zh-CN", place.clock.now())
            if seat := SEATS.get(name, "admin" if name == "admin" else ""):
                await tx.people.appoint(seat, found[name].id, place.clock.now())
    return found
