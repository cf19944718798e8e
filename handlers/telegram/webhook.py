"""The endpoint that Telegram calls with updates: into the inbox first, only then 200."""

import hmac
import json
import logging
import re
from collections.abc import Callable

from aiohttp import web
from telegram import Bot
from telegram.error import InvalidToken

from bot.ports import Clock, Store, StoreTrouble
from handlers.telegram.errors import TokenRejectedError
from handlers.telegram.raw import WANTED, raw_update

_LOG = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
MOST_BYTES = 1024 * 1024
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class Webhook:
    """Answers 200 stored (or known), 400 no update, 401 wrong secret, 413 larger than `most_bytes`, 503 the database
    cannot take it now.

    Any other failure is a 500 by the web server. After 500 and 503 Telegram sends the update again. `on_stored` is
    called after each commit that brought something. Raises ValueError on a secret that Telegram would not take.
    """

    def __init__(
        self,
        store: Store,
        secret: str,
        clock: Clock,
        on_stored: Callable[[], None],
        *,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        if not _SECRET.fullmatch(secret):
            raise ValueError("the webhook's secret must be 1-256 characters of A-Z, a-z, 0-9, _ and -")
        self._store = store
        self._secret = secret.encode()
        self._clock = clock
        self._on_stored = on_stored
        self._most_bytes = most_bytes

    def routes(self, path: str) -> list[web.RouteDef]:
        return [web.post(path, self.handle)]

    async def handle(self, request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            return web.Response(status=401)
        body = await self._body(request)
        if body is None:
            return web.Response(status=413)
        try:
            update = raw_update(json.loads(body))
        except (ValueError, RecursionError):
            return web.Response(status=400)
        try:
            stored = await self._store.work(lambda tx: tx.inbox.add([update], self._clock.now()))
        except StoreTrouble as error:
            _LOG.error("An update cannot be stored (%s); it stays with Telegram", error)
            return web.Response(status=503)
        if stored:
            self._on_stored()
        return web.Response()

    async def _body(self, request: web.Request) -> bytes | None:
        """The body, or None where it is too long; no more than that is ever kept in memory."""
        if (request.content_length or 0) > self._most_bytes:
            return None
        body = bytearray()
        async for chunk in request.content.iter_chunked(64 * 1024):
            body += chunk
            if len(body) > self._most_bytes:
                return None
        return bytes(body)


async def open_webhook(bot: Bot, url: str, secret: str) -> None:
    """Have Telegram call `url`; what waits there is kept. Raises TokenRejectedError, or a TelegramError."""
    try:
        await bot.set_webhook(url, secret_token=secret, allowed_updates=WANTED, drop_pending_updates=False)
    except InvalidToken:
        raise TokenRejectedError from None


async def close_webhook(bot: Bot) -> None:
    """Have Telegram keep updates for polling; what waits there is kept. Raises as `open_webhook` does."""
    try:
        await bot.delete_webhook(drop_pending_updates=False)
    except InvalidToken:
        raise TokenRejectedError from None
