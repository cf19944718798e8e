"""People: who has agreed to what, who holds which seat, and the one-time links by which seats are taken."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

GUEST = "guest"
"""The channel of somebody without an account, whose matter others brought in: nothing can be sent there."""


@dataclass(frozen=True, slots=True)
class Person:
    """Anyone who ever wrote. No name is kept here: a villager's is not needed, a seat's is in the roster."""

    id: int
    channel: str
    account: str
    chat: str
    lang: str
    reachable: bool = True
    consent: str | None = None  # version of the notice they agreed to
    last_village: str | None = None
    weekly: bool = False  # wants the digest once a week, not every day
    home: str | None = None  # the village that they said is theirs
    notices: bool = True  # takes announcements and the questions of polls

    @property
    def village(self) -> str | None:
        """Where they belong: as they said, else where their last matter was."""
        return self.home or self.last_village


@dataclass(frozen=True, slots=True)
class Appointment:
    """A person on a seat, from `since` until `until`; `until` is None while they hold it."""

    id: int
    seat: str
    person: int
    since: datetime
    until: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Invite:
    """A one-time link to a seat. Only the hash of its code is stored."""

    id: int
    code_hash: str
    seat: str
    created_by: int | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    used_by: int | None = None


def hash_code(code: str) -> str:
    """SHA-256 of an invitation code, hex. The code has 128 random bits, so no salt or stretching is needed."""
    return hashlib.sha256(code.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Draft:
    """A half-finished flow. `rev` rises with each step, so a button of an earlier screen is known as stale."""

    id: int
    person: int
    flow: str
    step: str
    rev: int
    data: dict[str, object]
    case_id: int | None = None
