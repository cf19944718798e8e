"""A newcomer in a real browser: the sandbox's page, the guided tour, and one case from villager to rating."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.compose.sandbox import DEPUTY, HEAD, OFFICE, VILLAGERS, Sandbox
from tests.sandbox.page.conftest import OnPhone, browser, chromium_path

__all__ = ["browser", "chromium_path"]

VILLAGER = VILLAGERS[0][0]
SLOW = 30_000  # milliseconds: the tagger reads its dictionaries with the first sentence
# The browser lives as long as the session, and so in its event loop.
pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.browser]


class Newcomer:
    """Someone in front of the page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._ids = [user_id for user_id, _ in VILLAGERS] + [DEPUTY, HEAD, OFFICE]

    def phone(self, user: int) -> OnPhone:
        return OnPhone(self.page.locator(f"#phone-{user}"), self.page.locator(".tab").nth(self._ids.index(user)))

    async def sees(self, user: int, text: str) -> Locator:
        bubble = self.phone(user).theirs.filter(has_text=text).last
        await expect(bubble).to_be_visible(timeout=SLOW)
        return bubble

    async def taps(self, user: int, message: str, button: str) -> None:
        """Tap a button under the newest message with these words, on the phone that is brought to the front."""
        await self.phone(user).tab.click()
        bubble = await self.sees(user, message)
        await bubble.get_by_role("button", name=button, exact=False).first.click()

    async def says(self, user: int, text: str) -> None:
        await self.phone(user).tab.click()
        await self.phone(user).say(text)


@asynccontextmanager
async def newcomer(browser: Browser, folder: Path, width: int, height: int) -> AsyncIterator[Newcomer]:
    sandbox = Sandbox(folder)
    complaints: list[str] = []
    try:
        url = await sandbox.open()
        context = await browser.new_context(viewport={"width": width, "height": height})
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(url)
        await page.wait_for_selector("body[data-ready]")
        yield Newcomer(page)
        await context.close()
    finally:
        await sandbox.close()
    assert complaints == []


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)], ids=["desk", "phone"])
async def test_a_newcomer_walks_one_case_from_villager_to_rating(
    browser: Browser, tmp_path: Path, width: int, height: int
) -> None:
    async with newcomer(browser, tmp_path, width, height) as me:
        page = me.page
        await expect(page.get_by_text("样例数据").first).to_be_visible()
        await expect(page.locator("#tour")).to_be_visible()
        await page.locator("#tour-skip").click()
        await expect(page.locator("#tour")).to_be_hidden()

        await me.says(VILLAGER, "我们石龙村的路灯坏了半个月,晚上老人不敢出门")
        await me.taps(VILLAGER, "您同意吗", "同意")
        await me.taps(VILLAGER, "有照片吗", "没有")
        await me.taps(VILLAGER, "请看对不对", "提交")
        await me.sees(VILLAGER, "收到了，编号 ZJ-")
        await me.taps(DEPUTY, "新意见", "接办")
        await me.taps(HEAD, "已接办", "办结")
        await me.sees(HEAD, "请写")
        await me.says(HEAD, "灯泡已换好")
        await me.taps(HEAD, "请选办理结果", "A 已解决")
        await me.taps(VILLAGER, "已答复", "满意")
        await me.taps(VILLAGER, "问题解决了吗", "解决了")
        await me.sees(VILLAGER, "都记下了")
        await me.phone(HEAD).tab.click()
        await me.sees(HEAD, "群众评价")
        wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0


async def test_the_clerk_downloads_a_report_on_a_phone(browser: Browser, tmp_path: Path) -> None:
    async with newcomer(browser, tmp_path, 390, 844) as me:
        await me.page.locator("#tour-skip").click()
        await me.says(OFFICE, "/report")
        await me.taps(OFFICE, "【样例镇", "去年")
        await me.taps(OFFICE, "【样例镇", "要 Word 文件：年度报告")
        bubble = await me.sees(OFFICE, "定稿前请核对")
        async with me.page.expect_download() as coming:
            await bubble.locator("a.file").click()
        download = await coming.value
        assert download.suggested_filename.startswith("样例镇20")
        assert download.suggested_filename.endswith("年人大工作报告（草稿）.docx")
        assert (await download.path()).read_bytes().startswith(b"PK")
        assert await me.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


async def test_the_tours_first_message_opens_a_real_case(browser: Browser, tmp_path: Path) -> None:
    async with newcomer(browser, tmp_path, 1440, 900) as me:
        while not await me.page.locator("#tour-type").is_visible():
            await me.page.locator("#tour-next").click()
        await me.page.locator("#tour-type").click()
        await me.sees(VILLAGER, "您同意吗")


async def test_pushing_the_clock_to_eight_brings_the_digest(browser: Browser, tmp_path: Path) -> None:
    async with newcomer(browser, tmp_path, 1440, 900) as me:
        await me.page.locator("#tour-skip").click()
        await me.says(VILLAGER, "我们石龙村的路灯坏了半个月")
        await me.taps(VILLAGER, "您同意吗", "同意")
        await me.taps(VILLAGER, "有照片吗", "没有")
        await me.taps(VILLAGER, "请看对不对", "提交")
        await me.sees(DEPUTY, "新意见")
        await me.page.get_by_role("button", name="到明早 8:00").click()
        await me.phone(DEPUTY).tab.click()
        await me.sees(DEPUTY, "待办汇总")
