"""Rates: each case once, unrated never content, and the history alone tells the same."""

import pytest

from bot.domain.cases import AnswerClass, Rating, Solved
from bot.domain.machine import State
from bot.domain.rates import Outcome, Rates, rates

A = AnswerClass.A


def rates_of(*outcomes: tuple[State, AnswerClass | None, Rating | None, Solved | None]) -> Rates:
    return rates(Outcome(str(number), *plain) for number, plain in enumerate(outcomes))


def test_unrated_is_in_no_denominator_of_satisfaction_and_is_counted_apart() -> None:
    found = rates_of(
        (State.CLOSED, A, Rating.SATISFIED, None),
        (State.CLOSED, A, None, None),
        (State.ANSWERED, A, None, None),
    )
    assert (found.satisfaction.hits, found.satisfaction.of) == (("0",), ("0",))
    assert found.unrated == ("1", "2")


def test_merged_and_withdrawn_count_nowhere_and_refused_only_as_answered() -> None:
    found = rates_of(
        (State.MERGED, None, None, None),
        (State.WITHDRAWN, A, Rating.SATISFIED, None),
        (State.REFUSED, None, None, None),
        (State.REGISTERED, None, None, None),
    )
    assert (found.response.hits, found.response.of) == (("2",), ("2", "3"))
    assert found.resolution.of == ("3",)
    assert found.satisfaction.of == ()
    assert found.satisfaction.value is None


@pytest.mark.parametrize(
    ("state", "grade", "rating", "solved", "resolved"),
    [
        (State.CLOSED, A, Rating.SATISFIED, Solved.YES, True),
        (State.ANSWERED, A, None, None, True),
        (State.ARCHIVED, A, Rating.FAIR, Solved.PARTLY, True),
        (State.CLOSED, A, Rating.SATISFIED, Solved.NO, False),
        (State.CLOSED, A, Rating.DISSATISFIED, None, False),
        (State.REOPENED, A, Rating.DISSATISFIED, None, False),
        (State.WITH_OFFICE, A, None, None, False),
        (State.CLOSED, AnswerClass.B, Rating.SATISFIED, Solved.YES, False),
        (State.CLOSED, AnswerClass.D, Rating.SATISFIED, Solved.YES, False),
    ],
)
def test_solved_is_class_a_that_its_villager_does_not_deny(
    state: State, grade: AnswerClass, rating: Rating | None, solved: Solved | None, resolved: bool
) -> None:
    assert bool(rates_of((state, grade, rating, solved)).resolution.hits) is resolved
