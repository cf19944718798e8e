"""What a topic tree alone says of a text: the weight of its keywords, before anybody has corrected anything."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import ahocorasick

from bot.domain.topics import Topic
from bot.tagging.normalise import Normalised, normalise
from bot.tagging.segment import boundaries

_HINT = 0.35  # what a hint is worth beside a keyword
_SPLIT = 0.4  # what is left of a keyword that cuts through a word of the text
_LENGTH = {1: 0.5, 2: 1.0, 3: 1.3}
_LONG = 1.55


@dataclass(frozen=True, slots=True)
class Scores:
    """Keyword weight per subtopic (by place in `KeywordPrior.subtopics`) and the words that gave it."""

    weights: dict[int, float]
    why: dict[int, tuple[str, ...]]

    def __bool__(self) -> bool:
        return bool(self.weights)


class KeywordPrior:
    """Finds the keywords of a topic tree in texts, by one automaton."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        """Index the tree: about 3 microseconds a keyword."""
        self.subtopics = tuple(subtopic.id for topic in topics for subtopic in topic.subtopics)
        self.topic_of = {subtopic.id: topic.id for topic in topics for subtopic in topic.subtopics}
        found: dict[str, dict[int, float]] = {}
        subtopics = [subtopic for topic in topics for subtopic in topic.subtopics]
        for place, subtopic in enumerate(subtopics):
            for words, worth in ((subtopic.hints, _HINT), (subtopic.keywords, 1.0), ((subtopic.name,), 1.0)):
                for word in words:
                    plain = normalise(word).text
                    found.setdefault(plain, {})[place] = worth
        self._automaton = ahocorasick.Automaton()
        for word, places in found.items():
            shared = 1.0 / math.sqrt(len(places))
            worth = _LENGTH.get(len(word), _LONG) * shared
            self._automaton.add_word(word, (len(word), tuple((place, worth * part) for place, part in places.items())))
        if found:
            self._automaton.make_automaton()
        self._empty = not found

    def score(self, text: Normalised, cut: Callable[[], list[str]]) -> Scores:
        """Weigh the keywords in `text`; a word met again adds a third; `cut` gives the words of the text."""
        weights: dict[int, float] = {}
        why: dict[int, list[str]] = {}
        if self._empty:
            return Scores({}, {})
        met: dict[tuple[int, int], int] = {}
        hits = _longest(
            [(end - length + 1, end + 1, marks) for end, (length, marks) in self._automaton.iter(text.text)]
        )
        edges = boundaries(cut()) if hits else frozenset()
        for start, end, marks in hits:
            whole = start in edges and end in edges
            word = text.as_written(start, end)
            for place, worth in marks:
                times = met.get((place, hash(word)), 0)
                met[(place, hash(word))] = times + 1
                gain = worth * (1.0 if whole else _SPLIT) * (1.0 if times == 0 else 0.33 if times < 3 else 0.0)
                weights[place] = weights.get(place, 0.0) + gain
                if word not in why.setdefault(place, []):
                    why[place].append(word)
        return Scores(weights, {place: tuple(words) for place, words in why.items()})


def _longest(
    hits: list[tuple[int, int, tuple[tuple[int, float], ...]]],
) -> list[tuple[int, int, tuple[tuple[int, float], ...]]]:
    """Drop every hit that lies within another."""
    hits.sort(key=lambda hit: (hit[0], -hit[1]))
    kept: list[tuple[int, int, tuple[tuple[int, float], ...]]] = []
    for hit in hits:
        if not kept or hit[1] > kept[-1][1]:
            kept.append(hit)
    return kept
