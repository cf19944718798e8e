"""What may stand in a cell: text that no program takes for a formula."""

import re
from unicodedata import east_asian_width

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_STARTS = tuple("=+-@\t\r＝＋－＠")
LONGEST = 32_000
"""A little under what a spreadsheet's cell takes."""


def clean(text: str) -> str:
    """Without characters that XML forbids, and not longer than a cell takes."""
    return _CONTROL.sub("", text)[:LONGEST]


def looks_like_a_formula(text: str) -> bool:
    """Whether a spreadsheet could take it for a formula, also behind blanks."""
    return text.startswith(_STARTS) or text.lstrip().startswith(_STARTS)


def display_width(text: str) -> int:
    """In columns: a Chinese character takes two. Of several lines, the widest."""
    return max(sum(2 if east_asian_width(c) in "WF" else 1 for c in line) for line in text.splitlines() or [""])
