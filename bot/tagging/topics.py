"""What a topic tree alone says of a text: the weight of its words, before anybody has corrected anything."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import ahocorasick

from bot.domain.topics import Topic
from bot.tagging.normalise import Normalised, normalise
from bot.tagging.packaged import packaged

# What a word is worth by where it stands in the tree; a keyword as a whole counts most.
_KEYWORD, _PART, _RELATED, _HINT = 1.0, 0.6, 0.4, 0.25
_SPLIT = 0.4  # what is left of a word that cuts through a word of the text
_LONG = 1.3  # words of three characters and more say more
_HEAD, _BODY = 60, 120  # a first line up to _HEAD characters is a title; without one, _BODY characters count fully
_LATER = 0.25  # what is left of a word after the title; of one after _BODY characters
_AGAIN = 1.3  # the most that a word can count, however often it stands there

Marks = tuple[tuple[int, float], ...]


class Scores(NamedTuple):
    """Weight per subtopic (by place in `KeywordPrior.subtopics`), and the words that gave it, by where they stand."""

    weights: dict[int, float]
    words: Sequence[tuple[int, int, Marks]]

    def why(self, text: Normalised) -> dict[int, tuple[str, ...]]:
        """For each subtopic the villager's words that spoke for it, in their order."""
        why: dict[int, dict[str, None]] = {}
        for start, end, marks in self.words:
            written = text.as_written(start, end)
            for place, _ in marks:
                why.setdefault(place, {})[written] = None
        return {place: tuple(words) for place, words in why.items()}


_SILENT = Scores({}, ())


class KeywordPrior:
    """Finds the words of a topic tree, and words related to them, in texts, by one automaton."""

    def __init__(
        self,
        topics: Sequence[Topic],
        cut: Callable[[str], list[str]],
        is_whole: Callable[[str, int, int], bool] = lambda text, start, end: True,
    ) -> None:
        """Index the tree: a few hundredths of a second. `cut` splits long official keywords into words."""
        self._is_whole = is_whole
        self.subtopics = tuple(subtopic.id for topic in topics for subtopic in topic.subtopics)
        self.topic_of = {subtopic.id: topic.id for topic in topics for subtopic in topic.subtopics}
        table = _Table(len(self.subtopics))
        leaves = [(topic, subtopic) for topic in topics for subtopic in topic.subtopics]
        own = [{normalise(word).text for word in (*subtopic.keywords, subtopic.name)} for _, subtopic in leaves]
        for place, (_, subtopic) in enumerate(leaves):
            table.add(place, own[place], _KEYWORD, 1.5)
            table.add(place, {normalise(word).text for word in subtopic.hints}, _HINT, 0.5)
        for place, (topic, _) in enumerate(leaves):
            table.add_parts(place, own[place], cut)
            table.related(place, own[place] | {normalise(topic.name).text})
        self._automaton = ahocorasick.Automaton()
        for word, marks in table.marks().items():
            self._automaton.add_word(word, (len(word), marks))
        self._empty = len(self._automaton) == 0
        if not self._empty:
            self._automaton.make_automaton()

    def score(self, text: Normalised) -> Scores:
        """Weigh the words of the tree in `text`."""
        plain = text.text
        if self._empty:
            return _SILENT
        hits = [(last - length + 1, -last - 1, marks) for last, (length, marks) in self._automaton.iter(plain)]
        if not hits:
            return _SILENT
        hits.sort()  # the longest first where several begin, by its end with a minus
        lead = title_of(plain) or _BODY
        counted: dict[str, float] = {}
        weights: dict[int, float] = {}
        words: list[tuple[int, int, Marks]] = []
        reached = 0
        for start, minus_end, marks in hits:
            end = -minus_end
            if end <= reached:  # it lies within another
                continue
            reached = end
            word = plain[start:end]
            before = counted.get(word, 0.0)
            gain = 1.0 if start < lead else _LATER
            if not self._is_whole(plain, start, end):
                gain *= _SPLIT
            counted[word] = after = min(before + gain, _AGAIN)
            if after > before:
                words.append((start, end, marks))
                for place, worth in marks:
                    weights[place] = weights.get(place, 0.0) + worth * (after - before)
        return Scores(weights, words)


class _Table:
    """Words with their claims: how strongly each subtopic holds each word."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._claims: dict[str, dict[int, float]] = {}
        self._level: dict[str, float] = {}
        self._related: list[tuple[tuple[str, ...], dict[int, int]]] = [
            (tuple(normalise(anchor).text for anchor in group["anchors"]), {})
            for group in packaged("related.toml")["group"]
        ]

    def add(self, place: int, words: Iterable[str], level: float, claim: float) -> None:
        """A keyword of the tree belongs to those who name it; parts and relations claim only what is left."""
        for word in words:
            if level < _KEYWORD and level != _HINT and self._level.get(word) == _KEYWORD:
                continue
            claims = self._claims.setdefault(word, {})
            claims[place] = claims.get(place, 0.0) + claim
            self._level[word] = max(self._level.get(word, 0.0), level)

    def add_parts(self, place: int, words: Iterable[str], cut: Callable[[str], list[str]]) -> None:
        """Official keywords such as 教师队伍和待遇 are long: each word in them counts, but less."""
        for word in words:
            if len(word) >= 4:
                self.add(place, {part for part in cut(word) if 1 < len(part) < len(word)}, _PART, 1.0)

    def related(self, place: int, words: Iterable[str]) -> None:
        for anchors, holders in self._related:
            held = sum(any(anchor in word for anchor in anchors) for word in words)
            if held:
                holders[place] = held

    def marks(self) -> dict[str, Marks]:
        """Each word with the subtopics it speaks for, and its worth: shared words, and words of many, say less."""
        for group, (_, holders) in zip(packaged("related.toml")["group"], self._related, strict=True):
            total = sum(holders.values())
            for place, held in holders.items():
                self.add(place, {normalise(word).text for word in group["words"]}, _RELATED, 2.0 * held / total)
        return {word: self._marked(word, claims) for word, claims in self._claims.items()}

    def _marked(self, word: str, claims: dict[int, float]) -> Marks:
        total = sum(claims.values())
        shares = {place: claim / total for place, claim in claims.items()}
        spread = -sum(share * math.log(share) for share in shares.values()) / math.log(max(self._size, 2))
        worth = self._level[word] * (_LONG if len(word) > 2 else 1.0) * (1.0 - spread)
        return tuple((place, worth * share) for place, share in shares.items())


def title_of(plain: str) -> int:
    """How many characters the title of a text has, 0 if it has none."""
    if len(plain) <= _HEAD:
        return 0
    blank = plain.find(" ", 1, _HEAD)
    return blank if blank > 0 and len(plain) - blank > _HEAD else 0
