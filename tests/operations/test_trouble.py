"""Trouble with the database is nobody's update's fault: what waits goes on waiting, and is handled afterwards."""

import asyncio
from datetime import timedelta
from itertools import count
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from bot.domain.machine import State
from bot.domain.messages import Inbound
from bot.ports import CaseFilter, StaleCase, StoreTrouble, Trouble
from bot.worker import Worker
from storage.engine import postgres_arguments
from storage.store import SqlStore, open_store
from tests.operations.updates import lamp, update_of
from tests.support.chat import CHANNEL, ChatClient, LocalTown, local_town
from tests.support.stores import KEYS

CUT = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""


async def counts(place: LocalTown) -> tuple[int, int, int]:
    """Waiting, parked, cases."""
    async with place.store.begin() as tx:
        return await tx.inbox.waiting(), len(await tx.inbox.parked()), await tx.cases.count(CaseFilter())


async def pragma(place: LocalTown, statement: str) -> int:
    assert isinstance(place.store, SqlStore)
    async with place.store.database.transaction() as db:
        return int(await db.value(sa.text(f"PRAGMA {statement}")))


async def say_much(client: ChatClient) -> None:
    for _ in range(50):
        await client.say("还有一件事" + "很长" * 800)


async def test_a_full_disk_parks_nothing_and_the_update_is_handled_when_there_is_room(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with local_town(tmp_path, url=sqlite_url) as place:
        villager = place.client("v1")
        await villager.agree()
        await villager.say("我们石龙村的路灯坏了半个月")
        full = await pragma(place, "page_count") + 2
        await pragma(place, f"max_page_count = {full}")
        with pytest.raises(StoreTrouble):
            await say_much(villager)
        waiting, parked, _ = await counts(place)
        assert (waiting <= 1, parked) == (True, 0)
        await pragma(place, "max_page_count = 1000000")
        await place.worker.drain()
        assert (await counts(place))[:2] == (0, 0)


async def test_a_locked_case_on_postgres_delays_the_update_and_parks_nothing(postgres_url: str, tmp_path: Path) -> None:
    async with local_town(tmp_path, url=postgres_url) as place:
        villager = place.client("v1")
        await villager.agree()
        deputy = await place.staff("d1", place.town.deputies_of("shilong")[0].id)
        case = await villager.submit("我们石龙村的路灯坏了半个月")
    impatient = f"{postgres_url}{'&' if '?' in postgres_url else '?'}options=-c%20lock_timeout=50ms"
    async with local_town(tmp_path, url=impatient) as place:
        deputy.place = place
        place.keys = count(100)
        async with place.store.begin() as other:
            await other.cases.get(case.id, lock=True)
            with pytest.raises(StoreTrouble):
                await deputy.tap("接办")
        assert (await counts(place))[:2] == (1, 0)
        await place.worker.drain()
        assert (await counts(place))[:2] == (0, 0)
        assert (await place.cases())[0].state is State.WITH_STATION


class StaleTranslator:
    """Behaves as if somebody had been faster with the same case, every time."""

    tries = 0

    def translate(self, raw: str) -> Inbound:
        self.tries += 1
        raise StaleCase("made up")


async def test_an_update_that_met_somebody_elses_change_is_tried_once_more_then_parked(place: LocalTown) -> None:
    translator = StaleTranslator()
    place.worker = Worker(place.store, {CHANNEL: translator}, place.desk_for, place.clock)
    with pytest.raises(StaleCase):
        await place.client("v1").say("/case 1")
    assert (await counts(place))[:2] == (1, 0)
    await place.worker.drain()
    assert (translator.tries, (await counts(place))[:2]) == (2, (0, 1))


async def test_connections_cut_in_mid_flight_lose_nothing_and_park_nothing(postgres_url: str, tmp_path: Path) -> None:
    async with local_town(tmp_path, url=postgres_url) as place:
        words = [lamp(place, number, 1) for number in range(8)]
        clients = [place.client(f"v{number}") for number in range(len(words))]
        for client in clients:
            await client.agree()
        async with place.store.begin() as tx:
            for client, text in zip(clients, words, strict=True):
                updates = [update_of(place, client.account, said) for said in (text, "1", "1")]
                await tx.inbox.add(updates, place.clock.now())
        stop = asyncio.Event()
        working = asyncio.create_task(place.worker.run(stop, pause=0.02))
        with psycopg.connect(postgres_url, autocommit=True) as killer:
            for _ in range(6):
                await asyncio.sleep(0.03)
                killer.execute(CUT)
        async with asyncio.timeout(60):
            while not await settled(place):  # noqa: ASYNC110 - other connections do the work
                await asyncio.sleep(0.02)
        stop.set()
        await working
        assert (await counts(place))[1:] == (0, len(words))
        assert sorted(case.text for case in await place.cases()) == sorted(words)


async def test_a_replica_that_stands_still_in_mid_transaction_is_cut_off_and_holds_nobody_up(
    postgres_url: str, tmp_path: Path
) -> None:
    """Its seconds are short here; an installation's are tested below."""
    short = f"{postgres_url}{'&' if '?' in postgres_url else '?'}options=-c%20idle_in_transaction_session_timeout%3D1s"
    async with local_town(tmp_path, url=postgres_url) as place:
        villager = place.client("v1")
        await villager.agree()
        text = lamp(place, 0, 1)
        async with place.store.begin() as tx:
            await tx.inbox.add([update_of(place, "v1", said) for said in (text, "1", "1")], place.clock.now())
        frozen = await open_store(short, KEYS)
        now = place.clock.now()

        async def stand_still() -> None:
            async with frozen.begin() as tx:
                assert await tx.inbox.claim(8)
                await tx.outbox.claim(CHANNEL, now, 8, now + timedelta(minutes=1), "frozen")
                # The others can neither take its chat nor send anything, until it is cut off.
                async with place.store.begin() as other:
                    await other.outbox.claim(CHANNEL, now, 0, now, "other")
                assert await place.worker.drain() == 3
                await tx.inbox.waiting()

        with pytest.raises(StoreTrouble, match=Trouble.AWAY):
            await stand_still()
        await frozen.close()
        assert [case.text for case in await place.cases()] == [text]


async def test_an_installation_cuts_off_what_stands_still_and_notices_a_server_that_is_gone(
    postgres_url: str, tmp_path: Path
) -> None:
    async with local_town(tmp_path, url=postgres_url) as place:
        assert isinstance(place.store, SqlStore)
        async with place.store.database.transaction() as db:
            assert await db.value(sa.text("SHOW idle_in_transaction_session_timeout")) == "15s"
    patient = await open_store(postgres_url, KEYS, alone=True)  # a command that draws up a report
    async with patient.database.transaction() as db:
        assert await db.value(sa.text("SHOW idle_in_transaction_session_timeout")) == "0"
    await patient.close()
    own = make_url("postgresql://host/town?connect_timeout=3")
    assert "connect_timeout" not in postgres_arguments(own)
    assert postgres_arguments(own)["tcp_user_timeout"] == "30000"


async def settled(place: LocalTown) -> bool:
    try:
        return (await counts(place))[0] == 0
    except StoreTrouble:
        return False
