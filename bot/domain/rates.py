"""Response, resolution and satisfaction: numerator, denominator and the cases behind each. Pure.

Merged and withdrawn cases count nowhere: the one answers for the other, or nobody asks any more. A case counts once,
however often it was reopened, and as it stands now. What nobody rated is in no denominator of satisfaction, and is
counted apart; so is what staff noted as told by telephone.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from bot.domain.cases import AnswerClass, Case, Event, Rating, Solved
from bot.domain.machine import ANSWERS, RATED, Action, State

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What of a case the rates go by."""

    number: str
    state: State
    answer_class: AnswerClass | None = None
    rating: Rating | None = None
    solved: Solved | None = None
    told: bool = False

    @property
    def counts(self) -> bool:
        return self.state not in (State.MERGED, State.WITHDRAWN)

    @property
    def refused(self) -> bool:
        return self.state is State.REFUSED

    @property
    def responded(self) -> bool:
        return self.answer_class is not None or self.refused

    @property
    def resolved(self) -> bool:
        """Class A stands, and its villager has not said otherwise."""
        ended = self.state in (State.ANSWERED, State.CLOSED, State.ARCHIVED)
        said_no = self.solved is Solved.NO or self.rating is Rating.DISSATISFIED
        return ended and self.answer_class is AnswerClass.A and not said_no

    @property
    def content(self) -> bool:
        return self.rating in (Rating.SATISFIED, Rating.FAIR)


@dataclass(frozen=True, slots=True)
class Rate:
    """Case numbers on both sides; `of` holds all of `hits`."""

    hits: tuple[str, ...]
    of: tuple[str, ...]

    @property
    def value(self) -> float | None:
        """0 to 1; None where there is nothing to divide by."""
        return len(self.hits) / len(self.of) if self.of else None


@dataclass(frozen=True, slots=True)
class Rates:
    """`satisfaction` is what villagers tapped themselves, `phoned` what they told staff. `unrated` are the answered
    cases that no rating has come for."""

    response: Rate
    resolution: Rate
    satisfaction: Rate
    phoned: Rate
    unrated: tuple[str, ...]


def outcome_of(case: Case) -> Outcome:
    return Outcome(case.number, case.state, case.answer_class, case.rating, case.solved, case.told)


def replayed(number: str, events: Sequence[Event]) -> Outcome:
    """The same, told from the history alone."""
    found = Outcome(number, State.REGISTERED)
    for event in events:
        data = event.data
        found = replace(found, state=event.after)
        if event.action in ANSWERS:
            found = replace(found, rating=None, solved=None, told=False)
        if event.action in (*ANSWERS, Action.CHECK, Action.FOLLOW_UP):
            found = replace(found, answer_class=AnswerClass(data["class"]))
        elif event.action in RATED:
            found = replace(found, rating=Rating(data["rating"]), told=event.seat is not None, solved=None)
        elif event.action == Action.SOLVED:
            found = replace(found, solved=Solved(data["solved"]))
    return found


def rates(outcomes: Iterable[Outcome]) -> Rates:
    """The three rates over these cases."""
    all_ = [one for one in outcomes if one.counts]
    accepted = [one for one in all_ if not one.refused]
    rated = [one for one in all_ if one.rating is not None and not one.told]
    phoned = [one for one in all_ if one.rating is not None and one.told]
    answered = [one for one in accepted if one.responded]
    return Rates(
        response=_rate(all_, [one for one in all_ if one.responded]),
        resolution=_rate(accepted, [one for one in accepted if one.resolved]),
        satisfaction=_rate(rated, [one for one in rated if one.content]),
        phoned=_rate(phoned, [one for one in phoned if one.content]),
        unrated=_numbers([one for one in answered if one.rating is None]),
    )


def rates_by(cases: Iterable[Case], key: Callable[[Case], Key]) -> dict[Key, Rates]:
    """The rates of each group; groups in the order in which they first come."""
    groups: dict[Key, list[Outcome]] = {}
    for case in cases:
        groups.setdefault(key(case), []).append(outcome_of(case))
    return {name: rates(members) for name, members in groups.items()}


def month(local: Callable[[datetime], datetime]) -> Callable[[Case], str]:
    """A key for `rates_by`: the town's month in which the case was registered, like `2026-03`."""
    return lambda case: f"{local(case.created_at):%Y-%m}"


def _rate(of: Sequence[Outcome], hits: Sequence[Outcome]) -> Rate:
    return Rate(_numbers(hits), _numbers(of))


def _numbers(outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    return tuple(one.number for one in outcomes)
