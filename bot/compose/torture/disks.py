"""Disks that fill up or turn read-only: small ones where we may mount, else a limit on what a process may write."""

import asyncio
import os
import resource
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

_SMALL = "16m"
_NONE_AT_ALL = 0
_A_LITTLE = 64 * 1024


class Disk(Protocol):
    """Where the database lies."""

    folder: Path
    live: bool  # whether it can be mended while the bot runs

    async def fail(self, pids: list[int]) -> None:
        """From now on these processes cannot write there."""
        ...

    async def mend(self, pids: list[int]) -> None: ...


class FullDisk:
    """A file system in memory, filled to the last byte."""

    live = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def fail(self, pids: list[int]) -> None:
        with self._filling.open("wb", buffering=0) as file:
            for piece in (1 << 16, 1 << 9, 1):
                while _fits(file.fileno(), piece):
                    pass

    async def mend(self, pids: list[int]) -> None:
        self._filling.unlink()

    @property
    def _filling(self) -> Path:
        return self.folder / "filling"


class BrokenDisk:
    """A file system that meets an error and turns read-only under the running bot, as ext4 does; it takes a mount
    to mend, and that everybody has let go of it.
    """

    live = False

    def __init__(self, folder: Path, device: str) -> None:
        self.folder = folder
        self.device = device

    async def fail(self, pids: list[int]) -> None:
        _trigger(self.device).write_text("1")

    async def mend(self, pids: list[int]) -> None:
        await _run("umount", str(self.folder))
        await _run("e2fsck", "-f", "-p", self.device, wrong=4)  # below 4: all is mended
        await _run("mount", "-o", "errors=remount-ro", self.device, str(self.folder))


class LimitedDisk:
    """No disk of its own: the kernel lets the processes write no file beyond a size (EFBIG instead of ENOSPC)."""

    live = True

    def __init__(self, folder: Path, spare: int) -> None:
        self.folder = folder
        self._spare = spare

    async def fail(self, pids: list[int]) -> None:
        longest = max(file.stat().st_size for file in self.folder.glob("*.sqlite*"))
        self._limit(pids, longest + self._spare if self._spare else _NONE_AT_ALL)

    async def mend(self, pids: list[int]) -> None:
        self._limit(pids, resource.RLIM_INFINITY)

    def _limit(self, pids: list[int], size: int) -> None:
        for pid in pids:
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size if size >= 0 else hard, hard))


MakeDisk = Callable[[Path], AbstractAsyncContextManager[Disk]]


@asynccontextmanager
async def plain(folder: Path) -> AsyncIterator[Disk]:
    """The disk that is there, which does not fail."""
    yield LimitedDisk(folder, _A_LITTLE)


@asynccontextmanager
async def that_fills(folder: Path) -> AsyncIterator[Disk]:
    if os.geteuid():
        yield LimitedDisk(folder, _A_LITTLE)
        return
    place = folder / "disk"
    place.mkdir()
    await _run("mount", "-t", "tmpfs", "-o", f"size={_SMALL},mode=0700", "tmpfs", str(place))
    try:
        yield FullDisk(place)
    finally:
        await _run("umount", "-l", str(place))


@asynccontextmanager
async def that_turns_read_only(folder: Path) -> AsyncIterator[Disk]:
    device = await _loop_device(folder / "image") if os.geteuid() == 0 and shutil.which("mkfs.ext4") else None
    if device is None:
        yield LimitedDisk(folder, _NONE_AT_ALL)
        return
    place = folder / "disk"
    place.mkdir()
    try:
        await _run("mkfs.ext4", "-q", device)
        await _run("mount", "-o", "errors=remount-ro", device, str(place))
        try:
            yield BrokenDisk(place, device) if _trigger(device).exists() else LimitedDisk(place, _NONE_AT_ALL)
        finally:
            await _run("umount", "-l", str(place))
    finally:
        await _run("losetup", "-d", device)


async def _loop_device(image: Path) -> str | None:
    """None where the machine gives none, as in most containers."""
    with image.open("wb") as file:
        file.truncate(32 * 1024 * 1024)
    try:
        return (await _run("losetup", "-f", "--show", str(image))).strip()
    except OSError:
        return None


def _trigger(device: str) -> Path:
    """Where the kernel lets one ask for a file system's error."""
    return Path("/sys/fs/ext4") / Path(device).name / "trigger_fs_error"


def _fits(file: int, size: int) -> bool:
    try:
        return os.write(file, b"\0" * size) == size
    except OSError:
        return False


async def _run(program: str, *arguments: str, wrong: int = 1) -> str:
    """Its output. Raises OSError where it is missing or its exit code is `wrong` or higher."""
    process = await asyncio.create_subprocess_exec(
        program, *arguments, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, errors = await process.communicate()
    if (process.returncode or 0) >= wrong:
        raise OSError(f"{program}: {errors.decode(errors='replace').strip()}")
    return output.decode()
