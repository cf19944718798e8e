"""A text as numbers for the learned model: hashed words, so that no one's words are kept."""

import math
from collections.abc import Callable, Sequence
from zlib import crc32

_BITS = 0xFFFFFF  # 16 million places: two words of a town hardly ever meet in one
_READ = 600  # characters of a text that count; the rest repeats

Features = tuple[tuple[int, ...], tuple[float, ...]]


def features(words: Sequence[str], lead: int, rarity: Callable[[str], float]) -> Features:
    """Hashed words of a text with weights of unit length; words in the first `lead` characters count a second time.

    `rarity` gives how much a word tells (0..1). A text without words has no features.
    """
    counts: dict[str, float] = {}
    place = 0
    for word in words:
        if len(word) > 1 and not word.isascii():
            counts[word] = counts.get(word, 0.0) + 1.0
            if place < lead:
                counts["^" + word] = 1.0
        place += len(word)
        if place > _READ:
            break
    values = {hashed(word): (1.0 + math.log(count)) * rarity(word.lstrip("^")) for word, count in counts.items()}
    length = math.sqrt(sum(value * value for value in values.values()))
    if not length:
        return (), ()
    return tuple(values), tuple(round(value / length, 4) for value in values.values())


def hashed(word: str) -> int:
    """The number that stands for a word; `^` before it: in the lead of the text."""
    return crc32(word.encode()) & _BITS
