"""Transactions: all or nothing, through errors, cancellation, and the death of the process."""

import asyncio
import sqlite3
import sys
import time
from asyncio.subprocess import PIPE
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

import pytest

from bot.ports import StoreRefusal, Tx
from storage.engine import normalise_url
from storage.migrate import migrate
from storage.sqlite import Sqlite
from storage.store import SqlStore, open_store
from tests.storage.samples import NOW, fresh_case, person, register, sql, text, update
from tests.support.stores import KEYS, sqlite_store


async def _marked(store: SqlStore, *keys: str) -> list[bool]:
    async with store.begin() as tx:
        return [await tx.marks.get(key) is not None for key in keys]


async def test_what_was_left_without_an_error_is_kept(url: str) -> None:
    store = await open_store(url, KEYS)
    async with store.begin() as tx:
        await tx.marks.once("kept", NOW)
    await store.close()
    store = await open_store(url, KEYS)
    assert await _marked(store, "kept") == [True]
    await store.close()


async def test_an_error_undoes_all_of_a_transaction(store: SqlStore) -> None:
    async def fail() -> None:
        async with store.begin() as tx:
            author = await person(tx)
            await register(tx, author)
            await tx.inbox.add([update(1)], NOW)
            await tx.outbox.add("telegram", text(), key="k", at=NOW)
            await tx.drafts.start(author.id, "submit", "a", {}, NOW)
            await tx.people.appoint("deputy_1", author.id, NOW)
            await tx.marks.once("m", NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with store.begin() as tx:
        assert await tx.people.find("telegram", "100") is None
        assert await tx.cases.by_number("ZJ-2026-000001") is None
        assert await tx.inbox.waiting() == 0
        assert await tx.outbox.rows() == []
        assert await tx.people.holders() == {}
        assert await tx.marks.get("m") is None


async def test_a_savepoint_is_undone_alone(store: SqlStore) -> None:
    async with store.begin() as tx:
        await tx.marks.once("before", NOW)
        with suppress(RuntimeError):
            async with tx.savepoint():
                await tx.marks.once("inside", NOW)
                raise RuntimeError
        async with tx.savepoint():
            await tx.marks.once("second", NOW)
        await tx.marks.once("after", NOW)
    assert await _marked(store, "before", "inside", "second", "after") == [True, False, True, True]


async def test_savepoints_nest(store: SqlStore) -> None:
    async with store.begin() as tx:
        with suppress(RuntimeError):
            async with tx.savepoint():
                async with tx.savepoint():
                    await tx.marks.once("inner", NOW)
                await tx.marks.once("outer", NOW)
                raise RuntimeError
        await tx.marks.once("after", NOW)
    assert await _marked(store, "inner", "outer", "after") == [False, False, True]


async def test_a_statement_that_the_database_refuses_leaves_the_rest_usable(store: SqlStore) -> None:
    async with store.begin() as tx:
        await tx.cases.add(fresh_case("n"))
        with pytest.raises(StoreRefusal):
            async with tx.savepoint():
                await tx.cases.add(fresh_case("n"))
        await tx.marks.once("after", NOW)
    assert await _marked(store, "after") == [True]


async def test_an_outer_error_undoes_savepoints_that_had_succeeded(store: SqlStore) -> None:
    async def fail() -> None:
        async with store.begin() as tx:
            async with tx.savepoint():
                await tx.marks.once("inside", NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await _marked(store, "inside") == [False]


async def test_a_cancelled_transaction_is_undone(store: SqlStore) -> None:
    inside = asyncio.Event()

    async def linger() -> None:
        async with store.begin() as tx:
            await tx.marks.once("lingering", NOW)
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(linger())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await _marked(store, "lingering") == [False]


async def test_a_task_cancelled_again_while_it_cleans_up_leaves_no_lock_behind(tmp_path: Path) -> None:
    store = await sqlite_store(tmp_path / "bot.sqlite")
    assert isinstance(store.database, Sqlite)
    inside = asyncio.Event()

    async def linger() -> None:
        async with store.begin() as tx:
            await tx.marks.once("lingering", NOW)
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(linger())
    await inside.wait()
    busy = asyncio.create_task(store.database.step(partial(time.sleep, 0.05)))
    await asyncio.sleep(0)
    for _ in range(3):  # the thread is busy, so the closing waits and is itself cancelled
        task.cancel()
        await asyncio.sleep(0)
    await asyncio.wait((task, busy))
    assert await _marked(store, "lingering") == [False]
    await store.close()


async def test_a_task_cancelled_at_any_point_leaves_all_or_nothing_and_a_store_that_works(
    store: SqlStore,
) -> None:
    async def write(name: str) -> None:
        async with store.begin() as tx:
            await tx.marks.once(f"{name}.1", NOW)
            async with tx.savepoint():
                await tx.marks.once(f"{name}.2", NOW)
            await tx.marks.once(f"{name}.3", NOW)

    # A step is one turn of the loop or a millisecond, so that every await meets a cancellation.
    for n in range(40):
        tasks = [asyncio.create_task(write(f"{n}.{k}")) for k in range(2)]
        for _ in range(n % 20):
            await asyncio.sleep(0)
        await asyncio.sleep((n // 20) * 0.0005 * (n % 20))
        tasks[0].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        first = await _marked(store, *(f"{n}.0.{part}" for part in (1, 2, 3)))
        assert first in ([True] * 3, [False] * 3)
        assert await _marked(store, *(f"{n}.1.{part}" for part in (1, 2, 3))) == [True] * 3


async def test_an_act_is_committed_whole_and_its_result_returned(store: SqlStore) -> None:
    async def act(tx: Tx) -> int:
        await tx.marks.once("first", NOW)
        with suppress(RuntimeError):
            async with tx.savepoint():
                await tx.marks.once("inside", NOW)
                raise RuntimeError
        await tx.marks.once("second", NOW)
        return 7

    assert await store.work(act) == 7
    assert await _marked(store, "first", "inside", "second") == [True, False, True]


async def test_an_act_that_fails_is_undone_whole_and_the_next_works(store: SqlStore) -> None:
    async def fail(tx: Tx) -> None:
        await tx.marks.once("begun", NOW)
        raise LookupError("nobody")

    async def mark(tx: Tx) -> bool:
        return await tx.marks.once("begun", NOW)

    with pytest.raises(LookupError, match="nobody"):
        await store.work(fail)
    assert await store.work(mark)


async def test_acts_take_turns_with_each_other_and_with_longer_transactions(store: SqlStore) -> None:
    async def number(tx: Tx) -> str:
        return await tx.cases.next_number("ZJ", 2026)

    async def slowly() -> str:
        async with store.begin() as tx:
            await asyncio.sleep(0.001)
            return await tx.cases.next_number("ZJ", 2026)

    numbers = await asyncio.gather(*(slowly() if n % 5 == 0 else store.work(number) for n in range(40)))
    assert sorted(numbers) == [f"ZJ-2026-{n:06d}" for n in range(1, 41)]


async def test_an_act_that_waits_for_something_else_is_told_so_and_undone(tmp_path: Path) -> None:
    """SQLite's one writer would keep everybody waiting."""
    store = await sqlite_store(tmp_path / "bot.sqlite")

    async def dawdle(tx: Tx) -> None:
        await tx.marks.once("begun", NOW)
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="something else than its transaction"):
        await store.work(dawdle)
    assert await _marked(store, "begun") == [False]
    await store.close()


async def test_whoever_is_cancelled_in_an_act_leaves_all_or_nothing(store: SqlStore) -> None:
    async def write(name: str, tx: Tx) -> None:
        for part in range(3):
            await tx.marks.once(f"{name}.{part}", NOW)

    for n in range(20):
        tasks = [asyncio.create_task(store.work(partial(write, f"{n}.{k}"))) for k in range(2)]
        await asyncio.sleep(n * 0.0002)
        tasks[0].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert await _marked(store, *(f"{n}.0.{part}" for part in range(3))) in ([True] * 3, [False] * 3)
        assert await _marked(store, *(f"{n}.1.{part}" for part in range(3))) == [True] * 3


async def test_many_transactions_wait_for_their_turn_instead_of_failing(store: SqlStore) -> None:
    async def write(n: int) -> None:
        async with store.begin() as tx:
            await asyncio.sleep(0.001)
            await tx.marks.once(f"m{n}", NOW)

    await asyncio.gather(*(write(n) for n in range(60)))
    assert all(await _marked(store, *(f"m{n}" for n in range(60))))


async def test_a_transaction_within_a_transaction_is_refused_before_it_waits_for_itself(
    tmp_path: Path,
) -> None:
    store = await sqlite_store(tmp_path / "bot.sqlite")
    async with store.begin() as tx:
        with pytest.raises(RuntimeError):
            async with store.begin():
                pass
        await tx.marks.once("outer", NOW)
    assert await _marked(store, "outer") == [True]
    await store.close()


async def test_two_stores_on_one_database_take_turns(url: str, store: SqlStore) -> None:
    other = await open_store(url, KEYS)

    async def write(to: SqlStore, n: int) -> None:
        async with to.begin() as tx:
            await tx.cases.next_number("ZJ", 2026)
            await asyncio.sleep(0.001)
            await tx.marks.once(f"m{n}", NOW)

    await asyncio.gather(*(write((store, other)[n % 2], n) for n in range(20)))
    async with other.begin() as tx:
        assert await tx.cases.next_number("ZJ", 2026) == "ZJ-2026-000021"
    await other.close()


WRITER = """
import asyncio, sys
from datetime import UTC, datetime
from bot.ports import RawUpdate
from storage.store import open_store
from tests.support.stores import KEYS

async def main():
    store = await open_store(sys.argv[1], KEYS)
    at = datetime.now(UTC)
    for n in range(10_000):
        async with store.begin() as tx:
            await tx.inbox.add([RawUpdate("t", n, "1", "{}")], at)
            await tx.marks.once(f"m{n}", at)
        print(n, flush=True)

asyncio.run(main())
"""


async def test_killing_the_process_loses_nothing_that_was_committed(tmp_path: Path) -> None:
    for attempt in range(2):
        path = tmp_path / f"killed{attempt}.sqlite"
        await migrate(f"sqlite:{path}")
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", WRITER, f"sqlite:{path}", stdout=PIPE)
        assert process.stdout
        told = [await process.stdout.readline() for _ in range(25)]
        process.kill()  # kill -9, somewhere in a transaction
        told += (await process.communicate())[0].splitlines()
        store = await open_store(f"sqlite:{path}", KEYS)
        async with store.begin() as tx:
            stored = await tx.inbox.waiting()
            assert stored > int(told[-1])
            assert await tx.marks.get(f"m{stored - 1}") is not None
            assert await tx.marks.get(f"m{stored}") is None
        await store.close()
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_sqlite_is_opened_so_that_what_is_committed_stays(tmp_path: Path) -> None:
    store = await sqlite_store(tmp_path / "deep" / "er" / "bot.sqlite")
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    found = [await sql(store, f"PRAGMA {name}") for name in names]
    assert found == [[("wal",)], [(2,)], [(1,)], [(30_000,)]]
    await store.close()


@pytest.mark.parametrize(
    ("given", "database"),
    [
        ("sqlite:bot.sqlite", "bot.sqlite"),
        ("sqlite:data/bot.sqlite", "data/bot.sqlite"),
        ("sqlite:/var/bot.sqlite", "/var/bot.sqlite"),
        ("sqlite:///data/bot.sqlite", "data/bot.sqlite"),
        ("sqlite:////var/bot.sqlite", "/var/bot.sqlite"),
        ("sqlite:a:b?c#d%20e.sqlite", "a:b?c#d%20e.sqlite"),
        ("postgresql://me:secret@host:5433/town", "town"),
        ("postgresql:///town?host=/tmp/socket", "town"),
    ],
)
def test_an_address_names_its_database(given: str, database: str) -> None:
    assert normalise_url(given).database == database


@pytest.mark.parametrize(
    "given",
    [
        "",
        "sqlite",
        "sqlite:",
        "sqlite://",
        "sqlite:///",
        "sqlite::memory:",
        "sqlite://host/x",
        "mysql://h/d",
        "bot.sqlite",
        "postgresql:town",
        "postgresql://me:secret@host:port/town",
    ],
)
def test_an_address_that_names_none_is_refused_without_telling_secrets(given: str) -> None:
    with pytest.raises(ValueError, match=r"database|address") as caught:
        normalise_url(given)
    assert "secret" not in str(caught.value)
