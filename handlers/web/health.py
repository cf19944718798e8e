"""`GET /health` and `GET /ready`: whether the bot is alive and receives, for a monitor. No personal data."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from bot.ports import Clock, Figures, Store, StoreTrouble

STALE = timedelta(minutes=3)
"""A poll older than this means that nothing comes in any more."""

ANSWERS_WITHIN = 10.0
"""Seconds after which a database that has not answered counts as failing."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """Looks whether the bot lives.

    `last_good` is when updates were last asked for with success, or None where they are delivered to us. `ails` says
    in a word what keeps the database from taking anything, None while it does.
    """

    store: Store
    clock: Clock
    last_good: Callable[[], datetime | None]
    ails: Callable[[], str | None] = lambda: None

    def silent(self) -> bool:
        """Updates are no longer fetched, as far as a clock that may be turned back can tell."""
        polled = self.last_good()
        return polled is not None and abs(self.clock.now() - polled) > STALE

    async def figures(self) -> Figures:
        """How the queues stand. Raises what the store raises, or TimeoutError."""
        async with asyncio.timeout(ANSWERS_WITHIN), self.store.begin() as tx:
            return await tx.gauges.read(self.clock.now())

    async def trouble(self) -> str | None:
        """Why the bot does not do its work, in a word; None while it does."""
        if self.silent():
            return "polling"
        try:
            await self.figures()
        except Exception as error:
            return type(error).__name__
        return self.ails()

    async def stuck(self) -> str | None:
        """What a fresh start may mend, in a word: not a database that says why it cannot, or one that is away."""
        if self.ails():
            return None
        try:
            await self.figures()
        except StoreTrouble:
            return None
        except Exception as error:
            return type(error).__name__
        return "polling" if self.silent() else None


def health_routes(pulse: Pulse) -> list[web.RouteDef]:
    """`/health`: 200 with counts while all is well, 503 where the database fails or polling has gone silent.

    `/ready`: 200 once updates arrive and the database answers; for whoever sends traffic here or rolls out an upgrade.
    """

    async def health(_request: web.Request) -> web.Response:
        polled, silent = pulse.last_good(), pulse.silent()
        try:
            figures = await pulse.figures()
        except Exception as error:
            return web.json_response({"ok": False, "database": type(error).__name__}, status=503)
        if ails := pulse.ails():
            return web.json_response({"ok": False, "database": ails}, status=503)
        facts = {
            "ok": not silent,
            "last_good_poll": polled.isoformat() if polled else None,
            "inbox_waiting": figures.inbox_waiting,
            "inbox_parked": figures.inbox_parked,
        }
        return web.json_response(facts, status=503 if silent else 200)

    async def ready(_request: web.Request) -> web.Response:
        trouble = await pulse.trouble()
        return web.json_response({"ready": trouble is None, "waits_for": trouble}, status=503 if trouble else 200)

    return [web.get("/health", health), web.get("/ready", ready)]
