"""A screen asks one question; an answer is a tap, a number, words or files. Shared by every flow."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from bot.domain.messages import File, Location
from bot.domain.text import Text

BACK = "back"
HUMAN = "human"
NUMBERED = 6
"""The first six choices are numbered; 0 goes back, 9 calls a human."""

_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789") | {
    ord(character): digit for character, digit in zip("零一二三四五六九", "01234569", strict=True)
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One button: `value` comes back in the answer, `label` is read."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Screen:
    """What is asked. `columns` says how the buttons are laid; `back` and `human` add 0 and 9."""

    text: Text
    choices: tuple[Choice, ...] = ()
    columns: int = 1
    back: bool = True
    human: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person did. Exactly as much of it is filled as they gave."""

    choice: str | None = None
    text: str = ""
    message_id: str = ""
    files: tuple[File, ...] = ()
    album: str | None = None
    location: Location | None = None
    forwarded: bool = False
    edited: bool = False


class Effect(StrEnum):
    """What the use case must do now; the flow itself touches nothing."""

    DONE = "done"
    LEAVE = "leave"  # put aside, keep the draft
    CANCEL = "cancel"
    HUMAN = "human"
    JOIN = "join"  # stand behind the case that was shown


Data = TypeVar("Data")


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Data]):
    """The flow after an answer: its data and step, a word to say first, and what is to be done.

    `quiet` means: noted, say nothing (the second and later photos of an album).
    """

    step: str
    data: Data
    notice: Text | None = None
    effect: Effect | None = None
    quiet: bool = False


def menu_number(text: str) -> int | None:
    """The bare menu number 0-9 that was typed: `1`, `１`, `一`, `1.`; None for anything else."""
    digit = text.strip().rstrip(".。、").translate(_DIGITS)
    return int(digit) if len(digit) == 1 and digit in "0123456789" else None


def choose(screen: Screen, text: str) -> str | None:
    """The choice that a typed number stands for, or None if this is no number of this screen."""
    number = menu_number(text)
    if number is None:
        return None
    if number == 0 and screen.back:
        return BACK
    if number == 9 and screen.human:
        return HUMAN
    if 1 <= number <= min(NUMBERED, len(screen.choices)):
        return screen.choices[number - 1].value
    return None
