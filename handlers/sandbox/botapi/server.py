"""A Bot API server for one bot and a few phones, strict where the real one is strict, all in memory."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from aiohttp import web

from handlers.sandbox.botapi.calls import Calls
from handlers.sandbox.botapi.control import control_routes
from handlers.sandbox.botapi.faults import Faults
from handlers.sandbox.botapi.feeds import Feeds
from handlers.sandbox.botapi.files import Files
from handlers.sandbox.botapi.hub import Hub
from handlers.sandbox.botapi.journal import Journal
from handlers.sandbox.botapi.limits import Limiter, RateLimits
from handlers.sandbox.botapi.people import People
from handlers.sandbox.botapi.profile import commands_for
from handlers.sandbox.botapi.updates import Updates
from handlers.sandbox.botapi.webhook import Webhook
from handlers.sandbox.botapi.world import Json, World

__all__ = ["BotApiServer"]

_LARGEST_REQUEST = 64 * 2**20


def _wall_clock() -> datetime:
    return datetime.now(UTC)


class BotApiServer:
    """Plays Telegram for the bot that has `token`.

    `clock` gives the time that messages carry; flood limits hold only where `rate_limits` are given.
    """

    def __init__(
        self,
        token: str = "4242:SANDBOX-not-a-secret",  # noqa: S107 - there is nothing behind it
        clock: Callable[[], datetime] = _wall_clock,
        username: str = "xiangyin_sandbox_bot",
        rate_limits: RateLimits | None = None,
    ) -> None:
        world, updates, journal = World(clock, username), Updates(), Journal()
        self._hub = Hub(
            world=world,
            files=Files(),
            updates=updates,
            webhook=Webhook(updates, journal, world.now),
            journal=journal,
            feeds=Feeds(),
            faults=Faults(),
            limiter=Limiter(rate_limits) if rate_limits else None,
        )
        self._token = token
        self._url = ""
        self._stopping = asyncio.Event()
        self._people = People(self._hub)
        self._calls = Calls(self._hub, token, self._stopping)
        self._runner: web.AppRunner | None = None

    @property
    def token(self) -> str:
        """The bot's token."""
        return self._token

    @property
    def base_url(self) -> str:
        """The prefix that python-telegram-bot's Bot(base_url=…) wants, without the token."""
        return f"{self._url}/bot"

    @property
    def base_file_url(self) -> str:
        """The prefix that python-telegram-bot's Bot(base_file_url=…) wants, without the token."""
        return f"{self._url}/file/bot"

    @property
    def webhook(self) -> Webhook:
        """The webhook's delivery, to set its pauses."""
        return self._hub.webhook

    @property
    def faults(self) -> Faults:
        """The failures to come; what `POST /faults` adds to."""
        return self._hub.faults

    @property
    def acknowledged(self) -> list[int]:
        """The ids of the updates that the bot has confirmed, each once, in that order."""
        return self._hub.updates.acknowledged

    @property
    def unconfirmed(self) -> int:
        """How many updates wait for the bot."""
        return len(self._hub.updates.queue)

    def add_user(self, user_id: int, first_name: str, language_code: str = "zh-hans") -> None:
        """A person with a phone; `user_id` is positive and also the id of their chat with the bot."""
        if user_id <= 0 or user_id == self._hub.world.bot["id"]:
            raise ValueError("a user id is positive and not the bot's own")
        person = self._hub.world.add_person(user_id, first_name, language_code)
        if menu := commands_for(self._hub, person):
            self._hub.feeds.tell([user_id], "commands", {"commands": menu})

    def events_of(self, user_id: int, after: int = 0) -> Sequence[Mapping[str, object]]:
        """The events of a phone later than number `after`, oldest first, each with its `seq`."""
        return self._hub.feeds.after(user_id, after)

    @property
    def log(self) -> list[Json]:
        """What `GET /log` shows."""
        return self._hub.journal.entries

    @property
    def violations(self) -> list[Json]:
        """What `GET /violations` shows."""
        return self._hub.journal.violations

    def routes(self) -> list[web.AbstractRouteDef]:
        """Bot API and control API, for any aiohttp application; call `mounted_at` then, and `stop` at its end."""
        return [
            web.route("*", "/bot{token}/{method}", self._calls.handle),
            web.get("/file/bot{token}/{path:.+}", self._download),
            *control_routes(self._hub, self._people, self._stopping),
        ]

    def mounted_at(self, url: str) -> None:
        """Say where another application serves the routes, such as http://127.0.0.1:8080."""
        self._url = url.rstrip("/")

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Serve; port 0 takes a free one. Returns http://HOST:PORT."""
        application = web.Application(client_max_size=_LARGEST_REQUEST)
        application.add_routes(self.routes())
        self._stopping.clear()
        self._runner = web.AppRunner(application, shutdown_timeout=1.0, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        bound: int = self._runner.addresses[0][1]
        self.mounted_at(f"http://{host}:{bound}")
        return self._url

    async def stop(self) -> None:
        """End every wait and delivery, and the server if `start` made it."""
        self._stopping.set()
        self._hub.feeds.wake()
        self._hub.updates.release()
        await self._hub.webhook.unset(drop=False)
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _download(self, request: web.Request) -> web.Response:
        file = self._hub.files.at(request.match_info["path"])
        if request.match_info["token"] != self._token or file is None:
            body = {"ok": False, "error_code": 404, "description": "Not Found"}
            return web.json_response(body, status=404)
        return web.Response(body=file.data, content_type="application/octet-stream")
