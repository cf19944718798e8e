"""School the sense: fit its network to sentences of our own, whose authors said what they meant.

Sentences teach characters and pairs of characters; words of one kind (`signs.toml`) share what they teach. Fitted on a
developer's machine, in seconds, and shipped: a town fits nothing of this.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from bot.tagging.sense import HIDDEN_NAME, Floats, Head, Keys, Sense, keys_of
from bot.tagging.sentences import Sentence

Ints = NDArray[np.int64]

_HIDDEN = 96
_EPOCHS = 30
_BATCH = 64
_RATE = 5e-3
_PENALTY = 1e-4
_DROPPED = 0.5  # of the hidden layer, in each step
_WEIGHTS = np.array([1.0, 3.0, 2.0], np.float32)  # of a text that has the flag: few have, and they must not be drowned
_KEYWORDS = 3.0  # where the weight of the tree's keywords starts
_MET = 2  # a gram of fewer sentences is forgotten, unless `signs.toml` knows it
_AVERAGED = 0.5  # of the epochs, the last ones: their mean is what is kept
_TEMPERATURES = np.geomspace(0.5, 3.0, 30)


@dataclass(frozen=True, slots=True)
class Book:
    """What is learned from: sentences, the weights of the topic tree's keywords in each, and words of one kind."""

    texts: tuple[str, ...]  # normalised
    flags: Floats  # one row a text, one column a `Head`, 0 or 1
    topics: Ints  # place of the subtopic, -1 where none fits
    keywords: Floats  # one row a text, one column a subtopic
    subtopics: tuple[str, ...]
    groups: dict[str, tuple[int, ...]]

    def take(self, chosen: Ints) -> "Book":
        """Only some of the sentences."""
        texts = tuple(self.texts[place] for place in chosen)
        rows = self.flags[chosen], self.topics[chosen], self.keywords[chosen]
        return Book(texts, *rows, self.subtopics, self.groups)

    @property
    def digest(self) -> str:
        """Of all that it holds, so that a sense tells what it was schooled on."""
        whole = repr(
            (self.texts, self.flags.tolist(), self.topics.tolist(), self.subtopics, sorted(self.groups.items()))
        )
        return sha256(whole.encode()).hexdigest()


def book_of(
    sentences: Sequence[Sentence],
    subtopics: Sequence[str],
    plain: Callable[[str], str],
    keywords: Callable[[str], dict[int, float]],
    groups: dict[str, tuple[int, ...]],
) -> Book:
    """Prepare `sentences`; `plain` normalises a text, `keywords` weighs the tree's words in a normalised one."""
    place = {id_: number for number, id_ in enumerate(subtopics)}
    texts = tuple(plain(each.text) for each in sentences)
    weights = np.zeros((len(texts), len(subtopics)), np.float32)
    for row, text in enumerate(texts):
        for column, worth in keywords(text).items():
            weights[row, column] = worth
    flags = np.array([[each.urgent, each.sealed, not each.case] for each in sentences], np.float32)
    topics = np.array([place.get(each.label, -1) for each in sentences], np.int64)
    return Book(texts, flags, topics, weights, tuple(subtopics), groups)


def schooled(book: Book, seed: int = 0, temperature: float = 1.0) -> Sense:
    """Fit the network; the same book and seed give the same sense."""
    keys, rarity = _grams(book)
    rows = [_values(keys, rarity, text) for text in book.texts]
    kinds = _kinds(keys, book.groups)
    weights = _Weights.made(len(keys), len(kinds), len(Head) + len(book.subtopics), seed)
    _descend(weights, book, rows, kinds, seed)
    return Sense(
        keys=keys,
        table=(weights.table[: len(keys)] + _shared(weights.table, kinds, len(keys))) * rarity[:, None],
        rarity=rarity,
        bias=weights.bias,
        out=weights.out,
        out_bias=weights.out_bias,
        subtopics=book.subtopics,
        sharpness=float(weights.sharpness),
        temperature=temperature,
        digest=book.digest,
    )


