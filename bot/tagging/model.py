"""What people's corrections have taught: a softmax over subtopics that starts from the keyword prior.

A model is a value: learning gives a new one, the old one stays as it was, and either can be kept as JSON. It holds
hashed words of confirmed texts, never the texts, so it can be fitted again from all that was confirmed.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

import numpy as np

from bot.tagging.examples import ABSENT, Example, Floats, said_again
from bot.tagging.features import Features
from bot.tagging.fitting import Calibration, fitted

FORMAT = 1
SHARPNESS = 4.5  # how much a keyword weight of 1 counts, in logits, before corrections say otherwise
KEPT = 10_000  # the newest examples that a model remembers


@dataclass(frozen=True)
class LearnedModel:
    """Weights over subtopics. `version` counts how often it was taught."""

    subtopics: tuple[str, ...]
    version: int = 0
    examples: tuple[Example, ...] = ()
    sharpness: float = SHARPNESS
    temperature: float = 1.0
    doubt: float = 0.04  # the share of answers that are right by chance only, however sure the words sound
    untaught: float = 0.0  # the share of the answer that the prior gives, as it was before any correction
    repetition: float = 0.0  # how far the words of a long text only say the same again: see `said_again` ...
    longest: float = 0.0  # ... and the number of characters up to which corrections told so
    bias: tuple[float, ...] = ()
    rows: tuple[int, ...] = ()  # hashed words known to the model, sorted
    weights: Floats = field(default_factory=lambda: np.zeros((0, 0)), compare=False)

    @cached_property
    def _place(self) -> dict[int, int]:
        return {row: place for place, row in enumerate(self.rows)}

    @cached_property
    def _tempered(self) -> Floats:
        """The weights of words, one row each, and the bias as the last row, all divided by the temperature."""
        return np.vstack((self.weights, self.bias or [0.0] * len(self.subtopics))) / self.temperature

    def probabilities(self, given: Features, prior: Floats, length: int = 0) -> Floats:
        """One probability a subtopic, calibrated; `prior` holds the keyword weights in the order of `subtopics`.

        `length` is the number of characters of the text.
        """
        again = said_again(min(length, self.longest), self.repetition)
        logits: Floats = prior * (self.sharpness / self.temperature)
        if self.rows or self.bias:
            place_of = self._place
            places, values = [len(self.rows)], [1.0]
            for word, value in zip(*given, strict=True):
                place = place_of.get(word)
                if place is not None:
                    places.append(place)
                    values.append(value)
            logits += np.array(values).dot(self._tempered.take(places, axis=0))
        if again != 1.0:
            logits /= again
        untaught = self.untaught if self.untaught and np.maximum.reduce(prior) > ABSENT else 0.0
        sure = 1.0 - self.doubt
        shares = _softmax(logits, sure * (1.0 - untaught))
        if untaught:
            shares += _softmax(SHARPNESS / again * prior, sure * untaught)
        shares += self.doubt / len(self.subtopics)
        return shares

    def knows(self, given: Features) -> bool:
        """Whether any word of the text has been met in a correction."""
        return not self._place.keys().isdisjoint(given[0])

    def pull(self, word: int, subtopic: int) -> float:
        """How much one hashed word speaks for a subtopic (by place)."""
        place = self._place.get(word)
        return float(self.weights[place, subtopic]) if place is not None else 0.0

    def taught(self, examples: Sequence[Example]) -> Self:
        """A new model that has also learned from `examples`; those with unknown subtopics are passed over."""
        known = set(self.subtopics)
        good = tuple(each for each in examples if each.labels and set(each.labels) <= known)
        return self._fitted((*self.examples, *good)[-KEPT:])

    def _fitted(self, examples: tuple[Example, ...]) -> Self:
        if not examples:
            return replace(self, version=self.version + 1)
        start = type(self)(self.subtopics)
        found = fitted(examples, self.subtopics, start.sharpness)
        before = Calibration(self.temperature, self.doubt, self.untaught, self.repetition, self.longest)
        sure = found.calibration or before
        return replace(
            self,
            version=self.version + 1,
            examples=examples,
            sharpness=found.sharpness,
            temperature=sure.temperature,
            doubt=sure.doubt,
            untaught=sure.untaught,
            repetition=sure.repetition,
            longest=sure.longest,
            bias=found.bias,
            rows=found.rows,
            weights=found.weights,
        )

    def to_json(self) -> str:
        """All of the model as one JSON text."""
        data = {
            "format": FORMAT,
            "subtopics": self.subtopics,
            "version": self.version,
            "sharpness": self.sharpness,
            "temperature": self.temperature,
            "doubt": self.doubt,
            "untaught": self.untaught,
            "repetition": self.repetition,
            "longest": self.longest,
            "bias": self.bias,
            "rows": self.rows,
            "weights": [[round(float(value), 4) for value in row] for row in self.weights],
            "examples": [_kept(each) for each in self.examples],
        }
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote. Raises ValueError for anything else."""
        try:
            data: dict[str, Any] = json.loads(text)
            if data["format"] != FORMAT:
                raise ValueError(f"a learned model of format {data['format']}; this program reads format {FORMAT}")
            size = len(data["subtopics"])
            return cls(
                subtopics=tuple(data["subtopics"]),
                version=int(data["version"]),
                examples=tuple(_example(*each) for each in data["examples"]),
                sharpness=float(data["sharpness"]),
                temperature=float(data["temperature"]),
                doubt=float(data["doubt"]),
                untaught=float(data.get("untaught", 0.0)),  # models of old have none of these three
                repetition=float(data.get("repetition", 0.0)),
                longest=float(data.get("longest", 0.0)),
                bias=tuple(data["bias"]),
                rows=tuple(data["rows"]),
                weights=np.asarray(data["weights"], dtype=np.float64).reshape(len(data["rows"]), size),
            )
        except (KeyError, TypeError, json.JSONDecodeError) as error:
            raise ValueError(f"no learned model: {error!r}") from error

    def for_subtopics(self, subtopics: Sequence[str]) -> Self:
        """This model for a topic tree that has changed: examples of subtopics that are gone are forgotten."""
        if tuple(subtopics) == self.subtopics:
            return self
        empty = type(self)(tuple(subtopics), self.version)
        return empty.taught(self.examples) if self.examples else empty


def _softmax(logits: Floats, whole: float) -> Floats:
    """`logits` become shares that add up to `whole`."""
    logits -= logits[logits.argmax()]  # `max` takes twice as long
    np.exp(logits, out=logits)
    logits *= whole / float(np.add.reduce(logits))
    return logits


def _kept(each: Example) -> list[Any]:
    return [*each.features, each.prior, each.labels, each.user, each.weight, each.length]


def _example(
    words: list[int],
    values: list[float],
    prior: list[list[Any]],
    labels: list[str],
    user: str,
    weight: float,
    length: int = 0,  # models of old have none
) -> Example:
    told = tuple((id_, worth) for id_, worth in prior)
    return Example((tuple(words), tuple(values)), told, tuple(labels), user, weight, length)
