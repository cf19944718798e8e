"""Marks: what was done once stays done once."""

import asyncio
from datetime import timedelta

from storage.store import SqlStore
from tests.storage.samples import NOW


async def test_a_mark_is_new_only_the_first_time(store: SqlStore) -> None:
    async with store.begin() as tx:
        assert await tx.marks.once("digest:2026-03-01", NOW)
        assert not await tx.marks.once("digest:2026-03-01", NOW)
    async with store.begin() as tx:
        assert not await tx.marks.once("digest:2026-03-01", NOW + timedelta(days=1))
        assert await tx.marks.get("digest:2026-03-01") == NOW


async def test_an_unknown_mark_has_no_time(store: SqlStore) -> None:
    async with store.begin() as tx:
        assert await tx.marks.get("never") is None


async def test_of_many_who_ask_at_once_one_is_first(store: SqlStore) -> None:
    async def ask() -> bool:
        async with store.begin() as tx:
            first = await tx.marks.once("digest", NOW)
            await asyncio.sleep(0)
            return first

    assert sorted(await asyncio.gather(*(ask() for _ in range(20)))) == [False] * 19 + [True]


async def test_a_mark_whose_transaction_failed_is_free_again(store: SqlStore) -> None:
    async def fail() -> None:
        async with store.begin() as tx:
            assert await tx.marks.once("digest", NOW)
            raise RuntimeError

    results = await asyncio.gather(fail(), fail(), return_exceptions=True)
    assert all(isinstance(result, RuntimeError) for result in results)
    async with store.begin() as tx:
        assert await tx.marks.once("digest", NOW)