def _grams(book: Book) -> tuple[Keys, Floats]:
    """The grams that are learned, sorted, and how much each tells: the fewer sentences hold it, the more."""
    met: Counter[int] = Counter()
    for text in book.texts:
        met.update(set(keys_of(text).tolist()))
    known = {key for key, count in met.items() if count >= _MET}
    known |= {int(keys_of(gram)[-1]) for gram in book.groups}
    blank = ord(HIDDEN_NAME)
    keys = np.array(sorted(key for key in known if blank not in {key, key >> 16, key & 0xFFFF}), np.uint32)
    count = len(book.texts)
    return keys, np.array([np.log((1 + count) / (1 + met[int(key)])) + 1.0 for key in keys], np.float32)


def _values(keys: Keys, rarity: Floats, text: str) -> tuple[Ints, Floats]:
    """The grams of a text, by place, each as often as it stands there, with weights of unit length."""
    wanted = keys_of(text)
    places = np.minimum(keys.searchsorted(wanted), len(keys) - 1)
    places = places[keys[places] == wanted]
    values = rarity[places]
    return places, values / max(float(np.sqrt((values**2).sum())), 1e-6)


def _kinds(keys: Keys, groups: dict[str, tuple[int, ...]]) -> list[Ints]:
    """For each group, the places of its grams."""
    place_of = {int(key): place for place, key in enumerate(keys)}
    found: dict[int, list[int]] = {}
    for gram, places in groups.items():
        place = place_of.get(int(keys_of(gram)[-1]))
        for group in places if place is not None else ():
            found.setdefault(group, []).append(place_of[int(keys_of(gram)[-1])])
    return [np.array(found[group], np.int64) for group in sorted(found)]


def _shared(table: Floats, kinds: Sequence[Ints], size: int) -> Floats:
    """What each gram has from its groups, whose rows stand after those of the grams."""
    shared = np.zeros_like(table[:size])
    for number, places in enumerate(kinds):
        shared[places] += table[size + number]
    return shared


@dataclass(slots=True)
class _Weights:
    table: Floats  # a row a gram, then a row a group
    bias: Floats
    out: Floats
    out_bias: Floats
    sharpness: float

    @classmethod
    def made(cls, grams: int, groups: int, answers: int, seed: int) -> "_Weights":
        random = np.random.default_rng(seed)
        table = (random.normal(size=(grams + groups, _HIDDEN)) * 0.02).astype(np.float32)
        out = (random.normal(size=(_HIDDEN, answers)) / np.sqrt(_HIDDEN)).astype(np.float32)
        return cls(table, np.zeros(_HIDDEN, np.float32), out, np.zeros(answers, np.float32), _KEYWORDS)


class _Adam:
    """Steps of even size in each weight; only the rows that were met are touched."""

    def __init__(self, like: Floats) -> None:
        self._mean, self._square = np.zeros_like(like), np.zeros_like(like)

    def step(self, weights: Floats, slope: Floats, rate: float, time: int, rows: Ints | slice = slice(None)) -> None:
        mean = self._mean[rows] + 0.1 * (slope - self._mean[rows])
        square = self._square[rows] + 0.001 * (slope**2 - self._square[rows])
        self._mean[rows], self._square[rows] = mean, square
        weights[rows] -= rate * (mean / (1 - 0.9**time)) / (np.sqrt(square / (1 - 0.999**time)) + 1e-8)


