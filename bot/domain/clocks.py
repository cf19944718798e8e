"""The steps of a case's clock and when each falls due. Pure."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.machine import Action, Clock
from bot.domain.topics import Limit

Step = tuple[Action, datetime]

WARNING = 0.8
"""The part of a time limit after which whoever has the case is warned."""

STILL = frozenset({Clock.STOPPED, Clock.RUNNING, Clock.PAUSED, Clock.EXTENDED})
"""Not clocks of their own: nothing is due, or the clock before goes on."""


def steps(
    clock: Clock,
    since: datetime,
    due: datetime,
    *,
    later: Callable[[datetime, Limit], datetime],
    supervise: Limit,
    report: Limit,
    asked: int,
) -> tuple[Step, ...]:
    """Every step of the clock that runs from `since` to `due`, in order.

    Work is warned of, reminded of (催办), supervised (督办) and reported (报党委). A rating is asked for `asked` times
    in all, the first time with the answer; then the case is unrated. A follow-up is asked for when it is due.
    """
    if clock in STILL:
        return ()
    if clock is Clock.RATING:
        again = [(Action.ASK_RATING, since + (due - since) * n / asked) for n in range(1, asked)]
        return (*again, (Action.UNRATED, due))
    if clock is Clock.FOLLOW:
        return ((Action.ASK_FOLLOW_UP, due),)
    supervised = later(due, supervise)
    return (
        (Action.WARN, since + (due - since) * WARNING),
        (Action.REMIND, due),
        (Action.SUPERVISE, supervised),
        (Action.ESCALATE, later(supervised, report)),
    )
