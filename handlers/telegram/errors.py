"""What Telegram's errors mean for a message: sent after all, later, never to this chat, never at all."""

from collections.abc import Callable
from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.delivery import ChannelError
from bot.domain.channel import Moved, Outcome, Refused, RetryIn, Sent, Unreachable

# 429 does not say whether it speaks of one chat or of the whole bot. Where this many chats are held back at once,
# it is the bot.
_CHATS_THAT_MEAN_ALL = 3
_LONGEST_PAUSE = timedelta(minutes=5)

_NOTHING_LEFT_TO_DO = (
    "message is not modified",
    "message to edit not found",
    "message can't be edited",
    "query is too old",
    "query id is invalid",
)
_NOBODY_THERE = ("chat not found", "peer_id_invalid", "user not found")


class TokenRejectedError(ChannelError):
    """Telegram refuses the bot's token: ask @BotFather for the current one, put it in the settings, start again."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class Judge:
    """Maps errors to outcomes; remembers, in memory, which chats Telegram holds back or the network fails.

    `now`: seconds of a clock that never jumps.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._held: dict[str, float] = {}
        self._failures: dict[str, int] = {}

    def went_well(self, chat: str) -> None:
        self._failures.pop(chat, None)

    def outcome(self, error: TelegramError, chat: str) -> Outcome:
        """Raises TokenRejectedError: no message can be sent until somebody mends that."""
        match error:
            case InvalidToken():
                raise TokenRejectedError from None
            case RetryAfter():
                return self._slow_down(error, chat)
            case ChatMigrated():
                return Moved(str(error.new_chat_id))
            case Forbidden():
                return Unreachable(str(error))
            case BadRequest():
                return _bad_request(str(error))
            case _:
                return self._later(error, chat)

    def _slow_down(self, error: RetryAfter, chat: str) -> RetryIn:
        delay = as_timedelta(error.retry_after)
        now = self._now()
        self._held = {held: until for held, until in self._held.items() if until > now}
        self._held[chat] = now + delay.total_seconds()
        return RetryIn(delay, str(error), all_chats=len(self._held) >= _CHATS_THAT_MEAN_ALL)

    def _later(self, error: TelegramError, chat: str) -> RetryIn:
        """1 s, 2 s, 4 s … up to five minutes, per chat."""
        failures = self._failures[chat] = self._failures.get(chat, 0) + 1
        pause = min(timedelta(seconds=2 ** min(failures - 1, 20)), _LONGEST_PAUSE)
        kind = "network" if isinstance(error, NetworkError) else "telegram"
        return RetryIn(pause, f"{kind}: {error}")


def as_timedelta(period: timedelta | int) -> timedelta:
    return period if isinstance(period, timedelta) else timedelta(seconds=period)


def _bad_request(error: str) -> Outcome:
    said = error.lower()
    if any(words in said for words in _NOTHING_LEFT_TO_DO):
        return Sent()
    if any(words in said for words in _NOBODY_THERE):
        return Unreachable(error)
    return Refused(error)
