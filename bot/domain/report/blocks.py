"""A paper as a list of blocks, which a writer of documents lays out; headings are numbered 一、（一）1. here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Title:
    """In one line or two. `under`: a line of its own below, such as （草稿）."""

    text: str
    under: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 1 to 3."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Para:
    """`note`: set apart, such as a remark that the office must still attend to. `flush`: not indented, as whom a paper
    is for.
    """

    text: str
    note: bool = False
    flush: bool = False


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signs the paper, and the day, at the right below its text."""

    who: str
    day: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; every row is as long as the headers. `small`: in the smaller type of an annex."""

    headers: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    small: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars: one a name, and beside it, where `before` is given, that of the period before. `columns`: upright, for what
    goes by time. Where no picture can be drawn, `grid` says the same.
    """

    title: str
    unit: str
    names: tuple[str, ...]
    now: tuple[int, ...]
    before: tuple[int, ...] = ()
    columns: bool = False

    @property
    def grid(self) -> Grid:
        series = zip(self.now, self.before, strict=True) if self.before else ((one,) for one in self.now)
        rows = [(name, *map(str, values)) for name, values in zip(self.names, series, strict=True)]
        return Grid((self.title, f"本期（{self.unit}）", *([f"上期（{self.unit}）"] if self.before else [])), rows)


Block: TypeAlias = Title | Heading | Para | Signed | Grid | Chart


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
