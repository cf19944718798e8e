"""What is wrong with a configuration: where, what, and how to mend it, in Chinese beside English."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from bot.domain.bilingual import both, in_language

__all__ = ["ConfigError", "Findings", "Mistake", "both", "did_you_mean", "in_language"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to mend. `key` is the dotted path in `file`, or a place like `line 3, column 5`."""

    file: Path
    key: str
    problem: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}\n    问题 Problem: {self.problem}\n    办法 Mend: {self.mend}"


class ConfigError(Exception):
    """The configuration cannot be used. `mistakes` are all that were found, in the files' order."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        count = len(self.mistakes)
        headline = both(
            f"配置有 {count} 处错误，程序没有启动",
            f"{count} mistake{'s' * (count > 1)} in the configuration; nothing was started",
        )
        super().__init__("\n".join([headline, *(f"{n}. {m}" for n, m in enumerate(self.mistakes, 1))]))


@dataclass(slots=True)
class Findings:
    """Collects mistakes, so that all of them can be told at once."""

    mistakes: list[Mistake] = field(default_factory=list)

    def add(self, file: Path, key: str, problem: str, mend: str) -> None:
        self.mistakes.append(Mistake(file, key, problem, mend))

    def require(self, value: T | None) -> T:
        """The value, if nothing at all was found wrong. Raises ConfigError."""
        if self.mistakes or value is None:
            raise ConfigError(self.mistakes)
        return value


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The mend for an unknown word: the nearest known one, else the list of those there are (at most 20)."""
    known = list(known)
    if near := get_close_matches(word, known, n=1, cutoff=0.6):
        return both(f"是不是想写 {near[0]!r}？", f"did you mean {near[0]!r}?")
    listed = ", ".join(known[:20]) + (" …" if len(known) > 20 else "")
    return both(f"可用的有：{listed}", f"use one of: {listed}")
