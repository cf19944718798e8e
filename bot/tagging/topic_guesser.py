"""Topic and subtopic of a text: the topic tree's words and the sense first, then what corrections have taught."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple, Self

import numpy as np

from bot.domain.tagging import Correction, Guess, Reason
from bot.domain.topics import Topic
from bot.tagging.examples import ABSENT, Example, Floats
from bot.tagging.features import Features, Words, sign
from bot.tagging.model import SHARPNESS, LearnedModel
from bot.tagging.reading import Reading
from bot.tagging.segment import Segmenter
from bot.tagging.sense import Head, packaged_sense
from bot.tagging.topics import KeywordPrior, Scores, title_of

_OFFERED = 6
_LEAST = 0.03  # guesses below this are not worth a line
_REASONS = 12
_BELIEVED = 0.1  # the weight of a guess that nobody confirmed
_TOP = 1.0  # the keyword weight that the likeliest subtopic is given where the sense spoke
_WORDED = 1.25  # so much more tree and sense count where both speak: together they are surer than either
_ALONE = 0.5  # what is left of the sense where no word of the tree speaks, so that a few corrections outweigh it
_SIGN = 0.4  # how much what tree and sense make of a text counts beside its words, which together are 1 long
_STRANGE = (
    3.0  # logits: so much less likely than all that the sense knows is a subtopic it does not know, unless worded
)


class Guessed(NamedTuple):
    """Subtopics and topics, best first. `worded`: words of the tree or of corrections speak, not the sense alone."""

    subtopics: tuple[Guess, ...] = ()
    topics: tuple[Guess, ...] = ()
    worded: bool = False


class TopicGuesser:
    """Guesses subtopics with calibrated confidence."""

    def __init__(self, topics: Sequence[Topic], segmenter: Segmenter, model: LearnedModel | None) -> None:
        """Read the tree; a `model` made for another tree keeps what still fits."""
        self._prior = KeywordPrior(topics, segmenter.telling, segmenter.is_whole)
        self._words = Words(segmenter)
        self.topic_of = self._prior.topic_of
        self._topics = tuple(topic.id for topic in topics)
        topic_of = [self.topic_of[id_] for id_ in self._prior.subtopics]
        self._belongs = np.array([[float(own == topic) for topic in self._topics] for own in topic_of])
        self._blank: Floats = np.full(len(self._prior.subtopics), ABSENT)
        self._sense = packaged_sense()
        heard = {id_: number for number, id_ in enumerate(self._sense.subtopics)}
        self._tree_signs = [sign(f"={id_}") for id_ in self._prior.subtopics]
        self._sense_signs = [sign(f"~{id_}") for id_ in self._sense.subtopics]
        self._heard = np.array([heard.get(id_, -1) for id_ in self._prior.subtopics], dtype=np.int64)
        self._strange = np.flatnonzero(self._heard < 0)
        self._unheard = frozenset(self._strange.tolist())
        self._hears = len(self._strange) < len(self._heard)
        self._subtopics_of = {topic.id: tuple(each.id for each in topic.subtopics) for topic in topics}
        self.model = (model or LearnedModel(self._prior.subtopics)).for_subtopics(self._prior.subtopics)

    def with_model(self, model: LearnedModel | None) -> Self:
        """The same tree with another model."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other.model = (model or LearnedModel(self._prior.subtopics)).for_subtopics(self._prior.subtopics)
        return other

    def guess(self, reading: Reading) -> Guessed:
        """Subtopics and topics; none where neither tree nor corrections nor the sense know anything of the text."""
        scores = self._prior.score(reading.text)
        given = self._features(reading) if self.model.rows else ((), ())
        worded = bool(scores.weights) or self.model.knows(given)
        if not worded and not self._is_heard(reading):
            return Guessed()
        if self.model.rows:
            given = self._with_signs(given, scores, reading)
        vector = self._vector(scores, reading, _ALONE if self.model.rows else 1.0)
        shares = self.model.probabilities(given, vector, len(reading.text.text))
        by_topic = shares.dot(self._belongs)
        names = self._prior.subtopics
        subtopics = [Guess(names[place], _rounded(share)) for share, place in _best(shares)]
        topics = [Guess(self._topics[place], _rounded(share)) for share, place in _best(by_topic)]
        return Guessed(tuple(subtopics), tuple(topics), worded)

    def why(self, reading: Reading, topic: str) -> tuple[str, ...]:
        """The words that spoke for a topic, those of its weightiest subtopic first, or what the sense felt by."""
        scores = self._prior.score(reading.text)
        if not scores.weights:
            likeliest = self.guess(reading).subtopics[0].id
            return self._felt(reading, likeliest) if self.topic_of[likeliest] == topic else ()
        told = scores.why(reading.text)
        weightiest = sorted(told, key=lambda place: -scores.weights.get(place, 0.0))
        names = self._prior.subtopics
        return tuple(word for place in weightiest if self.topic_of[names[place]] == topic for word in told[place])

    def taught(self, corrections: Sequence[Correction], read: Callable[[str], Reading]) -> LearnedModel:
        """The model after also learning from `corrections`; unknown labels are passed over."""
        examples = [self._example(each, read(each.text)) for each in corrections]
        return self.model.taught([each for each in examples if each.labels])

    def self_taught(self, texts: Sequence[str], least: float, read: Callable[[str], Reading]) -> LearnedModel:
        """The model after believing its own sure guesses, each with a small weight; only for measuring."""
        believed = []
        for text in texts:
            reading = read(text)
            subtopics = self.guess(reading).subtopics
            if subtopics and subtopics[0].confidence >= least:
                example = self._example(Correction(text, subtopics[0].id), reading)
                believed.append(replace(example, weight=_BELIEVED))
        return self.model.taught(believed)

    def _example(self, correction: Correction, reading: Reading) -> Example:
        """A correction as numbers; its labels are empty if the tree does not know its label."""
        scores = self._prior.score(reading.text)
        vector = self._vector(scores, reading, _ALONE)
        labels = self._subtopics_of.get(correction.label, ())
        if correction.label in self.topic_of:
            labels = (correction.label,)
        told = np.flatnonzero(vector > ABSENT)
        prior = tuple((self._prior.subtopics[place], round(float(vector[place]), 3)) for place in told)
        words, values = self._with_signs(self._features(reading), scores, reading)
        given = words, tuple(round(value, 4) for value in values)
        return Example(given, prior, labels, correction.user, length=len(reading.text.text))

    def reasons(self, reading: Reading) -> tuple[Reason, ...]:
        """Which words spoke for the likely subtopics, and what the sense heard for the likeliest."""
        likely = {each.id for each in self.guess(reading).subtopics[:3]}
        scores = self._prior.score(reading.text)
        found: list[Reason] = []
        for place, words in scores.why(reading.text).items():
            id_ = self._prior.subtopics[place]
            if id_ in likely:
                found += [
                    Reason(word, id_, round(scores.weights[place] / len(words), 2), learned=False) for word in words
                ]
        for word, number, *_ in dict.fromkeys(self._words.met_in(reading.text.text)):
            for place, id_ in enumerate(self._prior.subtopics):
                pull = self.model.pull(number, place) if id_ in likely else 0.0
                if pull > 0.05:
                    found.append(Reason(word, id_, round(pull, 2), learned=True))
        return tuple(sorted(found, key=lambda reason: -reason.weight)[:_REASONS])

    def _features(self, reading: Reading) -> Features:
        plain = reading.text.text
        return self._words.features(plain, title_of(plain))

    def _with_signs(self, given: Features, scores: Scores, reading: Reading) -> Features:
        """The words of a text and, after them, what tree and sense make of it.

        So corrections also teach which subtopic is meant where words of several stand together, and what the
        subtopics that the sense knows are called in a tree that it does not know. Where it knows one of the tree's,
        tree and sense are one weight already, and a second say of theirs only misleads.
        """
        if self._hears:
            return given
        numbers, values = list(given[0]), list(given[1])
        for place, worth in scores.weights.items():
            numbers.append(self._tree_signs[place])
            values.append(_SIGN * worth)
        if reading.said.known:
            shares = np.exp(reading.said.leaning - np.maximum.reduce(reading.said.leaning))
            shares /= np.add.reduce(shares)
            for place in np.flatnonzero(shares >= _LEAST).tolist():
                numbers.append(self._sense_signs[place])
                values.append(_SIGN * math.sqrt(shares[place]))
        return tuple(numbers), tuple(values)

    def _is_heard(self, reading: Reading) -> bool:
        return self._hears and reading.said.known > 0

    def _vector(self, scores: Scores, reading: Reading, alone: float) -> Floats:
        """The keyword weight of each subtopic. Where the sense has heard something, words and sense are one weight;
        `alone`: how much the sense counts without words.
        """
        if not self._is_heard(reading):
            vector = self._blank.copy()
            for place, worth in scores.weights.items():
                vector[place] = worth
            return vector
        sense = self._sense
        logits: Floats = reading.said.leaning.take(self._heard).astype(np.float64)
        if len(self._strange):
            logits[self._strange] = _all_of(logits[self._heard >= 0]) - _STRANGE + SHARPNESS * ABSENT
        for place, worth in scores.weights.items():
            logits[place] += SHARPNESS * (worth - ABSENT) if place in self._unheard else sense.sharpness * worth
        scale = (_WORDED if scores.weights else alone) / (sense.temperature * SHARPNESS)
        top = float(logits[logits.argmax()])
        logits *= scale
        logits += _TOP - top * scale
        return np.maximum(logits, self._blank, out=logits)

    def _felt(self, reading: Reading, subtopic: str) -> tuple[str, ...]:
        """The stretches of the text by which the sense came to a subtopic, as they were written."""
        place = self._prior.subtopics.index(subtopic)
        if not self._is_heard(reading) or self._heard[place] < 0:
            return ()
        spans = self._sense.because(reading.sensed, len(Head) + int(self._heard[place]))
        return tuple(reading.plain.as_written(*span) for span in spans)


def _all_of(logits: Floats) -> float:
    top = float(logits.max())
    return top + float(np.log(np.exp(logits - top).sum()))


def _rounded(share: float) -> float:
    """Three digits; `round` of a float goes by way of its decimal text, which costs as much as finding the share."""
    return int(share * 1000.0 + 0.5) / 1000.0


def _best(shares: Floats) -> list[tuple[float, int]]:
    told = [(share, place) for place, share in enumerate(shares.tolist()) if share >= _LEAST]
    return sorted(told, reverse=True)[:_OFFERED]
