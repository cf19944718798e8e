"""A text as numbers for the learned model: hashed words, so that no one's words are kept."""

import math
from operator import add
from zlib import crc32

from bot.tagging.segment import Segmenter

_BITS = 0xFFFFFF  # 16 million places: two words of a town hardly ever meet in one
_READ = 600  # characters of a text that count; the rest repeats
_REMEMBERED = 100_000

Features = tuple[tuple[int, ...], tuple[float, ...]]
Word = tuple[str, int, int, float]
"""A word, its number, its number in the lead of a text, and how much it tells (0..1)."""


class Words(dict[str, Word | tuple[()] | None]):
    """The words of the dictionary that were met; () for what only begins words, None for what does not even that.

    The dictionary holds half a million words, so that a look into it mostly waits for memory; a few make up most of
    what is said and are kept at hand.
    """

    def __init__(self, segmenter: Segmenter) -> None:
        super().__init__()
        self._segmenter = segmenter

    def __missing__(self, text: str) -> Word | tuple[()] | None:
        if len(self) >= _REMEMBERED:
            self.clear()
        frequency = self._segmenter.begun(text)
        word = (text, hashed(text), hashed("^" + text), self._segmenter.rarity(text)) if frequency else ()
        self[text] = found = None if frequency is None else word
        return found

    def met_in(self, text: str) -> list[Word]:
        """Every word of two to four characters that stands in `text`, in order, overlapping ones too.

        For features that is as good as a cut, at a tenth of its cost.
        """
        found = []
        ended = text + "  "  # no word has a blank
        for place, two in enumerate(map(self.__getitem__, map(add, text[: _READ + 1], text[1:]))):
            if two is None:
                continue
            if two:
                found.append(two)
            three = self[ended[place : place + 3]]
            if three is None:
                continue
            if three:
                found.append(three)
            if four := self[ended[place : place + 4]]:
                found.append(four)
        return found

    def features(self, text: str, lead: int) -> Features:
        """The numbers of a text's words, with weights of unit length.

        Words in a title of `lead` characters count a second time. No words, no features.
        """
        values: dict[int, float] = {}
        again: list[int] = []
        for _, number, _, told in self.met_in(text):
            if number in values:
                again.append(number)
            else:
                values[number] = told
        for number in set(again):
            values[number] *= 1.0 + math.log(1 + again.count(number))
        for _, _, leading, told in self.met_in(text[:lead]):
            values[leading] = told
        length = math.hypot(*values.values())
        return tuple(values), tuple([value / length for value in values.values()])


def hashed(word: str) -> int:
    """The number that stands for a word; `^` before it: in the lead of the text."""
    return crc32(word.encode()) & _BITS


def sign(name: str) -> int:
    """The number of something that speaks for a text but is no word of it; no word has the same."""
    return hashed(name) + _BITS + 1
