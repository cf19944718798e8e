"""What staff put right about topics, and the versions of the tagger that learned from it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Lesson:
    """The latest topic that a member of staff gave a case; `label` is a subtopic's id, or a topic's.

    The text is the case's own. A person's say counts as theirs, however many cases they put right.
    """

    case_id: int
    label: str
    person_id: int
    at: datetime
    text: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of what was learned. 0 is the topic tree alone. The one chosen last is in use."""

    version: int
    made_at: datetime
    lessons: int
    people: int
    chosen_at: datetime


def in_use(versions: list[Version]) -> Version | None:
    """The version that was chosen last; None before the first."""
    return max(versions, key=lambda each: (each.chosen_at, each.version), default=None)
