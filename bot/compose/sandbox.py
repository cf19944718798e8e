"""`sandbox`: the whole bot in one process with a local Bot API server and a page of phones; no token needed."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import ClientSession, web
from telegram import Bot

from bot.compose.desk import Desks, tagger_for
from bot.compose.engine import TELEGRAM, Engine, build_engine
from bot.compose.live import set_default_menu, stop_on_signals, warming
from bot.compose.public import board_of
from bot.compose.stores import open_town_store
from bot.config import SAMPLE_CONFIG, Configuration, Settings, load_configuration, load_settings
from bot.domain.town import ADMIN_SEAT, Role, Town
from bot.learner import Learner, LiveTagger
from bot.pacing import SendLimits
from bot.texts.catalogue import REFERENCE
from bot.usecases.board import Board
from bot.usecases.roles import set_menu
from bot.worker import DeskFor
from handlers.sandbox.app import PhoneCard, TownPage, harden, own_page_only, page_routes
from handlers.sandbox.botapi.phone import Phone
from handlers.sandbox.botapi.server import BotApiServer
from handlers.sandbox.clock import ShiftedClock
from handlers.telegram.bot_factory import Connection, build_bot, introduce
from handlers.telegram.polling import Polling
from handlers.web.board import board_routes
from storage.migrate import migrate
from storage.store import SqlStore

log = logging.getLogger(__name__)

VILLAGERS = ((1001, "阿婆 李秀英"), (1002, "阿强 陈志强"), (1003, "小梅 黄小梅"))
DEPUTY, HEAD, OFFICE = 2001, 2002, 2003
PORT = 8765
MORNING = 9
"""The sandbox's day begins at nine, if it is night outside: nothing then waits for the quiet hours to end."""


class Sandbox:
    """One town to play with. `open` starts everything; `engine`, `store`, `clock`, `server` are there for tests."""

    def __init__(self, folder: Path, *, port: int = 0, host: str = "127.0.0.1") -> None:
        self._folder = folder
        self._host, self._port = host, port
        self._stop = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._web: web.AppRunner | None = None
        self._bot: Bot | None = None
        self.settings: Settings = sandbox_settings(folder)
        self.configuration: Configuration = load_configuration(self.settings)
        self.town: Town = self.configuration.town
        self.clock = ShiftedClock()
        self.server = BotApiServer(clock=self.clock.now)
        self.url = ""
        self.store: SqlStore
        self.engine: Engine

    async def open(self) -> str:
        """Start the server, the bot and the page; returns the page's address. Raises OSError: port taken."""
        self._wake_up_in_the_morning()
        await self._serve()
        address = self.settings.storage.address().get_secret_value()
        await migrate(address)
        self.store = await open_town_store(self.settings)
        connection = Connection(self.server.token, f"{self.url}/bot", f"{self.url}/file/bot")
        self._bot = bot = build_bot(connection)
        name = await introduce(bot)
        await set_default_menu(bot)
        reader = LiveTagger(tagger_for(self.settings, self.town))
        self._learner = Learner(self.store, reader, self.clock)
        desk_for = Desks(self.configuration, reader, name)
        await desk_for.catch_up(self.store)
        self.engine = build_engine(
            self.store,
            bot,
            desk_for,
            self.clock,
            self.store.files_in(self.settings.files_folder),
            limits=SendLimits.none(),
            name="sandbox",
        )
        polling = Polling(
            self.store,
            bot.base_url,
            partial(connection.new_request, 1),
            self.clock,
            self.engine.worker.wake,
            wait=10.0,
        )
        await self._seat_staff(desk_for)
        parts = (polling.run, warming(reader), self._learner.run)
        self._running = asyncio.create_task(self.engine.run(self._stop, *parts))
        return self.url

    async def close(self) -> None:
        self._stop.set()
        if self._running:
            await self._running
        if self._web:
            await self._web.cleanup()
        if self._bot:
            await self._bot.shutdown()
        await self.server.stop()
        await self.store.close()

    async def pushed(self) -> None:
        """After the clock was pushed: what fell due is made now."""
        await self.engine.sweep.once()
        await self._learner.once()
        self.engine.worker.wake()

    async def wait(self) -> None:
        """Until the engine ends, by a failure or by `close`."""
        if self._running:
            await asyncio.shield(self._running)

    async def _serve(self) -> None:
        people = [*VILLAGERS, (DEPUTY, "代表"), (HEAD, "站长"), (OFFICE, "人大办")]
        for user_id, name in people:
            self.server.add_user(user_id, name)
        application = web.Application(middlewares=[own_page_only], client_max_size=32 * 1024 * 1024)
        application.on_response_prepare.append(harden)
        page = TownPage(self.town.name, self.town.sample, phone_cards())
        application.add_routes(self.server.routes())
        application.add_routes(page_routes(page, self.clock, self.town.zone, self.pushed, self.server.events_of))
        application.add_routes(board_routes(self._board))
        self._web = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await self._web.setup()
        site = web.TCPSite(self._web, self._host, self._port)
        await site.start()
        self.url = site.name if self._port else f"http://{self._host}:{self._web.addresses[0][1]}"

    async def _board(self, village: str | None, topic: str | None, page: int) -> tuple[Town, Board, Board]:
        """The public board, once the store is open."""
        return await board_of(self.store, lambda: self.town)(village, topic, page)

    async def _seat_staff(self, desk_for: DeskFor) -> None:
        """The three staff phones hold a seat at every station, so that any village can be played with."""
        async with self.store.begin() as tx:
            for user_id, seats in staff_seats(self.town).items():
                account = str(user_id)
                person = await tx.people.find(TELEGRAM, account)
                if person is None:
                    person = await tx.people.add(TELEGRAM, account, account, REFERENCE, self.clock.now())
                held = {a.seat for a in await tx.people.seats_of(person.id)}
                for seat in seats:
                    if seat not in held:
                        await tx.people.appoint(seat, person.id, self.clock.now())
                await set_menu(desk_for(tx, self.clock.now(), f"open:{user_id}"), person)
        async with ClientSession() as session:
            for user_id in staff_seats(self.town):
                await Phone(self.url, user_id, session).start()

    def _wake_up_in_the_morning(self) -> None:
        local = self.clock.now().astimezone(self.town.zone)
        quiet = not (self.settings.quiet.ends <= local.time() < self.settings.quiet.starts)
        if quiet:
            nine = datetime.combine(local.date(), datetime.min.time(), local.tzinfo) + timedelta(hours=MORNING)
            self.clock.advance((nine if nine > local else nine + timedelta(days=1)) - local)


