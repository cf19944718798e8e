"""The steps of a case's clock and when each falls due. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.machine import Action, Clock
from bot.domain.topics import Limit

Step = tuple[Action, datetime]

WARNING = 0.8
"""The part of a time limit after which whoever has the case is warned."""

STILL = frozenset({Clock.STOPPED, Clock.RUNNING, Clock.PAUSED, Clock.EXTENDED})
"""Not clocks of their own: nothing is due, or the clock before goes on."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a clock goes on after its limit. A case keeps those by which its clock was wound.

    `supervise` from the limit, `report` from there; a rating is asked for `asked` times.
    """

    supervise: Limit
    report: Limit
    asked: int

    @property
    def written(self) -> str:
        return f"{self.supervise.written} {self.report.written} {self.asked}"

    @classmethod
    def parse(cls, text: str) -> "Terms":
        """Read what `written` wrote. Raises ValueError for anything else."""
        supervise, report, asked = text.split()
        return cls(Limit.parse(supervise), Limit.parse(report), int(asked))


def steps(
    clock: Clock,
    since: datetime,
    due: datetime,
    terms: Terms,
    later: Callable[[datetime, Limit], datetime],
) -> tuple[Step, ...]:
    """Every step of the clock that runs from `since` to `due`, in order.

    Work is warned of, reminded of (催办), supervised (督办) and reported (报党委). A rating is asked for the first time
    with the answer, as often as the terms say in all; then the case is unrated. A follow-up is asked for when due.
    """
    if clock in STILL:
        return ()
    if clock is Clock.RATING:
        again = [(Action.ASK_RATING, since + (due - since) * n / terms.asked) for n in range(1, terms.asked)]
        return (*again, (Action.UNRATED, due))
    if clock is Clock.FOLLOW:
        return ((Action.ASK_FOLLOW_UP, due),)
    supervised = later(due, terms.supervise)
    return (
        (Action.WARN, since + (due - since) * WARNING),
        (Action.REMIND, due),
        (Action.SUPERVISE, supervised),
        (Action.ESCALATE, later(supervised, terms.report)),
    )
