"""School the sense: fit its network to sentences of our own, whose authors said what they meant.

Sentences teach characters and pairs of characters. Words of one kind (`signs.toml`) share what they teach, and so do
words that are used alike (`likewords`). Fitted on a developer's machine, in seconds, and shipped: a town fits nothing.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from bot.tagging.descent import Ints, Lesson, Weights, descend, softmax
from bot.tagging.likewords import Vectors
from bot.tagging.reading import HIDDEN_NAME
from bot.tagging.sense import Floats, Head, Keys, Sense, keys_of
from bot.tagging.sentences import Sentence

_MET = 2  # a gram of fewer sentences is forgotten, unless `signs.toml` knows it
_NETWORKS = 3  # whose answers are averaged
_TEMPERATURES = np.geomspace(0.5, 3.0, 30)


@dataclass(frozen=True, slots=True)
class Book:
    """What is learned from: sentences, the weights of the topic tree's keywords in each, and words of one kind."""

    texts: tuple[str, ...]  # normalised
    authors: tuple[str, ...]
    flags: Floats  # one row a text, one column a `Head`, 0 or 1
    topics: Ints  # place of the subtopic, -1 where none fits
    right: NDArray[np.bool_]  # one row a text, one column a subtopic: all that its author would take
    keywords: Floats  # one row a text, one column a subtopic
    subtopics: tuple[str, ...]
    groups: dict[str, tuple[int, ...]]

    def take(self, chosen: Ints) -> "Book":
        """Only some of the sentences."""
        texts, authors = (tuple(column[place] for place in chosen) for column in (self.texts, self.authors))
        return replace(
            self,
            texts=texts,
            authors=authors,
            flags=self.flags[chosen],
            topics=self.topics[chosen],
            right=self.right[chosen],
            keywords=self.keywords[chosen],
        )

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
    right = np.array([[id_ in {each.label, *each.also} for id_ in subtopics] for each in sentences], np.bool_)
    authors = tuple(each.author for each in sentences)
    return Book(texts, authors, flags, topics, right, weights, tuple(subtopics), groups)


def schooled(book: Book, vectors: Vectors, everyday: Callable[[int], bool], temperature: float = 1.0) -> Sense:
    """Fit the networks, which side by side are one; the same book gives the same sense.

    `vectors` tell which grams are used alike; one that no sentence holds is kept if it is `everyday`.
    """
    keys, rarity = _grams(book)
    rows = [_values(keys, rarity, text) for text in book.texts]
    kinds = _kinds(keys, book.groups)
    meanings = _meanings(keys, vectors)
    told = np.array([values @ meanings[places] for places, values in rows], np.float32)
    lesson = Lesson(_with_groups(rows, kinds, len(keys)), told, book.flags, book.topics, book.keywords)
    networks = []
    for number in range(_NETWORKS):
        weights = Weights.made(len(keys) + len(kinds), meanings.shape[1], len(Head) + len(book.subtopics), number)
        descend(weights, lesson, number)
        networks.append(weights)
    more = np.array(sorted(set(filter(everyday, vectors)).difference(keys.tolist())), np.uint32)
    table = np.hstack([_rows(each, kinds, meanings, _meanings(more, vectors)) for each in networks])
    rarity = np.concatenate([rarity, np.full(len(more), _rarity(len(book.texts), 0), np.float32)])
    keys = np.concatenate([keys, more])
    order = np.argsort(keys)
    table = (table * rarity[:, None])[order]
    scale = (np.abs(table).max(axis=1) / 127.0 + 1e-12).astype(np.float32)
    return Sense(
        keys=keys[order],
        table=np.rint(table / scale[:, None]).astype(np.int8),
        scale=scale,
        rarity=rarity[order],
        bias=np.concatenate([each.bias for each in networks]),
        out=np.vstack([each.out for each in networks]) / np.float32(_NETWORKS),
        out_bias=np.mean([each.out_bias for each in networks], axis=0, dtype=np.float32),
        subtopics=book.subtopics,
        sharpness=float(np.mean([each.sharpness for each in networks])),
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
    return keys, np.array([_rarity(len(book.texts), met[int(key)]) for key in keys], np.float32)


def _rarity(texts: int, met: int) -> float:
    return float(np.log((1 + texts) / (1 + met)) + 1.0)


def _meanings(keys: Keys, vectors: Vectors) -> Floats:
    """The vector of each gram, nothing where it has none."""
    size = len(next(iter(vectors.values()), ()))
    found = np.zeros((len(keys), size), np.float32)
    for place, key in enumerate(keys.tolist()):
        if key in vectors:
            found[place] = vectors[key]
    return found


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


def _rows(weights: Weights, kinds: Sequence[Ints], met: Floats, more: Floats) -> Floats:
    """One row for each gram that was met, by its own and by all that it shares, and for each of `more` by meaning."""
    own = weights.table[: len(met)] + _shared(weights.table, kinds, len(met)) + met @ weights.alike
    rows: Floats = np.concatenate([own, more @ weights.alike])
    return rows


def _shared(table: Floats, kinds: Sequence[Ints], size: int) -> Floats:
    """What each gram has from its groups, whose rows stand after those of the grams."""
    shared = np.zeros_like(table[:size])
    for number, places in enumerate(kinds):
        shared[places] += table[size + number]
    return shared


def _with_groups(
    rows: Sequence[tuple[Ints, Floats]], kinds: Sequence[Ints], size: int
) -> tuple[tuple[Ints, Floats], ...]:
    """Each text's grams and, after them, the groups that they belong to, every one once."""
    groups_of: dict[int, list[int]] = {}
    for number, members in enumerate(kinds):
        for place in members.tolist():
            groups_of.setdefault(place, []).append(size + number)
    found = []
    for places, values in rows:
        total: dict[int, float] = {}
        for place, value in zip(places.tolist(), values.tolist(), strict=True):
            for each in (place, *groups_of.get(place, ())):
                total[each] = total.get(each, 0.0) + value
        found.append((np.array([*total], np.int64), np.array([*total.values()], np.float32)))
    return tuple(found)


def temperature_of(logits: Floats, right: NDArray[np.bool_]) -> float:
    """The temperature that fits best the answers of senses that had not met these texts in schooling."""
    known = np.flatnonzero(right.any(axis=1))

    def loss(temperature: float) -> float:
        sure = np.where(right[known], softmax(logits[known] / np.float32(temperature)), 0.0).sum(axis=1)
        return -float(np.log(0.96 * sure + 0.04 / logits.shape[1]).sum())

    return float(min(_TEMPERATURES, key=loss))
