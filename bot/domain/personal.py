"""Traces of a person in a text: telephone and identity numbers, plates, cards. What is published must have none."""

import re

_TRACES = (
    re.compile(r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"),  # mobile
    re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)"),  # landline
    re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"),  # identity card
    re.compile(r"(?<!\d)\d{16,19}(?!\d)"),  # bank card
    re.compile(r"[\u4e00-\u9fff][A-Z][A-Z0-9]{5,6}(?![A-Z0-9])"),  # number plate
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"),
)


def traces(text: str) -> list[str]:
    """The parts of the text that point at one person, in order. Names are not found: a person must read it too."""
    found = {match.start(): match[0] for pattern in _TRACES for match in pattern.finditer(text)}
    return [found[at] for at in sorted(found)]
