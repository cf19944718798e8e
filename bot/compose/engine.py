"""The running bot: inbox worker, outbox sender and sweep around one store, and how they wake each other."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from telegram import Bot

from bot.compose.documents import read_handed_in, write_paper
from bot.delivery import Sender
from bot.domain.abuse import Flood
from bot.domain.channel import Transport
from bot.fetching import Fetcher
from bot.intake import Intake
from bot.pacing import SendLimits
from bot.papers import Papers
from bot.ports import Clock, Store
from bot.ports.files import FileStore
from bot.sweep import Sweep
from bot.worker import DeskFor, Worker
from handlers.telegram.download import TelegramSource
from handlers.telegram.translate import TelegramTranslator
from handlers.telegram.transport import TelegramTransport

log = logging.getLogger(__name__)

TELEGRAM = "telegram"
MEGABYTE = 1024 * 1024
LEASE = timedelta(minutes=1)
"""How long a claimed message stays with its sender: after a crash it is sent again no sooner than that."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class Engine:
    """Everything between the inbox and the channel. `receive` fills the inbox (polling or a webhook's site)."""

    store: Store
    worker: Worker
    sender: Sender
    sweep: Sweep
    fetcher: Fetcher
    intake: Intake

    async def run(self, stop: asyncio.Event, *receivers: Callable[[asyncio.Event], Awaitable[None]]) -> None:
        """Run all parts until `stop` is set or one of them fails; then stop the others and let them finish."""
        async with asyncio.TaskGroup() as group:
            for part in (
                self.worker.run,
                self.sender.run,
                self.sweep.run,
                self.fetcher.run,
                self.intake.run,
                *receivers,
            ):
                group.create_task(_stopping_all(part, stop))

    async def settle(self) -> None:
        """Handle and send everything that is due now (for tests and after the clock was pushed)."""
        while (
            await self.worker.drain()
            + await self.sweep.once()
            + await self.fetcher.once()
            + await self.intake.once()
            + await self.sender.drain()
        ):
            pass


async def _stopping_all(part: Callable[[asyncio.Event], Awaitable[None]], stop: asyncio.Event) -> None:
    """One part; should it fail, the others are told to stop in good order before the group cancels them."""
    try:
        await part(stop)
    except BaseException:
        stop.set()
        raise


def build_engine(
    store: Store,
    bot: Bot,
    desk_for: DeskFor,
    clock: Clock,
    files: FileStore,
    *,
    most_bytes: int = 20 * MEGABYTE,
    limits: SendLimits | None = None,
    lease: timedelta = LEASE,
    name: str = "main",
    flood: Flood | None = None,
    counted: Callable[[Transport], Transport] = lambda transport: transport,
) -> Engine:
    """Wire the parts: what one commits wakes the next. `counted` may watch over what is sent."""
    papers, unreachable = Papers(store, write_paper, desk_for, clock), noting_unreachable(store)
    transport = counted(TelegramTransport(bot, files=files, draw=papers))
    sender = Sender(store, TELEGRAM, transport, clock, limits, lease=lease, worker=name, on_unreachable=unreachable)
    worker = Worker(store, {TELEGRAM: TelegramTranslator(bot.username)}, desk_for, clock, sender.wake, flood=flood)
    source = TelegramSource(bot)
    fetcher = Fetcher(store, TELEGRAM, source, files, desk_for, clock, most_bytes=most_bytes, after_commit=sender.wake)
    intake = Intake(store, TELEGRAM, source, read_handed_in, desk_for, clock, sender.wake)
    return Engine(store, worker, sender, Sweep(store, desk_for, clock, sender.wake), fetcher, intake)


def noting_unreachable(store: Store) -> Callable[[str, str], Awaitable[None]]:
    """For a sender: who cannot be written to is not written to again, until they write."""

    async def unreachable(channel: str, chat: str) -> None:
        async with store.begin() as tx:
            person = await tx.people.find(channel, chat)
            if person and person.reachable:
                await tx.people.save_reach(replace(person, reachable=False))

    return unreachable
