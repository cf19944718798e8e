"""Replicas of the worker on one PostgreSQL, killed (-9) at any moment: no submission lost, none doubled."""

import asyncio
from itertools import count
from pathlib import Path

import pytest

from tests.operations.updates import lamp, update_of
from tests.support.chat import LocalTown, local_town
from tests.support.kills import kill_loop

CHATS = 6


@pytest.mark.kill
@pytest.mark.parametrize(("replicas", "kills"), [(1, 40), (3, 20)])
async def test_killed_replicas_lose_and_double_nothing(
    replicas: int, kills: int, postgres_url: str, tmp_path: Path
) -> None:
    async with local_town(tmp_path, url=postgres_url) as place:
        await place.staff("d1", place.town.deputies_of("shilong")[0].id)
        for chat in range(CHATS):
            await place.client(f"v{chat}").agree()
        submitted: list[str] = []
        killed = asyncio.Event()
        pending = replicas

        async def all_done() -> None:
            """The last process of each replica lives until every replica has its kills behind it and nothing waits."""
            nonlocal pending
            pending -= 1
            if not pending:
                killed.set()
            await killed.wait()
            await writing
            async with asyncio.timeout(60):
                while await waiting(place):  # noqa: ASYNC110 - other processes do the work
                    await asyncio.sleep(0.05)

        writing = asyncio.create_task(write(place, submitted, killed))
        async with asyncio.TaskGroup() as group:
            for replica in range(replicas):
                group.create_task(
                    kill_loop(
                        ["tests.operations.work_child:main", postgres_url, str(tmp_path)],
                        kills=kills,
                        log=tmp_path / f"log-{replica}",
                        seed=replica,
                        life=(0.1, 0.7),
                        after_kill=nothing,
                        settled=all_done,
                    )
                )
        cases = await place.cases()
        async with place.store.begin() as tx:
            assert await tx.inbox.parked() == []
            messages = await tx.outbox.rows()
        receipts = [row.message.text for row in messages if "收到了，编号" in row.message.text]
        assert len(receipts) == len(submitted) > CHATS
    assert sorted(case.text for case in cases) == sorted(submitted)
    assert sorted(int(case.number[-6:]) for case in cases) == list(range(1, len(submitted) + 1))
    for chat in range(CHATS):
        own = [text for text in submitted if text.startswith(place.town.villages[chat].name)]
        assert [case.text for case in cases if case.text in own] == own


async def write(place: LocalTown, submitted: list[str], stop: asyncio.Event) -> None:
    """Every chat submits one case after the other, quicker than anybody could."""
    for turn in count(1):
        if stop.is_set():
            return
        words = [lamp(place, chat, turn) for chat in range(CHATS)]
        async with place.store.begin() as tx:
            said = [(f"v{chat}", text) for chat, word in enumerate(words) for text in (word, "1", "1")]
            await tx.inbox.add([update_of(place, *one) for one in said], place.clock.now())
        submitted += words
        while not stop.is_set() and await waiting(place) > CHATS:  # noqa: ASYNC110 - other processes do the work
            await asyncio.sleep(0.02)


async def waiting(place: LocalTown) -> int:
    async with place.store.begin() as tx:
        return await tx.inbox.waiting()


async def nothing() -> None:
    """What is looked at is looked at in the end."""
