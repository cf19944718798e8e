"""Figures that tell how far guesses can be trusted: accuracy, macro-F1, coverage, calibration, error rates."""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_BINS = 10
_SUREST = 0.7
_DRAWS = 200


@dataclass(frozen=True, slots=True)
class Judged:
    """One guess beside the right answer; `guess` is empty where there was none."""

    right: str
    guess: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Figures:
    """`accuracy` and `macro_f1` with a guess forced; `coverage` is the share at or above the threshold.

    `calibration_by_chance` is the calibration error of one whose confidence is true, on as many rows.
    """

    rows: int
    accuracy: float
    macro_f1: float
    coverage: float
    accuracy_if_sure: float
    accuracy_of_surest_70: float
    calibration_error: float
    calibration_by_chance: float
    texts_per_second: float
    confusion: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """Of `judged` tags of one village or topic that people looked at, `wrong` were put right."""

    key: str
    judged: int
    wrong: int

    @property
    def rate(self) -> float:
        """Share of wrong tags, 0..1."""
        return self.wrong / self.judged if self.judged else 0.0


def figures(judged: Sequence[Judged], threshold: float, seconds: float) -> Figures:
    """All figures of `judged`; `seconds` is what the guesses took."""
    count = max(len(judged), 1)
    sure = [each for each in judged if each.confidence >= threshold]
    surest = sorted(judged, key=lambda each: -each.confidence)[: math.ceil(_SUREST * len(judged))]
    confusion: dict[str, Counter[str]] = defaultdict(Counter)
    for each in judged:
        confusion[each.right][each.guess] += 1
    return Figures(
        rows=len(judged),
        accuracy=_accuracy(judged),
        macro_f1=macro_f1(judged),
        coverage=len(sure) / count,
        accuracy_if_sure=_accuracy(sure),
        accuracy_of_surest_70=_accuracy(surest),
        calibration_error=calibration_error(judged),
        calibration_by_chance=calibration_by_chance(judged),
        texts_per_second=len(judged) / seconds if seconds else 0.0,
        confusion={right: dict(guesses.most_common()) for right, guesses in sorted(confusion.items())},
    )


def macro_f1(judged: Sequence[Judged]) -> float:
    """The mean over all right labels of the harmonic mean of precision and recall."""
    labels = sorted({each.right for each in judged})
    scores = []
    for label in labels:
        hit = sum(each.right == label == each.guess for each in judged)
        given = sum(each.guess == label for each in judged)
        true = sum(each.right == label for each in judged)
        scores.append(2 * hit / (given + true))
    return sum(scores) / len(scores) if scores else 0.0


def calibration_error(judged: Sequence[Judged]) -> float:
    """Expected calibration error over ten bins: how far confidence and accuracy lie apart, on average."""
    bins: dict[int, list[Judged]] = defaultdict(list)
    for each in judged:
        bins[min(int(each.confidence * _BINS), _BINS - 1)].append(each)
    apart = sum(abs(sum(each.confidence for each in some) - len(some) * _accuracy(some)) for some in bins.values())
    return apart / max(len(judged), 1)


def calibration_by_chance(judged: Sequence[Judged]) -> float:
    """The calibration error of so few rows even where confidence tells exactly how often it is right, by drawing."""
    drawer = random.Random(0)  # noqa: S311 - not for secrets
    sure = [each.confidence for each in judged]
    drawn = ([Judged("", "" if drawer.random() < each else "x", each) for each in sure] for _ in range(_DRAWS))
    return sum(calibration_error(each) for each in drawn) / _DRAWS


def folds(labels: Sequence[str], count: int, seed: int = 0) -> list[int]:
    """The fold of each row, every label spread evenly over all; the same rows and seed always give the same folds."""
    if count < 2 or count > len(labels):
        raise ValueError(f"{len(labels)} rows cannot be cut into {count} folds")
    places: dict[str, list[int]] = defaultdict(list)
    for place, label in enumerate(labels):
        places[label].append(place)
    fold = [0] * len(labels)
    shuffler = random.Random(seed)  # noqa: S311 - not for secrets
    for label in sorted(places):
        shuffler.shuffle(places[label])
        for number, place in enumerate(places[label]):
            fold[place] = number % count
    return fold


def spread(values: Sequence[float]) -> tuple[float, float]:
    """Mean and standard deviation."""
    mean = sum(values) / len(values)
    return mean, math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))


def error_rates(looked_at: Iterable[tuple[str, str, str]]) -> tuple[ErrorRate, ...]:
    """Error rates from (key, guess, what people made of it), worst first; key is a village or a topic."""
    judged, wrong = Counter[str](), Counter[str]()
    for key, guess, right in looked_at:
        judged[key] += 1
        wrong[key] += guess != right
    rates = [ErrorRate(key, count, wrong[key]) for key, count in judged.items()]
    return tuple(sorted(rates, key=lambda each: (-each.rate, -each.judged, each.key)))


def _accuracy(judged: Sequence[Judged]) -> float:
    return sum(each.right == each.guess for each in judged) / len(judged) if judged else 0.0
