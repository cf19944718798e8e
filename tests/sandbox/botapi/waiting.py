"""Waits until something that happens elsewhere is seen."""

import asyncio
from collections.abc import Callable


async def until(seen: Callable[[], object], seconds: float = 10) -> None:
    """Return when `seen()` is true; TimeoutError after `seconds`."""
    async with asyncio.timeout(seconds):
        while not seen():  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0.01)
