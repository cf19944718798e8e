"""Runs a program again and again and kills it (-9) at random moments, to see what survives."""

import asyncio
import json
import os
import random
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path


class DiedAloneError(Exception):
    """The program ended by itself; the message is the end of its log."""


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
    async with _nursery(command[0], log) as birth:
        for _ in range(kills):
            async with _process(birth, command[1:], log):
                await asyncio.sleep(chance.uniform(*life))
            await after_kill()
        async with _process(birth, command[1:], log) as pid:
            waiting = asyncio.ensure_future(settled())
            while not waiting.done():
                await asyncio.wait([waiting], timeout=0.1)
                if not _alive(pid):
                    waiting.cancel()
                    raise DiedAloneError(_end_of(log))
            await waiting


Birth = Callable[[Sequence[str]], Awaitable[int]]


@asynccontextmanager
async def _nursery(target: str, log: Path) -> AsyncIterator[Birth]:
    zygote = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.zygote", target, str(log),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    assert zygote.stdin
    assert zygote.stdout

    async def birth(arguments: Sequence[str]) -> int:
        assert zygote.stdin
        assert zygote.stdout
        zygote.stdin.write(json.dumps(list(arguments)).encode() + b"\n")
        return int(await zygote.stdout.readline())

    try:
        if await zygote.stdout.readline() != b"ready\n":
            raise DiedAloneError(f"{target} cannot be imported")
        yield birth
    finally:
        zygote.stdin.close()
        await zygote.wait()


@asynccontextmanager
async def _process(birth: Birth, arguments: Sequence[str], log: Path) -> AsyncIterator[int]:
    """A process for as long as the block runs, killed at its end."""
    pid = await birth(arguments)
    try:
        yield pid
    finally:
        alone = not _alive(pid)
        if not alone:
            os.kill(pid, signal.SIGKILL)
            while _alive(pid):  # noqa: ASYNC110 - nobody tells us when a process of another parent is gone
                await asyncio.sleep(0.002)
    if alone:
        raise DiedAloneError(_end_of(log))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-3000:]
