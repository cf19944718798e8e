"""A disk that breaks while it confirms: what it may have forgotten is not acknowledged, however often it is asked.

The real breakdown, on a file system of its own, is the row `read-only` of the trials.
"""

import errno
import os
from pathlib import Path

import pytest

from bot.ports import StoreTrouble, Trouble, Tx
from storage.durable import confirm
from storage.migrate import migrate
from storage.store import open_store
from tests.storage.samples import NOW
from tests.support.stores import KEYS


@pytest.mark.parametrize(("code", "kind"), [(errno.EROFS, Trouble.READ_ONLY), (errno.EIO, Trouble.DISK)])
async def test_what_a_broken_disk_says_it_has_committed_counts_as_not_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, kind: Trouble
) -> None:
    async def write(tx: Tx) -> bool:
        return await tx.marks.once("m", NOW)

    def broken(file: str) -> None:
        raise OSError(code, "broken", file)

    url = f"sqlite:{tmp_path / 'town.sqlite'}"
    await migrate(url)
    store = await open_store(url, KEYS)
    monkeypatch.setattr(os, "utime", broken)
    for _ in range(2):  # the second time it is there already, and nothing is written
        with pytest.raises(StoreTrouble) as told:
            await store.work(write)
        assert told.value.kind is kind
        with pytest.raises(StoreTrouble):
            async with store.begin() as tx:
                await write(tx)

    async def look(tx: Tx) -> bool:
        return await tx.marks.get("m") is not None

    assert await store.look(look)  # who only reads asks for nothing
    monkeypatch.undo()
    assert not await store.work(write)
    await store.close()


async def test_a_disk_that_notices_only_when_it_is_touched_is_asked_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As ext4 does where its journal broke a moment ago: the first touch passes, and from then on all is refused."""
    touched: list[str] = []

    def noticing(file: str) -> None:
        touched.append(file)
        if len(touched) > 1:
            raise OSError(errno.EROFS, "broken", file)

    monkeypatch.setattr(os, "utime", noticing)
    with pytest.raises(OSError, match="broken"):
        confirm(str(tmp_path / "file"))


def test_a_disk_that_works_is_asked_twice_and_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    confirm(str(tmp_path / "file"))
    with pytest.raises(FileNotFoundError):
        confirm(str(tmp_path / "gone"))
