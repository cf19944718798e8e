"""What becomes of a file after a channel brought it: fetched, checked, kept by us, and deleted in the end."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.messages import FileKind

STORED = "stored:"
"""How a ref begins that names a file of our own store, and not one that a channel keeps."""


class FileState(StrEnum):
    WAITING = "waiting"  # the channel still has it, we do not
    KEPT = "kept"  # fetched, checked and stored
    REFUSED = "refused"  # of a kind that is not taken, too large, or not what it says
    LOST = "lost"  # the channel has it no longer
    GONE = "gone"  # deleted on request or after its time; the row stays, for the figures


class FileSource(StrEnum):
    """Where a file belongs: the table that lists it."""

    CASE = "attachments"
    DUTY = "duty_files"


@dataclass(frozen=True, slots=True)
class WantedFile:
    """A file to be fetched, claimed for a while. `name` is what it will be called in our store; `owner` is the id of
    its case or duty; `attempts` counts this one."""

    source: FileSource
    id: int
    owner: int
    kind: FileKind
    ref: str
    name: str
    attempts: int
