"""A store for a test, in one line."""

from pathlib import Path

from storage.migrate import migrate
from storage.store import SqlStore, open_store


async def sqlite_store(path: Path | str) -> SqlStore:
    """A migrated store in this SQLite file, made if it is not there. The caller closes it."""
    url = f"sqlite:{path}"
    await migrate(url)
    return await open_store(url)
