"""A store that has its process for itself: no thread, and all else as ever."""

import contextlib
from datetime import UTC, datetime
from pathlib import Path

from storage.migrate import migrate
from storage.store import open_store
from tests.support.stores import KEYS

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


async def test_without_a_thread_what_is_committed_stays_and_what_fails_is_undone(tmp_path: Path) -> None:
    url = f"sqlite:{tmp_path / 'alone.sqlite'}"
    await migrate(url)
    store = await open_store(url, KEYS, alone=True)
    async with store.begin() as tx:
        assert await tx.marks.once("kept", NOW)
    with contextlib.suppress(ZeroDivisionError):
        async with store.begin() as tx:
            await tx.marks.once("undone", NOW)
            raise ZeroDivisionError
    async with store.begin() as tx:
        with contextlib.suppress(ZeroDivisionError):
            async with tx.savepoint():
                await tx.marks.once("undone too", NOW)
                raise ZeroDivisionError
        assert await tx.marks.once("beside it", NOW)
    await store.close()
    store = await open_store(url, KEYS)
    async with store.begin() as tx:
        assert [await tx.marks.get(key) is not None for key in ("kept", "undone", "undone too", "beside it")] == [
            True, False, False, True,
        ]  # fmt: skip
    await store.close()
