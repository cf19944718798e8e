"""The case's machine: one table of who may do what in which state, where it leads and which clock then runs."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a case stands."""

    REGISTERED = "registered"  # 已登记, nobody has taken it yet
    WITH_STATION = "with_station"  # deputy and station are at work
    HANDED_UP = "handed_up"  # waits for the office
    WITH_OFFICE = "with_office"  # the office is at work
    NEEDS_MORE = "needs_more"  # 待补充, waits for the villager; the clock stands still
    ANSWERED = "answered"  # waits for the villager's rating
    REOPENED = "reopened"  # 不满意: waits for the office, above the first handler
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


OPEN_STATES = frozenset(State) - {State.CLOSED, State.WITHDRAWN}
"""States in which somebody still owes something."""

WORKING_STATES = OPEN_STATES - {State.ANSWERED}
"""States in which staff, or the villager who was asked, have the next move before an answer."""


class Action(StrEnum):
    """What a person can do to a case."""

    TAKE = "take"
    REPLY = "reply"
    ASK_MORE = "ask_more"
    SUPPLY = "supply"
    NOTE = "note"
    PHOTO = "photo"
    CORRECT = "correct"  # village, topic
    TRANSFER = "transfer"  # to another deputy or station
    HAND_UP = "hand_up"
    SEND_BACK = "send_back"  # the office gives it to the station, with an instruction
    RESOLVE = "resolve"
    RATE = "rate"  # 满意 or 基本满意
    OBJECT = "object"  # 不满意 for the first time
    OBJECT_AGAIN = "object_again"  # 不满意 once more: closed as dissatisfied, the office is told
    SOLVED = "solved"  # the second question: solved? yes, partly, no
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    HAND_OVER = "hand_over"  # a seat changed hands or fell vacant


class Part(StrEnum):
    """What a person is to one case, worked out at each press from the roster as it stands now."""

    AUTHOR = "author"
    DEPUTY = "deputy"
    HEAD = "head"  # station head or deputy head
    LIAISON = "liaison"
    OFFICE = "office"
    SYSTEM = "system"


class Clock(StrEnum):
    """Names of time limits; their lengths are settings."""

    ACCEPT = "accept"
    SUBTOPIC = "subtopic"  # the subtopic's own limit
    ASSIGN = "assign"
    RATING = "rating"
    REOPENED = "reopened"
    PAUSED = "paused"  # stands still at what is left, and runs on when the case comes back
    STOPPED = "stopped"  # nothing is due
    RUNNING = "running"  # the clock runs on as it was


BACK = "back"
"""Next state: the one that the case was in before it waited for the villager."""

SAME = "same"
"""Next state: the one it is in."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table."""

    action: Action
    states: frozenset[State]
    parts: frozenset[Part]
    to: State | str
    clock: Clock


def _rule(action: Action, states: str, parts: str, to: State | str, clock: Clock = Clock.RUNNING) -> Rule:
    return Rule(action, frozenset(map(State, states.split())), frozenset(map(Part, parts.split())), to, clock)


_WORK = "registered with_station"
_ABOVE = "handed_up with_office reopened"
_STATION = "deputy head liaison"
_LIVE = f"{_WORK} {_ABOVE} needs_more"

TABLE: tuple[Rule, ...] = (
    _rule(Action.TAKE, "registered", _STATION, State.WITH_STATION, Clock.SUBTOPIC),
    _rule(Action.TAKE, "handed_up", "office", State.WITH_OFFICE, Clock.SUBTOPIC),
    _rule(Action.TAKE, "reopened", "office", State.WITH_OFFICE, Clock.REOPENED),
    _rule(Action.REPLY, "registered", _STATION, State.WITH_STATION, Clock.SUBTOPIC),
    _rule(Action.REPLY, "with_station needs_more", _STATION, SAME),
    _rule(Action.REPLY, f"{_ABOVE} needs_more", "office", SAME),
    _rule(Action.ASK_MORE, _WORK, _STATION, State.NEEDS_MORE, Clock.PAUSED),
    _rule(Action.ASK_MORE, "with_office", "office", State.NEEDS_MORE, Clock.PAUSED),
    _rule(Action.SUPPLY, "needs_more", "author", BACK),
    _rule(Action.SUPPLY, f"{_WORK} {_ABOVE} answered", "author", SAME),
    _rule(Action.NOTE, f"{_LIVE} answered closed", f"{_STATION} office", SAME),
    _rule(Action.PHOTO, f"{_LIVE} answered", f"{_STATION} office", SAME),
    _rule(Action.CORRECT, _LIVE, f"{_STATION} office", SAME),
    _rule(Action.TRANSFER, f"{_WORK} needs_more", "deputy head office", State.REGISTERED, Clock.ACCEPT),
    _rule(Action.TRANSFER, _ABOVE, "office", State.REGISTERED, Clock.ACCEPT),
    _rule(Action.HAND_UP, f"{_WORK} needs_more", "deputy head", State.HANDED_UP, Clock.ASSIGN),
    _rule(Action.SEND_BACK, _ABOVE, "office", State.WITH_STATION, Clock.SUBTOPIC),
    _rule(Action.RESOLVE, f"{_WORK} needs_more", "head", State.ANSWERED, Clock.RATING),
    _rule(Action.RESOLVE, "with_office", "office", State.ANSWERED, Clock.RATING),
    _rule(Action.RATE, "answered", "author", State.CLOSED, Clock.STOPPED),
    _rule(Action.OBJECT, "answered", "author", State.REOPENED, Clock.ASSIGN),
    _rule(Action.OBJECT_AGAIN, "answered", "author", State.CLOSED, Clock.STOPPED),
    _rule(Action.SOLVED, "closed reopened with_office with_station", "author", SAME),
    _rule(Action.REOPEN, "closed", "office", State.REOPENED, Clock.ASSIGN),
    _rule(Action.WITHDRAW, f"{_LIVE} answered", "author", State.WITHDRAWN, Clock.STOPPED),
    _rule(Action.HAND_OVER, f"{_LIVE} answered", "office system", SAME),
)


class IllegalMove(Exception):
    """This cannot be done to the case as it stands, or not by this person."""

    def __init__(self, state: State, action: Action, part: Part) -> None:
        super().__init__(f"{action} by {part} in state {state}")
        self.state, self.action, self.part = state, action, part


def rule_for(state: State, action: Action, part: Part) -> Rule:
    """The one rule that allows this move. Raises IllegalMove where there is none."""
    for rule in TABLE:
        if rule.action is action and state in rule.states and part in rule.parts:
            return rule
    raise IllegalMove(state, action, part)


def allowed(state: State, part: Part) -> tuple[Action, ...]:
    """Every action that this part may take in this state, in the table's order, each once."""
    found = (rule.action for rule in TABLE if state in rule.states and part in rule.parts)
    return tuple(dict.fromkeys(found))
