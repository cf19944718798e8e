"""A case (群众意见), its history, and the one function that moves it."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.files import FileState
from bot.domain.machine import (
    BACK,
    ENDED_STATES,
    PAUSED_STATES,
    SAME,
    VILLAGERS,
    Action,
    Clock,
    Guard,
    IllegalMove,
    Part,
    State,
    allowed,
    rule_for,
)
from bot.domain.messages import File, Location


class Kind(StrEnum):
    COMPLAINT = "complaint"  # 反映问题
    SUGGESTION = "suggestion"  # 提建议
    HELP = "help"  # 请人工协助
    LETTER = "letter"  # 给代表的信


class AnswerClass(StrEnum):
    A = "A"  # solved
    B = "B"  # being solved
    C = "C"  # planned
    D = "D"  # explained, kept on file


class Rating(StrEnum):
    SATISFIED = "satisfied"  # 满意
    FAIR = "fair"  # 基本满意
    DISSATISFIED = "dissatisfied"  # 不满意


class Solved(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Consent(StrEnum):
    """What the villager says to publication. Asked for apart from everything else, and never taken for granted."""

    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Case:
    """One matter that a villager raised. Who raised it is not in here: see `parties` in the store.

    `version` counts the events so far; `head` is the hash of the last one. `due_at` is None while nothing is due.
    `clock` runs from `since` to `due_at`; `reached` of its steps are done, the next falls due at `next_at`.
    """

    id: int
    number: str
    kind: Kind
    state: State
    version: int
    text: str
    village: str | None
    hamlet: str | None
    topic: str | None
    subtopic: str | None
    station: str | None
    deputy: str | None
    urgent: bool
    restricted: bool
    sealed: bool
    created_at: datetime
    updated_at: datetime
    due_at: datetime | None = None
    paused_at: datetime | None = None
    resume: State | None = None
    closed_at: datetime | None = None
    reopened: int = 0
    answer: str | None = None
    answer_class: AnswerClass | None = None
    rating: Rating | None = None
    solved: Solved | None = None
    confidence: float = 0.0
    location: Location | None = None
    head: str = ""
    clock: Clock = Clock.STOPPED
    since: datetime | None = None
    reached: int = 0
    next_at: datetime | None = None
    handler: str | None = None
    helpers: tuple[str, ...] = ()
    returned: bool = False
    extended: bool = False
    checked: bool = False
    merged_into: int | None = None
    consent: Consent | None = None
    published: str | None = None  # the de-identified text on the public board
    told: bool = False  # the rating was told to staff, who noted it: not the villager's own tap
    terms: str | None = None  # by which its clock was wound, as `Terms.written`; None: by those in force
    recused: tuple[int, ...] = ()  # persons who have no part in it any more, whatever seat they hold


_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a case's history: appended, never edited; each carries the hash of the one before.

    `person` is the member of staff; None for a villager, who is named nowhere but in `parties`.
    """

    case_id: int
    seq: int
    at: datetime
    action: str
    part: Part
    person: int | None
    seat: str | None
    before: State | None
    after: State
    data: Mapping[str, Any] = field(default_factory=dict)
    previous: str = ""

    def digest(self) -> str:
        """SHA-256 over the canonical JSON of every field, hex."""
        plain = [
            self.case_id,
            self.seq,
            self.at.isoformat(),
            self.action,
            self.part,
            self.person,
            self.seat,
            self.before,
            self.after,
            self.data,
            self.previous,
        ]
        return hashlib.sha256(_canonical(plain).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A photo, voice note or file of a case. `event` is the `seq` of the event that brought it.

    `type` and `name` (in our store) are known once it is kept; `sender` until it is deleted.
    """

    file: File
    channel: str
    stage: str  # "before" from the villager, "after" from staff
    event: int
    sender: int | None = None
    id: int = 0
    state: FileState = FileState.WAITING
    name: str | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the person, their own seat (None for a villager), and what they are to the case.

    `instead_of` is the seat that they stand in for, where it is that seat which gives them the part. An author with a
    seat is somebody of the staff who speaks for the villager whose case they entered.
    """

    part: Part
    person: int | None
    seat: str | None = None
    instead_of: str | None = None


SYSTEM = Actor(Part.SYSTEM, None)


_OPEN_END = (AnswerClass.B, AnswerClass.C)

GUARDS: dict[Guard, Callable[[Case, datetime], bool]] = {
    Guard.NONE: lambda case, now: True,
    Guard.NOT_RETURNED: lambda case, now: not case.returned,
    Guard.NOT_EXTENDED: lambda case, now: not case.extended and case.due_at is not None and now < case.due_at,
    Guard.NOT_CHECKED: lambda case, now: not case.checked,
    Guard.UNRATED: lambda case, now: case.clock is Clock.STOPPED,
    Guard.OPEN_END: lambda case, now: case.answer_class in _OPEN_END,
    Guard.SETTLED: lambda case, now: case.answer_class not in _OPEN_END,
    Guard.RECUSED: lambda case, now: bool(case.recused),
    Guard.UNSEALED: lambda case, now: not case.sealed,
    Guard.PUBLISHABLE: lambda case, now: not case.restricted and not case.sealed and case.consent is None,
    Guard.ASKED: lambda case, now: case.consent in (Consent.ASKED, Consent.AGREED),
    Guard.TOLD: lambda case, now: case.told,
    Guard.LETTER: lambda case, now: case.kind is Kind.LETTER,
    Guard.AT_STATION: lambda case, now: case.station is not None and not case.sealed,
    Guard.PUBLISHED: lambda case, now: case.published is not None,
    Guard.AGREED: lambda case, now: case.consent is Consent.AGREED and not case.restricted,
}


def may(case: Case, part: Part, now: datetime) -> tuple[Action, ...]:
    """Every action that this part may take on the case as it is, guards and all."""
    return tuple(a for a in allowed(case.state, part) if GUARDS[rule_for(case.state, a, part).guard](case, now))


@dataclass(frozen=True, slots=True)
class Move:
    """The outcome of an action: the case as it is then, the event to append, the clock to set."""

    case: Case
    event: Event
    clock: Clock

    def adding(self, data: Mapping[str, Any]) -> "Move":
        """The same, with more in the event than was known when the table was asked."""
        event = replace(self.event, data={**self.event.data, **data})
        return replace(self, event=event, case=replace(self.case, head=event.digest()))


def act(
    case: Case,
    action: Action,
    actor: Actor,
    at: datetime,
    *,
    data: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Move:
    """Move the case by one action. Raises IllegalMove and changes nothing where the table has no such line.

    `data` goes into the history, `changes` onto the case (dataclass fields). `due_at` is the caller's to set
    by the returned clock, except that waiting for the villager stops it and coming back shifts it on.
    """
    rule = rule_for(case.state, action, actor.part)
    if not GUARDS[rule.guard](case, at):
        raise IllegalMove(case.state, action, actor.part)
    if rule.to == SAME:
        after = case.state
    elif rule.to == BACK:
        after = case.resume or State.REGISTERED
    else:
        after = State(rule.to)
    event = Event(
        case.id,
        case.version + 1,
        at,
        action,
        actor.part,
        None if actor.part in VILLAGERS else actor.person,
        actor.seat,
        case.state,
        after,
        dict(data or {}),
        case.head,
    )
    moved = replace(case, **changes)
    if after in PAUSED_STATES and case.state not in PAUSED_STATES:
        moved = replace(moved, resume=case.state, paused_at=at)
    elif case.state in PAUSED_STATES and after not in PAUSED_STATES:
        waited = at - (case.paused_at or at)
        due, since = (moment and moment + waited for moment in (case.due_at, case.since))
        moved = replace(moved, resume=None, paused_at=None, due_at=due, since=since)
    moved = replace(
        moved,
        state=after,
        version=event.seq,
        updated_at=at,
        head=event.digest(),
        closed_at=(case.closed_at or at) if after in ENDED_STATES else None,
    )
    return Move(moved, event, rule.clock)


def open_case(case: Case, actor: Actor, data: Mapping[str, Any]) -> Move:
    """The first event of a case that has just been numbered."""
    event = Event(
        case.id,
        1,
        case.created_at,
        "register",
        actor.part,
        None if actor.part in VILLAGERS else actor.person,
        actor.seat,
        None,
        case.state,
        dict(data),
    )
    return Move(replace(case, version=1, head=event.digest()), event, Clock.ACCEPT)


def broken_at(case: Case, events: Sequence[Event]) -> int | None:
    """The first `seq` at which the history is not what it was, or is missing; None where the chain holds."""
    previous = ""
    for seq, event in enumerate(events, start=1):
        if event.seq != seq or event.previous != previous:
            return seq
        previous = event.digest()
    return None if (case.version, case.head) == (len(events), previous) else len(events)
