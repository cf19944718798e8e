"""The town that the bench measures: the sample town with a bot on a local Bot API server."""

import asyncio
import resource
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.compose.desk import Desks, tagger_for
from bot.compose.engine import TELEGRAM, Engine, SystemClock, build_engine
from bot.compose.stores import open_town_store
from bot.config import SAMPLE_CONFIG, load_configuration, load_settings
from bot.domain.channel import Transport
from bot.domain.town import Town
from bot.learner import LiveTagger
from bot.pacing import SendLimits
from bot.ports import Store, Tx
from bot.worker import DeskFor
from handlers.sandbox.botapi import BotApiServer, RateLimits
from handlers.telegram.bot_factory import Connection, build_bot, introduce
from storage.migrate import migrate


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: what we reach, what it is held against, and the ratio that is to be reached."""

    what: str
    ours: float
    other: float
    unit: str
    reach: str

    @property
    def ratio(self) -> float:
        return self.ours / self.other if self.other else 0.0


@dataclass
class BenchTown:
    """A sample town in a folder of its own, with a bot on the local Bot API server."""

    store: Store
    engine: Engine
    town: Town
    desk_for: DeskFor
    url: str


def memory() -> float:
    """The most that this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@asynccontextmanager
async def opened(
    folder: Path,
    connection: Connection,
    limits: SendLimits | None = None,
    counted: Callable[[Transport], Transport] = lambda transport: transport,
) -> AsyncIterator[BenchTown]:
    """The sample town on a server that runs; without limits it sends as fast as it can."""
    url = f"sqlite:{folder / 'bench.sqlite'}"
    settings = load_settings(SAMPLE_CONFIG, {}, {"storage": {"url": url}})
    configuration = load_configuration(settings)
    town = configuration.town
    await migrate(url)
    store = await open_town_store(settings)
    async with build_bot(connection) as bot:
        reader = LiveTagger(tagger_for(settings, town))
        await asyncio.to_thread(reader.warm_up)
        desk_for = Desks(configuration, reader, await introduce(bot))
        engine = build_engine(
            store,
            bot,
            desk_for,
            SystemClock(),
            store.files_in(settings.files_folder),
            limits=limits or SendLimits.none(),
            name="bench",
            counted=counted,
        )
        yield BenchTown(store, engine, town, desk_for, url)
    await store.close()


@asynccontextmanager
async def served(users: range, limits: RateLimits | None = None) -> AsyncIterator[BotApiServer]:
    server = BotApiServer(rate_limits=limits)
    for user in users:
        server.add_user(user, f"村民{user}")
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


def connection_to(server: BotApiServer) -> Connection:
    return Connection(server.token, server.base_url, server.base_file_url)


async def villagers(store: Store, chats: range) -> None:
    """Everybody has agreed to the notice already."""

    async def settle(tx: Tx) -> None:
        for chat in chats:
            person = await tx.people.add(TELEGRAM, str(chat), str(chat), "zh-CN", datetime.now(UTC))
            await tx.people.save(replace(person, consent="1"))

    await store.work(settle)


def message_of(key: int, chat: int, text: str) -> dict[str, object]:
    who = {"id": chat, "is_bot": False, "first_name": "村民", "language_code": "zh-hans"}
    message = {
        "message_id": key,
        "date": int(time.time()),
        "chat": {"id": chat, "type": "private"},
        "from": who,
        "text": text,
    }
    return {"update_id": key, "message": message}
