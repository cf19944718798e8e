"""Reads a written report, and puts beside each figure the ledger says: agrees, differs, unknown, placeholder."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.numerals import number_of
from bot.domain.report.figures import NONE, Figure

_UNITS = "人次|人|次|项|份|件|名|条|起|场|户|个|篇|%|％"
_FIGURE = re.compile(
    r"(?<![第\d.〔“《A-Za-z])"
    rf"(?P<number>[XxＸ×]{{1,4}}|\d{{1,7}}(?:\.\d+)?|[一二两三四五六七八九十百千]{{1,6}})"
    rf"\s*(?P<about>余|多|几)?\s*(?P<unit>{_UNITS})(?P<more>余)?"
)
_STOP = re.compile(r"[，。；,;\n、：:]")
_LEFT, _RIGHT = 28, 12


class Verdict(StrEnum):
    AGREES = "agrees"
    DIFFERS = "differs"
    UNKNOWN = "unknown"  # no register knows it, or the one that should has no record
    PLACEHOLDER = "placeholder"


@dataclass(frozen=True, slots=True)
class Said:
    """A figure as written. `value` is None for a placeholder; `about` means “30余”: that many or a few more."""

    written: str
    value: float | None
    about: bool
    unit: str
    before: str  # the words of the same clause before it
    context: str


@dataclass(frozen=True, slots=True)
class Finding:
    said: Said
    verdict: Verdict
    figure: Figure | None

    @property
    def ledger(self) -> str:
        """What the ledger says: the figure with its register, or that no register holds such a thing."""
        if self.figure is None:
            return "台账中没有这一项"
        counted = self.figure.say()
        where = (
            f"（台账“{self.figure.register}”{self.figure.records}条）"
            if counted != NONE
            else f"（台账“{self.figure.register}”）"
        )
        return f"{self.figure.label}：{counted}{where}"


def find_said(text: str) -> list[Said]:
    """Every counted figure in the text, in order. Dates, ordinals (第十三届) and words like 一年来 are none."""
    found: list[Said] = []
    for match in _FIGURE.finditer(text):
        number = match["number"]
        placeholder = number[0] in "XxＸ×"
        value = None if placeholder else float(number) if number[0].isdecimal() else float(number_of(number))
        left = _STOP.split(text[max(match.start() - _LEFT, 0) : match.start()])[-1]
        right = _STOP.split(text[match.end() : match.end() + _RIGHT])[0]
        about = bool(match["about"] or match["more"])
        found.append(Said(match[0], value, about, match["unit"], left, (left + match[0] + right).strip()))
    return found


def check(text: str, figures: Mapping[str, Figure]) -> list[Finding]:
    """Each written figure beside the ledger's one that speaks of the same."""
    return [_judge(said, figures.values()) for said in find_said(text)]


def _judge(said: Said, figures: Iterable[Figure]) -> Finding:
    figure = _meant(said, figures)
    if said.value is None:
        return Finding(said, Verdict.PLACEHOLDER, figure)
    if figure is None or figure.say() == NONE:
        return Finding(said, Verdict.UNKNOWN, figure)
    return Finding(said, Verdict.AGREES if _same(said, said.value, figure) else Verdict.DIFFERS, figure)


def _meant(said: Said, figures: Iterable[Figure]) -> Figure | None:
    """The figure whose word stands nearest before the number (or, failing that, right behind it)."""
    best: tuple[int, int, Figure] | None = None
    for figure in figures:
        if said.unit not in (figure.units or (figure.unit,)):
            continue
        for word in figure.words:
            at = said.before.rfind(word)
            near = at + len(word) if at >= 0 else -1 if word in said.context else None
            if near is not None and (best is None or (near, len(word)) > best[:2]):
                best = (near, len(word), figure)
    return best[2] if best else None


def _same(said: Said, value: float, figure: Figure) -> bool:
    """Whether the ledger has just that; for “30余”: 30 or more, but not the next round number."""
    if figure.value is None:
        return False
    if said.unit in "%％" and figure.of:
        return abs(100 * figure.value / figure.of - value) < 0.1
    if not said.about:
        return figure.value == value
    step: int = 10 ** (len(str(int(value))) - 1)
    return value <= figure.value < value + step
