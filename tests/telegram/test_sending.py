"""From the outbox to the phone: the sender and Telegram's transport together, against limits and failures."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import aiohttp
import pytest
from telegram import Bot

from bot.delivery import Sender
from bot.domain.messages import Outgoing, OutgoingKind
from bot.pacing import Rate, SendLimits
from handlers.sandbox.botapi import BotApiServer, Phone, RateLimits
from handlers.telegram.bot_factory import Connection, build_bot
from handlers.telegram.raw import CHANNEL
from handlers.telegram.transport import TelegramTransport
from storage.store import SqlStore
from tests.telegram.clock import SetClock
from tests.telegram.conftest import control
from tests.telegram.faults import calls, fail

Queue = Callable[..., "asyncio.Future[None]"]


@pytest.fixture
def unreachable() -> list[str]:
    return []


@pytest.fixture
def sender(store: SqlStore, transport: TelegramTransport, clock: SetClock, unreachable: list[str]) -> Sender:
    async def note(channel: str, chat: str) -> None:
        unreachable.append(chat)

    return Sender(store, CHANNEL, transport, clock, SendLimits.none(), on_unreachable=note)


@pytest.fixture
def queue(store: SqlStore, clock: SetClock) -> Queue:
    async def add(*texts: str, chat: str = "1001") -> None:
        async with store.begin() as tx:
            for text in texts:
                message = Outgoing(OutgoingKind.TEXT, chat, text)
                await tx.outbox.add(CHANNEL, message, key=f"{chat}:{text}", at=clock.now())

    return lambda *texts, **more: asyncio.ensure_future(add(*texts, **more))


async def statuses(store: SqlStore, chat: str) -> list[str]:
    async with store.begin() as tx:
        return [row.status for row in await tx.outbox.rows(chat)]


async def test_messages_arrive_in_order_and_their_ids_are_kept(sender: Sender, queue: Queue, fen: Phone) -> None:
    await queue(*(f"第{n}条" for n in range(5)))
    assert await sender.drain() == 5
    await fen.refresh()
    assert [m["text"] for m in fen.messages if m["from_bot"]] == [f"第{n}条" for n in range(5)]


async def test_429_keeps_the_order_and_delivers_each_message_once(
    sender: Sender, queue: Queue, fen: Phone, server: BotApiServer, clock: SetClock
) -> None:
    await fail(server, "429", times=2, retry_after=5)
    await queue("a", "b")
    delivered = [await sender.drain()]
    for _ in range(2):
        clock.push(5)
        delivered.append(await sender.drain())
    assert delivered == [0, 0, 2]
    await fen.refresh()
    assert [m["text"] for m in fen.messages if m["from_bot"]] == ["a", "b"]


async def test_who_blocked_the_bot_gets_dead_messages_and_is_told_of(
    sender: Sender, queue: Queue, store: SqlStore, fen: Phone, unreachable: list[str]
) -> None:
    await fen.block()
    await queue("a")
    assert await sender.drain() == 0
    assert await statuses(store, "1001") == ["dead"]
    assert unreachable == ["1001"]


async def test_messages_follow_a_group_to_its_new_id(
    sender: Sender, queue: Queue, store: SqlStore, server: BotApiServer, fen: Phone, session: aiohttp.ClientSession
) -> None:
    async with session.post(f"{control(server)}/groups", json={"title": "村民群", "members": [1001]}) as answer:
        old = (await answer.json())["chat_id"]
    async with session.post(f"{control(server)}/groups/{old}/migrate") as answer:
        new = (await answer.json())["chat_id"]
    await queue("a", "b", chat=str(old))
    assert await sender.drain() == 2
    await fen.refresh()
    assert [m["text"] for m in fen.messages_in(new) if m["from_bot"]] == ["a", "b"]
    assert await statuses(store, str(new)) == ["sent", "sent"]


async def test_a_message_whose_answer_was_lost_arrives_twice_rather_than_never(
    store: SqlStore, queue: Queue, fen: Phone, server: BotApiServer, connection: Connection, clock: SetClock
) -> None:
    bot = build_bot(Connection(server.token, server.base_url, read_timeout=0.3))
    sender = Sender(store, CHANNEL, TelegramTransport(bot), clock, SendLimits.none())
    await fail(server, "timeout_after", hold=1.0)
    await queue("a")
    assert await sender.drain() == 0
    clock.push(1)
    assert await sender.drain() == 1
    await bot.request.shutdown()
    await fen.refresh()
    assert [m["text"] for m in fen.messages if m["from_bot"]] == ["a", "a"]


async def test_the_pace_keeps_within_what_a_strict_server_bears(
    store: SqlStore, queue: Queue, clock: SetClock, session: aiohttp.ClientSession
) -> None:
    # Ten times as fast as the real limits, so that the test takes a tenth; the larger bursts are for a busy machine.
    bears = RateLimits(overall_per_second=60, overall_burst=16, chat_per_second=10, chat_burst=6)
    server = BotApiServer(clock=clock.now, rate_limits=bears)
    limits = SendLimits(overall=Rate(6, 0.1), chat=Rate(3, 0.3), group=None)
    await server.start()
    try:
        for user_id in range(1, 7):
            server.add_user(user_id, f"村民{user_id}")
            await Phone(control(server), user_id, session).start()
            await queue(*(f"{n}" for n in range(8)), chat=str(user_id))
        async with build_bot(Connection(server.token, server.base_url)) as bot:
            sender = Sender(store, CHANNEL, TelegramTransport(bot), clock, limits)
            assert await sender.drain() == 48
        assert [entry["status"] for entry in server.log if entry["method"] == "sendMessage"] == [200] * 48
    finally:
        await server.stop()


async def test_a_running_sender_delivers_what_is_rung_for(
    sender: Sender, queue: Queue, fen: Phone, server: BotApiServer, bot: Bot
) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(sender.run(stop))
    await queue("a")
    sender.wake()
    assert (await fen.wait_for("a"))["text"] == "a"
    stop.set()
    async with asyncio.timeout(10):
        await running
    assert len(calls(server, "sendMessage")) == 1


async def test_a_run_over_a_bad_network_delivers_everything_in_the_end(
    store: SqlStore, transport: TelegramTransport, queue: Queue, fen: Phone, server: BotApiServer, clock: SetClock
) -> None:
    for kind in ("500", "drop", "429", "500"):
        await fail(server, kind)
    await queue("a", "b", "c")
    sender = Sender(store, CHANNEL, transport, clock, SendLimits.none(), lease=timedelta(seconds=30))
    for _ in range(5):
        await sender.drain()
        clock.push(60)
    await fen.refresh()
    assert [m["text"] for m in fen.messages if m["from_bot"]] == ["a", "b", "c"]
