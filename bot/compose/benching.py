"""Figures of speed, each beside its ceiling or a rival in the same run."""

import asyncio
import logging
import statistics
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import ClientSession
from telegram import Update
from telegram.ext import (
    ApplicationBuilder,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)  # fmt: skip

from bot.compose.bench_flow import latency, replicas
from bot.compose.bench_town import BenchTown, Figure, connection_to, message_of, opened, served, villagers
from bot.compose.engine import TELEGRAM, SystemClock
from bot.domain.messages import Outgoing, OutgoingKind
from bot.domain.town import Role
from bot.pacing import SendLimits
from bot.ports import CaseFilter, RawUpdate, Tx
from bot.usecases import digests, searching
from bot.worker import DeskFor
from handlers.sandbox.botapi import BotApiServer, Phone, RateLimits
from handlers.telegram.bot_factory import Connection
from handlers.telegram.polling import Polling
from handlers.telegram.raw import raw_update
from storage.benching import bare_commits, fill, scan_open_cases

ROUNDS = 3
DAYS = 9
"""So often each act is done at each size: they are short, and anything may come between."""


async def measure(what: str, cases: int, seconds: float, postgres: str | None) -> list[Figure]:
    """`cases` is how many `size` compares with 10,000, `seconds` how long `latency` listens, `postgres` the URL of an
    empty database that `replicas` may fill. Raises ValueError where it is missing.
    """
    logging.getLogger("aiosqlite").setLevel(logging.WARNING)
    rows: dict[str, Callable[[], Awaitable[list[Figure]]]] = {
        "work": _work, "wire": _wire, "sending": _sending, "size": partial(_size, cases),
        "latency": partial(latency, seconds), "replicas": partial(replicas, postgres),
    }  # fmt: skip
    return await rows[what]()


async def _work(chats: int = 120) -> list[Figure]:
    """Villagers submit a case in three updates each; the rival commits each raw update, and does nothing else."""
    ours, bare = [], []
    for number in range(ROUNDS):
        with TemporaryDirectory() as folder:
            async with served(range(1, 2)) as server, opened(Path(folder), connection_to(server)) as made:
                await villagers(made.store, range(1, chats + 1))
                keys = count(1)
                updates = [
                    raw_update(message_of(next(keys), chat, text))
                    for text in (f"石龙村第{number}盏路灯坏了", "1", "1")
                    for chat in range(1, chats + 1)
                ]
                began = time.perf_counter()
                for start in range(0, len(updates), 100):
                    part = updates[start : start + 100]
                    await made.store.work(partial(_receive, part))
                    await made.engine.worker.drain()
                ours.append(len(updates) / (time.perf_counter() - began))
                async with made.store.begin() as tx:
                    if (found := await tx.cases.count(CaseFilter())) != chats:
                        raise RuntimeError(f"{found} cases instead of {chats}")
                bare.append(len(updates) / await bare_commits(Path(folder) / "bare.sqlite", [u.raw for u in updates]))
    median = statistics.median
    return [Figure("update -> committed, reply queued", median(ours), median(bare), "1/s", ">= 1.0 of bare commits")]


async def _receive(updates: Sequence[RawUpdate], tx: Tx) -> int:
    return await tx.inbox.add(updates, datetime.now(UTC))


async def _wire(chats: int = 40, each: int = 8) -> list[Figure]:
    """The same small talk over HTTP: ours, durable, against a bare python-telegram-bot with its persistence."""
    ours, echo = [], []
    for _ in range(ROUNDS):
        ours.append(await _talk(_ours, chats, each))
        echo.append(await _talk(_echo, chats, each))
    median = statistics.median
    return [Figure("update -> reply over HTTP", median(ours), median(echo), "1/s", ">= 1.0 of a bare PTB echo")]


Running = Callable[[BotApiServer, Path, asyncio.Event], Coroutine[None, None, None]]


async def _talk(bot: Running, chats: int, each: int) -> float:
    """Replies a second, while every chat writes `each` messages, none waiting for its answer."""
    endless = RateLimits(overall_per_second=1e6, overall_burst=1e6, chat_per_second=1e6, chat_burst=1e6)
    stop = asyncio.Event()
    with TemporaryDirectory() as folder:
        async with served(range(1, chats + 1), endless) as server:
            root = server.base_url.removesuffix("/bot")
            running = asyncio.create_task(bot(server, Path(folder), stop))
            try:
                async with ClientSession() as session:
                    phones = [Phone(root, user, session) for user in range(1, chats + 1)]
                    await phones[0].send_text("/help")
                    await _sent(server, 1, running)
                    began = time.perf_counter()
                    for _ in range(each):
                        await asyncio.gather(*(phone.send_text("/help") for phone in phones))
                    await _sent(server, 1 + chats * each, running)
                    return chats * each / (time.perf_counter() - began)
            finally:
                stop.set()
                await running


async def _sent(server: BotApiServer, wanted: int, running: "asyncio.Task[None]") -> None:
    async with asyncio.timeout(120):
        while sum(e.get("method") == "sendMessage" and e["status"] == 200 for e in server.log) < wanted:
            if running.done():
                running.result()
            await asyncio.sleep(0.01)


async def _ours(server: BotApiServer, folder: Path, stop: asyncio.Event) -> None:
    connection = Connection(server.token, server.base_url, server.base_file_url)
    address, requests = f"{server.base_url}{server.token}", partial(connection.new_request, 1)
    async with opened(folder, connection_to(server)) as made:
        polling = Polling(made.store, address, requests, SystemClock(), made.engine.worker.wake, wait=1.0)
        await made.engine.run(stop, polling.run)


