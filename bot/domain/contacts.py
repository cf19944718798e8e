"""By what a villager can be reached outside the chat, where they chose to say so."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

_WIDE = str.maketrans("０１２３４５６７８９＋－（）", "0123456789+-()")
_BETWEEN = re.compile(r"[\s()\-.]+")
_PHONE = re.compile(r"(?:\+?86)?(1[3-9]\d{9}|0\d{9,11}|[2-9]\d{6,7}|[48]00\d{7})")
_DIGITS = re.compile(r"\+?\d[\d\s()\-.]*\d|\d")
NAME_LENGTH = 20
"""Signs that are kept of a name."""


class ContactKind(StrEnum):
    PHONE = "phone"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Contact:
    """Either may be missing. It is shown in full to its own person, and to the office by an act of its own only."""

    phone: str | None = None
    name: str | None = None

    def __bool__(self) -> bool:
        return bool(self.phone or self.name)


@dataclass(frozen=True, slots=True)
class Reveal:
    """The office looked up how the author of a case can be reached: who, from which seat, when and why."""

    number: str
    person: int
    seat: str
    at: datetime
    reason: str


def phone_in(text: str) -> str | None:
    """The one telephone number that this text is, digits alone: mobile, or landline with or without area code."""
    found = _PHONE.fullmatch(_BETWEEN.sub("", text.translate(_WIDE)))
    return found[1] if found else None


def name_and_phone(line: str) -> tuple[str, str]:
    """`李大爷 13800138000` in its two parts, of which either may be empty; whether they are any is not judged."""
    found = _DIGITS.search(line.translate(_WIDE))
    if found is None:
        return line, ""
    start, end = found.span()
    return (line[:start] + " " + line[end:]).strip(" ，,：:电话"), line[start:end]


def name_in(text: str) -> str | None:
    """A name on one line, shortened; None where nothing is left."""
    return " ".join(text.split())[:NAME_LENGTH] or None


def masked(phone: str) -> str:
    """`138****5678`: enough for its owner to know it again."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) > 8 else f"****{phone[-3:]}"
