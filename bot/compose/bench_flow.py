"""Figures over time and over processes: how long a reply takes in steady traffic, what more replicas bring."""

import asyncio
import multiprocessing
import statistics
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import count
from multiprocessing.synchronize import Barrier
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import ClientSession

from bot.compose.bench_town import Figure, message_of, opened, villagers
from bot.compose.desk import Desks, tagger_for
from bot.compose.engine import TELEGRAM, SystemClock
from bot.config import SAMPLE_CONFIG, load_configuration, load_settings
from bot.domain.channel import Outcome, Transport
from bot.domain.keys import Keyring
from bot.domain.messages import Outgoing, OutgoingKind
from bot.learner import LiveTagger
from bot.pacing import SendLimits
from bot.ports import Tx
from bot.worker import Worker
from handlers.sandbox.botapi import Phone
from handlers.telegram.bot_factory import Connection
from handlers.telegram.polling import Polling
from handlers.telegram.raw import raw_update
from handlers.telegram.translate import TelegramTranslator
from storage.migrate import migrate
from storage.store import SqlStore, open_store

CHATS, RATE = range(10_001, 15_001), 20
SAID = ("石龙村第{}盏路灯坏了半个月", "1", "1", "/mine", "/help")
"""What a chat says, one after another."""
REPLICAS = 3
_TOKEN = "4242:SANDBOX-not-a-secret"  # noqa: S105 - the local server's
_KEYS = Keyring(b"b" * 32, {"1": b"b" * 32})


class _Watched:
    """A transport that notes when the reply to each chat's last message was out."""

    def __init__(self, inner: Transport, asked: dict[str, float], took: list[float]) -> None:
        self._inner, self._asked, self._took = inner, asked, took

    async def send(self, message: Outgoing) -> Outcome:
        outcome = await self._inner.send(message)
        if message.kind is OutgoingKind.TEXT and (asked := self._asked.pop(message.chat, None)):
            self._took.append(time.perf_counter() - asked)
        return outcome


async def latency(seconds: float) -> list[Figure]:
    """Replies to 20 messages a second from 5,000 chats; server and phones are not counted into the memory."""
    asked: dict[str, float] = {}
    took: list[float] = []
    with TemporaryDirectory() as folder:
        async with _server_apart() as root, ClientSession() as session:
            connection = Connection(_TOKEN, f"{root}/bot", f"{root}/file/bot")
            counted = partial(_Watched, asked=asked, took=took)
            async with opened(Path(folder), connection, SendLimits(), counted) as made:
                await villagers(made.store, CHATS)
                await (
                    made.engine.sweep.once()
                )  # a backlog from the start would drain by 30/s less 20/s, and hide the rest
                stop = asyncio.Event()
                requests = partial(connection.new_request, 1)
                polling = Polling(
                    made.store, f"{root}/bot{_TOKEN}", requests, SystemClock(), made.engine.worker.wake, wait=5.0
                )
                running = asyncio.create_task(made.engine.run(stop, polling.run))
                try:
                    early, end = await _write(root, session, asked, seconds)
                    async with asyncio.timeout(30):
                        while asked:  # noqa: ASYNC110 - the transport empties it
                            await asyncio.sleep(0.01)
                finally:
                    stop.set()
                    await running
    third = len(took) // 3
    first, last = _p99(took[:third]), _p99(took[-third:])
    return [
        Figure(f"p99 of {len(took)} replies at {RATE}/s", _p99(took) * 1e3, 250.0, "ms", "<= 1 of 250 ms"),
        Figure("median of the same", statistics.median(took) * 1e3, 250.0, "ms", ""),
        Figure("p99 of the last third beside the first", last * 1e3, first * 1e3, "ms", "no growth"),
        Figure("memory at the end beside a third in", end, early, "MB", "flat"),
    ]


