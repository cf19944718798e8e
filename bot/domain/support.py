"""What each supporter of a case says of its answer, one by one; the author's own rating moves the case."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.cases import Case, Rating, Solved
from bot.domain.machine import State


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One supporter's rating of the answer of one round (how often the case had been reopened)."""

    case_id: int
    person_id: int
    round: int
    rating: Rating
    at: datetime
    solved: Solved | None = None


def answered_round(case: Case) -> int | None:
    """The round of the latest answer, which supporters may rate also after the author did; None before any."""
    if case.answer_class is None or case.state in (State.CHECKING, State.MERGED):
        return None
    objected = case.rating is Rating.DISSATISFIED and case.state not in (State.CLOSED, State.ARCHIVED)
    return case.reopened - 1 if objected else case.reopened


def counted(confirmations: Iterable[Confirmation], round_: int) -> Counter[Rating]:
    """How many supporters gave each rating to the answer of this round."""
    return Counter(each.rating for each in confirmations if each.round == round_)
