"""Faults of the processes themselves: killed, frozen; and none at all, to hold the others against."""

import asyncio
import math

from bot.compose.torture.stage import IN_FLIGHT, Replica, Stage

LIFE = (0.2, 2.4)
"""Seconds that a process lives before it is killed."""


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
        await stage.wait(stage.chance.uniform(*LIFE))
        await replica.kill()
        stage.struck(twins=IN_FLIGHT)
    await replica.start()


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
