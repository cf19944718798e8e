"""A look: one that only reads, of one moment, beside whoever writes meanwhile."""

import asyncio
import threading

import pytest

from bot.ports import StoreTrouble, Tx
from storage.store import SqlStore
from tests.storage.samples import NOW

PATIENCE = 30
"""Seconds after which a thread that nobody wakes gives up."""


async def test_a_look_sees_one_moment_and_holds_up_no_writer(store: SqlStore) -> None:
    began, go_on = threading.Event(), threading.Event()

    async def act(tx: Tx) -> tuple[bool, bool, bool]:
        first = await tx.marks.get("before") is not None
        began.set()
        woken = go_on.wait(PATIENCE)  # computing takes its time: this holds up its own thread alone
        return first, woken, await tx.marks.get("meanwhile") is not None

    async with store.begin() as tx:
        await tx.marks.once("before", NOW)
    look = asyncio.create_task(store.look(act))
    assert await asyncio.to_thread(began.wait, PATIENCE)
    async with store.begin() as tx:
        await tx.marks.once("meanwhile", NOW)
    go_on.set()
    assert await look == (True, True, False)


async def test_a_look_cannot_write_and_says_what_goes_wrong(store: SqlStore) -> None:
    async def write(tx: Tx) -> None:
        await tx.marks.once("m", NOW)

    async def fail(tx: Tx) -> None:
        raise ZeroDivisionError

    with pytest.raises(StoreTrouble):
        await store.look(write)
    with pytest.raises(ZeroDivisionError):
        await store.look(fail)
    async with store.begin() as tx:
        assert await tx.marks.get("m") is None
