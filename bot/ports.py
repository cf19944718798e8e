"""What the use cases need of the outside: storage as one transaction, a clock, chance. Wings implement these."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.domain.abuse import Block
from bot.domain.cases import Actor, Attachment, Case, Event, Move
from bot.domain.learning import Lesson, Version
from bot.domain.machine import State
from bot.domain.messages import File, Outgoing
from bot.domain.people import Appointment, Draft, Invite, Person
from bot.domain.suggestions import Entry, Suggestion
from bot.domain.supervision import Supervision
from bot.domain.support import Confirmation
from bot.ledgers import Duties, Registers


class Clock(Protocol):
    def now(self) -> datetime:
        """The time, aware, in UTC."""
        ...


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

    async def done(self, row_id: int, at: datetime) -> None:
        """Mark as handled, and forget the raw update (it holds personal data)."""
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
    ) -> bool:
        """Queue a message. False where one with this `key` was queued before: then nothing is done."""
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

    async def retry(self, row_id: int, send_after: datetime, error: str) -> None:
        """Back to `queued`, due at `send_after`; the chat's later rows wait behind it."""
        ...

    async def dead(self, row_id: int, at: datetime, error: str) -> None: ...

    async def move_chat(self, channel: str, old: str, new: str) -> None:
        """A group got a new id: unsent rows follow it."""
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


class People(Protocol):
    async def find(self, channel: str, account: str) -> Person | None: ...

    async def get(self, person_id: int) -> Person | None: ...

    async def add(self, channel: str, account: str, chat: str, lang: str, at: datetime) -> Person: ...

    async def save(self, person: Person) -> None:
        """Write back lang, chat, reachable, consent, last_village, weekly."""
        ...

    async def forget(self, person_id: int, at: datetime) -> None:
        """Unlink the account from the person, and drop drafts; the cases stay, with nobody behind them."""
        ...

    async def expire(self, before: datetime, at: datetime) -> int:
        """Unlink authors from cases closed before `before`; forget whoever then has no case, draft or seat.

        Returns how many accounts were forgotten. The register's figures stay.
        """
        ...

    async def seats_of(self, person_id: int) -> list[Appointment]:
        """What the person holds now."""
        ...

    async def holder(self, seat: str) -> Person | None: ...

    async def holders(self) -> dict[str, int]:
        """Seat id -> person id, for every seat that is held now."""
        ...

    async def appoint(self, seat: str, person_id: int, at: datetime) -> Appointment:
        """Put the person on the seat. Whoever held it before is ended with reason `replaced`."""
        ...

    async def end(self, seat: str, at: datetime, reason: str) -> Appointment | None:
        """End the seat's appointment; None if nobody held it."""
        ...

    async def add_invite(self, invite: Invite) -> Invite:
        """Store (its id 0 is replaced). Earlier unused invites to the same seat are ended."""
        ...

    async def invite(self, code_hash: str) -> Invite | None:
        """The invite with this hash, locked until the transaction ends, used or not."""
        ...

    async def use_invite(self, invite_id: int, person_id: int, at: datetime) -> None: ...

    async def open_invites(self, seat: str, now: datetime) -> int: ...


