"""The store as a whole: one transaction with all its repositories, the clock, marks and gauges."""

from collections.abc import Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from bot.domain.machine import State
from bot.ports.amendments import Amendments
from bot.ports.cases import BoardConsents, Cases, Confirmations, Learning, Suggestions, Supervisions
from bot.ports.files import Files
from bot.ports.ledgers import Duties, Registers
from bot.ports.people import Blocks, Contacts, Drafts, Leaves, People
from bot.ports.queues import Inbox, Outbox
from bot.ports.voters import Announcements, Polls, Receipts

T = TypeVar("T")


class Clock(Protocol):
    def now(self) -> datetime:
        """The time, aware, in UTC."""
        ...


class StaleCase(Exception):
    """The case was changed by somebody else in the meantime."""


class Trouble(StrEnum):
    """What ails a database that cannot do its work."""

    FULL = "full"  # the disk is
    READ_ONLY = "read_only"  # the disk is, or the server
    DISK = "disk"  # it fails, or what stands on it is damaged
    AWAY = "away"  # the server cannot be reached
    BUSY = "busy"  # locked, or two transactions in each other's way


class StoreTrouble(Exception):
    """The database cannot do it now. The same work may succeed later; nobody's update is at fault."""

    def __init__(self, words: str, kind: Trouble = Trouble.BUSY) -> None:
        super().__init__(words)
        self.kind = kind


class StoreRefusal(Exception):
    """The database does not take it, now or later: it breaks a rule of the tables."""


class Marks(Protocol):
    """Small facts that must survive: what was done once, and when."""

    async def once(self, key: str, at: datetime) -> bool:
        """True the first time, False ever after, however many ask at once."""
        ...

    async def put(self, key: str, at: datetime) -> None:
        """Note it with this time, whatever stood there before."""
        ...

    async def get(self, key: str) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Figures:
    """How the queues stand at one moment. Ages are those of the row that has waited longest; None: none waits."""

    inbox_waiting: int
    inbox_since: datetime | None
    inbox_parked: int
    outbox_due: int
    outbox_since: datetime | None
    outbox_dead: int
    cases: Mapping[State, int]  # the open ones
    cases_overdue: int


class Gauges(Protocol):
    async def read(self, now: datetime) -> Figures: ...


class Tx(Protocol):
    """One transaction. Leaving it without an error commits; an error undoes all of it."""

    inbox: Inbox
    outbox: Outbox
    people: People
    contacts: Contacts
    leaves: Leaves
    files: Files
    drafts: Drafts
    cases: Cases
    confirmations: Confirmations
    board_consents: BoardConsents
    learning: Learning
    marks: Marks
    gauges: Gauges
    blocks: Blocks
    duties: Duties
    suggestions: Suggestions
    supervisions: Supervisions
    registers: Registers
    receipts: Receipts
    polls: Polls
    announcements: Announcements
    amendments: Amendments

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        """A part that can be undone on its own."""
        ...


class Store(Protocol):
    def begin(self) -> AbstractAsyncContextManager[Tx]:
        """A transaction that may write."""
        ...

    async def work(self, act: "Callable[[Tx], Coroutine[Any, Any, T]]") -> T:
        """A transaction around one act, which may await nothing but what the transaction offers.

        It then costs no more than one step to the database and back, however many statements the act runs. An error
        undoes all of it. Whoever is cancelled while waiting learns nothing: it may be undone or committed.
        """
        ...

    async def look(self, act: "Callable[[Tx], Coroutine[Any, Any, T]]") -> T:
        """One act that only reads, however long it takes, computing included: it sees one moment, and holds up neither
        the event loop nor any transaction, since it runs in a thread and on a connection of its own. It awaits nothing
        but what the transaction offers. Raises StoreTrouble where it writes.
        """
        ...

    async def close(self) -> None: ...
