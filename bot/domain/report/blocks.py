"""A paper as a list of blocks, which a writer of documents lays out; headings are numbered 一、（一）1. here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Title:
    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 1 to 3."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Para:
    """`note`: set apart, such as a remark that the office must still attend to."""

    text: str
    note: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; every row is as long as the headers."""

    headers: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


Block: TypeAlias = Title | Heading | Para | Grid


def numbered(blocks: Iterable[Block]) -> list[Block]:
    """The blocks with numbered headings: 一、 within the paper, （一） within that, 1. within that."""
    counts = [0, 0, 0]
    found: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading):
            at = block.level - 1
            counts[at] += 1
            counts[at + 1 :] = [0] * (2 - at)
            mark = (f"{chinese(counts[at])}、", f"（{chinese(counts[at])}）", f"{counts[at]}. ")[at]
            block = replace(block, text=mark + block.text)
        found.append(block)
    return found


def chinese(number: int) -> str:
    """1 to 99 as 一 to 九十九."""
    tens, ones = divmod(number, 10)
    return ("" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十") + (
        _DIGITS[ones] if ones or not tens else ""
    )
