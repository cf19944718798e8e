"""The sandbox page's own routes: the page and its files, the town, the clock, and one wait for all phones."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import time, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

from aiohttp import web
from aiohttp.typedefs import Handler

from handlers.sandbox.clock import ShiftedClock
from handlers.sandbox.tour import PhoneCard, tour_for

__all__ = ["EventsOf", "PhoneCard", "TownPage", "harden", "own_page_only", "page_routes"]

EventsOf = Callable[[int, int], Sequence[Mapping[str, object]]]
"""(user id, last number seen) -> the later events of that phone, oldest first, each with its `seq`."""

PAGE = Path(__file__).parent / "page"
FILES = frozenset(file.name for file in PAGE.iterdir() if file.suffix in {".css", ".js", ".svg"})
LONGEST_WAIT = 25.0  # seconds; below the 30 s after which proxies and browsers grow impatient
GLANCE = 0.1  # seconds between two looks at the phones while a page waits
LONGEST_STEP = timedelta(days=400)  # one push of the clock: a year's report is the longest thing to try

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


@dataclass(frozen=True)
class TownPage:
    """What stands on the page: the town's name, whether it is sample data, the phones from left to right."""

    name: str
    sample: bool
    phones: tuple[PhoneCard, ...]


async def harden(_request: web.Request, response: web.StreamResponse) -> None:
    """For `app.on_response_prepare`: a file that a phone was sent may be shown, but never run as a page."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


@web.middleware
async def own_page_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what another site's page, open in the same browser, tries to do here.

    Browsers name the page that sends in `Origin`; programs such as the bot send none.
    """
    origin = request.headers.get("Origin")
    if origin is not None and request.method not in {"GET", "HEAD"} and origin != f"http://{request.host}":
        return _json({"error": "only the sandbox's own page may do that"}, status=403)
    return await handler(request)


def page_routes(
    town: TownPage,
    clock: ShiftedClock,
    zone: ZoneInfo,
    on_advance: Callable[[], Awaitable[None]],
    events_of: EventsOf,
) -> list[web.AbstractRouteDef]:
    """The routes `/`, `/page/…`, `/favicon.ico`, `/town`, `/clock` and `/phones-events`, for one application.

    `on_advance` runs after each push of the clock and before its answer: what fell due is made by then.
    A page always has one wait open, so run the application with a short `shutdown_timeout`.
    """
    page = _Page(town, clock, zone, on_advance, events_of)
    return [
        web.get("/", page.index),
        web.get("/favicon.ico", page.favicon),
        web.get("/page/{name}", page.file),
        web.get("/town", page.town),
        web.get("/clock", page.clock),
        web.post("/clock", page.push),
        web.get("/phones-events", page.events),
    ]


class _Page:
    def __init__(
        self,
        town: TownPage,
        clock: ShiftedClock,
        zone: ZoneInfo,
        on_advance: Callable[[], Awaitable[None]],
        events_of: EventsOf,
    ) -> None:
        self._town = town
        self._clock = clock
        self._zone = zone
        self._on_advance = on_advance
        self._events_of = events_of
        self._ids = frozenset(phone.user_id for phone in town.phones)
        self._run = uuid4().hex  # a page that meets another run knows that its chats are gone, and reloads

    async def index(self, _request: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGE / "index.html", headers=HEADERS)

    async def favicon(self, _request: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGE / "favicon.svg", headers=HEADERS)

    async def file(self, request: web.Request) -> web.FileResponse:
        name = request.match_info["name"]
        if name not in FILES:
            raise web.HTTPNotFound(headers=HEADERS)
        return web.FileResponse(PAGE / name, headers=HEADERS)

    async def town(self, _request: web.Request) -> web.Response:
        return _json(
            {
                "name": self._town.name,
                "sample": self._town.sample,
                "phones": [asdict(phone) for phone in self._town.phones],
                "now": self._now(),
                "zone": self._zone.key,
                "tour": tour_for(self._town.phones),
                "run": self._run,
            }
        )

    async def clock(self, _request: web.Request) -> web.Response:
        return _json({"now": self._now()})

    async def push(self, request: web.Request) -> web.Response:
        if request.content_type != "application/json":  # a form on a foreign page can only send other types
            return _json({"error": "send JSON"}, status=415)
        try:
            step = self._step(await request.json())
        except ValueError as error:
            return _json({"error": str(error)}, status=400)
        self._clock.advance(step)
        await self._on_advance()
        return _json({"now": self._now()})

    async def events(self, request: web.Request) -> web.Response:
        """All phones in one wait: a browser opens six connections at most, and there are more phones."""
        try:
            after = self._after(request.query.get("after", ""))
            wait = min(max(float(request.query.get("wait", "0")), 0.0), LONGEST_WAIT)
        except ValueError:
            return _json({"error": "after=USER:SEQ,… and wait=SECONDS, please"}, status=400)
        loop = asyncio.get_running_loop()
        until = loop.time() + wait
        while True:
            news = self._news(after)
            if news or loop.time() >= until or request.transport is None:  # None: the page was closed
                return _json({"run": self._run, "phones": news})
            await asyncio.sleep(GLANCE)

    def _now(self) -> str:
        return self._clock.now().astimezone(self._zone).isoformat(timespec="seconds")

    def _step(self, asked: object) -> timedelta:
        match asked:
            case {"advance_seconds": int(seconds)} if not isinstance(seconds, bool):
                if not 0 < seconds <= LONGEST_STEP.total_seconds():
                    raise ValueError(f"advance_seconds: 1 to {int(LONGEST_STEP.total_seconds())}")
                return timedelta(seconds=seconds)
            case {"to_next": str(wall)}:
                return self._clock.until(time.fromisoformat(wall), self._zone)
            case _:
                raise ValueError('{"advance_seconds": n} or {"to_next": "08:00"}, please')

    def _after(self, asked: str) -> dict[int, int]:
        pairs = (pair.split(":") for pair in asked.split(",") if pair)
        after = {int(user): int(seq) for user, seq in pairs}
        return {user: seq for user, seq in after.items() if user in self._ids}

    def _news(self, after: Mapping[int, int]) -> dict[str, object]:
        news: dict[str, object] = {}
        for user, seq in after.items():
            if events := list(self._events_of(user, seq)):
                news[str(user)] = {"events": events, "last": events[-1]["seq"]}
        return news


def _json(answer: Mapping[str, object], status: int = 200) -> web.Response:
    return web.json_response(answer, status=status, headers=HEADERS)
