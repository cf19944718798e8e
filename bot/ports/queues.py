"""Inbox and outbox: what came in and what is to go out, as rows that survive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.announcements import Tally
from bot.domain.messages import Outgoing


@dataclass(frozen=True, slots=True)
class RawUpdate:
    """An update as a channel received it; `key` is the channel's own id of it (update_id)."""

    channel: str
    key: int
    chat: str
    raw: str


@dataclass(frozen=True, slots=True)
class InboxRow:
    id: int
    update: RawUpdate
    received_at: datetime


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A claimed message: one in flight per chat. `attempts` counts this one."""

    id: int
    channel: str
    message: Outgoing
    attempts: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class OutboxStatus:
    """How one outbox row stands, for tests, metrics and the register of what was told to whom."""

    id: int
    chat: str
    status: str  # queued | sending | sent | dead
    key: str
    message: Outgoing
    send_after: datetime
    error: str | None


class Inbox(Protocol):
    async def add(self, updates: Sequence[RawUpdate], at: datetime) -> int:
        """Store what is new; an update whose (channel, key) is there already is left alone. Returns how many."""
        ...

    async def claim(self, limit: int) -> list[InboxRow]:
        """At most one waiting row for each chat (its oldest), oldest first; locked until the transaction ends.

        A chat whose oldest waiting row another transaction holds is passed over.
        """
        ...

    async def done(self, row_ids: Sequence[int], at: datetime) -> None:
        """Mark as handled, and forget the raw updates (they hold personal data)."""
        ...

    async def park(self, row_id: int, at: datetime, error: str) -> None:
        """Set aside a row that cannot be handled, with its error; the chat's later rows go on."""
        ...

    async def purge(self, before: datetime) -> int:
        """Delete rows that were handled or parked before `before`. Telegram repeats no update that old."""
        ...

    async def waiting(self) -> int: ...

    async def parked(self) -> list[tuple[InboxRow, str]]: ...


class Outbox(Protocol):
    async def add(
        self,
        channel: str,
        message: Outgoing,
        *,
        key: str,
        at: datetime,
        send_after: datetime | None = None,
        urgent: bool = False,
        batch: str | None = None,
    ) -> bool:
        """Queue a message. False where one with this `key` was queued before: then nothing is done.

        `batch` names what it was sent to many with."""
        ...

    async def claim(
        self, channel: str, now: datetime, limit: int, lease_until: datetime, worker: str
    ) -> list[OutboxRow]:
        """Due rows, at most one a chat (its oldest; urgent ones first), none for a chat with one in flight.

        Claimed rows become `sending` until `lease_until`; a lapsed lease makes a row due again.
        Toasts (answers to a press) do not wait for the chat's other messages.
        """
        ...

    async def sent(self, row_id: int, at: datetime, message_id: str | None) -> None: ...

    async def retry(self, row_id: int, attempt: int, send_after: datetime, error: str) -> None:
        """Back to `queued`, due at `send_after`; the chat's later rows wait behind it.

        Nothing where somebody else has taken the row since this attempt: it is in their hands.
        """
        ...

    async def turned_back(self, channel: str, now: datetime, lease_until: datetime) -> int:
        """The clock was turned back to `now`: what was due at once is due now, what is in flight or held back after a
        failure waits no longer than until `lease_until`. What was scheduled for later keeps its time. Returns how many.
        """
        ...

    async def dead(self, row_id: int, at: datetime, error: str) -> None: ...

    async def move_chat(self, channel: str, old: str, new: str) -> None:
        """A group got a new id: unsent rows follow it."""
        ...

    async def scrub(self, row_id: int) -> None:
        """Forget what the message said: it held a secret that nobody needs any more."""
        ...

    async def tally(self, batch: str) -> Tally: ...

    async def withdraw(self, batch: str) -> int:
        """Delete what of the batch has not begun to be sent. Returns how many."""
        ...

    async def purge(self, before: datetime) -> int:
        """Delete rows that were sent or given up before `before`: their texts are people's words."""
        ...

    async def next_due(self, channel: str) -> datetime | None:
        """When the earliest unsent row falls due (or its lease lapses), or None."""
        ...

    async def rows(self, chat: str | None = None) -> list[OutboxStatus]:
        """All rows (of one chat), oldest first."""
        ...
