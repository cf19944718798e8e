"""The digest of one reader: their open cases grouped by village and topic, with counts. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest

from bot.domain.cases import Case
from bot.domain.machine import WORKING_STATES


@dataclass(frozen=True, slots=True)
class Group:
    """Cases of one village and topic; either may be None (not known)."""

    village: str | None
    topic: str | None
    open: int
    overdue: int
    new: int


@dataclass(frozen=True, slots=True)
class Digest:
    """`first` are the cases to act on first: overdue, then urgent, then by deadline."""

    open: int
    overdue: int
    new: int
    groups: tuple[Group, ...]
    first: tuple[Case, ...]


def digest(cases: Iterable[Case], now: datetime, since: datetime, most: int = 6) -> Digest:
    """Count cases that somebody on the staff must still work on; `new` are those registered after `since`."""
    working = [case for case in cases if case.state in WORKING_STATES]
    groups: dict[tuple[str | None, str | None], list[int]] = {}
    for case in working:
        counts = groups.setdefault((case.village, case.topic), [0, 0, 0])
        counts[0] += 1
        counts[1] += is_overdue(case, now)
        counts[2] += case.created_at > since
    rows = [Group(village, topic, *counts) for (village, topic), counts in groups.items()]
    rows.sort(key=lambda g: (-g.overdue, -g.open, g.village or "", g.topic or ""))
    first = nsmallest(most, working, key=lambda c: (not is_overdue(c, now), not c.urgent, c.due_at or now, c.id))
    return Digest(
        len(working), sum(row.overdue for row in rows), sum(row.new for row in rows), tuple(rows), tuple(first)
    )


def sum_of(groups: Iterable[Group]) -> Group:
    """All of these together, of no one village or topic."""
    groups = list(groups)
    return Group(None, None, sum(g.open for g in groups), sum(g.overdue for g in groups), sum(g.new for g in groups))


def is_overdue(case: Case, now: datetime) -> bool:
    """Whether the deadline has passed; a case that waits for its villager has none running."""
    return case.due_at is not None and case.paused_at is None and case.due_at < now
