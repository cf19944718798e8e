"""`GET /health`: whether the bot is alive and receives, for a monitor. No personal data."""

from collections.abc import Callable
from datetime import datetime, timedelta

from aiohttp import web

from bot.ports import Clock, Store

STALE = timedelta(minutes=3)
"""A poll older than this means that nothing comes in any more."""


def health_routes(store: Store, clock: Clock, last_good: Callable[[], datetime | None]) -> list[web.RouteDef]:
    """200 with counts while all is well, 503 where the database fails or polling has gone silent.

    `last_good` is when updates were last asked for with success, or None where they are delivered to us.
    """

    async def health(_request: web.Request) -> web.Response:
        polled = last_good()
        silent = polled is not None and clock.now() - polled > STALE
        try:
            async with store.begin() as tx:
                waiting, parked = await tx.inbox.waiting(), len(await tx.inbox.parked())
        except Exception as error:
            return web.json_response({"ok": False, "database": type(error).__name__}, status=503)
        facts = {
            "ok": not silent,
            "last_good_poll": polled.isoformat() if polled else None,
            "inbox_waiting": waiting,
            "inbox_parked": parked,
        }
        return web.json_response(facts, status=503 if silent else 200)

    return [web.get("/health", health)]
