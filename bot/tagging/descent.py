"""The descent that fits the sense's network to its lesson: Adam over batches, in an order that is always the same."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.tagging.sense import Floats, Head

Ints = NDArray[np.int64]

_HIDDEN = 64
_EPOCHS = 24
_BATCH = 64
_RATE = 5e-3
_PENALTY = 1e-4
_DROPPED = 0.5  # of the hidden layer, in each step
_UNREAD = 0.25  # of the grams of a text, in each step: many that an author never met writes will not be known either
_KEYWORDS = 3.0  # where the weight of the tree's keywords starts
_AVERAGED = 0.5  # of the epochs, the last ones: their mean is what is kept
_VAGUE = 0.5  # how much it counts that of chatter no subtopic is more likely than another


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is learned from, one row a text: grams and groups with their values, their common meaning, the answers."""

    rows: Sequence[tuple[Ints, Floats]]
    meanings: Floats
    flags: Floats
    topics: Ints
    keywords: Floats


@dataclass(slots=True)
class Weights:
    """`table` has a row for each gram, then for each group; `alike` turns a meaning into such a row."""

    table: Floats
    alike: Floats
    bias: Floats
    out: Floats
    out_bias: Floats
    sharpness: float

    @classmethod
    def made(cls, rows: int, meanings: int, answers: int, number: int) -> "Weights":
        """Small and random, always the same for one `number`."""
        random = np.random.default_rng(2 * number)
        table = (random.normal(size=(rows, _HIDDEN)) * 0.02).astype(np.float32)
        alike = (random.normal(size=(meanings, _HIDDEN)) * 0.02).astype(np.float32)
        out = (random.normal(size=(_HIDDEN, answers)) / np.sqrt(_HIDDEN)).astype(np.float32)
        return cls(table, alike, np.zeros(_HIDDEN, np.float32), out, np.zeros(answers, np.float32), _KEYWORDS)


class _Adam:
    """Steps of even size in each weight; only the rows that were met are touched."""

    def __init__(self, like: Floats) -> None:
        self._mean, self._square = np.zeros_like(like), np.zeros_like(like)

    def step(self, weights: Floats, slope: Floats, rate: float, time: int, rows: Ints | slice = slice(None)) -> None:
        mean = self._mean[rows] + 0.1 * (slope - self._mean[rows])
        square = self._square[rows] + 0.001 * (slope**2 - self._square[rows])
        self._mean[rows], self._square[rows] = mean, square
        weights[rows] -= rate * (mean / (1 - 0.9**time)) / (np.sqrt(square / (1 - 0.999**time)) + 1e-8)


def descend(weights: Weights, lesson: Lesson, number: int) -> None:
    """Fit `weights`, in place; another `number` is another order of the same lesson."""
    random = np.random.default_rng(2 * number + 1)
    parts = (weights.table, weights.alike, weights.bias, weights.out, weights.out_bias)
    table, *others = (_Adam(part) for part in parts)
    means = [np.zeros_like(part) for part in parts]
    count = len(lesson.rows)
    batches = max(1, -(-count // _BATCH))
    whole, averaged, time = _EPOCHS * batches, 0, 0
    for epoch in range(_EPOCHS):
        for chosen in np.array_split(random.permutation(count), batches):
            time += 1
            met, given = _dense([lesson.rows[place] for place in chosen])
            given *= (random.random(given.shape, np.float32) >= _UNREAD) / np.float32(np.sqrt(1 - _UNREAD))
            hidden = given @ weights.table[met] + lesson.meanings[chosen] @ weights.alike + weights.bias
            kept = ((random.random(hidden.shape) >= _DROPPED) / (1 - _DROPPED)).astype(np.float32)
            active = np.maximum(hidden, 0.0) * kept
            slope = _slope(active @ weights.out + weights.out_bias, weights.sharpness, lesson, chosen)
            back = (slope @ weights.out.T) * kept * (hidden > 0)
            rate = _RATE * (1 - 0.9 * time / whole)
            weights.sharpness -= 4 * rate * float((slope[:, len(Head) :] * lesson.keywords[chosen]).sum())
            table.step(weights.table, given.T @ back + _PENALTY * weights.table[met], rate, time, met)
            slopes = (
                lesson.meanings[chosen].T @ back + _PENALTY * weights.alike,
                back.sum(axis=0),
                active.T @ slope + _PENALTY * weights.out,
                slope.sum(axis=0),
            )
            for adam, part, each in zip(others, parts[1:], slopes, strict=True):
                adam.step(part, each, rate, time)
        if epoch >= _EPOCHS * (1 - _AVERAGED):
            averaged += 1
            for mean, part in zip(means, parts, strict=True):
                mean += part
    for mean, part in zip(means, parts, strict=True):
        part[:] = mean / averaged


def _dense(rows: Sequence[tuple[Ints, Floats]]) -> tuple[Ints, Floats]:
    """Rows over only those columns that one of them has."""
    met, column = np.unique(np.concatenate([places for places, _ in rows]), return_inverse=True)
    given = np.zeros((len(rows), len(met)), np.float32)
    number = np.repeat(np.arange(len(rows)), [len(places) for places, _ in rows])
    given[number, column] = np.concatenate([values for _, values in rows])
    return met, given


def _slope(answers: Floats, sharpness: float, lesson: Lesson, chosen: Ints) -> Floats:
    """The slope of the loss by each answer: cross entropy of each flag, and of the subtopic where one is known."""
    heads = len(Head)
    slope = np.empty_like(answers)
    flags, topics = lesson.flags[chosen], lesson.topics[chosen]
    slope[:, :heads] = 1.0 / (1.0 + np.exp(-answers[:, :heads])) - flags
    shares = softmax(answers[:, heads:] + np.float32(sharpness) * lesson.keywords[chosen])
    known = np.flatnonzero(topics >= 0)
    vague = (topics < 0) & (flags[:, Head.CHATTER] > 0)
    shares[known, topics[known]] -= 1.0
    shares[vague] = _VAGUE * (shares[vague] - 1.0 / shares.shape[1])
    shares[(topics < 0) & ~vague] = 0.0
    slope[:, heads:] = shares
    return slope / np.float32(len(chosen))


def softmax(logits: Floats) -> Floats:
    """Shares that add up to one in each row."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    answer: Floats = powers / powers.sum(axis=1, keepdims=True)
    return answer
