"""The page as a whole: who got a message, the clock, the tour, small screens, and use by everybody."""

import pytest
from playwright.async_api import expect

from tests.sandbox.page.conftest import AtTown

pytestmark = pytest.mark.asyncio(loop_scope="session")

SMALL = {"width": 390, "height": 844}


async def test_the_sample_badge_the_town_and_all_phones_are_there(town: AtTown) -> None:
    page = town.page
    await expect(page.locator("#town")).to_have_text("样例镇")
    await expect(page.locator("#sample")).to_contain_text("样例 SAMPLE")
    await expect(page.locator("#sample")).to_contain_text("样例数据，不是真实的村和人")
    await expect(page.locator(".phone")).to_have_count(7)
    await expect(page.locator(".tab")).to_have_count(7)


async def test_a_phone_that_just_got_a_message_shows_its_number_until_someone_turns_to_it(town: AtTown) -> None:
    villager, deputy = await town.phone(1001), await town.started(1004)
    await villager.say("告诉1004")
    await villager.say("告诉1004")
    await expect(deputy.tab.locator(".unread")).to_contain_text("2")
    await expect(deputy.element.locator(".fresh")).to_contain_text("2 条新")
    await expect(town.page).to_have_title("(2) 乡音 · 样例镇 Xiangyin sandbox")
    await expect(villager.tab.locator(".unread")).to_be_hidden()
    await expect(town.page.locator("#heard")).to_contain_text("镇人大代表 李代表：有一件新意见")
    await deputy.tab.click()
    await expect(deputy.tab.locator(".unread")).to_be_hidden()
    await expect(town.page).to_have_title("乡音 · 样例镇 Xiangyin sandbox")


async def test_seven_phones_wait_in_one_request(town: AtTown) -> None:
    asked: list[str] = []
    town.page.on("request", lambda request: asked.append(request.url))
    phone = await town.phone(1007)
    await phone.say("在")
    await expect(phone.theirs).to_have_count(1)
    assert [url for url in asked if "/events" in url] == []
    assert [url for url in asked if "/phones-events?" in url]


@pytest.mark.parametrize(
    ("push", "shown", "day"),
    [
        ("+1 小时", "21:00", "11月23日"),
        ("到明早 8:00", "08:00", "11月24日"),
        ("+1 天", "20:00", "11月24日"),
        ("+3 天", "20:00", "11月26日"),
    ],
)
async def test_the_clock_is_pushed_and_the_phones_go_on_at_the_new_time(
    town: AtTown, push: str, shown: str, day: str
) -> None:
    clock = town.page.locator(".clock")
    await expect(clock.locator("time")).to_have_text("20:00")
    await clock.get_by_role("button", name=push).click()
    await expect(clock.locator("time")).to_have_text(shown)
    await expect(clock.locator(".day")).to_contain_text(day)
    assert town.pushes == 1
    phone = await town.phone(1001)
    await phone.say("在")
    await expect(phone.mine.locator(".stamp")).to_contain_text(shown)
    await expect(phone.element.locator(".day-mark")).to_contain_text(day)


async def test_the_tour_opens_by_itself_only_once_and_again_on_request(fresh_town: AtTown) -> None:
    tour = fresh_town.page.locator("#tour")
    await expect(tour).to_contain_text("第 1 步，共 6 步")
    await tour.get_by_role("button", name="跳过").click()
    await expect(tour).to_be_hidden()
    await fresh_town.reload()
    await expect(tour).to_be_hidden()
    await fresh_town.page.get_by_role("button", name="导览").click()
    await expect(tour).to_be_visible()


async def test_the_tour_writes_the_first_message_and_goes_on(fresh_town: AtTown) -> None:
    tour = fresh_town.page.locator("#tour")
    phone = await fresh_town.phone(1001)
    await tour.get_by_role("button", name="下一步").click()
    await expect(phone.element).to_have_class("phone active pointed")
    await tour.get_by_role("button", name="替我写").click()
    await expect(phone.theirs.first).to_contain_text("您好")
    await expect(phone.mine.last).to_contain_text("路灯坏了")
    await expect(phone.theirs.last).to_contain_text("听到：路灯坏了")
    await expect(tour).to_contain_text("第 3 步")
    await tour.get_by_role("button", name="下一步").click()
    for user in (1004, 1005):
        pointed = await fresh_town.phone(user)
        await expect(pointed.element).to_have_class("phone pointed")
        await expect(pointed.element).to_be_in_viewport(ratio=0.9)
    for _ in range(2):
        await tour.get_by_role("button", name="下一步").click()
    await tour.get_by_role("button", name="结束").click()
    await expect(fresh_town.page.locator(".pointed")).to_have_count(0)


async def test_a_small_screen_shows_one_phone_and_a_bar_of_all(small_town: AtTown) -> None:
    page = small_town.page
    await expect(page.locator(".phone:visible")).to_have_count(1)
    await expect(page.locator(".tab:visible")).to_have_count(7)
    deputy = await small_town.started(1004)
    await (await small_town.phone(1001)).say("告诉1004")
    await expect(deputy.tab.locator(".unread")).to_be_visible()
    await expect(deputy.element).to_be_hidden()
    await deputy.tab.click()
    await expect(deputy.theirs.last).to_be_visible()
    await expect(page.locator(".phone:visible")).to_have_count(1)


