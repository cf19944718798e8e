"""Asking the villagers: an opinion poll (民意征集), a satisfaction round (满意度测评), a deputy's report (述职评议)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class PollKind(StrEnum):
    OPINION = "opinion"  # 征求意见
    SATISFACTION = "satisfaction"  # 满意度测评: of a livelihood project, or of the year
    REPORT = "report"  # 述职评议


SCALE = ("satisfied", "fair", "dissatisfied", "unsure")
"""What is answered to the two kinds that measure; an opinion poll has choices of its own."""

FEWEST, MOST = 2, 6
"""Choices of an opinion poll: as many as carry a number."""


@dataclass(frozen=True, slots=True)
class Poll:
    """One question, to the people of `villages` (all where empty), from `opens_at` until before `closes_at`.

    `choices` are words, or ids of SCALE. `subject`: the project, or the year, that a satisfaction round is about;
    `duty` is the record of the report to voters, `seats` are the deputies who reported. `closed_at` is set when it has
    ended, by the clock or by the office.
    """

    id: int
    kind: PollKind
    question: str
    choices: tuple[str, ...]
    villages: tuple[str, ...]
    opens_at: datetime
    closes_at: datetime
    person: int
    subject: str = ""
    duty: int | None = None
    seats: tuple[str, ...] = ()
    closed_at: datetime | None = None

    def takes(self, now: datetime) -> bool:
        return self.closed_at is None and self.opens_at <= now < self.closes_at


@dataclass(frozen=True, slots=True)
class Count:
    """How many chose what, by the place of the choice. Who chose what is known to nobody, the system included."""

    votes: Mapping[int, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.votes.values())

    def of(self, choice: str) -> int:
        """Votes for an id of SCALE."""
        return self.votes.get(SCALE.index(choice), 0)

    @property
    def content(self) -> tuple[int, int]:
        """Satisfied and fairly so, and of how many: who is not sure counts in neither."""
        yes = self.of("satisfied") + self.of("fair")
        return yes, yes + self.of("dissatisfied")
