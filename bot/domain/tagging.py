"""What a tagger says of one text: place, topic, urgency, how sure, and, when asked, the words that led to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from bot.domain.topics import Flag


class Guess(NamedTuple):
    """One candidate with a calibrated confidence in 0..1."""

    id: str
    confidence: float


class Tagging(NamedTuple):
    """`village`, `topic`, `subtopic` are None where the tagger abstains; the ranked lists are always there.

    `topics` and `villages` are best first and may be empty. `is_case` is False for greetings, thanks and chatter.
    `kind` is 'complaint' or 'suggestion'. `flags` come from the text itself and from a subtopic that was chosen.
    """

    village: str | None
    hamlet: str | None
    topic: str | None
    subtopic: str | None
    confidence: float
    flags: frozenset[Flag]
    kind: str
    is_case: bool
    villages: tuple[Guess, ...]
    topics: tuple[Guess, ...]
    subtopics: tuple[Guess, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person confirmed or put right: `label` is a subtopic's id, or a topic's if no more is known.

    `user` is any stable key of that person, so that no one can teach the tagger alone; it need not be a name.
    """

    text: str
    label: str
    user: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """One word of a text and how much it speaks for a subtopic; `learned` tells corrections from the topic tree."""

    word: str
    subtopic: str
    weight: float
    learned: bool


class Tagger(Protocol):
    """Reads one text; `last_village` is a weak hint: the id of the villager's last village, if known."""

    def tag(self, text: str, last_village: str | None = None) -> Tagging: ...

    def tag_all(self, texts: Sequence[str]) -> list[Tagging]: ...

    def why(self, text: str) -> tuple[str, ...]: ...