async def _echo(server: BotApiServer, folder: Path, stop: asyncio.Event) -> None:
    async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        if update.effective_message:
            await update.effective_message.reply_text(update.effective_message.text or "")
        return 1

    talk = ConversationHandler(
        entry_points=[CommandHandler("help", answer)], states={1: [MessageHandler(filters.ALL, answer)]}, fallbacks=[],
        name="talk", persistent=True,
    )  # fmt: skip
    builder = ApplicationBuilder().token(server.token).base_url(server.base_url).base_file_url(server.base_file_url)
    application = builder.persistence(PicklePersistence(folder / "talk.pickle")).build()
    application.add_handler(talk)
    async with application:
        await application.start()
        if application.updater:
            await application.updater.start_polling()
            await stop.wait()
            await application.updater.stop()
        await application.stop()


async def _sending(seconds: int = 10) -> list[Figure]:
    """Messages to many chats while the strict server watches: how much of the 30 a second is used."""
    wanted = 30 * (seconds + 1)
    with TemporaryDirectory() as folder:
        async with (
            served(range(1, wanted + 1)) as server,
            opened(Path(folder), connection_to(server), SendLimits()) as made,
        ):
            root = server.base_url.removesuffix("/bot")
            async with ClientSession() as session:
                for user in range(1, wanted + 1):
                    await Phone(root, user, session).start()
            async with made.store.begin() as tx:
                for user in range(1, wanted + 1):
                    words = Outgoing(OutgoingKind.TEXT, str(user), "您好")
                    await tx.outbox.add(TELEGRAM, words, key=f"bench:{user}", at=datetime.now(UTC))
            began = time.perf_counter()
            await made.engine.sender.drain()
            took = time.perf_counter() - began
            refused = sum(entry.get("status") == 429 for entry in server.log) + len(server.violations)
    used = (wanted - 30) / took  # the first thirty may leave at once
    return [
        Figure("sending to many chats", used, 30.0, "1/s", ">= 0.95 of the limit"),
        Figure("refused or in breach of a limit", refused, 1.0, "", "0"),
    ]


async def _size(cases: int) -> list[Figure]:
    """Digests against their bare scan, and a reader's acts at `cases` cases against 10,000."""
    small, _ = await _at_size(10_000)
    large, scan = await _at_size(cases)
    found = [Figure(f"digests, {cases} cases", large.pop("digests") * 1e3, scan * 1e3, "ms", "<= 3 of one scan")]
    small.pop("digests")
    for act, took in large.items():
        found.append(Figure(f"{act}, {cases} cases", took * 1e3, small[act] * 1e3, "ms", "<= 2 of 10,000 cases"))
    return found


async def _at_size(cases: int) -> tuple[dict[str, float], float]:
    """Seconds for each act (medians), and for the bare scan."""
    with TemporaryDirectory() as folder:
        async with served(range(1, 2)) as server, opened(Path(folder), connection_to(server)) as made:
            town, now = made.town, datetime.now(UTC)
            seats = [*town.seats_of(Role.DEPUTY), *town.seats_of(Role.STATION_HEAD)]
            async with made.store.begin() as tx:
                author = await tx.people.add(TELEGRAM, "1", "1", "zh-CN", now)
                for number, seat in enumerate(seats, 1000):
                    person = await tx.people.add(TELEGRAM, str(number), str(number), "zh-CN", now)
                    await tx.people.appoint(seat.id, person.id, now)
            topics = [topic.id for topic in town.topics]
            places = [
                (village.id, topic, station.id if (station := town.station_of(village.id)) else "", deputy.id)
                for village in town.villages
                for topic in topics
                for deputy in town.deputies_of(village.id)[:1]
            ]
            await asyncio.to_thread(fill, made.url, cases, places, author.id, now)
            scan = statistics.median(scan_open_cases(made.url) for _ in range(ROUNDS))
            acts: dict[str, list[float]] = defaultdict(list)
            await villagers(made.store, range(1, 2))
            for day in range(DAYS):
                acts["reply"].append(await _replies(made, day))
                evening = (now + timedelta(days=day)).astimezone(town.zone).replace(hour=20)
                act = partial(_acts, made.desk_for, evening.astimezone(UTC), seats[0].id, author.id, cases)
                for name, took in (await made.store.work(act)).items():
                    acts[name].append(took)
            return {name: statistics.median(times) for name, times in acts.items()}, scan


async def _replies(made: BenchTown, day: int) -> float:
    """Seconds from a villager's words in the inbox to the reply in the outbox, of a whole submission."""
    texts = (f"石龙村第{day}盏路灯坏了", "1", "1")
    updates = [raw_update(message_of(10 * day + place, 1, text)) for place, text in enumerate(texts, 1)]
    await made.store.work(partial(_receive, updates))
    began = time.perf_counter()
    await made.engine.worker.drain()
    return (time.perf_counter() - began) / len(updates)


async def _acts(desk_for: DeskFor, now: datetime, seat: str, author: int, cases: int, tx: Tx) -> dict[str, float]:
    """Seconds for each act, in one transaction as the sweep's and the worker's are."""
    desk = desk_for(tx, now, f"bench:{now}")
    deputy = await tx.people.holder(seat)
    if deputy is None:
        raise RuntimeError("nobody sits there")
    took: dict[str, float] = {}
    for name, act in (
        ("digests", partial(digests.send_digests, desk)),
        ("queue", partial(digests.my_queue, desk, deputy)),
        ("own list", partial(tx.cases.find, CaseFilter(author=author, limit=10))),
        ("search", partial(searching.search, desk, deputy, "路灯 老人")),
        ("search, nothing met", partial(searching.search, desk, deputy, "石拱桥")),
        ("by number", partial(tx.cases.by_number, f"ZJ-2025-{cases // 2:07d}")),
    ):
        began = time.perf_counter()
        await act()
        took[name] = time.perf_counter() - began
    return took
