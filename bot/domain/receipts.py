"""The receipt of a case that staff entered for a villager (代录): its code, and how often a code may be guessed."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

DIGITS = 12
"""Eleven at random and one that shows a slip of the pen. Digits alone: they are read out and typed on any telephone."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Seat `seat` entered the case, by `person`, who said that the villager was told of version `notice` of the
    privacy notice. Its code is not in here. `linked_at`: the villager follows the case for themselves since then."""

    case_id: int
    person: int
    seat: str
    entered_at: datetime
    notice: str
    linked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """So many wrong codes within `window` cost nothing; each one more doubles the wait, which begins with `wait`."""

    free: int
    window: timedelta
    wait: timedelta
    longest: timedelta

    def free_again(self, wrong: Sequence[datetime]) -> datetime | None:
        """When the next try is taken, given the times of the wrong ones within the window; None: at once."""
        if len(wrong) < self.free:
            return None
        doubled: int = 2 ** min(len(wrong) - self.free, 20)
        return max(wrong) + min(self.wait * doubled, self.longest)


OWN = Budget(5, timedelta(days=1), timedelta(minutes=1), timedelta(hours=12))
"""Of one account."""

TOWN = Budget(60, timedelta(hours=1), timedelta(seconds=30), timedelta(minutes=15))
"""Of all accounts together, so that many accounts guess no faster than a few."""


def with_check(body: str) -> str:
    """The digits with a last one after Luhn, which finds a wrong digit and two that changed places."""
    return body + str(-_sum(body + "0") % 10)


def is_whole(code: str) -> bool:
    """Whether these can be the digits of a code at all: told without looking anything up."""
    return len(code) == DIGITS and _sum(code) % 10 == 0


def digits_of(typed: str) -> str:
    """The digits of what was typed, in whatever groups and width; other words make it empty."""
    plain = unicodedata.normalize("NFKC", typed)
    kept = "".join(character for character in plain if not character.isspace() and character not in "-—_.·、,，")
    return kept if kept.isascii() and kept.isdecimal() else ""


def grouped(code: str) -> str:
    """`1234 5678 9012`: as it is read out and printed."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


def _sum(code: str) -> int:
    """Luhn's: every second digit from the right but one is doubled."""
    total = 0
    for place, digit in enumerate(map(int, reversed(code))):
        twice = 2 * digit
        total += (twice - 9 if twice > 9 else twice) if place % 2 else digit
    return total
