"""Flood control: token buckets over the whole bot, each chat and each group."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from handlers.sandbox.botapi.errors import ApiError

__all__ = ["Limiter", "RateLimits"]


@dataclass(frozen=True)
class RateLimits:
    """What Telegram bears; messages each. `monotonic` gives seconds, by which waiting is measured."""

    overall_per_second: float = 30
    overall_burst: float = 30
    chat_per_second: float = 1
    chat_burst: float = 3  # Telegram lets short bursts pass
    group_per_minute: float = 20
    group_burst: float = 20
    monotonic: Callable[[], float] = time.monotonic


class _Bucket:
    def __init__(self, rate: float, size: float, now: float) -> None:
        self._rate, self._size = rate, size
        self._tokens, self._at = size, now

    def wait(self, now: float) -> float:
        """Seconds until one more message may pass; 0 where it may at once."""
        self._tokens = min(self._size, self._tokens + (now - self._at) * self._rate)
        self._at = now
        return max(0.0, (1 - self._tokens) / self._rate)

    def take(self, cost: int) -> None:
        """Spend; an album may go into debt, for it passes or fails as a whole."""
        self._tokens -= cost


class Limiter:
    """Counts messages against `RateLimits`."""

    def __init__(self, limits: RateLimits) -> None:
        self._limits = limits
        now = limits.monotonic()
        self._overall = _Bucket(limits.overall_per_second, limits.overall_burst, now)
        self._chats: dict[int, list[_Bucket]] = {}

    def charge(self, chat_id: int, is_group: bool, cost: int = 1) -> None:
        """Count `cost` messages to a chat. Raises 429 with whole seconds to wait, and then counts nothing."""
        limits, now = self._limits, self._limits.monotonic()
        if chat_id not in self._chats:
            self._chats[chat_id] = [_Bucket(limits.chat_per_second, limits.chat_burst, now)]
            if is_group:
                per_second = limits.group_per_minute / 60
                self._chats[chat_id].append(_Bucket(per_second, limits.group_burst, now))
        buckets = [self._overall, *self._chats[chat_id]]
        longest = max(bucket.wait(now) for bucket in buckets)
        if longest > 1e-9:
            seconds = max(1, math.ceil(longest - 1e-9))
            raise ApiError(429, f"Too Many Requests: retry after {seconds}", "flood", retry_after=seconds)
        for bucket in buckets:
            bucket.take(cost)
