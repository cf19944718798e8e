"""The outbox against a model of a few lines, whatever is done to it in whatever order."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.ports import Outbox
from storage.schema import outbox
from storage.store import SqlStore, open_store
from tests.storage.samples import NOW, text, toast
from tests.support.stores import KEYS

T = TypeVar("T")

CHATS = st.sampled_from(["1", "2"])
SECONDS = st.sampled_from([0, 0, 0, 1, 5]).map(lambda n: timedelta(seconds=n))
SELDOM = st.sampled_from([False, False, False, True])
SETTINGS = settings(max_examples=20, stateful_step_count=20, derandomize=True)
TINY = timedelta(microseconds=1)


@dataclass
class Row:
    """One message as the model sees it; `place` is its position in the queue."""

    place: tuple[int, int]
    lane: str
    due: datetime
    status: str = "queued"
    tried: bool = False
    attempts: int = 0


class Machine(RuleBasedStateMachine):
    runner: ClassVar[asyncio.Runner]
    store: ClassVar[SqlStore]

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.rows: dict[str, Row] = {}
        self.flying: dict[tuple[str, int], int] = {}  # (key, attempt) -> row id: what senders have, or had, in hand

    def do(self, use: Callable[[Outbox], Awaitable[T]]) -> T:
        async def run() -> T:
            async with self.store.begin() as tx:
                return await use(tx.outbox)

        return self.runner.run(run())

    def unsent(self) -> list[Row]:
        return [row for row in self.rows.values() if row.status in ("queued", "sending")]

    def heads(self, now: datetime) -> list[Row]:
        lanes: dict[str, list[Row]] = defaultdict(list)
        for row in self.unsent():
            lanes[row.lane].append(row)
        free = (rows for rows in lanes.values() if not any(r.tried and r.due > now for r in rows))
        due = ([r for r in rows if r.due <= now] for rows in free)
        return sorted((min(rows, key=lambda r: r.place) for rows in due if rows), key=lambda r: r.place)

    @initialize()
    def empty(self) -> None:
        async def run() -> None:
            async with self.store.database.transaction() as db:
                await db.rows(outbox.delete())

        self.runner.run(run())

    @rule(chat=CHATS, urgent=st.booleans(), pressed=SELDOM, after=SECONDS)
    def add(self, chat: str, urgent: bool, pressed: bool, after: timedelta) -> None:
        key = f"k{len(self.rows)}"
        message = toast(chat) if pressed else text(chat, key)
        due = self.now + after
        assert self.do(lambda box: box.add("t", message, key=key, at=self.now, send_after=due, urgent=urgent))
        place = (0 if urgent else 1, len(self.rows))
        self.rows[key] = Row(place, f"toast {key}" if pressed else chat, due)

    @precondition(lambda self: self.rows)
    @rule(data=st.data())
    def add_again(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.rows)))
        assert not self.do(lambda box: box.add("t", text("9"), key=key, at=self.now))

    @rule(span=SECONDS)
    def wait(self, span: timedelta) -> None:
        self.now += span

    @rule(limit=st.integers(1, 3), lease=st.integers(1, 5))
    def claim(self, limit: int, lease: int) -> None:
        until = self.now + timedelta(seconds=lease)
        wanted = self.heads(self.now)[:limit]
        found = self.do(lambda box: box.claim("t", self.now, limit, until, "w"))
        keys = {row.id: row.key for row in self.do(lambda box: box.rows())}
        assert [self.rows[keys[row.id]] for row in found] == wanted
        for claimed, row in zip(found, wanted, strict=True):
            row.status, row.due, row.tried, row.attempts = "sending", until, True, row.attempts + 1
            self.flying[keys[claimed.id], row.attempts] = claimed.id

    @precondition(lambda self: self.flying)
    @rule(data=st.data(), how=st.sampled_from(["sent", "dead", "retry"]), after=SECONDS)
    def finish(self, data: st.DataObject, how: str, after: timedelta) -> None:
        key, attempt = data.draw(st.sampled_from(sorted(self.flying)))
        row, row_id = self.rows[key], self.flying.pop((key, attempt))
        if how == "sent":
            self.do(lambda box: box.sent(row_id, self.now, None))
            row.status = "sent"
        elif how == "dead":
            self.do(lambda box: box.dead(row_id, self.now, "403"))
            row.status = "sent" if row.status == "sent" else "dead"
        else:
            self.do(lambda box: box.retry(row_id, attempt, self.now + after, "429"))
            if row.status == "sending" and row.attempts == attempt:
                row.status, row.due = "queued", self.now + after

    @rule(old=CHATS, new=CHATS)
    def move(self, old: str, new: str) -> None:
        self.do(lambda box: box.move_chat("t", old, new))
        for row in self.unsent():
            row.lane = new if row.lane == old else row.lane

    @invariant()
    def every_row_stands_as_in_the_model(self) -> None:
        found = {row.key: row.status for row in self.do(lambda box: box.rows())}
        assert found == {key: row.status for key, row in self.rows.items()}

    @invariant()
    def the_next_time_is_when_a_claim_first_finds_something(self) -> None:
        due = self.do(lambda box: box.next_due("t"))
        if due is None:
            assert not self.unsent()
        else:
            assert self.heads(due)
            assert not self.heads(due - TINY)


def test_the_outbox_does_what_its_model_does(url: str) -> None:
    class OnThisStore(Machine):
        runner = asyncio.Runner()
        store = runner.run(open_store(url, KEYS))

    with OnThisStore.runner as runner:
        try:
            run_state_machine_as_test(OnThisStore, settings=SETTINGS)
        finally:
            runner.run(OnThisStore.store.close())
