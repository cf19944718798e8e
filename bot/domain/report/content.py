"""Everything that a report says, before it is put into words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.periods import Period
from bot.domain.report.figures import Figure


class ReportKind(StrEnum):
    ANNUAL = "annual"
    QUARTERLY = "quarterly"
    MONTHLY = "monthly"
    PARTY = "party"  # to the town's Party committee
    STATION = "station"
    DEPUTY = "deputy"


MONTHS = {ReportKind.ANNUAL: 12, ReportKind.QUARTERLY: 3, ReportKind.MONTHLY: 1}
"""How long the period of these kinds is; the others take any."""

GROUPS = 10
"""How many topics and villages a report tells apart, those with most cases first; the others are one last group."""

ASKED = ("总人口",)
"""What an annual report tells that no register holds: the office gives it."""


@dataclass(frozen=True, slots=True)
class Group:
    """Cases of one topic or village: how many, how many before, answered; how many rated, and content among them."""

    name: str
    cases: int
    before: int
    answered: int
    content: int
    rated: int


@dataclass(frozen=True, slots=True)
class Typical:
    """A case that ended well, told without a word of its author's."""

    number: str
    place: str
    topic: str
    received: str
    days: int
    answer: str
    people: int = 1


@dataclass(frozen=True, slots=True)
class Matter:
    """What several people raised of the same place: how many, in how many cases, and when first and last."""

    place: str
    topic: str
    people: int
    cases: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Overdue:
    number: str
    place: str
    topic: str
    due: str
    with_whom: str


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that a report says. `whose`: the station's or deputy's name, for theirs. `given`: figures that the
    office gave, which no register holds. `months`: cases of each, and of the one a period before; `ratings`: answered
    cases by what was said of the answer. `late` cases are overdue `at` the day of writing, of which `overdue` tells the
    oldest; `roster` says how many stations and deputies there are, `idle` are those who have visited nobody. `sample`:
    the town's names are invented.
    """

    kind: ReportKind
    town: str
    office: str
    period: Period
    figures: Mapping[str, Figure]
    topics: Sequence[Group] = ()
    villages: Sequence[Group] = ()
    months: Sequence[tuple[str, int, int]] = ()
    ratings: Sequence[tuple[str, int]] = ()
    matters: Sequence[Matter] = ()
    typical: Sequence[Typical] = ()
    overdue: Sequence[Overdue] = ()
    late: int = 0
    at: str = ""
    roster: str = ""
    idle: Sequence[str] = ()
    given: Mapping[str, str] = field(default_factory=dict)
    whose: str = ""
    sample: bool = False
