"""Random histories of a small town, through the real use cases and a real database: what must hold always, holds."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.dialogue.matter import Submission, Words
from bot.domain.cases import AnswerClass, Case, Event, Rating, Solved, broken_at, may
from bot.domain.machine import ENDED_STATES, OPEN_STATES, PAUSED_STATES, TABLE, Action, IllegalMove, Part, State
from bot.domain.people import Person
from bot.domain.rates import outcome_of, rates, replayed
from bot.domain.supervision import SupervisionKind, SupervisionResult
from bot.ports import CaseFilter
from bot.usecases import answering, assigning, merging, publishing, rating, registering, supervising, working
from bot.usecases.desk import Desk
from bot.usecases.figures import figures, year_of
from bot.usecases.moving import NotFoundError, parts_of, plan
from bot.usecases.seats import NotAllowedError, withdraw_seat
from tests.support.chat import CHANNEL, LocalTown, local_town

SEATS = {
    "deputy": ("shilong-2",),
    "other": ("shilong-1",),
    "head": ("shilong-head",),
    "office": ("office-1",),
}
PEOPLE = ("villager", "neighbour", *SEATS)
CLOCK = {rule.action for rule in TABLE if Part.SYSTEM in rule.parts} - {"hand_over"}
GRADES = st.sampled_from(AnswerClass)
Act = Callable[[Desk, Person, int], Awaitable[Any]]


def acts(grade: AnswerClass, score: Rating, days: int, other: int, round_: int) -> dict[str, Act]:
    """Everything that anybody can do to a case, with these choices."""
    return {
        "take": working.take,
        "reply": lambda d, p, c: working.reply(d, p, c, "好"),
        "ask_more": lambda d, p, c: working.ask_more(d, p, c, "哪里？"),
        "supply": lambda d, p, c: working.supply(d, p, c, "村口"),
        "note": lambda d, p, c: working.note(d, p, c, "记"),
        "hand_up": lambda d, p, c: working.hand_up(d, p, c, "要镇里办"),
        "send_back": lambda d, p, c: working.send_back(d, p, c, "请办"),
        "transfer": lambda d, p, c: working.transfer(d, p, c, seat="shilong-1"),
        "village": lambda d, p, c: working.transfer(d, p, c, village="shilong"),
        "reopen": working.reopen,
        "withdraw": working.withdraw,
        "refuse": lambda d, p, c: assigning.refuse(d, p, c, "不属代表职权", "court"),
        "assign": lambda d, p, c: assigning.assign(d, p, c, "请办", ["water", "power"]),
        "give_back": lambda d, p, c: assigning.give_back(d, p, c, "不归我们"),
        "begin": assigning.begin,
        "extend": lambda d, p, c: assigning.extend(d, p, c, "等配件", days),
        "resolve": lambda d, p, c: answering.resolve(d, p, c, "办好了", grade),
        "deliver": lambda d, p, c: answering.deliver(d, p, c, "修好了"),
        "redo": lambda d, p, c: answering.redo(d, p, c, "重做"),
        "check": lambda d, p, c: answering.check(d, p, c, grade),
        "close": answering.close,
        "follow_up": lambda d, p, c: answering.follow_up(d, p, c, "还在办", grade),
        "archive": answering.archive,
        "merge": lambda d, p, c: merging.merge(d, p, c, other),
        "unmerge": merging.unmerge,
        "ask_publish": publishing.ask,
        "allow": publishing.allow,
        "forbid": publishing.forbid,
        "publish": lambda d, p, c: publishing.publish(d, p, c, "路灯修好"),
        "rate": lambda d, p, c: rating.rate(d, p, c, round_, score),
        "solved": lambda d, p, c: rating.say_solved(d, p, c, round_, Solved.YES),
        "supervise": lambda d, p, c: supervising.supervise(d, p, c, SupervisionKind.ONSITE, "请说明", days),
        "conclude": lambda d, p, c: supervising.conclude(d, p, c, "已改", SupervisionResult.DONE, ["shilong-1"]),
    }


CALLED = {Action.RETURN: "give_back", Action.OBJECT: "rate", Action.SUPERVISED: "conclude"}
"""The names above of actions that are called otherwise in the table."""

NAMES = sorted(acts(AnswerClass.A, Rating.FAIR, 5, 1, 0))


class Histories(RuleBasedStateMachine):
    """Cases are registered, worked on by whoever happens to try, and time passes, with the sweep at work or not."""

    @initialize()
    def open_town(self) -> None:
        self.folder = TemporaryDirectory()
        self.loop = asyncio.new_event_loop()
        self.town = local_town(Path(self.folder.name))
        self.place: LocalTown = self.run(self.town.__aenter__())
        self.people: dict[str, Person] = self.run(self._people())
        self.turn = self.count = 0

    async def _people(self) -> dict[str, Person]:
        found: dict[str, Person] = {}
        async with self.place.store.begin() as tx:
            for name in PEOPLE:
                found[name] = await tx.people.add(CHANNEL, name, name, "zh-CN", self.place.clock.now())
                for seat in SEATS.get(name, ()):
                    await tx.people.appoint(seat, found[name].id, self.place.clock.now())
        return found

    def run(self, coroutine: Any) -> Any:
        return self.loop.run_until_complete(coroutine)

    def teardown(self) -> None:
        if hasattr(self, "place"):
            self.run(self.town.__aexit__(None, None, None))
            self.loop.close()
            self.folder.cleanup()

    async def _at_desk(self, use: Callable[[Desk], Awaitable[Any]]) -> None:
        self.turn += 1
        try:
            async with self.place.store.begin() as tx:
                await use(self.place.desk_for(tx, self.place.clock.now(), f"turn:{self.turn}"))
        except (IllegalMove, NotFoundError, NotAllowedError):
            pass

    @precondition(lambda self: self.count < 3)
    @rule(who=st.sampled_from(["villager", "neighbour"]), village=st.sampled_from(["shilong", None]))
    def register(self, who: str, village: str | None) -> None:
        words = (Words(message_id="1", text="路灯坏了"),)
        data = Submission(words=words, village=village, topic="roads", subtopic="roads.lamps")
        self.run(self._at_desk(lambda desk: registering.register(desk, self.people[who], data)))
        self.count += 1

    @precondition(lambda self: self.count > 0)
    @rule(
        who=st.sampled_from(PEOPLE), name=st.sampled_from(NAMES), which=st.integers(1, 4), other=st.integers(1, 4),
        grade=GRADES, score=st.sampled_from(Rating), days=st.sampled_from([5, 15]), round_=st.integers(0, 2),
    )  # fmt: skip
    def act(
        self, who: str, name: str, which: int, other: int, grade: AnswerClass, score: Rating, days: int, round_: int
    ) -> None:
        which, other = (1 + (number - 1) % self.count for number in (which, other))
        use_case = acts(grade, score, days, other, round_)[name]
        self.run(self._at_desk(lambda desk: use_case(desk, self.people[who], which)))

    @precondition(lambda self: self.count > 0)
    @rule(
        repeat=st.integers(1, 6),
        choice=st.integers(0, 10_000),
        which=st.integers(1, 3),
        grade=GRADES,
        score=st.sampled_from(Rating),
    )
    def several_moves(self, repeat: int, choice: int, which: int, grade: AnswerClass, score: Rating) -> None:
        for turn in range(repeat):
            self._move_as_the_table_allows(choice * (turn + 7) // 5, which, grade, score)

    def _move_as_the_table_allows(self, choice: int, which: int, grade: AnswerClass, score: Rating) -> None:
        """One of the moves that are open now, so that histories go deep."""
        number = 1 + (which - 1) % self.count
        case, moves = self.run(self._open_moves(number))
        if not moves:
            return
        who, name = moves[choice % len(moves)]
        use_case = acts(grade, score, 5, 1 + choice % self.count, case.reopened)[name]
        self.run(self._at_desk(lambda desk: use_case(desk, self.people[who], number)))

    async def _open_moves(self, number: int) -> tuple[Case, list[tuple[str, str]]]:
        found: list[tuple[str, str]] = []
        async with self.place.store.begin() as tx:
            desk = self.place.desk_for(tx, self.place.clock.now(), "look")
            case = await tx.cases.get(number)
            assert case
            for who, person in self.people.items():
                for actor in await parts_of(desk, case, person):
                    can = {CALLED.get(action, str(action)) for action in may(case, actor.part, desk.now)}
                    found += [(who, name) for name in NAMES if name in can]
        return case, found

    @rule(hours=st.sampled_from([1, 20, 24 * 3, 24 * 20, 24 * 92]))
    def time_passes(self, hours: int) -> None:
        self.place.clock.push(hours=hours)

    @rule()
    def sweep(self) -> None:
        self.run(self.place.sweep.once())
        self.run(self.place.sweep.once())
        now = self.place.clock.now()
        for case, _ in self.run(self._all()):
            assert case.next_at is None or case.next_at > now, "a step of the clock was missed"
            held = self.run(self._held())
            if case.state in OPEN_STATES and case.deputy:
                assert case.deputy in held, "an orphan"

    @rule(seat=st.sampled_from(["shilong-2", "shilong-1", "shilong-head"]), back=st.sampled_from([True, True, False]))
    def a_seat_falls_vacant_or_is_taken(self, seat: str, back: bool) -> None:
        async def change(desk: Desk) -> None:
            if back:
                name = next(name for name, seats in SEATS.items() if seat in seats)
                await desk.tx.people.appoint(seat, self.people[name].id, desk.now)
            else:
                await withdraw_seat(desk, self.people["office"], seat)

        self.run(self._at_desk(change))

    async def _all(self) -> list[tuple[Case, list[Event]]]:
        async with self.place.store.begin() as tx:
            found = await tx.cases.find(CaseFilter())
            return [(case, await tx.cases.events(case.id)) for case in found]

    async def _held(self) -> dict[str, int]:
        async with self.place.store.begin() as tx:
            return await tx.people.holders()

    @invariant()
    def every_case_is_as_its_history_says(self) -> None:
        if not hasattr(self, "place"):
            return
        for case, events in self.run(self._all()):
            assert broken_at(case, events) is None
            assert replayed(case.number, events) == outcome_of(case)
            assert (case.paused_at is not None) == (case.state in PAUSED_STATES)
            assert (case.closed_at is not None) == (case.state in ENDED_STATES)
            assert (case.merged_into is not None) == (case.state is State.MERGED)
            assert case.due_at is None or case.since is not None
            self._no_step_is_doubled(events)

    def _no_step_is_doubled(self, events: list[Event]) -> None:
        """Of one run of a clock (its kind and its end), each step stands in the history once, but for the questions
        for a rating, which are as many as the settings say."""
        seen: dict[tuple[Any, ...], int] = {}
        for event in events:
            if event.action in CLOCK and event.part is Part.SYSTEM:
                key = (event.action, event.data["clock"], event.data["due"])
                seen[key] = seen.get(key, 0) + 1
        assert all(number <= (2 if key[0] == "ask_rating" else 1) for key, number in seen.items()), seen

    @invariant()
    def rates_equal_a_recount(self) -> None:
        if not hasattr(self, "place"):
            return

        async def look() -> None:
            async with self.place.store.begin() as tx:
                desk = self.place.desk_for(tx, self.place.clock.now(), "look")
                first, last = year_of(desk, 2026)[0], year_of(desk, 2100)[1]
                told = (await figures(desk, first, last))[None]
                cases = (await tx.cases.find(CaseFilter()))[::-1]
                assert told == rates([replayed(c.number, await tx.cases.events(c.id)) for c in cases])
                for case in cases:
                    coming = plan(desk, case)[case.reached :]
                    assert case.paused_at or case.next_at == (coming[0][1] if coming else None)

        self.run(look())


Histories.TestCase.settings = settings(
    max_examples=12,
    stateful_step_count=40,
    deadline=timedelta(seconds=30),
    suppress_health_check=list(HealthCheck),
)
TestHistories = Histories.TestCase
