"""Fetches a file that people sent, by getFile and the download that follows it."""

from datetime import timedelta

from telegram import Bot
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.domain.channel import Fetched, Missing, RetryIn, TooLarge
from handlers.telegram.errors import as_timedelta
from handlers.telegram.files import untagged

_PATIENCE = 60.0
_SOON = timedelta(seconds=5)


class TelegramSource:
    """Implements `bot.domain.channel.Source`. No error's own words are passed on: they may hold the token."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def fetch(self, ref: str, most: int) -> Fetched | TooLarge | Missing | RetryIn:
        try:
            found = await self._bot.get_file(untagged(ref)[1])
            if (found.file_size or 0) > most:
                return TooLarge()
            data = bytes(await found.download_as_bytearray(read_timeout=_PATIENCE))
        except BadRequest as error:
            return TooLarge() if "too big" in str(error).lower() else Missing(type(error).__name__)
        except RetryAfter as error:
            return RetryIn(as_timedelta(error.retry_after), type(error).__name__)
        except TelegramError as error:  # also InvalidToken: the download says so where its address is out of date
            return RetryIn(_SOON, type(error).__name__)
        return TooLarge() if len(data) > most else Fetched(data)