async def test_nothing_scrolls_sideways_on_a_small_screen(small_town: AtTown) -> None:
    phone = await small_town.phone(1001)
    await phone.say("按钮")
    await expect(phone.theirs).to_have_count(1)
    assert await small_town.overflow() == 0
    await small_town.page.get_by_role("button", name="拨快").click()
    await phone.element.get_by_role("button", name="附件").click()
    assert await small_town.overflow() == 0
    await small_town.page.get_by_role("button", name="导览").click()
    assert await small_town.overflow() == 0


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1440, 2560])
async def test_no_width_makes_the_page_scroll_sideways_or_loses_the_text_field(town: AtTown, width: int) -> None:
    await town.page.set_viewport_size({"width": width, "height": 844})
    assert await town.overflow() == 0
    await expect((await town.phone(1001)).field).to_be_in_viewport(ratio=1)


SMALL_TARGETS = """() => [...document.querySelectorAll("button, a, textarea, input")]
    .filter(node => node.checkVisibility({visibilityProperty: true}) && !node.matches(".skip, .words a, .words button"))
    .map(node => [node.outerHTML.slice(0, 90), node.getBoundingClientRect()])
    .filter(([, box]) => box.height < 43.5 || box.width < 43.5).map(([html]) => html)"""

SMALL_TEXT = """() => {
    const out = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const node = walk.currentNode.parentElement;
        if (!walk.currentNode.data.trim() || !node.checkVisibility() || node.closest("template, script")) continue;
        const style = getComputedStyle(node);
        const size = parseFloat(style.fontSize);
        const least = node.closest(".en, .stamp") ? 14 : 16;
        if (size < least || parseFloat(style.lineHeight) / size < 1.3) out.push(`${size} ${walk.currentNode.data}`);
    }
    return out;
}"""


@pytest.mark.parametrize("size", [{"width": 1440, "height": 900}, SMALL])
async def test_every_target_is_large_and_every_text_readable(town: AtTown, size: dict[str, int]) -> None:
    await town.page.set_viewport_size({"width": size["width"], "height": size["height"]})
    phone = await town.phone(1001)
    await phone.element.get_by_role("button", name="开始").click()
    await phone.say("按钮")
    await expect(phone.theirs).to_have_count(2)
    await phone.element.get_by_role("button", name="附件").click()
    await town.page.get_by_role("button", name="导览").click()
    assert await town.page.evaluate(SMALL_TARGETS) == []
    assert await town.page.evaluate(SMALL_TEXT) == []


FAINT_TEXT = """() => {
    const channels = colour => colour.match(/[\\d.]+/g).map(Number);
    const over = (top, under, alpha) => top.slice(0, 3).map((c, i) => c * alpha + under[i] * (1 - alpha));
    const light = colour => colour.slice(0, 3).map(c => c / 255)
        .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const ground = node => {
        if (!node) return [255, 255, 255];
        const own = channels(getComputedStyle(node).backgroundColor);
        const alpha = own[3] ?? 1;
        return alpha === 1 ? own : over(own, ground(node.parentElement), alpha);
    };
    const opacity = node => node ? Number(getComputedStyle(node).opacity) * opacity(node.parentElement) : 1;
    const out = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const node = walk.currentNode.parentElement;
        if (!walk.currentNode.data.trim() || !node.checkVisibility() || node.closest("template, :disabled")) continue;
        const under = ground(node);
        const ink = over(channels(getComputedStyle(node).color), under, opacity(node));
        const [a, b] = [light(ink), light(under)].sort((x, y) => y - x);
        const contrast = (a + 0.05) / (b + 0.05);
        if (contrast < 4.5) out.push(`${contrast.toFixed(2)} ${walk.currentNode.data}`);
    }
    return out;
}"""


async def test_every_text_stands_out_from_its_ground(town: AtTown) -> None:
    phone, other = await town.phone(1001), await town.phone(1002)
    await phone.say("按钮")
    deputy = await town.started(1004)
    await other.say("告诉1004")
    await other.element.get_by_role("button", name="附件").click()
    await other.element.get_by_role("button", name="路灯坏了").click()
    await town.page.get_by_role("button", name="导览").click()
    await expect(deputy.tab.locator(".unread")).to_be_visible()
    await phone.element.get_by_role("button", name="轻提示").click()
    await expect(phone.toasts).to_have_text("选好了")
    assert await town.page.evaluate(FAINT_TEXT) == []


async def test_everything_has_a_name_for_screen_readers(town: AtTown) -> None:
    phone = await town.phone(1001)
    await phone.say("按钮")
    await expect(phone.theirs).to_have_count(1)
    nameless = await town.page.evaluate(
        """() => [...document.querySelectorAll("button, a, textarea, img, [role=log], [role=group]")]
            .filter(node => node.checkVisibility())
            .filter(node => !(node.getAttribute("aria-label") || node.textContent.trim() || node.alt))
            .map(node => node.outerHTML.slice(0, 90))"""
    )
    assert nameless == []


async def test_the_keyboard_alone_reaches_a_phone_and_its_focus_is_seen(town: AtTown) -> None:
    page = town.page
    phone = await town.phone(1002)
    await phone.tab.focus()
    await page.keyboard.press("Enter")
    await expect(phone.element).to_have_class("phone active")
    await phone.element.get_by_role("button", name="附件").focus()
    await page.keyboard.press("Enter")
    await expect(phone.element.get_by_role("button", name="路灯坏了")).to_be_focused()
    outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    await page.keyboard.press("Escape")
    await expect(phone.element.locator(".sheet")).to_be_hidden()
    await expect(phone.element.get_by_role("button", name="附件")).to_be_focused()


async def test_a_lost_server_is_told_and_found_again(town: AtTown) -> None:
    await town.page.route("**/phones-events*", lambda route: route.abort())
    await (await town.phone(1001)).say("在")
    offline = town.page.locator("#offline")
    await expect(offline).to_contain_text("连不上")
    await town.page.unroute("**/phones-events*")
    await expect(offline).to_be_hidden()
    await expect((await town.phone(1001)).theirs).to_have_count(1)
