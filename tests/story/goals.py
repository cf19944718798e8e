"""What to do next to come nearer to an action that was seldom taken: a way through the tables, guards and all."""

from collections import deque
from collections.abc import Callable, Hashable, Iterable
from datetime import datetime
from typing import TypeVar

from bot.domain.cases import GUARDS, Case
from bot.domain.machine import BACK, SAME, TABLE, Action, Guard, Part, State
from bot.domain.suggestions import TABLE as SUGGESTIONS
from bot.domain.suggestions import Status, Suggestion
from bot.domain.suggestions import Step as Move

PREPARED = {
    Guard.ASKED: Action.ASK_PUBLISH,
    Guard.AGREED: Action.ALLOW,
    Guard.UNRATED: Action.UNRATED,
    Guard.RECUSED: Action.RECUSE,
    Guard.TOLD: Action.RATE,
    Guard.PUBLISHED: Action.PUBLISH,
}
"""What has to be done before, so that a guard lets somebody pass. Other guards depend on the case: on to another."""

CLOCK = "clock"
"""Time has to pass, and the sweep to look."""

Place = TypeVar("Place", bound=Hashable)


def towards(goal: Action, case: Case, now: datetime) -> str | None:
    """The action that leads this case there, the goal itself where it is open, CLOCK; None where no way is known."""
    for _ in range(4):
        rules = [rule for rule in TABLE if rule.action is goal]
        here = [rule for rule in rules if case.state in rule.states]
        if not here:
            wanted = {state for rule in rules for state in rule.states}
            return first_step(case.state, wanted.__contains__, lambda state: _ways(state, case.resume))
        unmet = [rule.guard for rule in here if not GUARDS[rule.guard](case, now)]
        if len(unmet) < len(here):
            return CLOCK if all(rule.parts == {Part.SYSTEM} for rule in here) else goal
        if (before := PREPARED.get(unmet[0])) is None:
            return None
        goal = before
    return None


def _ways(state: State, resume: State | None) -> Iterable[tuple[str, State]]:
    for rule in TABLE:
        if state in rule.states and rule.to != SAME and rule.parts != {Part.SYSTEM}:
            yield rule.action, (resume or State.REGISTERED) if rule.to == BACK else State(rule.to)


def towards_move(goal: Move, one: Suggestion) -> str | None:
    """The same for a suggestion: the next step to take, or CLOCK."""
    rules = [rule for rule in SUGGESTIONS if rule.step is goal]
    if any(one.status in rule.statuses for rule in rules):
        return CLOCK if goal in (Move.WARN, Move.REMIND) else goal
    wanted = {status for rule in rules for status in rule.statuses}
    return first_step(one.status, wanted.__contains__, _suggestion_ways)


def _suggestion_ways(status: Status) -> Iterable[tuple[str, Status]]:
    for rule in SUGGESTIONS:
        if status in rule.statuses and rule.to != SAME:
            yield rule.step, Status(rule.to)


def first_step(
    start: Place, wanted: Callable[[Place], bool], ways: Callable[[Place], Iterable[tuple[str, Place]]]
) -> str | None:
    """The first step of a shortest way from `start` to a place that is wanted."""
    reached: dict[Place, str] = {}
    line: deque[Place] = deque([start])
    while line:
        place = line.popleft()
        for step, there in ways(place):
            if there in reached or there == start:
                continue
            reached[there] = reached.get(place, step)
            if wanted(there):
                return reached[there]
            line.append(there)
    return None
