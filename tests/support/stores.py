"""A store for a test, in one line, and the keys of all tests."""

from pathlib import Path

from bot.domain.keys import Keyring
from storage.migrate import migrate
from storage.store import SqlStore, open_store

KEYS = Keyring(b"l" * 32, {"1": b"1" * 32})
"""The same everywhere, so that several processes may open one database."""


async def sqlite_store(path: Path | str) -> SqlStore:
    """A migrated store in this SQLite file, made if it is not there. The caller closes it."""
    url = f"sqlite:{path}"
    await migrate(url)
    return await open_store(url, KEYS)
