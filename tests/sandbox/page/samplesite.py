"""The sample town's server for the page's tests: seven phones, a Bot API and a clock, on a free port."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from aiohttp import web

from handlers.sandbox.app import PhoneCard, TownPage, harden, own_page_only, page_routes
from handlers.sandbox.botapi.server import BotApiServer
from handlers.sandbox.clock import ShiftedClock

PHONES = (
    PhoneCard(1001, "刘阿婆", "villager", "村民", "试试写：路灯坏了"),
    PhoneCard(1002, "陈大叔", "villager", "村民", "试试发照片：选两张，就是一个相册"),
    PhoneCard(1003, "小梁", "villager", "村民", "在外务工，也能替家里说"),
    PhoneCard(1004, "李代表", "deputy", "镇人大代表", "村里有新意见，会在这里收到"),
    PhoneCard(1005, "黄站长", "station_head", "联络站站长", "受理、办理、答复都在这里"),
    PhoneCard(1006, "人大办", "office", "镇人大办", "交办、督办、看汇总"),
    PhoneCard(1007, "石桥村委", "office", "承办单位", "收到交办以后在这里答复"),
)


@dataclass
class Site:
    """A running town: where it is, whose phones it has, and how often its clock was pushed."""

    url: str
    bot_url: str
    phones: tuple[PhoneCard, ...]
    pushes: int = 0

    async def pushed(self) -> None:
        self.pushes += 1


@asynccontextmanager
async def open_site() -> AsyncIterator[Site]:
    """A fresh town at eight in the evening of 23 November 2026; its clock runs."""
    started = datetime.now(UTC)
    clock = ShiftedClock(lambda: datetime(2026, 11, 23, 12, 0, tzinfo=UTC) + (datetime.now(UTC) - started))
    server = BotApiServer(clock=clock.now)
    for phone in PHONES:
        server.add_user(phone.user_id, phone.name)
    site = Site("", "", PHONES)
    town = TownPage("样例镇", True, PHONES)
    app = web.Application(client_max_size=20 * 2**20, middlewares=[own_page_only])
    app.add_routes(server.routes())
    app.add_routes(page_routes(town, clock, ZoneInfo("Asia/Shanghai"), site.pushed, server.events_of))
    app.on_response_prepare.append(harden)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    site.bot_url = f"{site.url}/bot{server.token}"
    try:
        yield site
    finally:
        await server.stop()
        await runner.cleanup()
