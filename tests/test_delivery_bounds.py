"""How much a sender has in hand that is not written down yet: what a crash at that moment would send again."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import pytest

from bot.delivery import Sender
from bot.pacing import SendLimits
from bot.ports import StoreTrouble
from storage.store import SqlStore
from tests.telegram.clock import SetClock
from tests.test_delivery import CHANNEL, MemoryChannel, clock, migrated, queue, store, until

__all__ = ["clock", "migrated", "store"]

T = TypeVar("T")
PARALLEL = 2


class SlowStore:
    """A store whose transactions wait for `gate`, once closed, and fail while `broken`."""

    def __init__(self, inner: SqlStore) -> None:
        self._inner = inner
        self.gate = asyncio.Event()
        self.gate.set()
        self.broken = False
        self.tried = 0

    async def work(self, act: Callable[[Any], Coroutine[Any, Any, T]]) -> T:
        self.tried += 1
        await self.gate.wait()
        if self.broken:
            raise StoreTrouble("on purpose")
        return await self._inner.work(act)


@pytest.fixture
def slow(store: SqlStore) -> SlowStore:
    return SlowStore(store)


def sender(slow: SlowStore, channel: MemoryChannel, clock: SetClock) -> Sender:
    return Sender(slow, CHANNEL, channel, clock, SendLimits.none(), parallel=PARALLEL)  # type: ignore[arg-type]  # all it uses


@asynccontextmanager
async def at_work(slow: SlowStore, channel: MemoryChannel, clock: SetClock) -> AsyncIterator[Sender]:
    """A sender whose first flights wait for the channel's gate; whatever a test closed is open again at the end."""
    post, stop = sender(slow, channel, clock), asyncio.Event()
    channel.gate.clear()
    running = asyncio.create_task(post.run(stop))
    try:
        await until(lambda: len(channel.flying) == PARALLEL)
        yield post
    finally:
        slow.broken = False
        slow.gate.set()
        channel.gate.set()
        stop.set()
        await running


async def test_messages_leave_while_others_are_written_down_but_no_more_than_twice_as_many_as_fly(
    store: SqlStore, slow: SlowStore, clock: SetClock
) -> None:
    channel = MemoryChannel()
    for chat in range(4 * PARALLEL):
        await queue(store, clock, f"m{chat}", chat=str(chat))
    async with at_work(slow, channel, clock):
        slow.gate.clear()  # nothing is written down from here on
        channel.gate.set()
        await until(lambda: len(channel.sent) == 2 * PARALLEL)
        await asyncio.sleep(0.1)
        assert len(channel.sent) == 2 * PARALLEL
        slow.gate.set()
        await until(lambda: len(channel.sent) == 4 * PARALLEL)


async def test_while_nothing_can_be_written_down_no_more_than_that_leaves(
    store: SqlStore, slow: SlowStore, clock: SetClock
) -> None:
    channel = MemoryChannel()
    for chat in range(4 * PARALLEL):
        await queue(store, clock, f"m{chat}", chat=str(chat))
    async with at_work(slow, channel, clock) as post:
        slow.broken, tried = True, slow.tried
        channel.gate.set()
        await until(lambda: slow.tried >= tried + 2)  # it failed once, and is tried again
        for _ in range(3):
            post.wake()
            await asyncio.sleep(0.05)
        assert len(channel.sent) <= 2 * PARALLEL
        slow.broken = False
        post.wake()
        await until(lambda: len(channel.sent) == 4 * PARALLEL)
