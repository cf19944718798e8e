"""How fast messages may leave: so many in a while to everybody, to one chat, to one group. Pure."""

from collections import deque
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` in any stretch of `seconds`."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class SendLimits:
    """For one process: where several send for one channel, each gets its share. None: no limit.

    The figures are those of Telegram's bot FAQ; a chat's "one a second" allows short bursts.
    """

    overall: Rate | None = Rate(30, 1.0)
    chat: Rate | None = Rate(3, 3.0)
    group: Rate | None = Rate(20, 60.0)

    @classmethod
    def none(cls) -> "SendLimits":
        return cls(None, None, None)


@dataclass(slots=True)
class _Window:
    """The last moments at which something left; `rate.count` of them are all that matters."""

    rate: Rate
    times: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        if len(self.times) < self.rate.count:
            return 0.0
        return max(0.0, self.times[-self.rate.count] + self.rate.seconds - now)

    def note(self, now: float, weight: int) -> None:
        self.times.extend([now] * weight)
        while len(self.times) > self.rate.count:
            self.times.popleft()

    def idle(self, now: float) -> bool:
        return not self.times or self.times[-1] + self.rate.seconds <= now


class Pace:
    """Remembers what left when. Times are seconds of a clock that never jumps."""

    def __init__(self, limits: SendLimits) -> None:
        self._limits = limits
        self._overall = _Window(limits.overall) if limits.overall else None
        self._chats: dict[str, list[_Window]] = {}
        self._held_until = 0.0

    def wait(self, chat: str | None, now: float) -> float:
        """Seconds until something for `chat` (None: for none in particular) may leave; 0.0 is now."""
        windows = self._chats.get(chat, []) if chat else []
        waits = [window.wait(now) for window in (*windows, self._overall) if window]
        return max(0.0, self._held_until - now, *waits)

    def note(self, chat: str | None, group: bool, now: float, weight: int = 1) -> None:
        """Something leaves; an album weighs as many as it has files."""
        if chat and chat not in self._chats:
            self._forget_idle(now)
            rates = (self._limits.chat, self._limits.group if group else None)
            self._chats[chat] = [_Window(rate) for rate in rates if rate]
        for window in (*(self._chats[chat] if chat else ()), self._overall):
            if window:
                window.note(now, weight)

    def hold(self, until: float) -> None:
        """Nothing leaves before `until`: the channel itself asked for a rest."""
        self._held_until = max(self._held_until, until)

    def _forget_idle(self, now: float) -> None:
        if len(self._chats) >= 1000:
            self._chats = {
                chat: windows
                for chat, windows in self._chats.items()
                if not all(window.idle(now) for window in windows)
            }

    def chats(self) -> int:
        """How many chats are remembered."""
        return len(self._chats)
