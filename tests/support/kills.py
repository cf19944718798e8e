"""Runs a program again and again and kills it (-9) at random moments, to see what survives."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from bot.compose.torture.nursery import nursery


async def kill_loop(
    command: Sequence[str],
    *,
    kills: int,
    log: Path,
    seed: int,
    life: tuple[float, float] = (0.0, 0.5),
    after_kill: Callable[[], Awaitable[None]],
    settled: Callable[[], Awaitable[None]],
) -> None:
    """Give `kills` processes a random `life` in seconds each; the last one after them lives until `settled` returns.

    `command`: `module:function`, then the arguments that the function gets as a list of str. It should not return.
    The module is imported once and each process forked from there, so the first moments are killed as well as any.
    `after_kill` runs while no process is alive. Output goes to `log`. Raises DiedAloneError.
    """
    chance = random.Random(seed)
    async with nursery(command[0]) as born:
        for _ in range(kills):
            child = await born.birth(command[1:], log)
            await asyncio.sleep(chance.uniform(*life))
            await child.kill()
            await after_kill()
        child = await born.birth(command[1:], log)
        waiting = asyncio.ensure_future(settled())
        try:
            while not waiting.done():
                await asyncio.wait([waiting], timeout=0.1)
                child.must_live()
            await waiting
        finally:
            waiting.cancel()
            if child.alive:
                await child.kill()
