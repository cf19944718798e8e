"""One town under torture: its server, its database, its replicas and the people who write to it."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as daytime
from pathlib import Path
from typing import Any

import aiohttp

from bot.compose.engine import TELEGRAM
from bot.compose.sandbox import DEPUTY, HEAD, OFFICE, staff_seats
from bot.compose.stores import open_town_store
from bot.compose.torture.balancer import Balancer
from bot.compose.torture.child import STOPPED, Orders, settings_of
from bot.compose.torture.clock import TurnedClock
from bot.compose.torture.cluster import Postgres, free_port
from bot.compose.torture.disks import Disk
from bot.compose.torture.judge import Row, Setting, judge, look
from bot.compose.torture.nursery import Child, DiedAloneError, Nursery, end_of
from bot.compose.torture.villager import Clerk, Villager
from bot.config import Settings, load_town
from bot.domain.town import Town
from bot.ports import Store, StoreTrouble
from handlers.sandbox.botapi import BotApiServer, Phone, RateLimits
from storage.migrate import migrate

VILLAGERS = range(1001, 1007)
STAFF = (DEPUTY, HEAD, OFFICE)
IN_FLIGHT = 16
"""Messages that one process has in hand at most, on their way or sent and not noted yet: what a death may double."""
SOON = timedelta(minutes=10)
"""What is to leave later than this from now is scheduled; the rest is still under way."""
ALERTNESS = {"patience": 1.0, "calm": 2.0, "look": 0.3}
LEASE = 15.0
"""Seconds. An installation's is a minute. A send has half of it: on a machine that stands still for as long, a message
may come twice.
"""


@dataclass(frozen=True, slots=True)
class Script:
    """How the town is set up for one fault. `changes` go into the configuration; times are seconds."""

    changes: dict[str, Any] | None = None
    villagers: int = len(VILLAGERS)
    lease: float = LEASE
    poll_wait: float = 2.0
    poll_silence: float = 5.0
    limits: RateLimits | None = None  # Telegram's, as strict as the real ones
    paced: bool = False  # the bot keeps to them by itself
    at: daytime = daytime(10)  # the town's time of day at the start
    own_clocks: bool = False  # each replica has a clock of its own


class Replica:
    """One process after the other in the same place."""

    def __init__(self, nursery: Nursery, orders: Orders, log: Path) -> None:
        self._nursery, self._orders, self.log = nursery, orders, log
        self.child: Child | None = None

    @property
    def process(self) -> Child:
        if self.child is None:
            raise RuntimeError("not started")
        return self.child

    async def start(self) -> None:
        self.child = await self._nursery.birth(self._orders.arguments(), self.log)

    async def kill(self) -> None:
        dying, self.child = self.process, None  # nobody is to wonder meanwhile what it died of
        await dying.kill()

    async def stop(self) -> bool:
        """End it in good order; whether it did."""
        stopping, self.child = self.process, None
        await stopping.stop()
        return STOPPED in end_of(self.log)


class Stage:
    """Use `stage_for`. `patience` is how many seconds a villager, and the end, may wait."""

    def __init__(self, row: Row, script: Script, folder: Path, url: str, patience: float) -> None:
        self.row, self.script, self.folder, self.url, self.patience = row, script, folder, url, patience
        self.chance = random.Random(row.setting.replicas)  # noqa: S311 - it is to be the same every time
        self.clock = TurnedClock(folder / "clock")
        self.server = BotApiServer(clock=self.clock.now, rate_limits=script.limits)
        self.replicas: list[Replica] = []
        self.clocks: list[TurnedClock] = []
        self.villagers: list[Villager] = []
        self.clerk: Clerk
        self.phones: dict[int, Phone] = {}
        self.balancer: Balancer | None = None
        self.postgres: Postgres | None = None
        self.database = ""
        self.disk: Disk | None = None
        self.settings: Settings
        self.town: Town
        self.store: Store
        self._running: list[asyncio.Task[None]] = []

    @property
    def setting(self) -> Setting:
        return self.row.setting

    @property
    def submitted(self) -> list[str]:
        return [text for villager in self.villagers for text in villager.submitted]

    @property
    def pids(self) -> list[int]:
        return [replica.child.pid for replica in self.replicas if replica.child]

    def struck(self, *, twins: int = 0) -> None:
        """The fault has struck once more, by which so many messages may come twice."""
        self.row.times += 1
        self.row.promised += twins

    def claim(self, holds: object, words: str) -> None:
        self.row.claim(holds, words)

    async def start(self) -> None:
        """Every replica."""
        for replica in self.replicas:
            await replica.start()

    def let_them_write(self, but: int = 0) -> None:
        """The villagers, all but the first `but`, and the clerk begin, and go on until `settle`."""
        self._running = [asyncio.create_task(villager.run()) for villager in self.villagers[but:]]
        self._running.append(asyncio.create_task(self.clerk.run()))

    async def wait(self, seconds: float) -> None:
        """Raises what a villager or a replica died of meanwhile."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while (left := until - loop.time()) > 0:
            await asyncio.sleep(min(left, 0.1))
            self.check()

    def check(self) -> None:
        for task in self._running:
            if task.done():
                task.result()
        for replica in self.replicas:
            if replica.child:
                replica.child.must_live()

    async def more(self, cases: int = 1) -> None:
        """Until so many more cases have come through, wherever they come from."""
        wanted = len(self.submitted) + cases
        await self.until(lambda: len(self.submitted) >= wanted, f"{cases} more cases")

    async def until(self, holds: Any, words: str) -> None:
        """Until `holds()` is true. Raises TimeoutError after `patience`."""
        async with _patience(self.patience, words):
            while not holds():
                await self.wait(0.05)

    async def settle(self) -> None:
        """Each villager brings one more case through; then everything is handled and sent, and the replicas stop."""
        self.clerk.stop()
        for villager in self.villagers:
            villager.stop(more=1)
        async with _patience(self.patience, "the villagers' last cases and the clerk's last report"):
            while not all(task.done() for task in self._running):
                await self.wait(0.05)
        self.check()
        async with _patience(self.patience, "an empty inbox and outbox"):
            while await self.unfinished():
                await self.wait(0.1)
        await self.stop()

    async def stop(self) -> None:
        """Every replica, in good order."""
        for replica in self.replicas:
            self.claim(await replica.stop(), "a replica did not stop in good order")

    async def between_lives(self, act: Callable[[list[int]], Awaitable[None]]) -> None:
        """Do it while nobody has the database open."""
        await self.stop()
        await self.store.close()
        await act([])
        self.store = await open_town_store(self.settings)
        await self.start()

    async def unfinished(self) -> int:
        """What still waits anywhere."""
        if self.server.unconfirmed:
            return self.server.unconfirmed
        try:
            async with self.store.begin() as tx:
                due = await tx.outbox.next_due(TELEGRAM)
                return await tx.inbox.waiting() + (due is not None and due <= self.clock.now() + SOON)
        except StoreTrouble:
            return 1

    async def judge(self, *, refusals: bool) -> None:
        """Count what is left, and read the logs for what should not stand there."""
        judge(self.row, await look(self.store, self.url), self.server, self.submitted, refusals=refusals)
        logs = "".join(replica.log.read_text(errors="replace") for replica in self.replicas)
        self.claim(not any(text in logs for text in self.submitted), "what villagers wrote stands in the log")
        self.claim(self.server.token not in logs, "the token stands in the log")

    async def set_up(self, nursery: Nursery, stack: AsyncExitStack) -> None:
        self.settings = settings_of(self.server.token, {"storage": {"url": self.url}})
        self.town = load_town(self.settings)
        self._begin_on_a_monday()
        for user_id in (*STAFF, *VILLAGERS[: self.script.villagers]):
            self.server.add_user(user_id, f"用户{user_id}")
        self.server.webhook.first_pause, self.server.webhook.longest_pause = 0.02, 0.2
        self.server.webhook.timeout = 2.0
        await self.server.start()
        ports = [free_port() for _ in range(self.setting.replicas)]
        self.balancer = Balancer(ports)
        await self.balancer.start()
        await migrate(self.url)
        self.store = await open_town_store(self.settings)
        stack.push_async_callback(self._close)
        stack.push_async_callback(self.tear_down)
        await self._seat_staff()
        for number, port in enumerate(ports):
            clock = self.folder / (f"clock-{number}" if self.script.own_clocks else "clock")
            self.clocks.append(TurnedClock(clock))
            self.clocks[-1].set(self.clock.offset)
            orders = Orders(
                token=self.server.token,
                changes=self._changes(port),
                clock=str(clock),
                lease=self.script.lease,
                poll_wait=self.script.poll_wait,
                poll_silence=self.script.poll_silence,
                alertness=ALERTNESS,
                paced=self.script.paced,
            )
            self.replicas.append(Replica(nursery, orders, self.folder / f"log-{number}"))

    def people(self, session: aiohttp.ClientSession) -> None:
        """Everybody gets a phone."""
        root = self.server.base_url.removesuffix("/bot")
        self.phones = {user_id: Phone(root, user_id, session) for user_id in STAFF}
        self.clerk = Clerk(Phone(root, OFFICE, session))
        villages = [village.name for village in self.town.villages]
        self.villagers = [
            Villager(Phone(root, user_id, session), village, self.patience)
            for user_id, village in zip(VILLAGERS[: self.script.villagers], villages, strict=False)
        ]

    async def tear_down(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        for replica in self.replicas:
            if replica.child:
                with suppress(DiedAloneError):
                    await replica.kill()
        if self.balancer:
            await self.balancer.stop()
        await self.server.stop()
        for clock in (self.clock, *self.clocks):
            clock.close()

    async def _close(self) -> None:
        await self.store.close()

    def _changes(self, port: int) -> dict[str, Any]:
        if self.balancer is None:
            raise RuntimeError("not set up")
        changes: dict[str, Any] = {
            "storage": {"url": self.url},
            "telegram": {
                "mode": self.setting.channel,
                "base_url": self.server.base_url.removesuffix("/bot"),
                "webhook": {"public_url": f"http://127.0.0.1:{self.balancer.port}", "listen_port": port},
            },
            "flood": {"burst": 10000, "per_minute": 10000},
            "quiet": {"from": "00:00", "until": "00:00"},
        }
        return changes | (self.script.changes or {})

    def _begin_on_a_monday(self) -> None:
        """The town's clock begins on the last Monday at the script's time of day: nothing then hangs on today."""
        here = datetime.now(self.town.zone)
        monday = datetime.combine(here.date() - timedelta(days=here.weekday()), self.script.at, self.town.zone)
        self.clock.set(monday - datetime.now(UTC))

    async def _seat_staff(self) -> None:
        async with self.store.begin() as tx:
            for user_id, seats in staff_seats(self.town).items():
                person = await tx.people.add(TELEGRAM, str(user_id), str(user_id), "zh-CN", self.clock.now())
                for seat in seats:
                    await tx.people.appoint(seat, person.id, self.clock.now())


@asynccontextmanager
async def stage_for(
    row: Row, script: Script, nursery: Nursery, folder: Path, url: str, patience: float
) -> AsyncIterator[Stage]:
    """The town, everybody with a phone, no replica started yet. Everything of it ends with the block."""
    stage = Stage(row, script, folder, url, patience)
    began = time.monotonic()
    async with AsyncExitStack() as stack:
        await stage.set_up(nursery, stack)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        stage.people(session)
        for phone in stage.phones.values():
            await phone.start()
        try:
            yield stage
        finally:
            row.seconds = time.monotonic() - began


def logs_of(replicas: Sequence[Replica]) -> str:
    return "\n".join(end_of(replica.log) for replica in replicas)


@asynccontextmanager
async def _patience(seconds: float, words: str) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds) as waiting:
            yield
    except TimeoutError as error:
        if waiting.expired():
            raise TimeoutError(f"waited {seconds:.0f} s in vain for {words}") from error
        raise
