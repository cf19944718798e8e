"""A text as numbers for the learned model: hashed words, so that no one's words are kept."""

import math
from collections.abc import Callable, Iterable
from zlib import crc32

_BITS = 0xFFFFFF  # 16 million places: two words of a town hardly ever meet in one
_READ = 600  # characters of a text that count; the rest repeats
_REMEMBERED = 100_000

Features = tuple[tuple[int, ...], tuple[float, ...]]


class WordNumbers(dict[str, tuple[int, int, float]]):
    """For each word its number, its number in the lead of a text, and how much it tells; worked out at first sight."""

    def __init__(self, rarity: Callable[[str], float]) -> None:
        """`rarity` gives how much a word tells (0..1)."""
        super().__init__()
        self._rarity = rarity

    def __missing__(self, word: str) -> tuple[int, int, float]:
        if len(self) >= _REMEMBERED:
            self.clear()
        self[word] = numbers = (hashed(word), hashed("^" + word), self._rarity(word))
        return numbers


def features(words: Iterable[tuple[int, str]], lead: int, numbers: WordNumbers) -> Features:
    """Hashed words of a text with weights of unit length; words in a title of `lead` characters count a second time.

    `words` come with their places, in order. No words, no features.
    """
    counts: dict[str, int] = {}
    leads: set[str] = set()
    for place, word in words:
        if place > _READ:
            break
        counts[word] = counts.get(word, 0) + 1
        if place < lead:
            leads.add(word)
    values: dict[int, float] = {}
    square = 0.0
    for word, count in counts.items():
        number, leading, told = numbers[word]
        value = told if count == 1 else told * (1.0 + math.log(count))
        values[number] = value
        square += value * value
        if word in leads:
            values[leading] = told
            square += told * told
    if not square:
        return (), ()
    scale = 1.0 / math.sqrt(square)
    return tuple(values), tuple([value * scale for value in values.values()])


def hashed(word: str) -> int:
    """The number that stands for a word; `^` before it: in the lead of the text."""
    return crc32(word.encode()) & _BITS


def sign(name: str) -> int:
    """The number of something that speaks for a text but is no word of it; no word has the same."""
    return hashed(name) + _BITS + 1