class Drafts(Protocol):
    async def current(self, person_id: int) -> Draft | None:
        """The open draft last touched."""
        ...

    async def get(self, draft_id: int) -> Draft | None:
        """An open draft by id."""
        ...

    async def last_finished(self, person_id: int, flow: str) -> Draft | None: ...

    async def start(
        self,
        person_id: int,
        flow: str,
        step: str,
        data: Mapping[str, Any],
        at: datetime,
        case_id: int | None = None,
    ) -> Draft:
        """A new open draft; an open one of the same flow is dropped (one open draft a person and flow)."""
        ...

    async def save(self, draft: Draft, at: datetime) -> None: ...

    async def finish(self, draft_id: int, at: datetime, case_id: int | None = None) -> None:
        """Done: the draft is kept for a while with its `case_id`, no longer open."""
        ...

    async def drop(self, draft_id: int) -> None: ...

    async def clear(self, person_id: int) -> None: ...

    async def purge(self, before: datetime) -> int:
        """Delete drafts, open or finished, untouched since `before`."""
        ...


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases; every field that is set narrows. `seats`/`stations` are alternatives of each other.

    `since` and `until` bound the time of registration: from, and before.
    """

    states: frozenset[State] | None = None
    seats: tuple[str, ...] = ()
    stations: tuple[str, ...] = ()
    author: int | None = None
    supporter: int | None = None
    village: str | None = None
    topic: str | None = None
    sealed: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 1000


class Cases(Protocol):
    async def next_number(self, code: str, year: int) -> str:
        """`ZJ-2026-000123`: consecutive within a code and a year, never used twice."""
        ...

    async def add(self, case: Case) -> Case:
        """Insert and return it with its id (0 before)."""
        ...

    async def get(self, case_id: int, *, lock: bool = False) -> Case | None: ...

    async def by_number(self, number: str) -> Case | None: ...

    async def save(self, move: Move) -> None:
        """Write the case and append the event in one; raises StaleCase where the version has moved on."""
        ...

    async def events(self, case_id: int) -> list[Event]: ...

    async def find(self, wanted: CaseFilter) -> list[Case]:
        """Newest first."""
        ...

    async def count(self, wanted: CaseFilter) -> int: ...

    async def link(self, case_id: int, person_id: int, part: str) -> None:
        """Note who stands behind the case: `author` or `supporter`."""
        ...

    async def author(self, case_id: int) -> int | None: ...

    async def is_author(self, case_id: int, person_id: int) -> bool: ...

    async def attach(self, case_id: int, attachments: Iterable[Attachment]) -> None: ...

    async def attachments(self, case_id: int) -> list[Attachment]: ...

    async def due(self, now: datetime, most: int) -> list[int]:
        """Ids of cases whose clock has a step due, the longest due first; locked until the transaction ends.

        Those that another transaction holds are passed over.
        """
        ...

    async def parties(self, case_id: int, part: str) -> list[int]:
        """The persons who stand behind the case as `author` or `supporter`."""
        ...

    async def backing(self) -> dict[int, int]:
        """How many supporters each case has; those without are left out."""
        ...

    async def unlink(self, case_id: int, person_id: int, part: str) -> None: ...

    async def orphans(self, seats: Iterable[str]) -> list[Case]:
        """Open cases whose deputy seat is none of `seats` (the held ones)."""
        ...


class Suggestions(Protocol):
    async def add(self, one: Suggestion) -> Suggestion:
        """Insert and return it with its id (0 before)."""
        ...

    async def get(self, suggestion_id: int, *, lock: bool = False) -> Suggestion | None: ...

    async def save(self, one: Suggestion, entry: Entry) -> None:
        """Write it and append the entry in one; raises StaleCase where the version has moved on."""
        ...

    async def history(self, suggestion_id: int) -> list[Entry]: ...

    async def all(self) -> list[Suggestion]:
        """Newest first."""
        ...

    async def due(self, now: datetime) -> list[Suggestion]:
        """Those whose clock has a step due, locked; those that another transaction holds are passed over."""
        ...


class Supervisions(Protocol):
    async def add(self, one: Supervision) -> Supervision:
        """Insert and return it with its id (0 before)."""
        ...

    async def save(self, one: Supervision) -> None: ...

    async def of_case(self, case_id: int) -> list[Supervision]:
        """Oldest first."""
        ...

    async def between(self, since: datetime, until: datetime) -> list[Supervision]:
        """Those opened from `since` until before `until`, oldest first."""
        ...

    async def count(self, since: datetime, until: datetime) -> int:
        """How many were opened from `since` until before `until`: exactly."""
        ...


class Learning(Protocol):
    """What staff put right about topics, and the versions of the tagger that learned from it."""

    async def teach(self, lesson: Lesson) -> None:
        """Store (its text is the case's); an earlier one of the same case is replaced."""
        ...

    async def lessons(self) -> list[Lesson]:
        """All, with their texts, oldest first; those of sealed cases and of cases without words are left out."""
        ...

    async def newest(self) -> datetime | None:
        """When the last lesson was given."""
        ...

    async def versions(self) -> list[Version]: ...

    async def content(self, version: int) -> str: ...

    async def add(self, version: Version, content: str) -> bool:
        """False where this number is taken: then nothing is done."""
        ...

    async def choose(self, version: int, person_id: int, at: datetime) -> bool:
        """The version is in use from now on. False where there is none of this number."""
        ...


class Confirmations(Protocol):
    """What supporters said of an answer, each for themselves."""

    async def put(self, confirmation: Confirmation) -> None:
        """Store; what the same person said of the same round before is replaced."""
        ...

    async def of(self, case_id: int) -> list[Confirmation]: ...


class StaleCase(Exception):
    """The case was changed by somebody else in the meantime."""


class StoreTrouble(Exception):
    """The database cannot do it now: full, locked, restarting, two transactions in each other's way. The same
    work may succeed later; nobody's update is at fault."""


class Marks(Protocol):
    """Small facts that must survive: what was done once, and when."""

    async def once(self, key: str, at: datetime) -> bool:
        """True the first time, False ever after, however many ask at once."""
        ...

    async def put(self, key: str, at: datetime) -> None:
        """Note it with this time, whatever stood there before."""
        ...

    async def get(self, key: str) -> datetime | None: ...


class Blocks(Protocol):
    """Accounts, by their hash, from which nothing is taken for a while."""

    async def add(self, block: Block) -> Block:
        """Store (its id 0 is replaced)."""
        ...

    async def current(self, account: str, now: datetime) -> Block | None:
        """The one that holds longest."""
        ...

    async def all(self, now: datetime) -> list[Block]: ...

    async def lift(self, account: str, person_id: int, now: datetime) -> int:
        """End all that hold; returns how many."""
        ...


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
    drafts: Drafts
    cases: Cases
    confirmations: Confirmations
    learning: Learning
    marks: Marks
    gauges: Gauges
    blocks: Blocks
    duties: Duties
    suggestions: Suggestions
    supervisions: Supervisions
    registers: Registers

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        """A part that can be undone on its own."""
        ...


class Store(Protocol):
    def begin(self) -> AbstractAsyncContextManager[Tx]:
        """A transaction that may write."""
        ...

    async def close(self) -> None: ...


__all__ = [
    "Actor",
    "Attachment",
    "Blocks",
    "CaseFilter",
    "Cases",
    "Clock",
    "Confirmations",
    "Drafts",
    "Figures",
    "File",
    "Gauges",
    "Inbox",
    "InboxRow",
    "Learning",
    "Marks",
    "Outbox",
    "OutboxRow",
    "OutboxStatus",
    "People",
    "RawUpdate",
    "StaleCase",
    "Store",
    "StoreTrouble",
    "Tx",
]
