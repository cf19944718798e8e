"""`run`: the bot on the real channel, by polling or by webhook, until it is told to stop."""

import asyncio
import logging
import os
import shutil
import signal
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from telegram import Bot, BotCommand

from bot.alarm import Alarm, Alertness, WatchedStore
from bot.compose.desk import Desks, tagger_for
from bot.compose.engine import LEASE, MEGABYTE, TELEGRAM, SystemClock, build_engine
from bot.compose.public import board_of
from bot.compose.stores import open_town_store
from bot.compose.watchdog import watch
from bot.config import Settings, load_configuration, require_live
from bot.config.settings import SQLITE
from bot.domain.abuse import Flood
from bot.domain.text import t
from bot.domain.town import Town
from bot.learner import Learner, LiveTagger
from bot.pacing import SendLimits
from bot.ports import Clock, Store
from bot.tagging.tagger import TownTagger
from bot.texts.catalogue import LANGUAGES, Catalogue
from bot.usecases.roles import VILLAGER_MENU
from bot.usecases.seats import PAYLOAD, first_invite
from bot.worker import DeskFor
from handlers.telegram.bot_factory import Connection, build_bot, introduce
from handlers.telegram.polling import Polling
from handlers.telegram.transport import TelegramTransport
from handlers.telegram.webhook import Webhook, close_webhook, open_webhook
from handlers.web.board import board_routes
from handlers.web.health import Pulse, health_routes
from handlers.web.metrics import Metrics, metrics_routes
from handlers.web.site import serve

log = logging.getLogger(__name__)

