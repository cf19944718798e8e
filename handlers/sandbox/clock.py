"""A clock that runs like the real one but can be pushed forward: tomorrow's digest is one tap away."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def real_now() -> datetime:
    """The machine's time as aware UTC."""
    return datetime.now(UTC)


class ShiftedClock:
    """Real time plus an offset that only grows."""

    def __init__(self, real: Callable[[], datetime] = real_now) -> None:
        self._real = real
        self._offset = timedelta(0)

    def now(self) -> datetime:
        """The shifted time as aware UTC."""
        return self._real() + self._offset

    def advance(self, step: timedelta) -> None:
        """Push the clock forward by `step`; raises ValueError if that would turn it back."""
        if step < timedelta(0):
            raise ValueError("the clock only goes forwards")
        self._offset += step

    def until(self, wall: time, zone: ZoneInfo) -> timedelta:
        """How long it is from now until the next time the town's clocks show `wall` (never zero)."""
        now = self.now()
        there = datetime.combine(now.astimezone(zone).date(), wall, zone)
        if there.astimezone(UTC) <= now:
            there += timedelta(days=1)  # wall-clock arithmetic: the same time tomorrow, in the town's zone
        return there.astimezone(UTC) - now
