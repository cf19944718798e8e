"""Processes that start in milliseconds and may be killed, frozen and thawed."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path


class DiedAloneError(Exception):
    """The program ended by itself; the message is the end of its log."""


class Child:
    """One process, whose parent is the zygote."""

    def __init__(self, pid: int, log: Path) -> None:
        self.pid = pid
        self.log = log

    @property
    def alive(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    async def kill(self) -> None:
        """kill -9, and wait until it is gone. Raises DiedAloneError where there was nothing left to kill."""
        self.must_live()
        os.kill(self.pid, signal.SIGKILL)
        await self.gone()

    def freeze(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    async def stop(self) -> None:
        """Tell it to end in good order, and wait until it has."""
        self.must_live()
        os.kill(self.pid, signal.SIGTERM)
        await self.gone()

    async def gone(self) -> None:
        while self.alive:  # noqa: ASYNC110 - nobody tells us when a process of another parent is gone
            await asyncio.sleep(0.002)

    def must_live(self) -> None:
        """Raises DiedAloneError."""
        if not self.alive:
            raise DiedAloneError(end_of(self.log))


class Nursery:
    """Bears children of one program, which it keeps imported: the first moments can be killed as well as any."""

    def __init__(self, zygote: asyncio.subprocess.Process) -> None:
        self._zygote = zygote
        self._turn = asyncio.Lock()

    async def birth(self, arguments: Sequence[str], log: Path) -> Child:
        """A process that does its work with these arguments, and says what it says into `log`."""
        if self._zygote.stdin is None or self._zygote.stdout is None:
            raise RuntimeError("the zygote was started without its pipes")
        async with self._turn:
            self._zygote.stdin.write(json.dumps([str(log), list(arguments)]).encode() + b"\n")
            return Child(int(await self._zygote.stdout.readline()), log)


@asynccontextmanager
async def nursery(target: str) -> AsyncIterator[Nursery]:
    """A nursery of `module:function`, which gets the arguments as a list of str and should not return.

    Raises DiedAloneError where the module cannot be imported.
    """
    zygote = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.compose.torture.zygote", target,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    if zygote.stdin is None or zygote.stdout is None:
        raise RuntimeError("the zygote was started without its pipes")
    try:
        if await zygote.stdout.readline() != b"ready\n":
            raise DiedAloneError(f"{target} cannot be imported")
        yield Nursery(zygote)
    finally:
        zygote.stdin.close()
        await zygote.wait()


def end_of(log: Path) -> str:
    """The last lines of a log."""
    return log.read_text(errors="replace")[-3000:] if log.exists() else ""
