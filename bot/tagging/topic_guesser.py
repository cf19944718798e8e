"""Topic and subtopic of a text: the topic tree's own words first, then what corrections have taught."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Self

import numpy as np

from bot.domain.tagging import Correction, Guess, Reason
from bot.domain.topics import Topic
from bot.tagging.examples import ABSENT, Example, Floats
from bot.tagging.features import Features, WordNumbers, features, hashed
from bot.tagging.flags import flag_reader
from bot.tagging.model import LearnedModel
from bot.tagging.normalise import normalise
from bot.tagging.reading import Reading
from bot.tagging.segment import Segmenter
from bot.tagging.topics import KeywordPrior, Scores, title_of

_OFFERED = 6
_LEAST = 0.03  # guesses below this are not worth a line
_REASONS = 12
_BELIEVED = 0.1  # the weight of a guess that nobody confirmed


class TopicGuesser:
    """Guesses subtopics with calibrated confidence."""

    def __init__(self, topics: Sequence[Topic], segmenter: Segmenter, model: LearnedModel | None) -> None:
        """Read the tree; a `model` made for another tree keeps what still fits."""
        self._prior = KeywordPrior(topics, segmenter.telling, segmenter.is_whole)
        self._segmenter = segmenter
        self._numbers = WordNumbers(segmenter.rarity)
        self.topic_of = self._prior.topic_of
        self._topics = tuple(topic.id for topic in topics)
        place = {id_: number for number, id_ in enumerate(self._topics)}
        self._topic_places = np.array([place[self.topic_of[id_]] for id_ in self._prior.subtopics], dtype=np.int64)
        self._blank = np.full(len(self._prior.subtopics), ABSENT)
        self._places = self._topic_places.tolist()
        self._subtopics_of = {topic.id: tuple(each.id for each in topic.subtopics) for topic in topics}
        self.model = (model or LearnedModel(self._prior.subtopics)).for_subtopics(self._prior.subtopics)

    def with_model(self, model: LearnedModel | None) -> Self:
        """The same tree with another model."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other.model = (model or LearnedModel(self._prior.subtopics)).for_subtopics(self._prior.subtopics)
        return other

    def guess(self, reading: Reading) -> tuple[tuple[Guess, ...], tuple[Guess, ...]]:
        """Subtopics and topics, best first; none where neither tree nor corrections know a word of the text."""
        scores = self._prior.score(reading.text)
        given = self._features(reading) if self.model.rows else ((), ())
        if not scores and not self.model.knows(given):
            return (), ()
        shares = self.model.probabilities(given, self._vector(scores))
        by_topic = np.bincount(self._topic_places, shares, minlength=len(self._topics)).tolist()
        names = self._prior.subtopics
        best = _best(shares.tolist())
        subtopics = [Guess(names[place], _rounded(share), scores.why.get(place, ())) for share, place in best]
        why = self._why(scores)
        topics = [
            Guess(self._topics[place], _rounded(share), tuple(dict.fromkeys(why.get(place, ()))))
            for share, place in _best(by_topic)
        ]
        return tuple(subtopics), tuple(topics)

    def taught(self, corrections: Sequence[Correction]) -> LearnedModel:
        """The model after also learning from `corrections`; unknown labels are passed over."""
        return self.model.taught([each for each in map(self.example, corrections) if each.labels])

    def self_taught(self, texts: Sequence[str], least: float) -> LearnedModel:
        """The model after believing its own sure guesses, each with a small weight; only for measuring."""
        believed = []
        for text in texts:
            subtopics, _ = self.guess(self._read(text))
            if subtopics and subtopics[0].confidence >= least:
                example = self.example(Correction(text, subtopics[0].id))
                believed.append(replace(example, weight=_BELIEVED))
        return self.model.taught(believed)

    def example(self, correction: Correction) -> Example:
        """A correction as numbers; its labels are empty if the tree does not know its label."""
        reading = self._read(correction.text)
        weights = self._prior.score(reading.text).weights
        labels = self._subtopics_of.get(correction.label, ())
        if correction.label in self.topic_of:
            labels = (correction.label,)
        prior = tuple((self._prior.subtopics[place], round(worth, 3)) for place, worth in weights.items())
        words, values = self._features(reading)
        return Example((words, tuple(round(value, 4) for value in values)), prior, labels, correction.user)

    def reasons(self, reading: Reading) -> tuple[Reason, ...]:
        """Which words spoke for the likely subtopics."""
        subtopics, _ = self.guess(reading)
        likely = {each.id for each in subtopics[:3]}
        scores = self._prior.score(reading.text)
        found: list[Reason] = []
        for place, words in scores.why.items():
            id_ = self._prior.subtopics[place]
            if id_ in likely:
                found += [
                    Reason(word, id_, round(scores.weights[place] / len(words), 2), learned=False) for word in words
                ]
        for word in dict.fromkeys(word for _, word in self._segmenter.words_in(reading.text.text)):
            for place, id_ in enumerate(self._prior.subtopics):
                pull = self.model.pull(hashed(word), place) if id_ in likely else 0.0
                if pull > 0.05:
                    found.append(Reason(word, id_, round(pull, 2), learned=True))
        return tuple(sorted(found, key=lambda reason: -reason.weight)[:_REASONS])

    def _read(self, text: str) -> Reading:
        return Reading(flag_reader().without_traps(normalise(text)), self._segmenter.cut)

    def _features(self, reading: Reading) -> Features:
        plain = reading.text.text
        return features(self._segmenter.words_in(plain), title_of(plain), self._numbers)

    def _vector(self, scores: Scores) -> Floats:
        vector = self._blank.copy()
        for place, worth in scores.weights.items():
            vector[place] = worth
        return vector

    def _why(self, scores: Scores) -> dict[int, tuple[str, ...]]:
        """The words that spoke for each topic (by place), those of its weightiest subtopic first."""
        words: dict[int, tuple[str, ...]] = {}
        for place in sorted(scores.why, key=scores.weights.__getitem__, reverse=True):
            topic = self._places[place]
            words[topic] = words.get(topic, ()) + scores.why[place]
        return words


def _rounded(share: float) -> float:
    """Three digits; `round` of a float goes by way of its decimal text, which costs as much as finding the share."""
    return int(share * 1000.0 + 0.5) / 1000.0


def _best(shares: list[float]) -> list[tuple[float, int]]:
    return sorted(((share, place) for place, share in enumerate(shares) if share >= _LEAST), reverse=True)[:_OFFERED]