async def _write(root: str, session: ClientSession, asked: dict[str, float], seconds: float) -> tuple[float, float]:
    """Send at an even pace, whatever the answers do. The memory a third in, and at the end."""
    began, early = time.perf_counter(), 0.0
    sending: set[asyncio.Task[list[int]]] = set()
    for number in range(int(seconds * RATE)):
        await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
        chat, turn = CHATS[number % len(CHATS)], number // len(CHATS)
        asked[str(chat)] = time.perf_counter()
        text = SAID[(turn + chat) % len(SAID)].format(number)
        task = asyncio.create_task(Phone(root, chat, session).send_text(text))
        sending.add(task)
        task.add_done_callback(sending.discard)
        early = early if early or number < seconds * RATE / 3 else resident()
    await asyncio.gather(*sending)
    return early, resident()


def _p99(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)] if times else 0.0


def resident() -> float:
    """What this process holds now, in MB; 0 where the system does not tell."""
    status = Path("/proc/self/statm")
    return int(status.read_text().split()[1]) * 4096 / 2**20 if status.exists() else 0.0


@asynccontextmanager
async def _server_apart() -> AsyncIterator[str]:
    """The local Bot API server as a process of its own; its address."""
    users = [argument for chat in CHATS for argument in ("--user", f"{chat}:v")]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "handlers.sandbox.botapi", "--port", "0", *users, stdout=PIPE
    )
    if process.stdout is None:
        raise RuntimeError("no output")
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.terminate()
        await process.wait()


async def replicas(postgres: str | None, chats: int = 300) -> list[Figure]:
    """Updates worked off by three processes on one PostgreSQL database, beside one. Nothing is sent."""
    if postgres is None:
        raise ValueError("--postgres: the URL of an empty database that may be filled")
    await migrate(postgres)
    rates = [await _worked_off(postgres, processes, chats, start) for start, processes in ((1, 1), (10_001, REPLICAS))]
    return [Figure(f"updates by {REPLICAS} replicas beside 1", rates[1], rates[0], "1/s", ">= 2, given the cores")]


async def _worked_off(url: str, processes: int, chats: int, start: int) -> float:
    people, keys = range(start, start + chats), count(start * 1000)
    store = await open_store(url, _KEYS)
    try:
        await villagers(store, people)
        updates = [raw_update(message_of(next(keys), chat, text.format(chat))) for text in SAID for chat in people]

        async def receive(tx: Tx) -> int:
            return await tx.inbox.add(updates, datetime.now(UTC))

        await store.work(receive)
        spawn = multiprocessing.get_context("spawn")
        barrier = spawn.Barrier(processes + 1)
        workers = [spawn.Process(target=_replica, args=(url, barrier), daemon=True) for _ in range(processes)]
        for worker in workers:
            worker.start()
        await asyncio.to_thread(barrier.wait, 120)
        began = time.perf_counter()
        for worker in workers:
            await asyncio.to_thread(worker.join)
        took = time.perf_counter() - began
        async with store.begin() as tx:
            if left := await tx.inbox.waiting():
                raise RuntimeError(f"{left} updates were left")
        return len(updates) / took
    finally:
        await store.close()


def _replica(url: str, barrier: Barrier) -> None:
    asyncio.run(_work_off(url, barrier))


async def _work_off(url: str, barrier: Barrier) -> None:
    configuration = load_configuration(load_settings(SAMPLE_CONFIG, {}, {}))
    reader = LiveTagger(tagger_for(configuration.settings, configuration.town))
    reader.warm_up()
    store = await open_store(url, _KEYS)
    try:
        worker = Worker(store, {TELEGRAM: TelegramTranslator()}, Desks(configuration, reader, "bench"), SystemClock())
        await asyncio.to_thread(barrier.wait, 120)
        while await worker.drain() or await _waiting(store):
            pass
    finally:
        await store.close()


async def _waiting(store: SqlStore) -> int:
    async with store.begin() as tx:
        return await tx.inbox.waiting()
