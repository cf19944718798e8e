"""What about: topics (一级分类) and subtopics (二级分类), each subtopic with a time limit and flags."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Flag(StrEnum):
    """What a subtopic, or a text, asks of those who handle it."""

    URGENT = "urgent"  # alert at once
    RESTRICTED = "restricted"  # only those who handle it may read it, never published
    SEALED = "sealed"  # names a cadre or belongs to another channel: bypasses the village's own station
    HELD = "held"  # an advertisement or mere insult by the look of it: the office looks first


MARKS = (Flag.URGENT, Flag.RESTRICTED, Flag.SEALED)
"""The flags that a subtopic may have; the others are a text's alone."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit in minutes, in clock hours or in working days; exactly one of the three is set."""

    hours: int | None = None
    working_days: int | None = None
    minutes: int | None = None

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """Read `15m`, `2h` or `15d`. Raises ValueError for anything else."""
        match = re.fullmatch(r"(\d{1,3})([mhd])", text)
        if not match:
            raise ValueError(f"a time limit is written like 15m, 2h or 15d, not {text!r}")
        amount = int(match[1])
        unit = {"m": "minutes", "h": "hours", "d": "working_days"}[match[2]]
        return cls(**{unit: amount})

    @property
    def written(self) -> str:
        """As `parse` reads it."""
        amounts = {"m": self.minutes, "h": self.hours, "d": self.working_days}
        return next(f"{amount}{unit}" for unit, amount in amounts.items() if amount is not None)


@dataclass(frozen=True, slots=True)
class Subtopic:
    """二级分类. `id` is unique in the whole tree; `name` is what people read.

    A keyword names the matter by itself; a hint only supports other words. One that is `off` is given to no new
    case; those that have it keep its name and limit.
    """

    id: str
    name: str
    limit: Limit
    flags: frozenset[Flag] = frozenset()
    keywords: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    off: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """一级分类 with its subtopics. `off` puts all of them off."""

    id: str
    name: str
    subtopics: tuple[Subtopic, ...]
    off: bool = False

    @property
    def open(self) -> tuple[Subtopic, ...]:
        """The subtopics that new cases may have."""
        return () if self.off else tuple(each for each in self.subtopics if not each.off)
