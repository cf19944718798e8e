"""What must hold of a town at any moment, whatever was done in it; and more, right after a sweep."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.domain.authority import owners, present
from bot.domain.cases import Case, Event, broken_at
from bot.domain.clocks import STILL
from bot.domain.machine import (
    BACK,
    ENDED_STATES,
    OPEN_STATES,
    PAUSED_STATES,
    RATED,
    SAME,
    TABLE,
    Action,
    Clock,
    Part,
    Rule,
    State,
)
from bot.domain.messages import Outgoing
from bot.domain.periods import Period
from bot.domain.rates import outcome_of, rates, replayed
from bot.domain.sheets import REGISTERS
from bot.domain.suggestions import TABLE as SUGGESTIONS
from bot.domain.suggestions import Entry, Side, Suggestion, Term
from bot.domain.suggestions import Step as Move
from bot.domain.suggestions import broken_at as suggestion_broken_at
from bot.ports import CaseFilter, Tx
from bot.usecases.case_registers import HANDING
from bot.usecases.desk import Desk
from bot.usecases.figures import figures, year_of
from bot.usecases.ledger import Ledger
from bot.usecases.moving import plan
from bot.usecases.registers import draw_up
from bot.usecases.standing import standing
from tests.story.deeds import SEATS
from tests.support.chat import LocalTown

TIMED = (Action.WARN, Action.REMIND, Action.SUPERVISE, Action.ESCALATE)
STEPS = {
    Clock.RATING: (Action.ASK_RATING, Action.ASK_RATING, Action.UNRATED),
    Clock.FOLLOW: (Action.ASK_FOLLOW_UP,),
}
"""The steps of each clock that is not one of work, in order, where a rating is asked for three times in all."""

CLOCK_STEPS = {*TIMED, Action.ASK_RATING, Action.UNRATED, Action.ASK_FOLLOW_UP}


@dataclass
class Laws:
    """Looks at a town again and again; what has not changed since is not read anew."""

    place: LocalTown
    _cases: dict[int, Case] = field(default_factory=dict)
    _histories: dict[int, list[Event]] = field(default_factory=dict)
    _suggestions: dict[int, Suggestion] = field(default_factory=dict)

    async def check(self, *, swept: bool) -> None:
        """Raises AssertionError. `swept`: the sweep has just come to its end: nothing may be due, nobody orphaned."""
        async with self.place.store.begin() as tx:
            desk = self.place.desk_for(tx, self.place.clock.now(), "look")
            cases = (await tx.cases.find(CaseFilter()))[::-1]
            changed = [case for case in cases if self._cases.get(case.id) != case]
            for case in changed:
                before = self._cases.get(case.id)
                assert before is None or before.version < case.version, "a case changed without a step in its history"
                self._cases[case.id], self._histories[case.id] = case, await tx.cases.events(case.id)
                holds_of_case(desk, case, self._histories[case.id])
                await supervisions_are_counted(tx, case, self._histories[case.id])
            if changed:
                for case in cases:
                    await holds_of_parties(tx, case, self._histories)
                no_number_is_lost(case.number for case in cases)
                await rates_equal_a_recount(desk, cases, self._histories)
            suggestions = (await tx.suggestions.all())[::-1]
            for one in suggestions:
                if changed or self._suggestions.get(one.id) != one:
                    self._suggestions[one.id] = one
                    holds_of_suggestion(one, await tx.suggestions.history(one.id), cases, self._histories)
            no_number_is_lost(one.number for one in suggestions)
            if swept:
                await nothing_is_due_and_nobody_orphaned(desk, cases, suggestions, self._histories)
                await registers_agree(desk, cases, self._histories)


def no_number_is_lost(numbers: Iterable[str]) -> None:
    """Of each year."""
    years: dict[str, list[int]] = {}
    for number in numbers:
        years.setdefault(number[:-6], []).append(int(number[-6:]))
    assert all(sorted(found) == list(range(1, len(found) + 1)) for found in years.values()), "a number was lost"


def holds_of_case(desk: Desk, case: Case, events: Sequence[Event]) -> None:
    assert broken_at(case, events) is None, "the chain is broken"
    assert (case.paused_at is not None) == (case.state in PAUSED_STATES)
    assert (case.closed_at is not None) == (case.state in ENDED_STATES)
    assert (case.merged_into is not None) == (case.state is State.MERGED)
    assert (case.next_at is None) or case.due_at is not None
    coming = plan(desk, case)[case.reached :]
    assert case.paused_at or case.next_at == (coming[0][1] if coming else None)
    before: State | None = None
    for event in events:
        assert event.before == before, "a step begins where none ended"
        before = event.after
        if event.action != "register":
            assert any(_leads(rule, event) for rule in TABLE), f"{event.action} by {event.part} in {event.before}"
    assert case.state is before
    each_step_of_a_clock_once_and_in_order(events)


def _leads(rule: Rule, event: Event) -> bool:
    """Whether the table has this step, and it leads where the event says."""
    if rule.action != event.action or event.before not in rule.states or event.part not in rule.parts:
        return False
    return rule.to == BACK or event.after is (event.before if rule.to == SAME else State(rule.to))


def each_step_of_a_clock_once_and_in_order(events: Sequence[Event]) -> None:
    """A run of a clock begins where the table winds one, or moves its end. Within it each step comes once, and none
    before the one that precedes it: whatever was waited for in between, and whatever its end then was."""
    done: list[str] = []
    for event in events[1:]:
        if event.action in CLOCK_STEPS and event.part is Part.SYSTEM:
            steps = STEPS.get(Clock(event.data["clock"]), TIMED)
            done.append(event.action)
            assert tuple(done) == tuple(steps[: len(done)]), f"{done} of {event.data['clock']}"
            if event.action == Action.ASK_FOLLOW_UP:
                done = []
            continue
        rule = next(rule for rule in TABLE if _leads(rule, event))
        if rule.clock not in STILL or rule.clock in (Clock.STOPPED, Clock.EXTENDED):
            done = []


async def holds_of_parties(tx: Tx, case: Case, histories: dict[int, list[Event]]) -> None:
    author, behind = await tx.cases.author(case.id), await tx.cases.parties(case.id, "supporter")
    assert author not in behind, "somebody stands behind their own case"
    if case.state is State.MERGED and case.merged_into and author:
        into = case.merged_into
        told = {await tx.cases.author(into), *await tx.cases.parties(into, "supporter")}
        left = any(event.action == Action.LEAVE for event in histories[into])  # who, no history says
        assert left or author in told, "merged, and told no more"


def holds_of_suggestion(
    one: Suggestion, entries: Sequence[Entry], cases: Sequence[Case], histories: dict[int, list[Event]]
) -> None:
    assert suggestion_broken_at(one, entries) is None, "the suggestion's chain is broken"
    status = entries[0].before
    done: list[str] = []
    for entry in entries:
        assert entry.before is status
        status = entry.after
        if entry.step == "file":
            continue
        rule = next((r for r in SUGGESTIONS if r.step == entry.step and entry.before in r.statuses), None)
        assert rule, f"{entry.step} in {entry.before}"
        assert entry.side in rule.sides
        assert rule.to in (SAME, entry.after)
        if entry.step in (Move.WARN, Move.REMIND):
            assert entry.side is Side.SYSTEM
            done.append(entry.step)
            assert done == [Move.WARN, Move.REMIND][: len(done)]
        elif rule.term is not Term.SAME:
            done = []
    assert one.status is status
    named = {
        c.id for c in cases for e in histories[c.id] if e.action == "suggest" and e.data["suggestion"] == one.number
    }
    assert named == set(one.cases), "a case tells of a suggestion that does not know it"
    replies = sum(entry.step == Move.REPLY for entry in entries)
    for id_ in one.cases:
        told = [e for e in histories[id_] if e.action == "suggestion_reply" and e.data["suggestion"] == one.number]
        assert len(told) == replies, "a reply was not passed on"


async def supervisions_are_counted(tx: Tx, case: Case, events: Sequence[Event]) -> None:
    done = Counter(event.action for event in events)
    found = await tx.supervisions.of_case(case.id)
    assert len(found) == done["supervise"]
    assert sum(one.result is not None for one in found) == done["supervised"]


async def rates_equal_a_recount(desk: Desk, cases: Sequence[Case], histories: dict[int, list[Event]]) -> None:
    told = [replayed(case.number, histories[case.id]) for case in cases]
    assert told == [outcome_of(case) for case in cases]
    first, last = year_of(desk, 2026)[0], year_of(desk, 2100)[1]
    assert (await figures(desk, first, last))[None] == rates(told)


async def nothing_is_due_and_nobody_orphaned(
    desk: Desk, cases: Sequence[Case], suggestions: Sequence[Suggestion], histories: dict[int, list[Event]]
) -> None:
    """Every open case has somebody with the next move, and at least one of them has been told of it."""
    for next_at in [one.next_at for one in cases] + [one.next_at for one in suggestions]:
        assert next_at is None or next_at > desk.now, "a step of the clock was missed"
    now = await standing(desk)
    for case in cases:
        if case.state not in OPEN_STATES:
            continue
        assert case.deputy is None or case.deputy in now.holders, "an orphan"
        if not (responsible := [person for person, _ in owners(desk.town, case, now.acting)]):
            left = [seat for seat in present(case, now.acting) if seat in (SEATS["office"], SEATS["second"])]
            assert not left, "nobody has it, though somebody of the office might"
            continue
        if any(event.person in responsible for event in histories[case.id]):
            continue  # they know it: they have worked on it themselves
        people = [person for id_ in responsible if (person := await desk.tx.people.get(id_))]
        rows = [row for person in people for row in await desk.tx.outbox.rows(person.chat)]
        assert any(tells_of(case, row.message) for row in rows), f"{case.number}: nobody responsible was told"


def tells_of(case: Case, message: Outgoing) -> bool:
    """By its number; by a button that opens it, as in a digest; or, to who is asked to stand in, by one that opens
    everything that lies there."""
    buttons = {button.data for row in message.buttons for button in row}
    return case.number in message.text or bool(buttons & {f"c:{case.id}:open", "m:queue"})


async def registers_agree(desk: Desk, cases: Sequence[Case], histories: dict[int, list[Event]]) -> None:
    """Rows of the registers of all time, against the histories."""
    ledger, ever = Ledger(desk.tx, desk.town, desk.texts), Period(2026, 1, 1200)
    done = Counter(event.action for events in histories.values() for event in events)
    for name, wanted in (
        ("cases", len(cases)),
        ("handling", sum(done[action] for action in HANDING)),
        ("ratings", sum(done[action] for action in RATED)),
        ("supervision", done["supervise"]),
    ):
        assert len((await draw_up(ledger, REGISTERS[name], ever)).rows) == wanted, name
