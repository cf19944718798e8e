"""Files on their way from a channel into our own store, and out of it again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.files import FileState, WantedFile


class Files(Protocol):
    """What is known of each file. The files themselves are in a FileStore."""

    async def claim(self, channel: str, now: datetime, limit: int, until: datetime) -> list[WantedFile]:
        """Files of this channel that are due to be fetched, for whoever asks until `until`; then they are due again."""
        ...

    async def kept(self, wanted: WantedFile, type_: str, size: int) -> bool:
        """It is in the store under its name. False where nobody wants it any more: then it is to be deleted."""
        ...

    async def ended(self, wanted: WantedFile, state: FileState, why: str) -> bool:
        """It will not be kept: REFUSED or LOST. False where nobody wants it any more."""
        ...

    async def again(self, wanted: WantedFile, due_at: datetime, why: str) -> None: ...

    async def forget(self, person_id: int, at: datetime) -> int:
        """What the person sent is deleted; that there was a file stays on record. Returns how many."""
        ...

    async def expire(self, before: datetime, at: datetime) -> int:
        """What villagers sent for cases closed before `before` is deleted likewise."""
        ...

    async def doomed(self, now: datetime, limit: int) -> list[str]:
        """Names to be deleted from the store now: a while after they were given up, so that no late fetch brings them
        back."""
        ...

    async def buried(self, names: Sequence[str]) -> None: ...


class FileStore(Protocol):
    """Keeps files outside of the database, sealed, each under its name. Never called within a transaction."""

    async def put(self, name: str, data: bytes) -> None:
        """Store, in place of what was there. Raises OSError."""
        ...

    async def get(self, name: str) -> bytes:
        """Raises FileNotFoundError, OSError; BrokenFileError where it was changed or swapped."""
        ...

    async def delete(self, name: str) -> None:
        """What is not there is deleted already. Raises OSError."""
        ...


class BrokenFileError(Exception):
    """What is stored under this name is not what was put there."""
