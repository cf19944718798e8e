"""The case's machine: one table of who may do what in which state, where it leads and which clock then runs."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache


class State(StrEnum):
    """Where a case stands."""

    REGISTERED = "registered"  # 已登记, nobody has taken it yet
    WITH_STATION = "with_station"  # deputy and station are at work
    HANDED_UP = "handed_up"  # waits for the office
    WITH_OFFICE = "with_office"  # the office is at work
    ASSIGNED = "assigned"  # 已交办: a handling body has it and may still give it back
    IN_PROGRESS = "in_progress"  # the handling body is at work
    CHECKING = "checking"  # the handling body has answered; the office checks before it goes out
    NEEDS_MORE = "needs_more"  # 待补充, waits for the villager; the clock stands still
    ANSWERED = "answered"  # waits for the villager's rating
    REOPENED = "reopened"  # 不满意: waits for the office, above the first handler
    CLOSED = "closed"
    REFUSED = "refused"  # 不予受理, with the reason and where to go
    MERGED = "merged"  # 并入另一件, which answers for both
    WITHDRAWN = "withdrawn"
    ARCHIVED = "archived"


ENDED_STATES = frozenset({State.CLOSED, State.REFUSED, State.MERGED, State.WITHDRAWN, State.ARCHIVED})
"""States in which `closed_at` is set."""

PAUSED_STATES = frozenset({State.NEEDS_MORE, State.MERGED})
"""States that a case comes back from, with its clock shifted by the time it waited."""

OPEN_STATES = frozenset(State) - ENDED_STATES
"""States in which somebody still owes something."""

OFFICE_STATES = frozenset(
    {State.HANDED_UP, State.WITH_OFFICE, State.REOPENED, State.ASSIGNED, State.IN_PROGRESS, State.CHECKING}
)
"""States in which the office has the next move, or follows a handling body that has it."""

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
    ANSWER_LETTER = "answer_letter"  # the deputy answers a letter, which ends it
    RATE = "rate"  # 满意 or 基本满意
    OBJECT = "object"  # 不满意 for the first time
    OBJECT_AGAIN = "object_again"  # 不满意 once more: closed as dissatisfied, the office is told
    RATE_OWN = "rate_own"  # the villager's own word, where staff had noted it by telephone
    OBJECT_OWN = "object_own"  # likewise, and it is 不满意 for the first time
    SOLVED = "solved"  # the second question: solved? yes, partly, no
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    HAND_OVER = "hand_over"  # a seat changed hands or fell vacant
    RECUSE = "recuse"  # 回避: this person has no part in it any more
    READMIT = "readmit"  # that taken back
    RAISE = "raise"  # 提级办理: the office takes it up from the station
    REFUSE = "refuse"  # 不予受理
    SPOT = "spot"  # 当场答复
    ASSIGN = "assign"  # 交办 to a handling body, with helpers
    RETURN = "return"  # the handling body gives it back for reassignment, once
    BEGIN = "begin"  # the handling body sets to work
    EXTEND = "extend"  # 延期, once, before the limit is up
    DELIVER = "deliver"  # the handling body's answer comes in
    REDO = "redo"  # the office is not content with that answer
    CHECK = "check"  # the office confirms or corrects the class of a station's answer
    CLOSE = "close"  # a person ends what nobody rated
    FOLLOW_UP = "follow_up"  # what has become of a class B or C answer
    MERGE = "merge"
    UNMERGE = "unmerge"
    ASK_PUBLISH = "ask_publish"  # may this stand on the public board?
    ALLOW = "allow"
    FORBID = "forbid"  # also later: a consent taken back
    PUBLISH = "publish"
    TAKE_DOWN = "take_down"  # off the board again, the consent left as it is
    ARCHIVE = "archive"
    SUGGEST = "suggest"  # a deputy makes it, or adds it to, a formal suggestion
    SUGGESTION_REPLY = "suggestion_reply"
    REPORTED = "reported"  # 报党委: the written report was sent
    SUPERVISED = "supervised"  # a supervision's findings and result
    JOIN = "join"  # another villager: me too; their words go along
    LEAVE = "leave"  # that villager, no longer
    REVEAL = "reveal"  # the office looks up how the author can be reached, with its reason
    # Steps of the clock; 督办 may also be begun by the office.
    WARN = "warn"
    REMIND = "remind"  # 催办
    SUPERVISE = "supervise"  # 督办
    ESCALATE = "escalate"  # 报党委
    ASK_RATING = "ask_rating"
    UNRATED = "unrated"
    ASK_FOLLOW_UP = "ask_follow_up"


class Part(StrEnum):
    """What a person is to one case, worked out at each press from the roster as it stands now."""

    AUTHOR = "author"
    SUPPORTER = "supporter"  # stands behind somebody else's case
    DEPUTY = "deputy"
    HEAD = "head"  # station head or deputy head
    LIAISON = "liaison"
    OFFICE = "office"
    SYSTEM = "system"


VILLAGERS = frozenset({Part.AUTHOR, Part.SUPPORTER})
"""Parts whose person no history names: who they are stands apart from the case, and can be deleted."""


class Clock(StrEnum):
    """Names of time limits; their lengths are settings."""

    ACCEPT = "accept"
    URGENT = "urgent"  # ACCEPT of an urgent case
    SUBTOPIC = "subtopic"  # the subtopic's own limit
    ASSIGN = "assign"
    CONTACT = "contact"  # a reopened case is taken up
    REOPENED = "reopened"  # SUBTOPIC of a reopened case
    CHECK = "check"
    RATING = "rating"
    FOLLOW = "follow"  # a quarter, after an answer of class B or C
    EXTENDED = "extended"  # the same clock, until later
    PAUSED = "paused"  # stands still at what is left, and runs on when the case comes back
    STOPPED = "stopped"  # nothing is due
    RUNNING = "running"  # the clock runs on as it was


BACK = "back"
"""Next state: the one that the case was in before it waited for the villager."""

SAME = "same"
"""Next state: the one it is in."""


class Guard(StrEnum):
    """What must hold of the case besides its state; `bot.domain.cases` says how each is judged."""

    NONE = "none"
    NOT_RETURNED = "not_returned"  # not given back before
    NOT_EXTENDED = "not_extended"  # not extended before, and the limit is not up
    NOT_CHECKED = "not_checked"
    UNRATED = "unrated"  # asked for a rating as often as the settings say, in vain
    OPEN_END = "open_end"  # answered with class B or C
    SETTLED = "settled"  # not so
    UNSEALED = "unsealed"
    RECUSED = "recused"  # somebody is recused
    PUBLISHABLE = "publishable"  # not restricted, and not asked before
    ASKED = "asked"  # its villager was asked whether it may be published, and has not said no
    AGREED = "agreed"  # its villager agreed
    PUBLISHED = "published"  # it stands on the board
    TOLD = "told"  # its rating was told to staff, who noted it
    LETTER = "letter"  # written to this deputy
    AT_STATION = "at_station"  # some station has it: it is of a known place, and not sealed


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table."""

    action: Action
    states: frozenset[State]
    parts: frozenset[Part]
    to: State | str
    clock: Clock
    guard: Guard


