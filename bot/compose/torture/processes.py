"""Faults of the processes themselves: killed, frozen; and none at all, to hold the others against."""

import asyncio
import math
from contextlib import suppress

from bot.compose.torture.stage import IN_FLIGHT, Replica, Stage

AT_THE_START = 0.3
"""The part of the kills that strike before a process has done anything."""
YOUNG, AT_WORK = 1.0, 0.8
"""Seconds that such a process lives at most, and that another one lives at most once it is at work."""
SLOW = 10.0
"""Seconds after which a process is killed though it has not come to work."""


async def calm(stage: Stage, times: int) -> None:
    """Nothing happens."""
    await stage.start()
    stage.let_them_write()
    for _ in range(times):
        await stage.more()
        stage.struck()
    await stage.settle()


async def kill(stage: Stage, times: int) -> None:
    """kill -9 at any moment, each replica on its own, so many times in all."""
    stage.let_them_write()
    each = math.ceil(times / len(stage.replicas))
    async with asyncio.TaskGroup() as group:
        for replica in stage.replicas:
            group.create_task(_kill_one(stage, replica, each))
    await stage.settle()


async def _kill_one(stage: Stage, replica: Replica, times: int) -> None:
    for _ in range(times):
        await replica.start()
        if stage.chance.random() < AT_THE_START:
            await stage.wait(stage.chance.uniform(0, YOUNG))
        else:
            await _at_work(stage)
            await stage.wait(stage.chance.uniform(0, AT_WORK))
        await replica.kill()
        stage.struck(twins=IN_FLIGHT)
    await replica.start()


async def _at_work(stage: Stage) -> None:
    """Until another update was acknowledged, by whichever replica."""
    known = len(stage.server.acknowledged)
    with suppress(TimeoutError):
        async with asyncio.timeout(SLOW):
            while len(stage.server.acknowledged) == known:
                await stage.wait(0.01)


async def freeze(stage: Stage, times: int) -> None:
    """A process stands still for longer than its leases, while others (if any) take them over, and then goes on."""
    await stage.start()
    stage.let_them_write()
    await stage.more()
    for _ in range(times):
        frozen = stage.chance.choice(stage.replicas)
        await stage.wait(stage.chance.uniform(0.1, 0.6))
        frozen.process.freeze()
        try:
            await asyncio.sleep(1.5 * stage.script.lease)
            if len(stage.replicas) > 1:
                await stage.more()
        finally:
            frozen.process.thaw()
        stage.struck(twins=IN_FLIGHT)
        await stage.more(2)
    await stage.settle()
