"""Files in a folder, outside the database: sealed, each under a name that says nothing, written whole or not at all."""

import asyncio
import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.ports.files import BrokenFileError
from storage.rekeying import Rekeyed
from storage.vault import BrokenSealError, Vault, place

_LOCK = ".lock"


class FolderFiles:
    """Implements `bot.ports.files.FileStore`. The folder is made when something is first put into it."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder = folder
        self._vault = vault

    async def put(self, name: str, data: bytes) -> None:
        await asyncio.to_thread(self._put, name, data)

    async def get(self, name: str) -> bytes:
        return await asyncio.to_thread(self._get, name)

    async def delete(self, name: str) -> None:
        await asyncio.to_thread(self._delete, name)

    async def rekey(self, told: Callable[[str, int], None]) -> Rekeyed:
        """Seal with the current key what is sealed with another. Broken off, it goes on when called again."""
        found = Rekeyed()
        for path in await asyncio.to_thread(lambda: list(stored(self._folder))):
            await asyncio.to_thread(self._rekey, path, found)
        told("files", found.rows)
        return found

    def _put(self, name: str, data: bytes) -> None:
        path = path_of(self._folder, name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(path, self._vault.seal_bytes(_place(name), data))

    def _get(self, name: str) -> bytes:
        try:
            return self._vault.open_bytes(_place(name), path_of(self._folder, name).read_bytes())
        except BrokenSealError:
            raise BrokenFileError(name) from None

    def _delete(self, name: str) -> None:
        if self._folder.exists():
            with _alone(self._folder):
                path_of(self._folder, name).unlink(missing_ok=True)

    def _rekey(self, path: Path, found: Rekeyed) -> None:
        """Under the lock: what is being deleted must not come back."""
        with _alone(self._folder):
            try:
                old = path.read_bytes()
            except FileNotFoundError:
                return
            if old.startswith(f"{self._vault.current}.".encode()):
                return
            try:
                data = self._vault.open_bytes(_place(path.name), old)
            except BrokenSealError:
                found.broken += 1
                return
            _write(path, self._vault.seal_bytes(_place(path.name), data))
            found.rows += 1


def path_of(folder: Path, name: str) -> Path:
    """In one of 256 folders: no folder gets too long. Raises ValueError for a name that is none of ours."""
    if not (name.isascii() and name.isalnum()):
        raise ValueError("no name of a stored file")
    return folder / name[:2] / name


def stored(folder: Path) -> Iterator[Path]:
    """Every file that is whole."""
    return (path for path in sorted(folder.glob("??/*")) if path.name.isalnum())


def _place(name: str) -> str:
    return place("file", name)


def _write(path: Path, data: bytes) -> None:
    beside = path.with_name(f".{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Of all processes on this machine, one at a time."""
    handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
