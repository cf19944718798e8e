"""What registers and reports need of storage: duties, the cases of a period, a log of what was handed out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.domain.cases import Attachment, Case, Event
from bot.domain.duties import Duty, DutyKind, Supplement


@dataclass(frozen=True, slots=True)
class DutyFilter:
    """Which duties; every field that is set narrows. `since` is in, `until` is not. Struck ones are never found."""

    since: date | None = None
    until: date | None = None
    kinds: tuple[DutyKind, ...] = ()
    seat: str | None = None  # recorded it or took part
    station: str | None = None


class Duties(Protocol):
    async def add(self, duty: Duty) -> Duty:
        """Store (its id 0 is replaced). Of `cases`, numbers that no case has are left out of what is returned."""
        ...

    async def get(self, duty_id: int) -> Duty | None:
        """Struck or not."""
        ...

    async def supplement(self, duty_id: int, supplement: Supplement) -> None:
        """Append what came of a record; what was added before stays as it is."""
        ...

    async def attachments(self, duty_id: int) -> list[Attachment]:
        """Its files and those of its supplements: `event` counts these from 1, and is 0 for its own."""
        ...

    async def strike(self, duty_id: int, at: datetime) -> None: ...

    async def find(self, wanted: DutyFilter) -> list[Duty]:
        """Oldest day first."""
        ...

    async def follow(self, person_id: int, station: str) -> None:
        """The person wants to hear of the station's reception days."""
        ...

    async def unfollow(self, person_id: int) -> None: ...

    async def followers(self, station: str) -> list[int]: ...

    async def followed(self, person_id: int) -> list[str]:
        """The stations whose reception days the person wants to hear of."""
        ...


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A case as the register shows it: the channel it came by, how many files it has, the seat that entered it for a
    villager, and when the villager agreed to the privacy notice as it then was (or was told of it and agreed); None
    where nobody stands behind the case any more, or the moment was not kept."""

    case: Case
    channel: str
    files: int
    entered_by: str | None = None
    agreed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EventRecord:
    """A line of a case's history, with the case as it stands now."""

    case: Case
    event: Event


@dataclass(frozen=True, slots=True)
class Export:
    """A register that left the system: what, for which period, by whom and why. `form` is xlsx, csv or docx."""

    what: str
    period: str
    who: str
    why: str
    rows: int
    form: str
    at: datetime


class Registers(Protocol):
    async def cases(self, since: datetime, until: datetime) -> list[CaseRecord]:
        """Cases that came in from `since` until before `until`, oldest first."""
        ...

    async def events(self, since: datetime, until: datetime, actions: Sequence[str]) -> list[EventRecord]:
        """What was done in that time, of these actions, oldest first; of all cases, also older ones."""
        ...

    async def log_export(self, export: Export) -> None: ...

    async def exports(self) -> list[Export]:
        """All that was ever handed out, oldest first."""
        ...
