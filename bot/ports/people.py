"""People, the seats they hold, what they are writing, and who is kept out for a while."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.domain.abuse import Block
from bot.domain.contacts import Contact, ContactKind
from bot.domain.people import Appointment, Draft, Invite, Person
from bot.domain.standing import Leave


class People(Protocol):
    async def find(self, channel: str, account: str) -> Person | None: ...

    async def get(self, person_id: int) -> Person | None: ...

    async def add(self, channel: str, account: str, chat: str, lang: str, at: datetime) -> Person: ...

    async def add_guest(self, lang: str, at: datetime) -> Person:
        """Somebody without an account, whose matter others bring in: `get` does not find them, contacts do."""
        ...

    async def save(self, person: Person) -> None:
        """Write back lang, consent, last_village, weekly, home, notices."""
        ...

    async def save_reach(self, person: Person) -> None:
        """Write back chat and reachable."""
        ...

    async def agreed(self, person_id: int, notice: str, at: datetime) -> None:
        """Note when the person agreed to this version of the privacy notice; of several times, the first."""
        ...

    async def audience(self, villages: Sequence[str], after: int, limit: int) -> list[int]:
        """People of these villages (all people where empty) who have agreed to the notice, can be reached and take
        announcements: ids above `after`, ascending."""
        ...

    async def audience_size(self, villages: Sequence[str]) -> int: ...

    async def forget(self, person_id: int, at: datetime) -> None:
        """Unlink account and contacts from the person, and drop drafts; the cases stay, with nobody behind them."""
        ...

    async def expire(self, before: datetime, at: datetime) -> int:
        """Unlink authors from cases closed before `before`; forget whoever then has no case, draft or seat.

        Returns how many people were forgotten. The register's figures stay.
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


class Contacts(Protocol):
    """By what people can be reached outside the chat. Sealed; bound to the person."""

    async def put(self, person_id: int, kind: ContactKind, value: str, at: datetime, by: int | None = None) -> None:
        """Store in place of what was there; `by` is who entered it for them."""
        ...

    async def of(self, person_id: int) -> Contact: ...

    async def remove(self, person_id: int, kind: ContactKind | None = None) -> None:
        """One kind, or all."""
        ...


class Leaves(Protocol):
    """Who is away from a seat, and which seat acts for it meanwhile."""

    async def add(self, leave: Leave) -> Leave:
        """Store (its id 0 is replaced)."""
        ...

    async def open(self) -> list[Leave]:
        """Those that have not ended, begun or not, oldest first."""
        ...

    async def end(self, leave_id: int, at: datetime) -> bool:
        """False where it had ended already."""
        ...


class Drafts(Protocol):
    async def current(self, person_id: int) -> Draft | None:
        """The open draft last touched."""
        ...

    async def get(self, draft_id: int) -> Draft | None:
        """An open draft by id."""
        ...

    async def waiting(self, flow: str, step: str) -> list[Draft]:
        """Open drafts that stand at this step, locked; those that another transaction holds are passed over."""
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
        rev: int = 0,
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