def _descend(
    weights: _Weights, book: Book, rows: Sequence[tuple[Ints, Floats]], kinds: Sequence[Ints], seed: int
) -> None:
    random = np.random.default_rng(seed + 1)
    size = len(weights.table) - len(kinds)
    groups_of = _by_gram(kinds, size)
    parts = (weights.table, weights.bias, weights.out, weights.out_bias)
    steps = [_Adam(part) for part in parts]
    means = [np.zeros_like(part) for part in parts]
    batches = max(1, -(-len(rows) // _BATCH))
    whole, averaged, time = _EPOCHS * batches, 0, 0
    for epoch in range(_EPOCHS):
        for chosen in np.array_split(random.permutation(len(rows)), batches):
            time += 1
            met, given = _dense([_with_groups(rows[place], groups_of, size) for place in chosen])
            hidden = given @ weights.table[met] + weights.bias
            kept = ((random.random(hidden.shape) >= _DROPPED) / (1 - _DROPPED)).astype(np.float32)
            active = np.maximum(hidden, 0.0) * kept
            slope = _slope(active @ weights.out + weights.out_bias, weights, book, chosen)
            back = (slope @ weights.out.T) * kept * (hidden > 0)
            rate = _RATE * (1 - 0.9 * time / whole)
            keywords = book.keywords[chosen]
            weights.sharpness -= 4 * rate * float((slope[:, len(Head) :] * keywords).sum())
            steps[1].step(weights.bias, back.sum(axis=0), rate, time)
            steps[2].step(weights.out, active.T @ slope + _PENALTY * weights.out, rate, time)
            steps[3].step(weights.out_bias, slope.sum(axis=0), rate, time)
            steps[0].step(weights.table, given.T @ back + _PENALTY * weights.table[met], rate, time, met)
        if epoch >= _EPOCHS * (1 - _AVERAGED):
            averaged += 1
            for mean, part in zip(means, parts, strict=True):
                mean += part
    for mean, part in zip(means, parts, strict=True):
        part[:] = mean / averaged


def _by_gram(kinds: Sequence[Ints], size: int) -> dict[int, list[int]]:
    """For each gram, the rows of its groups."""
    found: dict[int, list[int]] = {}
    for number, places in enumerate(kinds):
        for place in places.tolist():
            found.setdefault(place, []).append(size + number)
    return found


def _with_groups(row: tuple[Ints, Floats], groups_of: dict[int, list[int]], size: int) -> dict[int, float]:
    values: dict[int, float] = {}
    for place, value in zip(row[0].tolist(), row[1].tolist(), strict=True):
        for each in (place, *groups_of.get(place, ())):
            values[each] = values.get(each, 0.0) + value
    return values


def _dense(rows: Sequence[dict[int, float]]) -> tuple[Ints, Floats]:
    """Rows over only those columns that one of them has."""
    met = sorted({place for row in rows for place in row})
    column = {place: number for number, place in enumerate(met)}
    given = np.zeros((len(rows), len(met)), np.float32)
    for number, row in enumerate(rows):
        given[number, [column[place] for place in row]] = list(row.values())
    return np.array(met, np.int64), given


def _slope(answers: Floats, weights: _Weights, book: Book, chosen: Ints) -> Floats:
    """The slope of the loss by each answer: cross entropy of each flag, and of the subtopic where one is known."""
    heads = len(Head)
    slope = np.empty_like(answers)
    flags = book.flags[chosen]
    slope[:, :heads] = (1.0 / (1.0 + np.exp(-answers[:, :heads])) - flags) * np.where(flags > 0, _WEIGHTS, 1.0)
    topics = book.topics[chosen]
    shares = softmax(answers[:, heads:] + weights.sharpness * book.keywords[chosen])
    known = np.flatnonzero(topics >= 0)
    shares[known, topics[known]] -= 1.0
    shares[topics < 0] = 0.0
    slope[:, heads:] = shares
    return slope / np.float32(len(chosen))


def softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    answer: Floats = powers / powers.sum(axis=1, keepdims=True)
    return answer


def temperature_of(logits: Floats, topics: Ints) -> float:
    """The temperature that fits best the answers of senses that had not met these texts in schooling."""
    known = np.flatnonzero(topics >= 0)

    def loss(temperature: float) -> float:
        sure = softmax(logits[known] / np.float32(temperature))[np.arange(len(known)), topics[known]]
        return -float(np.log(0.96 * sure + 0.04 / logits.shape[1]).sum())

    return float(min(_TEMPERATURES, key=loss))
