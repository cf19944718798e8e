"""Cases with their history, and what hangs on them: support, supervision, suggestions, lessons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from bot.domain.cases import Attachment, Case, Consent, Event, Move
from bot.domain.contacts import Reveal
from bot.domain.learning import Lesson, Version
from bot.domain.machine import State
from bot.domain.suggestions import Entry, Suggestion
from bot.domain.supervision import Supervision
from bot.domain.support import Confirmation


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
    recused: bool | None = None  # whether somebody is recused from it
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 1000


@dataclass(frozen=True, slots=True)
class Sought:
    """One term of a search: any of `ways` to write it in the text, or the place or topic that it names."""

    ways: tuple[str, ...]
    villages: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    subtopics: tuple[str, ...] = ()


class Said(NamedTuple):
    """What a case says in its author's words."""

    case: int
    text: str
    urgent: bool


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

    async def begin(self, first: Move) -> None:
        """Append the first event of a case that was just added: of the case, only version and head are new."""
        ...

    async def events(self, case_id: int) -> list[Event]: ...

    async def reveals(self, since: datetime, limit: int) -> list[Reveal]:
        """When the office looked up how an author can be reached, newest first."""
        ...

    async def find(self, wanted: CaseFilter) -> list[Case]:
        """Newest first."""
        ...

    async def said(self, village: str, topic: str, most: int) -> list[Said]:
        """What the newest open cases of one place and topic say, at `most` so many, newest first; of these, those that
        few may know of and mere cries for help are left out.
        """
        ...

    async def count(self, wanted: CaseFilter) -> int: ...

    async def newest(self) -> int:
        """The highest id; 0 where there is none yet."""
        ...

    async def search(
        self, terms: Sequence[Sought], seats: Sequence[str], stations: Sequence[str], ids: range, most: int
    ) -> list[Case]:
        """Newest first: those of `ids` that meet every term, on one of `seats` or at one of `stations`, if any."""
        ...

    async def link(self, case_id: int, person_id: int, part: str) -> None:
        """Note who stands behind the case: `author` or `supporter`."""
        ...

    async def author(self, case_id: int) -> int | None: ...

    async def is_author(self, case_id: int, person_id: int) -> bool: ...

    async def supports(self, case_id: int, person_id: int) -> bool:
        """Whether the person stands behind it; thousands may."""
        ...

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

    async def board(self, village: str | None, topic: str | None, skip: int, most: int) -> tuple[list[Case], int]:
        """Published cases whose villager agrees, never a restricted or sealed one: the newest `most` after `skip`, and
        how many there are."""
        ...

    async def orphans(self, seats: Iterable[str]) -> list[Case]:
        """Open cases whose deputy seat is none of `seats` (the held ones)."""
        ...

    async def stranded(self, stations: Iterable[str]) -> list[Case]:
        """Open cases whose station is none of these."""
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

    async def due(self, now: datetime) -> list[Supervision]:
        """Those that a reminder is due of, locked; those that another transaction holds are passed over."""
        ...

    async def open(self) -> list[Supervision]:
        """Those without a result, the next due first."""
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


class BoardConsents(Protocol):
    """What supporters say to publication, each for themselves; the author's word is the case's `consent`."""

    async def put(self, case_id: int, person_id: int, said: Consent, at: datetime) -> None:
        """What the person said before is replaced."""
        ...

    async def of(self, case_id: int) -> dict[int, Consent]:
        """Person -> what they said."""
        ...


class Confirmations(Protocol):
    """What supporters said of an answer, each for themselves."""

    async def put(self, confirmation: Confirmation) -> None:
        """Store; what the same person said of the same round before is replaced."""
        ...

    async def of(self, case_id: int) -> list[Confirmation]: ...
