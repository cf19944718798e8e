"""A town in a real browser: the page, the Bot API server and a small bot, fresh for each test."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Locator, Page, async_playwright

from tests.sandbox.page.echobot import EchoBot
from tests.sandbox.page.samplesite import Site, open_site

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TOUR_SEEN = "localStorage.setItem('xiangyin-sandbox-tour-seen', 'yes')"


@dataclass(frozen=True)
class Box:
    """Where something stands on the screen, in pixels."""

    left: float
    right: float


@dataclass(frozen=True)
class OnPhone:
    """One phone on the page."""

    element: Locator
    tab: Locator

    @property
    def field(self) -> Locator:
        return self.element.locator("textarea")

    @property
    def mine(self) -> Locator:
        return self.element.locator(".row.mine")

    @property
    def theirs(self) -> Locator:
        return self.element.locator(".row.theirs")

    @property
    def toasts(self) -> Locator:
        return self.element.locator(".toasts")

    @property
    def welcome(self) -> Locator:
        return self.element.locator(".welcome")

    async def say(self, text: str) -> None:
        await self.field.fill(text)
        await self.field.press("Enter")

    async def attach(self, *buttons: str) -> None:
        """Open the sheet and press these of its buttons, one after another."""
        await self.element.get_by_role("button", name="附件").click()
        for name in buttons:
            await self.element.locator(".sheet").get_by_role("button", name=name).click()

    async def box(self, selector: str) -> Box:
        box = await self.element.locator(selector).bounding_box()
        assert box is not None
        return Box(box["x"], box["x"] + box["width"])


@dataclass
class AtTown:
    """The page in a browser, with what stands behind it."""

    page: Page
    site: Site
    bot: EchoBot
    complaints: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.site.url

    @property
    def pushes(self) -> int:
        return self.site.pushes

    async def phone(self, user: int) -> OnPhone:
        at = [phone.user_id for phone in self.site.phones].index(user)
        return OnPhone(self.page.locator(f"#phone-{user}"), self.page.locator(".tab").nth(at))

    async def started(self, user: int) -> OnPhone:
        """A phone whose person has pressed START and read the greeting; then back at the first phone."""
        phone = await self.phone(user)
        await phone.tab.click()
        await phone.element.get_by_role("button", name="开始").click()
        await phone.theirs.wait_for()
        await self.page.locator(".tab").first.click()
        return phone

    async def open(self) -> None:
        await self.page.goto(self.url)
        await self.page.wait_for_selector("body[data-ready]")

    async def reload(self) -> None:
        await self.page.reload()
        await self.page.wait_for_selector("body[data-ready]")

    async def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        wide: int = await self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        return wide

    async def heard(self, many: int) -> list[dict[str, Any]]:
        """The bot's updates, once there are `many`."""
        async with asyncio.timeout(10):
            while len(self.bot.heard) < many:  # noqa: ASYNC110  the bot is another client, it has no event to offer
                await asyncio.sleep(0.02)
        return self.bot.heard

    def note(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    path = Path(os.environ.get("XIANGYIN_CHROMIUM", "/usr/bin/chromium"))
    if not path.exists():
        pytest.fail(f"no browser at {path}: apt-get install chromium, or set XIANGYIN_CHROMIUM to one")
    return path


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium_path: Path) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=chromium_path, args=[*FLAGS])
        yield chromium
        await chromium.close()


@asynccontextmanager
async def _at_town(
    browser: Browser, width: int, height: int, touch: bool = False, tour_seen: bool = True
) -> AsyncIterator[AtTown]:
    async with open_site() as site:
        bot = EchoBot(site.bot_url)
        running = asyncio.ensure_future(bot.run())
        context = await browser.new_context(viewport={"width": width, "height": height}, has_touch=touch)
        context.set_default_timeout(10_000)
        page = await context.new_page()
        at = AtTown(page, site, bot)
        page.on("console", at.note)
        page.on("pageerror", lambda error: at.complaints.append(str(error)))
        try:
            await at.open()
            if tour_seen:
                await page.evaluate(TOUR_SEEN)
                await at.reload()
            yield at
        finally:
            await context.close()
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
        assert at.complaints == []


@pytest_asyncio.fixture(loop_scope="session")
async def town(browser: Browser) -> AsyncIterator[AtTown]:
    """On a desk, by someone who knows the tour."""
    async with _at_town(browser, 1440, 900) as at:
        yield at


@pytest_asyncio.fixture(loop_scope="session")
async def fresh_town(browser: Browser) -> AsyncIterator[AtTown]:
    """On a desk, opened for the first time."""
    async with _at_town(browser, 1440, 900, tour_seen=False) as at:
        yield at


@pytest_asyncio.fixture(loop_scope="session")
async def small_town(browser: Browser) -> AsyncIterator[AtTown]:
    """On a small touch screen, by someone who knows the tour."""
    async with _at_town(browser, 390, 844, touch=True) as at:
        yield at
