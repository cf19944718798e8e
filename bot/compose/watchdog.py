"""Tells systemd that the bot is ready and lives, so that one that hangs is started again."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Mapping

_LIVES = "WATCHDOG=1"


async def watch(
    stop: asyncio.Event, trouble: Callable[[], Awaitable[str | None]], env: Mapping[str, str] = os.environ
) -> None:
    """Say READY, then WATCHDOG at half its interval while there is no `trouble`. Nothing where systemd does not ask.

    A bot in trouble for longer than WatchdogSec is then killed and started anew, by which nothing acknowledged is lost.
    """
    address = env.get("NOTIFY_SOCKET")
    if not address:
        return
    pause = int(env.get("WATCHDOG_USEC", "0")) / 2_000_000
    _notify(address, "READY=1")
    while pause and not stop.is_set():
        found = await trouble()
        _notify(address, f"STATUS={found}" if found else _LIVES)
        try:
            async with asyncio.timeout(pause):
                await stop.wait()
        except TimeoutError:
            continue
    await stop.wait()
    _notify(address, "STOPPING=1")


def _notify(address: str, message: str) -> None:
    path = f"\0{address[1:]}" if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        out.sendto(message.encode(), path)
