"""Notices when the clock leaps: that it moved on by more, or by less, than time has passed."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.ports import Clock

SMALL = timedelta(seconds=5)
"""Less than this is the ordinary setting right of a clock."""


class Leaps:
    """`look` compares with the look before. `monotonic` gives seconds, and is never set."""

    def __init__(self, clock: Clock, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._monotonic = clock, monotonic
        self._last: tuple[datetime, float] | None = None

    def look(self) -> timedelta:
        """How far the clock has leapt since the last look: forwards, backwards (negative), or not at all (zero).

        A machine that was asleep shows as a leap forwards.
        """
        now, passed = self._clock.now(), self._monotonic()
        before, self._last = self._last, (now, passed)
        if before is None:
            return timedelta()
        leap = now - before[0] - timedelta(seconds=passed - before[1])
        return leap if abs(leap) >= SMALL else timedelta()
