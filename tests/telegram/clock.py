"""A clock that stands still until it is pushed."""

from datetime import UTC, datetime, timedelta


class SetClock:
    def __init__(self) -> None:
        self._now = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def push(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
