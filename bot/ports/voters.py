"""What staff enter for villagers, what villagers are asked, and what is announced to them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.announcements import Announcement
from bot.domain.polls import Count, Poll, PollKind
from bot.domain.receipts import Receipt


class Receipts(Protocol):
    """The receipts of cases entered for somebody, and the tries at their codes."""

    async def put(self, receipt: Receipt) -> None:
        """Store; an earlier one of the same case is replaced, but for its code."""
        ...

    async def of(self, case_id: int) -> Receipt | None: ...

    async def set_code(self, case_id: int, code: str) -> None:
        """From now on this code opens the receipt, and an earlier one no more. Only a keyed hash of it is kept."""
        ...

    async def by_code(self, code: str) -> Receipt | None: ...

    async def entered(self, seats: Sequence[str], limit: int) -> list[Receipt]:
        """Those that these seats entered, newest first."""
        ...

    async def log_try(self, account: str, at: datetime, *, found: bool) -> None:
        """Note that this account (a hash) tried a code, never which."""
        ...

    async def wrong(self, since: datetime, account: str | None = None) -> list[datetime]:
        """When a wrong code was tried since then, by this account or by all."""
        ...

    async def expire(self, closed_before: datetime, tried_before: datetime) -> None:
        """Codes of cases closed before then work no more, and tries before then are forgotten."""
        ...


class Polls(Protocol):
    async def add(self, poll: Poll) -> Poll:
        """Insert and return it with its id (0 before)."""
        ...

    async def get(self, poll_id: int, *, lock: bool = False) -> Poll | None: ...

    async def newest(self, limit: int, kinds: Sequence[PollKind] = ()) -> list[Poll]: ...

    async def due(self, now: datetime) -> list[Poll]:
        """Those whose time is up and that are not closed; locked, and those that another transaction holds left out."""
        ...

    async def close(self, poll_id: int, at: datetime) -> None: ...

    async def vote(self, poll_id: int, person_id: int, choice: int) -> bool:
        """Count one vote. False where the person has voted before: then nothing is done. Who voted and what was chosen
        are kept apart, so that nobody can put them together again."""
        ...

    async def voted(self, poll_id: int, person_id: int) -> bool: ...

    async def count(self, poll_id: int) -> Count: ...


class Announcements(Protocol):
    async def add(self, one: Announcement) -> Announcement:
        """Insert and return it with its id (0 before)."""
        ...

    async def get(self, announcement_id: int, *, lock: bool = False) -> Announcement | None: ...

    async def save(self, one: Announcement) -> None:
        """Write back cursor, expected, stopped_at, done_at, delivered, unreachable."""
        ...

    async def newest(self, limit: int) -> list[Announcement]: ...

    async def of_poll(self, poll_id: int) -> Announcement | None: ...

    async def unfinished(self) -> list[Announcement]:
        """Oldest first; locked, and those that another transaction holds left out."""
        ...
