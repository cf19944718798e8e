"""Protection against floods and abuse: how fast one chat may write, and for how long somebody is kept out."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST = timedelta(days=90)
"""Nobody is kept out for longer at once."""


@dataclass(frozen=True, slots=True)
class Block:
    """An account that may not bring matters in until `until`, for `reason`, because of case `case_id`.

    `account` is a hash: whoever reads the list learns no account from it, and it holds after the person was forgotten.
    """

    id: int
    account: str
    case_id: int
    reason: str
    by: int
    since: datetime
    until: datetime


def account_hash(channel: str, account: str) -> str:
    return hashlib.sha256(f"{channel}:{account}".encode()).hexdigest()


class Flood:
    """One bucket a chat: it holds `burst` messages and fills up again by `per_minute`."""

    def __init__(self, burst: int, per_minute: float) -> None:
        self._burst = burst
        self._per_second = per_minute / 60
        self._left: dict[str, tuple[float, datetime]] = {}

    def takes(self, chat: str, now: datetime) -> bool:
        """Whether one more message of this chat is taken; then it counts. A clock set back fills nothing."""
        left = self._refilled(chat, now)
        if chat not in self._left and len(self._left) >= 10_000:
            self._forget_full(now)
        taken = left >= 1
        self._left[chat] = (left - taken, now)
        return taken

    def _refilled(self, chat: str, now: datetime) -> float:
        left, at = self._left.get(chat, (float(self._burst), now))
        return min(float(self._burst), left + max(0.0, (now - at).total_seconds()) * self._per_second)

    def _forget_full(self, now: datetime) -> None:
        self._left = {chat: kept for chat, kept in self._left.items() if self._refilled(chat, now) < self._burst}
