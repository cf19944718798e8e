"""The sender takes each message out of the outbox once, in order, and notes how it went, whatever the channel does."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.delivery import ChannelError, Sender
from bot.domain.channel import Moved, Outcome, Refused, RetryIn, Sent, Unreachable
from bot.domain.messages import Outgoing, OutgoingKind, Slip
from bot.leaps import Leaps
from bot.pacing import Rate, SendLimits
from bot.ports import OutboxStatus, Store
from storage.migrate import migrate
from storage.store import SqlStore, open_store
from tests.support.stores import KEYS
from tests.telegram.clock import SetClock
from tests.telegram.failing import FailingStore

CHANNEL = "memory"


class MemoryChannel:
    """A channel without a network: says what it was told to say, in turn, and Sent after that."""

    def __init__(self, *answers: Outcome | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        self.sent: list[str] = []
        self.flying: list[str] = []
        self.most_flying = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def send(self, message: Outgoing) -> Outcome:
        self.asked.append(message.text)
        assert message.kind is OutgoingKind.TOAST or message.chat not in self.flying, "two in flight for one chat"
        self.flying.append(message.chat)
        self.most_flying = max(self.most_flying, len(self.flying))
        try:
            await self.gate.wait()
            answer = self.answers.pop(0) if self.answers else Sent(f"m{len(self.sent)}")
        finally:
            self.flying.remove(message.chat)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Sent):
            self.sent.append(message.text)
        return answer


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("delivery") / "store.sqlite"
    asyncio.run(migrate(f"sqlite:{path}"))
    return path


@pytest.fixture
async def store(migrated: Path, tmp_path: Path) -> AsyncIterator[SqlStore]:
    opened = await open_store(f"sqlite:{shutil.copy(migrated, tmp_path / 'store.sqlite')}", KEYS)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


def sender(store: Store, channel: MemoryChannel, clock: SetClock, limits: SendLimits | None = None) -> Sender:
    return Sender(store, CHANNEL, channel, clock, limits or SendLimits.none())


async def queue(store: Store, clock: SetClock, *texts: str, chat: str = "1") -> None:
    async with store.begin() as tx:
        for text in texts:
            message = Outgoing(OutgoingKind.TEXT, chat, text)
            await tx.outbox.add(CHANNEL, message, key=f"{chat}:{text}", at=clock.now())


async def rows(store: Store, chat: str | None = None) -> list[OutboxStatus]:
    async with store.begin() as tx:
        return await tx.outbox.rows(chat)


async def statuses(store: Store, chat: str | None = None) -> list[str]:
    return [row.status for row in await rows(store, chat)]


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - the world is watched from outside
            await asyncio.sleep(0.002)


@asynccontextmanager
async def after_the_first(store: Store, clock: SetClock) -> AsyncIterator[tuple[MemoryChannel, Sender]]:
    """A sender at work that was woken once, and has sent `a`."""
    channel, stop = MemoryChannel(), asyncio.Event()
    post = sender(store, channel, clock)
    running = asyncio.create_task(post.run(stop))
    await queue(store, clock, "a")
    post.wake()
    await until(lambda: channel.sent == ["a"])
    yield channel, post
    stop.set()
    await running


async def test_what_is_due_is_sent_in_order_and_counted(store: SqlStore, clock: SetClock) -> None:
    channel = MemoryChannel()
    await queue(store, clock, "a", "b", "c")
    assert await sender(store, channel, clock).drain() == 3
    assert channel.sent == ["a", "b", "c"]
    assert await statuses(store) == ["sent"] * 3


@pytest.mark.parametrize("answer", [Sent("m"), Refused("no such chat")])
async def test_a_secret_is_forgotten_once_it_was_sent_or_given_up(
    store: SqlStore, clock: SetClock, answer: Outcome
) -> None:
    slip = Slip("https://t.me/b?start=code-123456789012", "1234 5678 9012", ("回执",), ("电话",))
    secret = Outgoing(OutgoingKind.SLIP, "1", "1234 5678 9012", slip=slip, secret=True)
    plain = Outgoing(OutgoingKind.TEXT, "1", "编号 1")
    async with store.begin() as tx:
        await tx.outbox.add(CHANNEL, secret, key="secret", at=clock.now())
        await tx.outbox.add(CHANNEL, plain, key="plain", at=clock.now())
        assert [row.message for row in await tx.outbox.rows()] == [secret, plain]
    await sender(store, MemoryChannel(answer), clock).drain()
    gone, kept = await rows(store)
    assert gone.status in ("sent", "dead")
    assert gone.message == Outgoing(OutgoingKind.TEXT, "1")
    assert kept.message.text == "编号 1"


async def test_what_is_not_due_yet_stays(store: SqlStore, clock: SetClock) -> None:
    later = clock.now() + timedelta(hours=1)
    async with store.begin() as tx:
        message = Outgoing(OutgoingKind.TEXT, "1", "later")
        await tx.outbox.add(CHANNEL, message, key="k", at=clock.now(), send_after=later)
    channel = MemoryChannel()
    post = sender(store, channel, clock)
    assert await post.drain() == 0
    clock.push(3600)
    assert await post.drain() == 1


async def test_many_chats_are_sent_to_at_once_but_no_more_than_allowed(store: SqlStore, clock: SetClock) -> None:
    channel, stop = MemoryChannel(), asyncio.Event()
    channel.gate.clear()
    for chat in range(30):
        await queue(store, clock, "a", "b", chat=str(chat))
    post = Sender(store, CHANNEL, channel, clock, SendLimits.none(), parallel=8)
    running = asyncio.create_task(post.run(stop))
    await until(lambda: len(channel.flying) == 8)
    channel.gate.set()
    await until(lambda: len(channel.sent) == 60)
    stop.set()
    await running
    assert channel.most_flying == 8
    assert await statuses(store) == ["sent"] * 60


async def test_a_message_put_off_holds_back_its_own_chat_only(store: SqlStore, clock: SetClock) -> None:
    channel = MemoryChannel(RetryIn(timedelta(seconds=30), "429"))
    await queue(store, clock, "a", "b", chat="1")
    await queue(store, clock, "c", chat="2")
    post = sender(store, channel, clock)
    assert await post.drain() == 1
    assert channel.sent == ["c"]
    clock.push(29)
    assert await post.drain() == 0
    clock.push(1)
    assert await post.drain() == 2
    assert channel.sent == ["c", "a", "b"]


async def test_an_answer_for_the_whole_channel_holds_back_every_chat(store: SqlStore, clock: SetClock) -> None:
    channel = MemoryChannel(RetryIn(timedelta(hours=1), "429", all_chats=True))
    post = sender(store, channel, clock)
    await queue(store, clock, "a", chat="1")
    await post.drain()
    await queue(store, clock, "b", chat="2")
    assert await post.drain() == 0
    assert [row.error for row in await rows(store)] == ["429", "waits its turn"]


async def test_who_cannot_be_reached_is_told_of_once_for_each_message(store: SqlStore, clock: SetClock) -> None:
    told: list[tuple[str, str]] = []

    async def note(channel: str, chat: str) -> None:
        async with store.begin():  # as the application does: a transaction of its own
            told.append((channel, chat))

    await queue(store, clock, "a", chat="1")
    await queue(store, clock, "b", chat="2")
    channel = MemoryChannel(Unreachable("blocked"))
    post = Sender(store, CHANNEL, channel, clock, SendLimits.none(), on_unreachable=note)
    assert await post.drain() == 1
    assert told == [(CHANNEL, "1")]
    assert [(row.status, row.error) for row in await rows(store, "1")] == [("dead", "blocked")]


async def test_a_failure_to_mark_who_is_unreachable_stops_nothing(store: SqlStore, clock: SetClock) -> None:
    async def fail(channel: str, chat: str) -> None:
        raise OSError

    await queue(store, clock, "a", "b")
    channel = MemoryChannel(Unreachable("blocked"))
    post = Sender(store, CHANNEL, channel, clock, SendLimits.none(), on_unreachable=fail)
    assert await post.drain() == 1
    assert await statuses(store) == ["dead", "sent"]


async def test_a_refused_message_is_dead_and_the_next_goes_on(store: SqlStore, clock: SetClock) -> None:
    channel = MemoryChannel(Refused("too bad"))
    await queue(store, clock, "a", "b")
    assert await sender(store, channel, clock).drain() == 1
    assert [(row.status, row.error) for row in await rows(store)] == [("dead", "too bad"), ("sent", None)]


async def test_a_moved_chat_takes_its_unsent_messages_along(store: SqlStore, clock: SetClock) -> None:
    channel = MemoryChannel(Moved("-100"))
    await queue(store, clock, "a", "b", chat="-5")
    assert await sender(store, channel, clock).drain() == 2
    assert channel.sent == ["a", "b"]
    assert await statuses(store, "-100") == ["sent", "sent"]


async def test_a_fault_in_a_transport_costs_one_message_and_not_the_chat(store: SqlStore, clock: SetClock) -> None:
    channel = MemoryChannel(KeyError("ours"))
    await queue(store, clock, "a", "b")
    assert await sender(store, channel, clock).drain() == 1
    assert [(row.status, row.error) for row in await rows(store)] == [("dead", "KeyError: 'ours'"), ("sent", None)]


async def test_a_message_that_fails_for_ever_is_given_up_in_the_end(store: SqlStore, clock: SetClock) -> None:
    channel = MemoryChannel(*[RetryIn(timedelta(seconds=1), "network")] * 3)
    await queue(store, clock, "a")
    post = Sender(store, CHANNEL, channel, clock, SendLimits.none(), attempts=3)
    for _ in range(4):
        await post.drain()
        clock.push(1)
    assert [(row.status, row.error) for row in await rows(store)] == [("dead", "network")]


async def test_results_survive_a_store_that_fails(store: SqlStore, clock: SetClock) -> None:
    channel = MemoryChannel()
    await queue(store, clock, "a")
    failing = FailingStore(store, failures=0)
    post, stop = sender(failing, channel, clock), asyncio.Event()
    channel.gate.clear()
    running = asyncio.create_task(post.run(stop))
    await until(lambda: channel.flying == ["1"])
    failing.left = 1
    channel.gate.set()
    await until(lambda: not failing.left)
    stop.set()
    await running
    assert channel.sent == ["a"]
    assert await statuses(store) == ["sent"]


async def test_a_send_without_an_answer_is_given_up_within_its_lease(store: SqlStore, clock: SetClock) -> None:
    channel = MemoryChannel()
    channel.gate.clear()
    await queue(store, clock, "a")
    post = Sender(store, CHANNEL, channel, clock, SendLimits.none(), lease=timedelta(seconds=0.2))
    assert await post.drain() == 0
    assert [(row.status, row.error) for row in await rows(store)] == [("queued", "no answer within 0 s")]


async def test_a_broken_channel_stops_the_run_and_leaves_the_messages_queued(store: SqlStore, clock: SetClock) -> None:
    channel = MemoryChannel(ChannelError("ask @BotFather"))
    await queue(store, clock, "a")
    with pytest.raises(ChannelError, match="ask @BotFather"):
        async with asyncio.timeout(10):
            await sender(store, channel, clock).run(asyncio.Event())
    assert await statuses(store) == ["queued"]


async def test_a_stop_lets_what_is_in_flight_land_and_gives_the_rest_back(store: SqlStore, clock: SetClock) -> None:
    channel, stop = MemoryChannel(), asyncio.Event()
    channel.gate.clear()
    for chat in "123":
        await queue(store, clock, "a", chat=chat)
    post = Sender(store, CHANNEL, channel, clock, SendLimits.none(), parallel=1)
    running = asyncio.create_task(post.run(stop))
    await until(lambda: bool(channel.flying))
    stop.set()
    await asyncio.sleep(0)
    channel.gate.set()
    async with asyncio.timeout(10):
        await running
    assert sorted(await statuses(store)) == ["queued", "queued", "sent"]


async def test_a_ring_sends_at_once_and_without_one_the_outbox_is_looked_at_anyway(
    store: SqlStore, clock: SetClock
) -> None:
    async with after_the_first(store, clock) as (channel, _):
        await queue(store, clock, "b")
        await until(lambda: channel.sent == ["a", "b"])


async def test_a_message_over_the_pace_waits_in_the_outbox(store: SqlStore, clock: SetClock) -> None:
    channel = MemoryChannel()
    await queue(store, clock, "a", "b", "c", chat="-7")
    limits = SendLimits(overall=None, chat=None, group=Rate(2, 60.0))
    assert await sender(store, channel, clock, limits).drain() == 2
    last = (await rows(store))[-1]
    assert (last.status, last.error) == ("queued", "waits its turn")
    assert timedelta(seconds=50) < last.send_after - clock.now() <= timedelta(seconds=60)


async def test_a_short_wait_for_the_pace_is_waited_out(store: SqlStore, clock: SetClock) -> None:
    channel = MemoryChannel()
    await queue(store, clock, "a", "b", "c")
    limits = SendLimits(overall=None, chat=Rate(1, 0.02), group=None)
    assert await sender(store, channel, clock, limits).drain() == 3


async def test_an_answer_to_a_press_does_not_wait_for_the_chats_pace(store: SqlStore, clock: SetClock) -> None:
    channel = MemoryChannel()
    await queue(store, clock, "a", "b")
    async with store.begin() as tx:
        toast = Outgoing(OutgoingKind.TOAST, "1", "ok", press_id="p")
        await tx.outbox.add(CHANNEL, toast, key="toast", at=clock.now())
    limits = SendLimits(overall=None, chat=Rate(1, 60.0), group=None)
    assert await sender(store, channel, clock, limits).drain() == 2
    assert sorted(channel.sent) == ["a", "ok"]


async def test_two_senders_never_send_the_same_message(store: SqlStore, clock: SetClock) -> None:
    channel = MemoryChannel()
    for chat in range(20):
        await queue(store, clock, *(f"{chat}-{n}" for n in range(5)), chat=str(chat))
    senders = [sender(store, channel, clock) for _ in range(3)]
    await asyncio.gather(*(each.drain() for each in senders))
    assert len(channel.asked) == len(set(channel.sent)) == 100


async def test_a_clock_pushed_past_the_lease_does_not_send_a_message_twice(store: SqlStore, clock: SetClock) -> None:
    channel, stop = MemoryChannel(), asyncio.Event()
    channel.gate.clear()
    await queue(store, clock, "a")
    post = sender(store, channel, clock)
    running = asyncio.create_task(post.run(stop))
    await until(lambda: channel.flying == ["1"])
    clock.push(86400)
    await queue(store, clock, "b", chat="2")
    post.wake()
    await until(lambda: "2" in channel.flying)
    channel.gate.set()
    await until(lambda: len(channel.sent) == 2)
    stop.set()
    await running
    assert sorted(channel.asked) == sorted(channel.sent) == ["a", "b"]
    assert await statuses(store) == ["sent", "sent"]


async def test_a_clock_turned_back_holds_no_message_up(store: SqlStore, clock: SetClock) -> None:
    channel, stop = MemoryChannel(RetryIn(timedelta(seconds=1), "network")), asyncio.Event()
    post = sender(store, channel, clock)
    running = asyncio.create_task(post.run(stop))
    await queue(store, clock, "a")
    post.wake()
    await until(lambda: channel.asked == ["a"])
    await queue(store, clock, "b", chat="2")
    clock.push(-7200)
    post.wake()
    await until(lambda: channel.sent == ["b"])
    clock.push(60)  # as long as a lease
    post.wake()
    await until(lambda: channel.sent == ["b", "a"])
    stop.set()
    await running


async def test_a_message_that_was_begun_before_a_clock_was_turned_back_and_committed_after_is_not_held_up(
    store: SqlStore, clock: SetClock
) -> None:
    async with after_the_first(store, clock) as (channel, post):
        clock.push(-7200)
        await queue(store, clock, "b")
        post.wake()
        await until(lambda: channel.sent == ["a", "b"])
        begun = SetClock()  # it still has the old time
        await queue(store, begun, "c")
        post.wake()
        await until(lambda: channel.sent == ["a", "b", "c"])


async def test_messages_from_before_a_clock_was_turned_back_go_out_after_a_start(
    store: SqlStore, clock: SetClock
) -> None:
    channel = MemoryChannel()
    await queue(store, clock, "a", "b")
    clock.push(-86400)
    assert await sender(store, channel, clock).drain() == 2


def test_a_leap_is_what_the_clock_moved_beyond_the_time_that_passed(clock: SetClock) -> None:
    passed = 0.0
    leaps = Leaps(clock, lambda: passed)
    assert leaps.look() == timedelta()
    for moved, waited, leap in ((60, 60, 0), (61, 60, 0), (3660, 60, 3600), (-3540, 60, -3600), (0, 2, 0)):
        clock.push(moved)
        passed += waited
        assert leaps.look() == timedelta(seconds=leap)
