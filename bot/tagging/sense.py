"""A sense of how grave a text is and what it is about: a small network over characters, schooled on our own sentences.

It has one hidden layer over single characters and pairs of neighbours. `schooling` fits it; here it is only read.
"""

import math
import re
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Keys = NDArray[np.uint32]

PACKAGED = "sense.npz"
_READ = 600  # characters of a text that count
_FULL_STOP = re.compile(r"[。!?;\n…]")
_AFTER_FULL_STOP = re.compile(rf"(?<={_FULL_STOP.pattern})")
_COMMA = re.compile(r"(?<=[,、 ])")
_LONG = 60  # a sentence of more characters is also read in stretches of about ...
_STRETCH = 40
_LEAST = 5  # characters of a sentence that is read by itself
_SPANS = 2
_BEYOND = re.compile("[\U00010000-\U0010ffff]")  # characters of more than two bytes are all alike


class Head(IntEnum):
    """What the network answers besides the topic; the value is its place among the answers."""

    URGENT = 0
    SEALED = 1
    CHATTER = 2


_HEADS = len(Head)


class Impression(NamedTuple):
    """Shares 0..1, and one logit a subtopic, in the order of `Sense.subtopics`; `known` grams were met in schooling."""

    urgent: float
    sealed: float
    chatter: float
    leaning: Floats
    known: int


@dataclass(frozen=True)
class Sense:
    """The network. `table` has one row a gram, `rarity` how much each tells; heads stand before subtopics in `out`."""

    keys: Keys  # sorted
    table: NDArray[np.int8]  # times `scale`: a quarter of the memory, which is what a look into it waits for
    scale: Floats
    rarity: Floats
    bias: Floats
    out: Floats
    out_bias: Floats
    subtopics: tuple[str, ...]
    sharpness: float  # what a subtopic's keyword weight adds to its logit
    temperature: float  # divides the logits of topics, so that confidence means what it says
    digest: str  # of what it was schooled on

    def read(self, plain: str) -> Impression:
        """Read a normalised text, in which places' names are hidden. The gravest of its sentences counts."""
        plain = plain[:_READ]
        grams = self._grams(plain)
        answers = self._answers(grams)
        urgent, sealed, chatter = answers[:_HEADS].tolist()
        for part in _parts(plain):
            more_urgent, more_sealed = self._answers(self._grams(part))[:2].tolist()
            urgent, sealed = max(urgent, more_urgent), max(sealed, more_sealed)
        return Impression(_share(urgent), _share(sealed), _share(chatter), answers[_HEADS:], len(grams))

    def because(self, plain: str, answer: int) -> list[tuple[int, int]]:
        """The stretches of the text, weightiest first, that spoke most for an answer (a head, or 3 + a subtopic)."""
        keys = keys_of(plain[:_READ])
        places, hit = self._find(keys)
        if not hit.any():
            return []
        rows = self.table.take(places, axis=0, mode="clip") * self.scale.take(places, mode="clip")[:, None]
        told = (rows * hit[:, None]).sum(axis=0) / self._length(places[hit])
        active = (told + self.bias > 0) * self.out[:, answer]
        spoke = np.where(hit, rows @ active, 0.0)
        count = min(len(plain), _READ)
        pairs = spoke[count:] + 0.5 * (spoke[: count - 1] + spoke[1:count])
        found: list[tuple[int, int]] = []
        for place in np.argsort(-pairs).tolist():
            if pairs[place] < 0.4 * max(float(pairs.max()), 0.0) or pairs[place] <= 0 or len(found) == _SPANS:
                break
            if plain[place : place + 2].isalnum() and all(place + 2 <= one or end <= place for one, end in found):
                found.append((place, place + 2))
        return found

    @cached_property
    def _silence(self) -> Floats:
        return np.zeros_like(self.bias)

    def _grams(self, plain: str) -> NDArray[np.int64]:
        places, hit = self._find(keys_of(plain))
        return places[hit]

    def _find(self, keys: Keys) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        places = self.keys.searchsorted(keys)
        return places, self.keys.take(places, mode="clip") == keys

    def _length(self, places: NDArray[np.int64]) -> float:
        rarity = self.rarity.take(places)
        return math.sqrt(max(float(rarity.dot(rarity)), 1e-12))

    def _answers(self, places: NDArray[np.int64]) -> Floats:
        if not len(places):
            return self.out_bias
        told: Floats = self.scale.take(places).dot(self.table.take(places, axis=0).astype(np.float32))
        told /= self._length(places)
        told += self.bias
        np.maximum(told, self._silence, out=told)
        answers: Floats = told.dot(self.out)
        answers += self.out_bias
        return answers

    def save(self, path: Path) -> None:
        """Write all of it to one file."""
        np.savez_compressed(
            path,
            keys=self.keys,
            table=self.table,
            scale=self.scale,
            rarity=self.rarity,
            bias=self.bias,
            out=self.out,
            out_bias=self.out_bias,
            subtopics=np.array(self.subtopics),
            numbers=np.array([self.sharpness, self.temperature]),
            digest=np.array(self.digest),
        )

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote. Raises OSError, ValueError or KeyError for anything else."""
        with np.load(path, allow_pickle=False) as kept:
            return cls(
                keys=kept["keys"],
                table=kept["table"],
                scale=kept["scale"],
                rarity=kept["rarity"],
                bias=kept["bias"],
                out=kept["out"],
                out_bias=kept["out_bias"],
                subtopics=tuple(str(each) for each in kept["subtopics"]),
                sharpness=float(kept["numbers"][0]),
                temperature=float(kept["numbers"][1]),
                digest=str(kept["digest"]),
            )


def _share(logit: float) -> float:
    return 0.5 + 0.5 * math.tanh(0.5 * logit)


def keys_of(plain: str) -> Keys:
    """One number for each character of a text, and after them one for each pair of neighbours."""
    written = _BEYOND.sub("\uffff", plain).encode("utf-16-be", "replace")
    characters = np.frombuffer(written, ">u2")
    pairs = np.ndarray(max(len(characters) - 1, 0), ">u4", written, strides=(2,))  # neighbours' bytes as one number
    return np.concatenate((characters, pairs), dtype=np.uint32)


def _parts(plain: str) -> list[str]:
    """The sentences of a text of several, and long ones in stretches; none where the text is one short sentence."""
    if len(plain) <= _LONG and not _FULL_STOP.search(plain, 0, max(len(plain) - _LEAST, 0)):
        return []
    parts: list[str] = []
    for sentence in _AFTER_FULL_STOP.split(plain):
        parts += [sentence] if len(sentence) <= _LONG else [sentence, *_stretches(sentence)]
    return [part for part in parts if len(part) >= _LEAST]


def _stretches(sentence: str) -> list[str]:
    clauses = _COMMA.split(sentence)
    found, first = [], 0
    while first < len(clauses):
        last, size = first + 1, len(clauses[first])
        while last < len(clauses) and size + len(clauses[last]) <= _STRETCH:
            size += len(clauses[last])
            last += 1
        found.append("".join(clauses[first:last]))
        first = max(first + 1, (first + last) // 2) if last < len(clauses) else last
    return found


@cache
def packaged_sense() -> Sense:
    """The one that comes with the program."""
    return Sense.load(Path(str(files("bot").joinpath("data", PACKAGED))))