def _rule(
    action: Action,
    states: str,
    parts: str,
    to: State | str,
    clock: Clock = Clock.RUNNING,
    guard: Guard = Guard.NONE,
) -> Rule:
    return Rule(action, frozenset(map(State, states.split())), frozenset(map(Part, parts.split())), to, clock, guard)


_WORK = "registered with_station"
_ABOVE = "handed_up with_office reopened"
_BODY = "assigned in_progress"
_STATION = "deputy head liaison"
_LIVE = f"{_WORK} {_ABOVE} {_BODY} checking needs_more"
_TIMED = f"{_WORK} {_ABOVE} {_BODY} checking"

TABLE: tuple[Rule, ...] = (
    _rule(Action.TAKE, "registered", _STATION, State.WITH_STATION, Clock.SUBTOPIC),
    _rule(Action.TAKE, "handed_up", "office", State.WITH_OFFICE, Clock.SUBTOPIC),
    _rule(Action.TAKE, "reopened", "office", State.WITH_OFFICE, Clock.REOPENED),
    _rule(Action.REFUSE, "registered", "head", State.REFUSED, Clock.STOPPED),
    _rule(Action.REFUSE, "handed_up with_office", "office", State.REFUSED, Clock.STOPPED),
    _rule(Action.SPOT, "registered", "deputy head", State.ANSWERED, Clock.RATING),
    _rule(Action.REPLY, "registered", _STATION, State.WITH_STATION, Clock.SUBTOPIC),
    _rule(Action.REPLY, "with_station needs_more", _STATION, SAME),
    _rule(Action.REPLY, f"{_ABOVE} {_BODY} checking needs_more", "office", SAME),
    _rule(Action.ASK_MORE, _WORK, _STATION, State.NEEDS_MORE, Clock.PAUSED),
    _rule(Action.ASK_MORE, f"with_office {_BODY}", "office", State.NEEDS_MORE, Clock.PAUSED),
    _rule(Action.SUPPLY, "needs_more", "author", BACK),
    _rule(Action.SUPPLY, f"{_TIMED} answered", "author", SAME),
    _rule(Action.NOTE, f"{_LIVE} answered closed", f"{_STATION} office", SAME),
    _rule(Action.PHOTO, f"{_LIVE} answered", f"{_STATION} office", SAME),
    _rule(Action.CORRECT, _LIVE, f"{_STATION} office", SAME),
    _rule(Action.TRANSFER, f"{_WORK} needs_more", "deputy head office", State.REGISTERED, Clock.ACCEPT),
    _rule(Action.TRANSFER, _ABOVE, "office", State.REGISTERED, Clock.ACCEPT),
    _rule(Action.HAND_UP, f"{_WORK} needs_more", "deputy head", State.HANDED_UP, Clock.ASSIGN),
    _rule(Action.SEND_BACK, _ABOVE, "office", State.WITH_STATION, Clock.SUBTOPIC, Guard.AT_STATION),
    _rule(Action.ASSIGN, _ABOVE, "office", State.ASSIGNED, Clock.SUBTOPIC),
    _rule(Action.RETURN, "assigned", "office", State.WITH_OFFICE, Clock.ASSIGN, Guard.NOT_RETURNED),
    _rule(Action.BEGIN, "assigned", "office head", State.IN_PROGRESS),
    _rule(Action.EXTEND, "with_station", "head office", SAME, Clock.EXTENDED, Guard.NOT_EXTENDED),
    _rule(Action.EXTEND, f"with_office {_BODY}", "office", SAME, Clock.EXTENDED, Guard.NOT_EXTENDED),
    _rule(Action.DELIVER, _BODY, f"{_STATION} office", State.CHECKING, Clock.CHECK),
    _rule(Action.REDO, "checking", "office", State.IN_PROGRESS, Clock.SUBTOPIC),
    _rule(Action.RESOLVE, f"{_WORK} needs_more", "head", State.ANSWERED, Clock.RATING),
    _rule(Action.RESOLVE, "with_office checking", "office", State.ANSWERED, Clock.RATING),
    _rule(Action.ANSWER_LETTER, f"{_WORK} needs_more", "deputy", State.ANSWERED, Clock.RATING, Guard.LETTER),
    _rule(Action.CHECK, "answered", "office", SAME, Clock.RUNNING, Guard.NOT_CHECKED),
    _rule(Action.CHECK, "closed", "office", SAME, Clock.FOLLOW, Guard.NOT_CHECKED),
    _rule(Action.RATE, "answered", "author", State.CLOSED, Clock.FOLLOW),
    _rule(Action.OBJECT, "answered", "author", State.REOPENED, Clock.CONTACT),
    _rule(Action.OBJECT_AGAIN, "answered", "author", State.CLOSED, Clock.FOLLOW),
    _rule(Action.RATE_OWN, "closed", "author", SAME, Clock.RUNNING, Guard.TOLD),
    _rule(Action.OBJECT_OWN, "closed", "author", State.REOPENED, Clock.CONTACT, Guard.TOLD),
    _rule(Action.CLOSE, "answered", "head office", State.CLOSED, Clock.FOLLOW, Guard.UNRATED),
    _rule(Action.SOLVED, f"closed reopened with_office with_station {_BODY}", "author", SAME),
    _rule(Action.FOLLOW_UP, "closed", "deputy head office", SAME, Clock.FOLLOW, Guard.OPEN_END),
    _rule(Action.REOPEN, "closed refused archived", "office", State.REOPENED, Clock.CONTACT),
    _rule(Action.MERGE, _WORK, "head office", State.MERGED, Clock.PAUSED, Guard.UNSEALED),
    _rule(Action.MERGE, "handed_up with_office", "office", State.MERGED, Clock.PAUSED, Guard.UNSEALED),
    _rule(Action.UNMERGE, "merged", "head office", BACK),
    _rule(Action.JOIN, f"{_LIVE} answered", "supporter", SAME),
    _rule(Action.LEAVE, " ".join(State), "supporter", SAME),
    _rule(Action.WITHDRAW, f"{_LIVE} answered merged", "author", State.WITHDRAWN, Clock.STOPPED),
    _rule(Action.ASK_PUBLISH, "closed", "office", SAME, Clock.RUNNING, Guard.PUBLISHABLE),
    _rule(Action.ALLOW, "closed archived", "author", SAME, Clock.RUNNING, Guard.ASKED),
    _rule(Action.FORBID, "closed archived", "author office", SAME, Clock.RUNNING, Guard.ASKED),
    _rule(Action.PUBLISH, "closed archived", "office", SAME, Clock.RUNNING, Guard.AGREED),
    _rule(Action.TAKE_DOWN, "closed archived", "office supporter", SAME, Clock.RUNNING, Guard.PUBLISHED),
    _rule(Action.ARCHIVE, "closed refused withdrawn", "office", State.ARCHIVED, Clock.STOPPED, Guard.SETTLED),
    _rule(Action.HAND_OVER, f"{_LIVE} answered", "office system", SAME),
    _rule(Action.RECUSE, f"{_LIVE} answered closed", f"{_STATION} office", SAME),
    _rule(Action.RECUSE, f"{_WORK} needs_more", "author", SAME),
    _rule(Action.READMIT, f"{_LIVE} answered closed", "office", SAME, Clock.RUNNING, Guard.RECUSED),
    _rule(Action.RAISE, f"{_WORK} needs_more", "office", State.HANDED_UP, Clock.ASSIGN, Guard.AT_STATION),
    _rule(Action.SUGGEST, f"{_LIVE} answered closed", "deputy", SAME, Clock.RUNNING, Guard.UNSEALED),
    _rule(Action.SUGGESTION_REPLY, " ".join(State), "office", SAME),
    _rule(Action.REPORTED, f"{_LIVE} answered closed", "office", SAME),
    _rule(Action.SUPERVISED, " ".join(State), "office", SAME),
    _rule(Action.REVEAL, " ".join(State), "office", SAME),
    _rule(Action.WARN, _TIMED, "system", SAME),
    _rule(Action.REMIND, _TIMED, "system", SAME),
    _rule(Action.SUPERVISE, _TIMED, "system", SAME),
    _rule(Action.SUPERVISE, f"{_LIVE} answered closed", "office", SAME),
    _rule(Action.ESCALATE, _TIMED, "system", SAME),
    _rule(Action.ASK_RATING, "answered", "system", SAME),
    _rule(Action.UNRATED, "answered", "system", SAME, Clock.STOPPED),
    _rule(Action.ASK_FOLLOW_UP, "closed", "system", SAME, Clock.FOLLOW, Guard.OPEN_END),
)


ANSWERS = frozenset({Action.RESOLVE, Action.SPOT, Action.ANSWER_LETTER})
"""Actions by which an answer goes out to the villager, to be rated."""

RATED = frozenset({Action.RATE, Action.OBJECT, Action.OBJECT_AGAIN, Action.RATE_OWN, Action.OBJECT_OWN})
"""Actions that bring a rating."""

IN_PERSON = frozenset({Action.ALLOW, Action.RATE_OWN, Action.OBJECT_OWN})
"""What an author does in person: nobody who speaks for them may."""


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


@cache
def allowed(state: State, part: Part) -> tuple[Action, ...]:
    """Every action that this part may take in this state, in the table's order, each once."""
    found = (rule.action for rule in TABLE if state in rule.states and part in rule.parts)
    return tuple(dict.fromkeys(found))
