"""A deputy's formal suggestion (代表建议): its record and its machine, one table, with the clocks of the law."""

import hashlib
import json
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.cases import AnswerClass, Rating


class Status(StrEnum):
    FILED = "filed"
    ASSIGNED = "assigned"
    REPLIED = "replied"  # in writing; waits for the deputy's rating
    REDOING = "redoing"  # 再办: the deputy is dissatisfied
    RATED = "rated"
    REPORTED = "reported"  # to the congress
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    COSIGN = "cosign"
    ADD_CASE = "add_case"
    ASSIGN = "assign"
    ASSIGN_COMPLEX = "assign_complex"
    REPLY = "reply"
    ACCEPT = "accept"
    OBJECT = "object"
    OBJECT_AGAIN = "object_again"
    REPORT = "report"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    HAND_OVER = "hand_over"  # another deputy leads it
    WARN = "warn"
    REMIND = "remind"


class Side(StrEnum):
    """What a person is to a suggestion."""

    LEAD = "lead"  # 领衔代表
    DEPUTY = "deputy"  # any other deputy
    OFFICE = "office"
    SYSTEM = "system"


class Term(StrEnum):
    """Time limits; the months are the law's."""

    ASSIGN = "assign"  # 5 working days
    REPLY = "reply"  # 3 months
    COMPLEX = "complex"  # 6 months
    AGAIN = "again"  # 1 month
    RATE = "rate"  # the deputy's rating, as long as a villager has for theirs
    NONE = "none"
    SAME = "same"


MONTHS = {Term.REPLY: 3, Term.COMPLEX: 6, Term.AGAIN: 1}

SAME = "same"
"""Next status: the one it is in."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table."""

    step: Step
    statuses: frozenset[Status]
    sides: frozenset[Side]
    to: Status | str
    term: Term


def _rule(step: Step, statuses: str, sides: str, to: Status | str, term: Term = Term.SAME) -> Rule:
    return Rule(step, frozenset(map(Status, statuses.split())), frozenset(map(Side, sides.split())), to, term)


TABLE: tuple[Rule, ...] = (
    _rule(Step.COSIGN, "filed", "deputy", SAME),
    _rule(Step.ADD_CASE, "filed", "lead", SAME),
    _rule(Step.WITHDRAW, "filed", "lead", Status.WITHDRAWN, Term.NONE),
    _rule(Step.ASSIGN, "filed", "office", Status.ASSIGNED, Term.REPLY),
    _rule(Step.ASSIGN_COMPLEX, "filed", "office", Status.ASSIGNED, Term.COMPLEX),
    _rule(Step.REPLY, "assigned redoing", "office", Status.REPLIED, Term.RATE),
    _rule(Step.ACCEPT, "replied", "lead", Status.RATED, Term.NONE),
    _rule(Step.OBJECT, "replied", "lead", Status.REDOING, Term.AGAIN),
    _rule(Step.OBJECT_AGAIN, "replied", "lead", Status.RATED, Term.NONE),
    _rule(Step.REPORT, "rated", "office", Status.REPORTED, Term.NONE),
    _rule(Step.PUBLISH, "reported", "office", Status.PUBLISHED, Term.NONE),
    _rule(Step.HAND_OVER, "filed assigned replied redoing", "office system", SAME),
    _rule(Step.WARN, "filed assigned redoing replied", "system", SAME),
    _rule(Step.REMIND, "filed assigned redoing replied", "system", SAME),
)
"""Dissatisfied, a deputy has it handled again once: then `object_again` ends it, on the record."""


NEEDS_LEAD = frozenset({Status.FILED, Status.ASSIGNED, Status.REPLIED, Status.REDOING})
"""Statuses in which the leading deputy still has something to do."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`cases` are the villagers' matters that it was distilled from; it is never the same record as one of them.

    `version` counts the entries of its history so far; `head` is the hash of the last one.
    """

    id: int
    number: str
    status: Status
    version: int
    text: str
    lead: str
    cosigners: tuple[str, ...]
    cases: tuple[int, ...]
    filed_at: datetime
    since: datetime | None = None
    due_at: datetime | None = None
    reached: int = 0
    next_at: datetime | None = None
    handler: str | None = None
    complex: bool = False
    again: bool = False
    reply: str | None = None
    rating: Rating | None = None
    answer_class: AnswerClass | None = None
    head: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a suggestion's history: appended, never edited; each carries the hash of the one before."""

    suggestion_id: int
    seq: int
    at: datetime
    step: str
    side: Side
    seat: str | None
    before: Status
    after: Status
    data: dict[str, Any]
    previous: str = ""

    def digest(self) -> str:
        """SHA-256 over the canonical JSON of every field, hex."""
        plain = [
            self.suggestion_id,
            self.seq,
            self.at.isoformat(),
            self.step,
            self.side,
            self.seat,
            self.before,
            self.after,
            self.data,
            self.previous,
        ]
        text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


class NotNow(Exception):
    """This cannot be done to the suggestion as it stands, or not by this person."""


def rule_for(one: Suggestion, step: Step, side: Side) -> Rule:
    """The rule that allows this step. Raises NotNow where there is none."""
    if step in (Step.OBJECT, Step.OBJECT_AGAIN) and one.again is not (step is Step.OBJECT_AGAIN):
        raise NotNow(f"{step} of a suggestion that was{'' if one.again else ' not'} handled again")
    for rule in TABLE:
        if rule.step is step and one.status in rule.statuses and side in rule.sides:
            return rule
    raise NotNow(f"{step} by {side} in status {one.status}")


def allowed(one: Suggestion, side: Side) -> tuple[Step, ...]:
    """Every step that this side may take now, in the table's order."""
    found: list[Step] = []
    for rule in TABLE:
        try:
            rule_for(one, rule.step, side)
        except NotNow:
            continue
        found.append(rule.step)
    return tuple(found)


def advance(
    one: Suggestion,
    step: Step,
    side: Side,
    seat: str | None,
    at: datetime,
    data: dict[str, Any] | None = None,
    **changes: Any,
) -> tuple[Suggestion, Entry, Term]:
    """The suggestion after the step, the line for its history, the limit that runs then. Raises NotNow."""
    rule = rule_for(one, step, side)
    after = one.status if rule.to == SAME else Status(rule.to)
    entry = Entry(one.id, one.version + 1, at, step, side, seat, one.status, after, data or {}, one.head)
    return replace(one, **changes, status=after, version=entry.seq, head=entry.digest()), entry, rule.term


def open_suggestion(one: Suggestion) -> tuple[Suggestion, Entry]:
    """The first entry of a suggestion that has just been numbered."""
    entry = Entry(one.id, 1, one.filed_at, "file", Side.LEAD, one.lead, one.status, one.status, {})
    return replace(one, version=1, head=entry.digest()), entry


def broken_at(one: Suggestion, entries: Sequence[Entry]) -> int | None:
    """The first `seq` at which the history is not what it was, or is missing; None where the chain holds."""
    previous = ""
    for seq, entry in enumerate(entries, start=1):
        if entry.seq != seq or entry.previous != previous:
            return seq
        previous = entry.digest()
    return None if (one.version, one.head) == (len(entries), previous) else len(entries)


def months_later(moment: datetime, months: int, zone: ZoneInfo) -> datetime:
    """The same day and time so many months on in the town; the month's last day where it has no such day."""
    local = moment.astimezone(zone)
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day)
