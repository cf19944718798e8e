"""A database that takes nothing is cried out straight over the channel, to whoever can mend it, and its end as well."""

import traceback
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa

from bot.alarm import LEARN_EVERY, Alarm, Alertness, WatchedStore
from bot.domain.channel import Outcome, RetryIn, Sent
from bot.domain.messages import Outgoing
from bot.domain.town import Role
from bot.ports import RawUpdate, Store, StoreTrouble, Trouble, Tx
from bot.texts.catalogue import Catalogue
from storage.migrate import migrate
from storage.store import SqlStore
from tests.operations.updates import update_of
from tests.support.chat import CHANNEL, LocalTown, local_town
from tests.support.stores import sqlite_store

T = TypeVar("T")
SECRET = "王五的电话"


@dataclass
class Sick:
    """A store that works as `store` does while `kind` is None."""

    store: Store
    kind: Trouble | None = None

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Tx]:
        async with self.store.begin() as tx:
            yield tx
            if self.kind:
                raise StoreTrouble("made up", self.kind)

    async def work(self, act: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        async with self.begin() as tx:
            return await act(tx)

    async def look(self, act: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        return await self.store.look(act)

    async def close(self) -> None:
        """The store is closed by whoever opened it."""


@dataclass
class Ward:
    """An alarm over a sick store, with time in the test's hand."""

    place: LocalTown
    sick: Sick
    store: WatchedStore
    alarm: Alarm
    told: list[Outgoing]
    hear: bool = True
    passed: float = 0.0
    free: int = 10**12
    cries: list[str] = field(default_factory=list)

    async def send(self, message: Outgoing) -> Outcome:
        if not self.hear:
            return RetryIn(timedelta(seconds=1), "network")
        self.told.append(message)
        return Sent("1")

    async def wait(self, seconds: float) -> None:
        """The alarm looks every five seconds."""
        for _ in range(int(seconds / 5)):
            self.passed += 5
            self.place.clock.push(seconds=5)
            await self.alarm.once()


@pytest.fixture
async def place(sqlite_url: str, tmp_path: Path) -> AsyncIterator[LocalTown]:
    """Which database it is that takes nothing makes no difference here."""
    async with local_town(tmp_path, url=sqlite_url) as town:
        yield town


@pytest.fixture
async def ward(place: LocalTown) -> Ward:
    await place.staff("admin", "admin")
    sick = Sick(place.store)
    made: list[Ward] = []
    store = WatchedStore(sick, place.clock, Alertness(), lambda: made[0].passed)

    class Channel:
        async def send(self, message: Outgoing) -> Outcome:
            return await made[0].send(message)

    texts = Catalogue.load()
    alarm = Alarm(store, CHANNEL, Channel(), place.clock, lambda: place.town, lambda: texts, lambda: made[0].free)
    made.append(Ward(place, sick, store, alarm, []))
    await alarm.once()
    return made[0]


async def fail(ward: Ward, kind: Trouble) -> None:
    """What anybody else meets meanwhile."""
    ward.sick.kind = kind
    with pytest.raises(StoreTrouble):
        await ward.store.work(lambda tx: tx.inbox.waiting())


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Trouble.FULL, "硬盘满了"),
        (Trouble.READ_ONLY, "只能读"),
        (Trouble.DISK, "读写出错"),
        (Trouble.AWAY, "连不上数据库"),
        (Trouble.BUSY, "一直被占着"),
    ],
)
async def test_trouble_that_stands_is_told_to_the_administrator_once_and_its_end_too(
    ward: Ward, kind: Trouble, words: str
) -> None:
    await fail(ward, kind)
    await ward.wait(25)
    assert ward.told == []
    await ward.wait(10)
    assert [message.chat for message in ward.told] == ["admin"]
    assert words in ward.told[0].text
    assert "一条没丢" in ward.told[0].text
    await ward.wait(300)
    assert len(ward.told) == 1
    ward.sick.kind = None
    await ward.wait(30)
    assert [message.text[0] for message in ward.told] == ["‼", "✅"]
    await ward.wait(300)
    assert len(ward.told) == 2