def sandbox_settings(folder: Path) -> Settings:
    """The sample town with its database in `folder`."""
    return load_settings(SAMPLE_CONFIG, {}, {"storage": {"url": f"sqlite:{folder / 'sandbox.sqlite'}"}})


def staff_seats(town: Town) -> dict[int, list[str]]:
    """Which seats each staff phone holds: one deputy of each village, every station's head, the office."""
    deputies = [found[0].id for village in town.villages if (found := town.deputies_of(village.id))]
    heads = [seat.id for seat in town.seats_of(Role.STATION_HEAD)]
    office = [seat.id for seat in town.seats_of(Role.OFFICE)][:1]
    return {DEPUTY: list(dict.fromkeys(deputies)), HEAD: heads, OFFICE: [*office, ADMIN_SEAT]}


def phone_cards() -> tuple[PhoneCard, ...]:
    hints = ("反映村里的事", "也可以写封建议", "试试发照片、语音")
    villagers = [
        PhoneCard(user_id, name, "villager", "村民", hint)
        for (user_id, name), hint in zip(VILLAGERS, hints, strict=True)
    ]
    return (
        *villagers,
        PhoneCard(DEPUTY, "人大代表", "deputy", "代表", "新意见会发到这里"),
        PhoneCard(HEAD, "联络站站长", "station_head", "站长", "接办、答复、办结"),
        PhoneCard(OFFICE, "镇人大办", "office", "人大办", "不满意的、紧急的会到这里"),
    )


async def run_sandbox(port: int, folder: Path | None, announce: Callable[[str], None] = print) -> None:
    """Run until SIGINT or SIGTERM. Without `folder` everything is forgotten at the end."""
    stop = stop_on_signals()
    with TemporaryDirectory(prefix="xiangyin-") as temporary:
        sandbox = Sandbox(folder or Path(temporary), port=port)
        try:
            url = await sandbox.open()
            announce(f"沙盒开了，请用浏览器打开 / the sandbox is open, go to:  {url}\n按 Ctrl+C 结束 / Ctrl+C ends it")
            ended = asyncio.create_task(sandbox.wait())
            stopped = asyncio.create_task(stop.wait())
            await asyncio.wait({ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()
        finally:
            await sandbox.close()
