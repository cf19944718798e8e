"""The inbox: stored once, in order per chat, parallel across chats."""

import asyncio
from collections import defaultdict

from bot.ports import RawUpdate
from storage.store import SqlStore, open_store
from tests.storage.samples import NOW, sql, update
from tests.support.stores import KEYS


async def _keys(store: SqlStore, limit: int = 10) -> list[int]:
    async with store.begin() as tx:
        return [row.update.key for row in await tx.inbox.claim(limit)]


async def test_many_updates_are_stored_and_counted(store: SqlStore) -> None:
    async with store.begin() as tx:
        assert await tx.inbox.add([update(n, str(n)) for n in range(250)], NOW) == 250
        assert await tx.inbox.waiting() == 250


async def test_nothing_to_store_is_fine(store: SqlStore) -> None:
    async with store.begin() as tx:
        assert await tx.inbox.add([], NOW) == 0


async def test_an_update_that_is_there_is_left_alone(store: SqlStore) -> None:
    async with store.begin() as tx:
        assert await tx.inbox.add([update(1), update(2), update(1)], NOW) == 2
        again = RawUpdate("telegram", 2, "other", "other")
        assert await tx.inbox.add([again, update(3)], NOW) == 1
        assert await tx.inbox.add([update(1, channel="web")], NOW) == 1
        assert await tx.inbox.waiting() == 4
        assert [row.update for row in await tx.inbox.claim(1)] == [update(1)]


async def test_a_handled_update_does_not_come_back_when_it_is_sent_again(store: SqlStore) -> None:
    async with store.begin() as tx:
        await tx.inbox.add([update(1)], NOW)
        (row,) = await tx.inbox.claim(1)
        await tx.inbox.done([row.id], NOW)
    async with store.begin() as tx:
        assert await tx.inbox.add([update(1)], NOW) == 0
        assert await tx.inbox.claim(1) == []
        assert await tx.inbox.waiting() == 0


async def test_a_claim_gives_the_oldest_of_each_chat_by_key(store: SqlStore) -> None:
    async with store.begin() as tx:
        await tx.inbox.add([update(5, "a"), update(4, "a"), update(6, "b"), update(7, "b")], NOW)
        found = await tx.inbox.claim(10)
        assert [(row.update.chat, row.update.key) for row in found] == [("a", 4), ("b", 6)]
        assert found[0].received_at == NOW
        assert found[0].update == update(4, "a")


async def test_chats_of_two_channels_are_two_chats(store: SqlStore) -> None:
    async with store.begin() as tx:
        await tx.inbox.add([update(1, "a"), update(2, "a", "web")], NOW)
        assert len(await tx.inbox.claim(10)) == 2


async def test_a_claim_gives_no_more_than_asked_for_and_the_oldest_first(store: SqlStore) -> None:
    async with store.begin() as tx:
        await tx.inbox.add([update(n, str(n)) for n in (3, 1, 2)], NOW)
    assert await _keys(store, 2) == [3, 1]


async def test_a_row_that_was_claimed_but_not_finished_is_claimed_again(store: SqlStore) -> None:
    async with store.begin() as tx:
        await tx.inbox.add([update(1)], NOW)
    assert await _keys(store) == [1]
    assert await _keys(store) == [1]


async def test_a_handled_update_is_forgotten_but_for_its_key(store: SqlStore) -> None:
    async with store.begin() as tx:
        await tx.inbox.add([update(1)], NOW)
        (row,) = await tx.inbox.claim(1)
        await tx.inbox.done([row.id], NOW)
    assert await sql(store, "SELECT raw FROM inbox") == [(None,)]


async def test_a_parked_row_keeps_its_error_and_lets_the_later_ones_pass(store: SqlStore) -> None:
    async with store.begin() as tx:
        await tx.inbox.add([update(1), update(2)], NOW)
        (row,) = await tx.inbox.claim(10)
        await tx.inbox.park(row.id, NOW, "cannot be read")
    async with store.begin() as tx:
        assert await tx.inbox.parked() == [(row, "cannot be read")]
        assert await tx.inbox.waiting() == 1
    assert await _keys(store) == [2]


