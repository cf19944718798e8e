"""Builds the `telegram.Bot` and its connections, sized for eight senders, and keeps the token out of the logs."""

import logging
import re
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import httpx
from telegram import Bot
from telegram.error import InvalidToken
from telegram.request import BaseRequest

from handlers.telegram.errors import TokenRejectedError
from handlers.telegram.request import AiohttpRequest

_TOKEN = re.compile(r"\b\d{3,}(?::|%3A)[\w-]{20,}")
_REDACTED = "<token>"


@dataclass(frozen=True, slots=True)
class Connection:
    """Where the Bot API is and how patient to be, in seconds. `base_url` ends before the token."""

    token: str
    base_url: str = "https://api.telegram.org/bot"
    base_file_url: str = "https://api.telegram.org/file/bot"
    connect_timeout: float = 5.0
    read_timeout: float = 10.0
    pool: int = 8
    proxy: str | None = None

    def new_request(self, pool: int | None = None) -> BaseRequest:
        """A fresh pool of connections, none open yet."""
        size = pool or self.pool
        return AiohttpRequest(size, self.connect_timeout, self.read_timeout, self.proxy, tls_context)


@cache
def tls_context() -> ssl.SSLContext:
    """One for all pools: to read the machine's certificates takes longer than anything else at the start."""
    return httpx.create_ssl_context()


def build_bot(connection: Connection, log_handlers: Iterable[logging.Handler] | None = None) -> Bot:
    """A Bot that has not spoken to anybody yet; `introduce` does. Guards the logs first, see `guard_logs`."""
    guard_logs(connection.token, log_handlers)
    return Bot(
        connection.token,
        base_url=connection.base_url,
        base_file_url=connection.base_file_url,
        request=connection.new_request(connection.pool + 2),
        get_updates_request=connection.new_request(1),
    )


async def introduce(bot: Bot) -> str:
    """Ask Telegram who the bot is, and return its username. Raises TokenRejectedError, or a NetworkError."""
    try:
        await bot.initialize()
    except InvalidToken:
        raise TokenRejectedError from None  # the original names the token
    return bot.username


class RedactTokens(logging.Filter):
    """Cuts bot tokens out of a record: of its message, its arguments and its traceback."""

    def __init__(self, *tokens: str) -> None:
        super().__init__()
        self._exact = [token for token in tokens if token]

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        clean = self.redact(message)
        if clean != message:
            record.msg, record.args = clean, None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = self.redact(record.exc_text)
        return True

    def redact(self, text: str) -> str:
        for token in self._exact:
            text = text.replace(token, _REDACTED)
        return _TOKEN.sub(_REDACTED, text)


def guard_logs(token: str, handlers: Iterable[logging.Handler] | None = None) -> None:
    """Keep the token and people's words out of the logs, at any level.

    httpx prints each address, token and all; python-telegram-bot at DEBUG each update and answer, and at ERROR an
    answer that it cannot parse. `handlers` (the root logger's where None) get a filter for whatever else might.
    """
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("telegram.request.BaseRequest").setLevel(logging.CRITICAL)
    for handler in logging.getLogger().handlers if handlers is None else handlers:
        handler.addFilter(RedactTokens(token))
