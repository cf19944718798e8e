"""What becomes of a file after a channel brought it: fetched, checked, kept by us, and deleted in the end."""

from enum import StrEnum


class FileState(StrEnum):
    WAITING = "waiting"  # the channel still has it, we do not
    KEPT = "kept"  # fetched, checked and stored
    REFUSED = "refused"  # of a kind that is not taken, too large, or not what it says
    LOST = "lost"  # the channel has it no longer
    GONE = "gone"  # deleted on request or after its time; the row stays, for the figures