async def test_text_that_no_database_stores_does_not_hold_up_the_rest(store: SqlStore) -> None:
    async with store.begin() as tx:
        assert await tx.inbox.add([RawUpdate("web", 1, "a", "x\0y\ud83d"), update(2)], NOW) == 2
        rows = await tx.inbox.claim(10)
        assert rows[0].update.raw == "x\0y?"
        await tx.inbox.park(rows[0].id, NOW, "what is \0\udfff")
        assert (await tx.inbox.parked())[0][1] == "what is \ufffd?"


async def test_many_workers_handle_each_update_once_and_in_order(store: SqlStore) -> None:
    async with store.begin() as tx:
        await tx.inbox.add([update(n, str(n % 5)) for n in range(40)], NOW)
    handled: dict[str, list[int]] = defaultdict(list)
    busy: set[str] = set()

    async def work() -> None:
        while True:
            async with store.begin() as tx:
                rows = await tx.inbox.claim(1)
                if not rows and await tx.inbox.waiting() == 0:
                    return
                for row in rows:
                    assert row.update.chat not in busy
                    busy.add(row.update.chat)
                    await asyncio.sleep(0.001)
                    handled[row.update.chat].append(row.update.key)
                    busy.remove(row.update.chat)
                    await tx.inbox.done([row.id], NOW)

    await asyncio.gather(*(work() for _ in range(6)))
    assert handled == {str(chat): list(range(chat, 40, 5)) for chat in range(5)}


async def test_adders_with_the_same_updates_store_each_once(store: SqlStore) -> None:
    async def add(first: int) -> int:
        async with store.begin() as tx:
            return await tx.inbox.add([update(n) for n in range(first, first + 20)], NOW)

    assert sum(await asyncio.gather(*(add(first) for first in (0, 5, 10, 10, 0)))) == 30


class TestTwoWorkersAtOnce:
    """Only PostgreSQL has two transactions at once; on SQLite the second waits for its turn."""

    async def test_a_chat_that_another_worker_holds_is_passed_over(self, shared_store: SqlStore) -> None:
        async with shared_store.begin() as tx:
            await tx.inbox.add([update(1, "a"), update(2, "a"), update(3, "b")], NOW)
        async with shared_store.begin() as one, shared_store.begin() as two:
            assert [row.update.key for row in await one.inbox.claim(1)] == [1]
            assert [row.update.key for row in await two.inbox.claim(5)] == [3]

    async def test_an_older_update_that_arrives_late_waits_for_the_younger_in_hand(
        self, shared_store: SqlStore
    ) -> None:
        async with shared_store.begin() as tx:
            await tx.inbox.add([update(2, "a")], NOW)
        async with shared_store.begin() as one:
            (row,) = await one.inbox.claim(1)
            async with shared_store.begin() as late:
                await late.inbox.add([update(1, "a")], NOW)
            async with shared_store.begin() as two:
                assert await two.inbox.claim(5) == []
            await one.inbox.done([row.id], NOW)
        assert await _keys(shared_store) == [1]

    async def test_a_row_that_another_worker_has_just_finished_is_not_handled_again(
        self, shared_url: str, shared_store: SqlStore
    ) -> None:
        other = await open_store(shared_url, KEYS)
        try:
            async with shared_store.begin() as tx:
                await tx.inbox.add([update(n, str(n)) for n in range(60)], NOW)
            seen: list[int] = []

            async def drain(store: SqlStore) -> None:
                while True:
                    async with store.begin() as tx:
                        rows = await tx.inbox.claim(3)
                        for row in rows:
                            seen.append(row.update.key)
                            await tx.inbox.done([row.id], NOW)
                        if not rows and await tx.inbox.waiting() == 0:
                            return

            await asyncio.gather(*(drain(store) for store in (shared_store, other) * 3))
            assert sorted(seen) == list(range(60))
        finally:
            await other.close()
