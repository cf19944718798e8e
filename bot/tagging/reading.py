"""One text on its way through the tagger, cut into words only once and only if somebody asks."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.tagging.normalise import Normalised

if TYPE_CHECKING:  # these bring numpy and pypinyin, which wait for the first text
    from bot.tagging.sense import Impression
    from bot.tagging.villages import Found

HIDDEN_NAME = "□"  # stands for each character of a place's name, so that 东坑 is no hole in a road


class Reading:
    """A normalised text and, from the first demand on, its words.

    `text` is without traps. The tagger adds the places that it names, `sensed`, which is the text with their names
    hidden, and what the sense said of that.
    """

    __slots__ = ("_cut", "_words", "place", "plain", "said", "sensed", "text")

    place: "Found"
    said: "Impression"

    def __init__(self, plain: Normalised, text: Normalised, cut: Callable[[str], list[str]]) -> None:
        self.plain = plain
        self.text = text
        self.sensed = plain.text
        self._cut = cut
        self._words: list[str] | None = None

    def cut(self) -> list[str]:
        """The words of the text."""
        if self._words is None:
            self._words = self._cut(self.text.text)
        return self._words


def hidden(plain: str, spans: Sequence[tuple[int, int]]) -> str:
    """`plain` with the characters of `spans` hidden; its length stays."""
    for start, end in spans:
        plain = plain[:start] + HIDDEN_NAME * (end - start) + plain[end:]
    return plain
