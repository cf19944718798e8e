"""One text on its way through the tagger, cut into words only once and only if somebody asks."""

from collections.abc import Callable

from bot.tagging.normalise import Normalised


class Reading:
    """A normalised text and, from the first demand on, its words."""

    __slots__ = ("_cut", "_words", "text")

    def __init__(self, text: Normalised, cut: Callable[[str], list[str]]) -> None:
        self.text = text
        self._cut = cut
        self._words: list[str] | None = None

    def cut(self) -> list[str]:
        """The words of the text."""
        if self._words is None:
            self._words = self._cut(self.text.text)
        return self._words
