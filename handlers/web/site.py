"""Serves routes on one address until told to stop."""

import asyncio
from collections.abc import Iterable

from aiohttp import web


async def serve(
    routes: Iterable[web.AbstractRouteDef], host: str, port: int, stop: asyncio.Event, *, grace: float = 2.0
) -> None:
    """Answer requests until `stop`; then give those under way `grace` seconds. Raises OSError if the port is taken."""
    application = web.Application()
    application.add_routes(routes)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=grace)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        await stop.wait()
    finally:
        await runner.cleanup()
