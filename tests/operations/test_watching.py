"""Who watches over the bot: health, readiness, figures for Prometheus, systemd's watchdog."""

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.compose.watchdog import watch
from bot.delivery import Sender
from bot.domain.channel import Outcome, RetryIn, Sent
from bot.domain.messages import Outgoing
from bot.pacing import SendLimits
from handlers.web.health import STALE, Pulse, health_routes
from handlers.web.metrics import Metrics, metrics_routes
from storage.engine import normalise_url, plain_transaction
from tests.operations.updates import update_of
from tests.support.chat import CHANNEL, LocalTown, local_town

WORDS = "我们石龙村的路灯坏了半个月"


class Watched:
    """A town with the monitor's pages; `polled` is when updates were last fetched."""

    def __init__(self, place: LocalTown, root: str, session: aiohttp.ClientSession, metrics: Metrics) -> None:
        self.place, self.root, self.session, self.metrics = place, root, session, metrics
        self.polled: datetime | None = None

    async def get(self, path: str) -> tuple[int, str]:
        async with self.session.get(self.root + path) as answer:
            return answer.status, await answer.text()

    async def figures(self) -> dict[str, float]:
        status, text = await self.get("/metrics")
        assert status == 200
        lines = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in lines}


@pytest.fixture
async def watched(place: LocalTown) -> AsyncIterator[Watched]:
    metrics = Metrics()
    async with aiohttp.ClientSession() as session:
        made = Watched(place, "", session, metrics)
        pulse = Pulse(place.store, place.clock, lambda: made.polled)
        application = web.Application()
        application.add_routes([*health_routes(pulse), *metrics_routes(pulse, metrics)])
        server = TestServer(application)
        await server.start_server(access_log=None)
        made.root = str(server.make_url("")).rstrip("/")
        yield made
        await server.close()


async def test_all_is_well_while_the_database_answers_and_polls_are_fresh(watched: Watched) -> None:
    watched.polled = watched.place.clock.now() - STALE
    assert [(await watched.get(path))[0] for path in ("/health", "/ready")] == [200, 200]
    watched.polled -= timedelta(seconds=1)
    assert [(await watched.get(path))[0] for path in ("/health", "/ready")] == [503, 503]
    watched.polled = None
    assert [(await watched.get(path))[0] for path in ("/health", "/ready")] == [200, 200]


async def test_a_database_that_fails_is_said_on_every_page(sqlite_url: str, tmp_path: Path) -> None:
    async with local_town(tmp_path, url=sqlite_url) as place:
        pulse = Pulse(place.store, place.clock, lambda: None)
        with plain_transaction(normalise_url(sqlite_url)) as connection:
            connection.exec_driver_sql("DROP TABLE inbox")
        application = web.Application()
        application.add_routes([*health_routes(pulse), *metrics_routes(pulse, Metrics())])
        server = TestServer(application)
        await server.start_server(access_log=None)
        async with aiohttp.ClientSession() as session:
            watched = Watched(place, str(server.make_url("")).rstrip("/"), session, Metrics())
            assert [(await watched.get(path))[0] for path in ("/health", "/ready")] == [503, 503]
            figures = await watched.figures()
        await server.close()
    assert figures["xiangyin_up"] == 0
    assert "xiangyin_inbox_waiting" not in figures


async def test_a_disk_that_takes_nothing_is_said_on_every_page_and_is_no_reason_to_start_anew(
    place: LocalTown,
) -> None:
    polled, ails = place.clock.now(), "full"
    pulse = Pulse(place.store, place.clock, lambda: polled, lambda: ails)
    application = web.Application()
    application.add_routes([*health_routes(pulse), *metrics_routes(pulse, Metrics())])
    server = TestServer(application)
    await server.start_server(access_log=None)
    async with aiohttp.ClientSession() as session:
        watched = Watched(place, str(server.make_url("")).rstrip("/"), session, Metrics())
        for path in ("/health", "/ready"):
            status, words = await watched.get(path)
            assert (status, "full" in words) == (503, True)
        assert (await watched.figures())["xiangyin_up"] == 0
    await server.close()
    assert await pulse.stuck() is None
    place.clock.push(hours=1)
    assert await pulse.stuck() is None
    ails = ""
    assert await pulse.stuck() == "polling"


async def test_a_clock_that_was_turned_back_hides_no_silence(place: LocalTown) -> None:
    polled = place.clock.now()
    pulse = Pulse(place.store, place.clock, lambda: polled)
    place.clock.push(hours=-2)
    assert await pulse.trouble() == "polling"
    polled = place.clock.now()
    assert await pulse.trouble() is None


class Moody:
    """A channel that takes every second message only."""

    def __init__(self) -> None:
        self.asked = 0

    async def send(self, message: Outgoing) -> Outcome:
        self.asked += 1
        return Sent("1") if self.asked % 2 else RetryIn(timedelta(minutes=1), "busy")


async def test_the_figures_follow_what_happens_and_name_nobody(watched: Watched) -> None:
    place = watched.place
    villager = place.client("villager-1001")
    await villager.agree()
    await villager.submit(WORDS)
    async with place.store.begin() as tx:
        await tx.inbox.add([update_of(place, "v2", "还有一件"), update_of(place, "v3", "也有")], place.clock.now())
    place.clock.push(days=40)
    figures = await watched.figures()
    assert figures["xiangyin_up"] == 1
    assert figures["xiangyin_inbox_waiting"] == 2
    assert figures["xiangyin_inbox_age_seconds"] == 40 * 86400
    assert figures['xiangyin_cases{state="handed_up"}'] == 1
    assert figures["xiangyin_cases_overdue"] == 1
    assert figures["xiangyin_outbox_due"] > 3
    sender = Sender(place.store, CHANNEL, watched.metrics.counted(Moody()), place.clock, SendLimits.none())
    await sender.drain()
    figures = await watched.figures()
    assert figures['xiangyin_sends_total{outcome="sent"}'] >= 1
    assert figures['xiangyin_sends_total{outcome="retryin"}'] >= 1
    page = (await watched.get("/metrics"))[1]
    assert "villager-1001" not in page
    assert "路灯" not in page


async def test_systemd_hears_ready_then_a_beat_while_there_is_no_trouble(tmp_path: Path) -> None:
    address = tmp_path / "notify"
    trouble: str | None = None

    async def found() -> str | None:
        return trouble

    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ears:
        ears.bind(str(address))
        ears.setblocking(False)

        async def heard() -> str:
            async with asyncio.timeout(10):
                return (await asyncio.get_running_loop().sock_recv(ears, 100)).decode()

        stop = asyncio.Event()
        watching = asyncio.create_task(watch(stop, found, {"NOTIFY_SOCKET": str(address), "WATCHDOG_USEC": "20000"}))
        assert [await heard(), await heard()] == ["READY=1", "WATCHDOG=1"]
        trouble = "polling"
        while (word := await heard()) == "WATCHDOG=1":
            pass
        assert word == "STATUS=polling"
        stop.set()
        while (word := await heard()).startswith("STATUS"):
            pass
        assert word == "STOPPING=1"
        await watching


async def test_without_systemd_nobody_is_told() -> None:
    async def never() -> str | None:
        raise AssertionError("nobody asked")

    await watch(asyncio.Event(), never, {})
