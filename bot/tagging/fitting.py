"""Fit the learned model: penalised softmax regression on top of the keyword prior, with its confidence calibrated."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.tagging.examples import ABSENT, Example, Floats, fair_weights, said_again

Ints = NDArray[np.int64]

_PENALTY = 0.1  # of the square of each word's weight, per example of weight 1
_BIAS_PENALTY = 1.0
_SHARPNESS_PENALTY = 20.0  # pulls the weight of the keywords to where it was
_RATE = 0.3
_BATCH = 64
_VISITS = 40_000  # of examples, over all epochs
_EPOCHS = (6, 60)
_FOLDS = 5
_TEMPERATURES = np.geomspace(0.3, 3.0, 25)
_DOUBTS = (0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.13, 0.16, 0.2)
_UNTAUGHT = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
_REPETITIONS = (0.0, 0.25, 0.5, 0.75, 1.0)
_TOLD = 0.9  # the share of examples up to whose length these tell something
_ENOUGH = 30  # examples below which the confidence is not calibrated anew ...
_MANY = 100  # ... and below which nobody can tell how far long texts repeat themselves
_LENGTHY = 100.0  # characters; where most examples are shorter, nobody can tell either


@dataclass(frozen=True, slots=True)
class _Data:
    """Examples as arrays: words in compressed rows, each with a first entry of 0 so that no row is empty."""

    words: Ints
    values: Floats
    starts: Ints
    prior: Floats
    allowed: NDArray[np.bool_]
    weights: Floats
    lengths: Floats

    def take(self, chosen: Ints) -> "_Data":
        pieces = [np.arange(self.starts[row], self.starts[row + 1]) for row in chosen]
        places = np.concatenate(pieces)
        starts = np.concatenate([[0], np.cumsum([len(piece) for piece in pieces])])
        words, values = self.words[places], self.values[places]
        rows = (self.prior[chosen], self.allowed[chosen], self.weights[chosen], self.lengths[chosen])
        return _Data(words, values, starts, *rows)


@dataclass(slots=True)
class _Weights:
    words: Floats
    bias: Floats
    sharpness: float

    def logits(self, data: _Data) -> Floats:
        spoken = np.add.reduceat(self.words[data.words] * data.values[:, None], data.starts[:-1], axis=0)
        answer: Floats = spoken + self.bias + self.sharpness * data.prior
        return answer


@dataclass(frozen=True, slots=True)
class Calibration:
    """How sure to be: see `LearnedModel`."""

    temperature: float
    doubt: float
    untaught: float
    repetition: float
    longest: float


@dataclass(frozen=True, slots=True)
class Fit:
    """What was learned: a row of weights for each hashed word of `rows`, one column a subtopic.

    `calibration` is None where there were too few examples to tell.
    """

    sharpness: float
    bias: tuple[float, ...]
    rows: tuple[int, ...]
    weights: Floats
    calibration: Calibration | None


def fitted(examples: Sequence[Example], subtopics: Sequence[str], sharpness: float) -> Fit:
    """Learn from `examples`, at least one; the same examples give the same fit. `sharpness` is where it starts."""
    rows = sorted({word for each in examples for word in each.features[0]})
    data = _arrays(examples, rows, subtopics)
    weights = _descend(data, len(rows), sharpness)
    return Fit(
        sharpness=weights.sharpness,
        bias=tuple(float(value) for value in weights.bias),
        rows=tuple(rows),
        weights=weights.words[1:],
        calibration=_calibration(data, len(rows), sharpness) if len(examples) >= _ENOUGH else None,
    )


def _arrays(examples: Sequence[Example], rows: Sequence[int], subtopics: Sequence[str]) -> _Data:
    place = {row: number for number, row in enumerate(rows, 1)}
    column = {id_: number for number, id_ in enumerate(subtopics)}
    words: list[int] = []
    values: list[float] = []
    starts = [0]
    prior = np.full((len(examples), len(subtopics)), ABSENT)
    allowed = np.zeros((len(examples), len(subtopics)), dtype=bool)
    for number, each in enumerate(examples):
        words.append(0)
        values.append(0.0)
        words.extend(place[word] for word in each.features[0])
        values.extend(each.features[1])
        starts.append(len(words))
        for id_, worth in each.prior:
            if id_ in column:
                prior[number, column[id_]] = worth
        for id_ in each.labels:
            allowed[number, column[id_]] = True
    lengths = np.array([float(each.length) for each in examples])
    return _Data(np.array(words), np.array(values), np.array(starts), prior, allowed, fair_weights(examples), lengths)


def _descend(data: _Data, words: int, sharpness: float) -> _Weights:
    """AdaGrad over shuffled batches, in an order that is always the same."""
    count, size = data.prior.shape
    weights = _Weights(np.zeros((words + 1, size)), np.zeros(size), sharpness)
    seen = [np.full_like(weights.words, 1e-3), np.full_like(weights.bias, 1e-3)]
    seen_sharpness = 1e-3
    random = np.random.default_rng(0)
    epochs = int(np.clip(_VISITS // count, *_EPOCHS))
    batches = max(1, -(-count // _BATCH))
    for _ in range(epochs):
        for chosen in np.array_split(random.permutation(count), batches):
            batch = data.take(chosen)
            slope = (_softmax(weights.logits(batch)) - _target(weights, batch)) * batch.weights[:, None]
            share = len(chosen) / count
            per_word = np.repeat(slope, np.diff(batch.starts), axis=0) * batch.values[:, None]
            flat = (batch.words[:, None] * size + np.arange(size)).ravel()
            step = np.bincount(flat, per_word.ravel(), minlength=weights.words.size).reshape(weights.words.shape)
            step += share * _PENALTY * weights.words
            seen[0] += step**2
            weights.words -= _RATE * step / np.sqrt(seen[0])
            step = slope.sum(axis=0) + share * _BIAS_PENALTY * weights.bias
            seen[1] += step**2
            weights.bias -= 0.3 * _RATE * step / np.sqrt(seen[1])
            slant = float((slope * batch.prior).sum()) + share * _SHARPNESS_PENALTY * (weights.sharpness - sharpness)
            seen_sharpness += slant**2
            weights.sharpness -= 0.3 * _RATE * slant / float(np.sqrt(seen_sharpness))
    return weights


def _target(weights: _Weights, batch: _Data) -> Floats:
    """One for the right subtopic; where several may be right, shared as the model now believes."""
    believed = np.where(batch.allowed, _softmax(weights.logits(batch)), 0.0)
    answer: Floats = believed / np.maximum(believed.sum(axis=1, keepdims=True), 1e-12)
    return answer


def _calibration(data: _Data, words: int, sharpness: float) -> Calibration:
    """What fits best where a model had not seen the examples when it was fitted.

    Where what was learned and the prior agree, the answer is surer than either tells: their mean ranks better.
    Short examples tell nothing of long texts, so these count as no longer than most examples are.
    """
    count, size = data.prior.shape
    fold = np.random.default_rng(1).permutation(count) % _FOLDS
    order, answers = [], []
    for number in range(_FOLDS if count <= 1000 else 1):
        weights = _descend(data.take(np.flatnonzero(fold != number)), words, sharpness)
        order.append(np.flatnonzero(fold == number))
        answers.append(weights.logits(data.take(order[-1])))
    held, logits = data.take(np.concatenate(order)), np.concatenate(answers)

    def right(logits: Floats) -> Floats:
        answer: Floats = np.where(held.allowed, _softmax(logits), 0.0).sum(axis=1)
        return answer

    chance = held.allowed.sum(axis=1) / size
    untaught = np.where(held.prior.max(axis=1) > ABSENT, np.array(_UNTAUGHT)[:, None, None], 0.0)
    doubt = np.array(_DOUBTS)[:, None]
    longest = float(np.quantile(data.lengths, _TOLD))
    lengths = np.minimum(held.lengths, longest)
    best = (np.inf, 1.0, 0.0, 0.0, 0.0)
    for repetition in _REPETITIONS if count >= _MANY and longest >= _LENGTHY else (0.0,):
        again = said_again(lengths, repetition)[:, None]
        before = right(sharpness * held.prior / again)
        for temperature in _TEMPERATURES:
            sure = (1 - untaught) * right(logits / (temperature * again)) + untaught * before
            loss = -np.log((1 - doubt) * sure + doubt * chance) @ held.weights
            share, doubted = np.unravel_index(loss.argmin(), loss.shape)
            found = float(loss.min()), float(temperature), _DOUBTS[doubted], _UNTAUGHT[share], repetition
            best = min(best, found)
    return Calibration(*best[1:], longest)


def _softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    answer: Floats = powers / powers.sum(axis=1, keepdims=True)
    return answer