async def test_trouble_that_passes_is_nobodys_alarm(ward: Ward) -> None:
    for _ in range(10):
        await fail(ward, Trouble.AWAY)
        ward.sick.kind = None
        await ward.wait(60)
    assert ward.told == []
    assert ward.store.trouble() is None


async def test_it_is_cried_again_each_hour_while_it_lasts(ward: Ward) -> None:
    await fail(ward, Trouble.FULL)
    await ward.wait(3700)
    assert len(ward.told) == 2


async def test_a_cry_that_nobody_heard_is_repeated_until_somebody_does(ward: Ward) -> None:
    ward.hear = False
    await fail(ward, Trouble.FULL)
    await ward.wait(60)
    ward.hear = True
    await ward.wait(5)
    assert len(ward.told) == 1


async def test_the_office_hears_where_there_is_no_administrator(ward: Ward) -> None:
    async with ward.place.store.begin() as tx:
        await tx.people.end("admin", ward.place.clock.now(), "left")
    await ward.place.staff("clerk", ward.place.town.seats_of(Role.OFFICE)[0].id)
    await ward.wait(5 * LEARN_EVERY)
    await fail(ward, Trouble.FULL)
    await ward.wait(40)
    assert [message.chat for message in ward.told] == ["clerk"]


async def test_little_room_on_the_disk_is_told_once_a_day_before_it_is_full(ward: Ward) -> None:
    ward.free = 120_000_000
    await ward.wait(600)
    assert ["120 MB" in message.text for message in ward.told] == [True]
    ward.place.clock.push(days=1)
    await ward.wait(60)
    assert len(ward.told) == 2


async def test_a_full_disk_and_a_read_only_one_are_told_apart(tmp_path: Path) -> None:
    store = await sqlite_store(tmp_path / "town.sqlite")
    assert isinstance(store, SqlStore)
    async with local_town(tmp_path, url=f"sqlite:{tmp_path / 'town.sqlite'}") as place:
        for pragma, undo, kind in (
            ("max_page_count = 1", "max_page_count = 1000000", Trouble.FULL),
            ("query_only = ON", "query_only = OFF", Trouble.READ_ONLY),
        ):
            await run_pragma(store, pragma)
            with pytest.raises(StoreTrouble) as trouble:
                await receive_much(store, place)
            assert trouble.value.kind is kind
            assert SECRET not in "".join(traceback.format_exception(trouble.value))
            await run_pragma(store, undo)
    await store.close()


async def receive_much(store: Store, place: LocalTown) -> None:
    for _ in range(200):
        updates = [update_of(place, "v1", SECRET * 999)]
        await store.work(partial(receive, updates, place.clock.now()))


async def receive(updates: list[RawUpdate], now: datetime, tx: Tx) -> int:
    return await tx.inbox.add(updates, now)


async def run_pragma(store: SqlStore, pragma: str) -> None:
    with store.database.engine.connect() as connection:
        connection.connection.driver_connection.execute(f"PRAGMA {pragma}")  # type: ignore[union-attr]


async def test_a_damaged_file_is_trouble_with_the_disk_and_parks_nothing(tmp_path: Path) -> None:
    file = tmp_path / "town.sqlite"
    await migrate(f"sqlite:{file}")
    whole = file.read_bytes()
    file.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))
    with pytest.raises(StoreTrouble) as trouble:
        await migrate(f"sqlite:{file}")
    assert trouble.value.kind is Trouble.DISK


async def test_a_server_that_is_away_or_only_reads_is_told_apart(postgres_url: str, tmp_path: Path) -> None:
    away = sa.make_url(postgres_url).set(host="127.0.0.1", port=1, query={}).render_as_string(hide_password=False)
    with pytest.raises(StoreTrouble) as trouble:
        await migrate(away)
    assert trouble.value.kind is Trouble.AWAY
    joint = "&" if "?" in postgres_url else "?"
    reading = f"{postgres_url}{joint}options=-c%20default_transaction_read_only=on"
    with pytest.raises(StoreTrouble) as trouble:
        async with local_town(tmp_path, url=reading) as place:
            await receive_much(place.store, place)
    assert trouble.value.kind is Trouble.READ_ONLY
