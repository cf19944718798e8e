"""A bot of the real parts that answers each message with its echo; made to be killed at any moment."""

import asyncio
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from aiohttp import web

from bot.delivery import Sender
from bot.domain.messages import Outgoing, OutgoingKind
from bot.pacing import SendLimits
from handlers.telegram.bot_factory import Connection, build_bot, tls_context
from handlers.telegram.polling import Polling
from handlers.telegram.raw import CHANNEL
from handlers.telegram.translate import TelegramTranslator
from handlers.telegram.transport import TelegramTransport
from handlers.telegram.webhook import Webhook
from storage.store import SqlStore, open_store
from tests.support.stores import KEYS

SECRET = "kill-test-secret"

tls_context()  # before the fork: a life is short, and is to be spent at work


class RealClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def main(arguments: Sequence[str]) -> None:
    """Arguments: polling | webhook, base URL, token, database URL, webhook's port, path of the list of doubles."""
    asyncio.run(_live(*arguments))


async def _live(mode: str, base_url: str, token: str, database: str, port: str, doubles: str) -> None:
    store, clock, stop, stored = await open_store(database, KEYS), RealClock(), asyncio.Event(), asyncio.Event()
    connection = Connection(token, base_url)
    bot = build_bot(connection)
    sender = Sender(store, CHANNEL, TelegramTransport(bot), clock, SendLimits.none(), lease=timedelta(seconds=4))
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(sender.run(stop))
        tasks.create_task(_echo(store, clock, sender, stored, doubles))
        if mode == "polling":
            polling = Polling(
                store, bot.base_url, lambda: connection.new_request(1), clock, stored.set, first_pause=0.05
            )
            tasks.create_task(polling.run(stop))
        else:
            application = web.Application()
            application.add_routes(Webhook(store, SECRET, clock, stored.set).routes("/telegram"))
            runner = web.AppRunner(application)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", int(port), reuse_address=True).start()


async def _echo(store: SqlStore, clock: RealClock, sender: Sender, stored: asyncio.Event, doubles: str) -> None:
    """The smallest worker: what was handled before is told to `doubles`, from which nothing is ever taken away."""
    translator = TelegramTranslator()
    while True:
        stored.clear()
        again = []
        async with store.begin() as tx:
            rows = await tx.inbox.claim(10)
            for row in rows:
                found = translator.translate(row.update.raw)
                echo = Outgoing(OutgoingKind.TEXT, found.chat, f"echo {found.text}")
                if not await tx.outbox.add(CHANNEL, echo, key=f"echo:{row.update.key}", at=clock.now()):
                    again.append(row.update.key)
                await tx.inbox.done([row.id], clock.now())
        if again:
            with open(doubles, "a") as file:
                file.writelines(f"{key}\n" for key in again)
        if rows:
            sender.wake()
        else:
            await stored.wait()


if __name__ == "__main__":
    main(sys.argv[1:])
    os._exit(0)
