"""Cut a text into words with jieba, whose dictionary is read at the first use and not before."""

import logging
import math
import os
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


class Segmenter:
    """One jieba tokenizer of our own; safe to share between threads."""

    def __init__(self) -> None:
        self._tokenizer: Any = None
        self._lock = threading.Lock()

    def cut(self, text: str) -> list[str]:
        """The words of `text`; joined they are `text` again. Words unknown to the dictionary fall into characters."""
        words: list[str] = self._loaded().lcut(text, HMM=False)
        return words

    def telling(self, text: str) -> list[str]:
        """The words of `text` without those that stand in every text, such as 我们."""
        return [word for word in self.cut(text) if self.rarity(word) > 0.5]

    def is_whole(self, text: str, start: int, end: int) -> bool:
        """Whether `text[start:end]` stands as a word, or its characters rather belong to words beside it.

        A quick look at the words that cross its edges, instead of cutting the whole text: 新田 in 翻新田地 is none.
        """
        if end - start > 2:
            return True
        known = self._loaded().FREQ
        own = known.get(text[start:end]) or 0
        if start > 0 and (known.get(text[start - 1 : start + 1]) or 0) > own:
            return False
        return not ((known.get(text[end - 1 : end + 1]) or 0) > own and end < len(text))

    def is_word(self, word: str) -> bool:
        """Whether the general dictionary knows `word` as more than a rare name."""
        return self.frequency(word) >= 20

    def is_common(self, word: str) -> bool:
        """Whether `word` is everybody's, such as 和平, so that it names a place only if the text says so."""
        return self.frequency(word) >= 800

    def rarity(self, word: str) -> float:
        """How much a word tells, 0..1, by how seldom it is in general."""
        whole = self._loaded().total
        return min(1.0, math.log(whole / (self.frequency(word) + 20)) / math.log(whole / 20))

    def frequency(self, word: str) -> int:
        """How often the general dictionary counted `word`."""
        return self.begun(word) or 0

    def begun(self, word: str) -> int | None:
        """As `frequency`, but None if `word` is not even a beginning of words, so that it need not be read on."""
        frequency: int | None = self._loaded().FREQ.get(word)
        return frequency

    def _loaded(self) -> Any:
        """The tokenizer; its dictionary takes about a second at the first call."""
        if self._tokenizer is None:
            with self._lock:
                if self._tokenizer is None:
                    self._tokenizer = _load()
        return self._tokenizer


def _load() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba asks setuptools for a deprecated helper while it is imported
        import jieba
    jieba.setLogLevel(logging.CRITICAL)  # a cache that cannot be written costs a second, no more
    tokenizer = jieba.Tokenizer()
    with _cache_folder() as tokenizer.tmp_dir:
        tokenizer.initialize()
    return tokenizer


@contextmanager
def _cache_folder() -> Iterator[str]:
    """Where jieba keeps its dictionary as marshal data: ours alone, since whoever can write it can run code here."""
    if own := _own_folder():
        yield own
    else:
        with TemporaryDirectory(prefix="xiangyin-") as folder:
            yield folder


def _own_folder() -> str | None:
    with suppress(OSError, RuntimeError):  # RuntimeError: this user has no home
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "xiangyin"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_uid == os.getuid() and os.access(folder, os.W_OK):
            return str(folder)
    return None


def boundaries(words: list[str]) -> frozenset[int]:
    """The places in the text where a word begins or ends."""
    places, place = [0], 0
    for word in words:
        place += len(word)
        places.append(place)
    return frozenset(places)
