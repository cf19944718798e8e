"""What is sent to the people of some villages at once: an announcement (通知), or the question of a poll."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Announcement:
    """To the people of `villages` (all where empty) who take such messages. `expected` of them there were when it was
    begun; `cursor` is the last person whom it was queued for, None once all were.

    `delivered` and `unreachable` are set when nothing of it waits any more.
    """

    id: int
    text: str
    villages: tuple[str, ...]
    person: int
    seat: str
    made_at: datetime
    expected: int
    poll: int | None = None
    cursor: int | None = 0
    stopped_at: datetime | None = None
    done_at: datetime | None = None
    delivered: int = 0
    unreachable: int = 0

    @property
    def batch(self) -> str:
        """By which its messages are found in the outbox."""
        return f"announcement:{self.id}"


@dataclass(frozen=True, slots=True)
class Tally:
    """How the messages of one batch stand."""

    waiting: int = 0
    sent: int = 0
    dead: int = 0