Receiver = Callable[[asyncio.Event], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Knobs:
    """What no installation sets: for trials that cannot wait for real minutes. Times are seconds."""

    clock: Clock = field(default_factory=SystemClock)
    limits: SendLimits | None = None
    lease: timedelta = LEASE
    poll_wait: float = 30.0
    poll_silence: float = 90.0
    alertness: Alertness = field(default_factory=Alertness)
    tagger: Callable[[Settings, Town], TownTagger] = tagger_for


async def run_live(
    settings: Settings,
    announce: Callable[[str], None] = print,
    knobs: Knobs | None = None,
) -> None:
    """Run until SIGINT or SIGTERM. `announce` gets the administrator's link, which never goes to the log.

    Raises ConfigError, WrongRevisionError (the database needs `migrate`), TokenRejectedError.
    """
    require_live(settings)
    knobs = knobs or Knobs()
    configuration = load_configuration(settings)
    stop = stop_on_signals()
    clock = knobs.clock
    opened = await open_town_store(settings)
    store = WatchedStore(opened, clock, knobs.alertness)
    try:
        bot = build_bot(connection_for(settings))
        name = await introduce(bot)
        await set_default_menu(bot)
        reader = LiveTagger(knobs.tagger(settings, configuration.town))
        desk_for = Desks(configuration, reader, name)
        await desk_for.catch_up(store)
        town = desk_for.configuration.town
        if town.sample:
            log.warning("样例村名、虚构的人名还在用 / SAMPLE names are in use: not fit for real villagers")
        worker = f"{socket.gethostname()}-{os.getpid()}"
        metrics = Metrics()
        engine = build_engine(
            store,
            bot,
            desk_for,
            clock,
            opened.files_in(settings.files_folder),
            most_bytes=settings.files.max_mb * MEGABYTE,
            limits=knobs.limits,
            lease=knobs.lease,
            name=worker,
            counted=metrics.counted,
            flood=Flood(settings.flood.burst, settings.flood.per_minute),
        )
        await invite_first_administrator(store, desk_for, clock, name, announce)
        receivers = await receivers_for(settings, bot, store, knobs, engine.worker.wake, metrics)
        if settings.board.port is not None:
            routes = board_routes(board_of(store, lambda: desk_for.configuration.town))
            receivers.append(partial(serve, routes, settings.board.host, settings.board.port))
        log.info("%s is open as @%s (%s)", town.name, name, settings.telegram.mode)
        try:
            alarm = alarm_for(settings, store, bot, clock, desk_for)
            await engine.run(stop, *receivers, warming(reader), Learner(store, reader, clock).run, alarm.run)
        finally:
            await bot.shutdown()
    finally:
        await store.close()


def warming(reader: LiveTagger) -> Receiver:
    """Loads the tagger's dictionaries beside the first messages, not before them."""

    async def warm(_stop: asyncio.Event) -> None:
        await asyncio.to_thread(reader.warm_up)

    return warm


def alarm_for(settings: Settings, store: WatchedStore, bot: Bot, clock: Clock, desks: Desks) -> Alarm:
    """Cries straight over Telegram what the database keeps from being queued."""
    room = None
    if settings.storage.url.startswith(SQLITE):
        folder = Path(settings.storage.url.removeprefix(SQLITE)).parent
        room = partial(_free, folder)
    return Alarm(
        store,
        TELEGRAM,
        TelegramTransport(bot),
        clock,
        lambda: desks.configuration.town,
        lambda: desks.configuration.texts,
        room,
    )


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def connection_for(settings: Settings) -> Connection:
    token = settings.telegram.token
    if token is None:
        raise ValueError("require_live was not asked")
    if settings.telegram.base_url is None:
        return Connection(token.get_secret_value())
    root = settings.telegram.base_url.rstrip("/")
    return Connection(token.get_secret_value(), f"{root}/bot", f"{root}/file/bot")


async def receivers_for(
    settings: Settings, bot: Bot, store: WatchedStore, knobs: Knobs, on_stored: Callable[[], None], metrics: Metrics
) -> list[Receiver]:
    """What fills the inbox, what systemd is told, and the pages for a monitor where they are wanted."""
    telegram, health, clock = settings.telegram, settings.health, knobs.clock
    receivers: list[Receiver] = []
    if telegram.mode == "polling":
        await close_webhook(bot)
        connection = connection_for(settings)
        polling = Polling(
            store,
            bot.base_url,
            partial(connection.new_request, 1),
            clock,
            on_stored,
            wait=knobs.poll_wait,
            silence=knobs.poll_silence,
        )
        receivers.append(polling.run)
        pulse = Pulse(store, clock, lambda: polling.last_good, store.trouble)
    else:
        hook = telegram.webhook
        if hook.secret is None or hook.public_url is None:
            raise ValueError("require_live was not asked")
        secret = hook.secret.get_secret_value()
        site = Webhook(store, secret, clock, on_stored).routes(hook.path)
        receivers.append(partial(serve, site, hook.listen_host, hook.listen_port))
        await open_webhook(bot, hook.public_url.rstrip("/") + hook.path, secret)
        pulse = Pulse(store, clock, lambda: None, store.trouble)
    receivers.append(partial(watch, trouble=pulse.stuck))
    if health.port is not None:
        routes = [*health_routes(pulse), *metrics_routes(pulse, metrics)]
        receivers.append(partial(serve, routes, health.host, health.port))
    return receivers


async def set_default_menu(bot: Bot) -> None:
    """The villager's commands for everybody, in each language; staff get theirs when they join."""
    texts = Catalogue.load()
    for language in LANGUAGES:
        commands = [BotCommand(name, texts.render(language, t(f"command.{name}"))) for name in VILLAGER_MENU]
        await bot.set_my_commands(commands, language_code="en" if language == "en" else None)


async def invite_first_administrator(
    store: Store, desk_for: DeskFor, clock: Clock, name: str, announce: Callable[[str], None]
) -> str | None:
    """Print the one-time link by which the first administrator joins; nothing where there is one already."""
    async with store.begin() as tx:
        code = await first_invite(desk_for(tx, clock.now(), "start"))
    if code is None:
        return None
    link = f"https://t.me/{name}?start={PAYLOAD}{code}"
    announce(
        "还没有系统管理员。请在自己的 Telegram 里打开这个一次性链接（不要转发）：\n"
        f"No administrator yet. Open this one-time link in your own Telegram (do not pass it on):\n  {link}"
    )
    return link


def stop_on_signals() -> asyncio.Event:
    """An event that SIGINT and SIGTERM set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop
