"""What people write is text: no markup, no script, no direction mark leaves its bubble."""

import pytest
from playwright.async_api import expect

from tests.sandbox.page.conftest import AtTown

pytestmark = pytest.mark.asyncio(loop_scope="session")

SPITE = [
    "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>",
    "<b>不是粗体</b> &amp; &#60;",
    "\u202e翻过来\u202c \u2066孤立\u2069 \u200f",
    "a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301" * 40,
    "没有空格的一长串" + "w" * 600,
]


@pytest.mark.parametrize("spite", SPITE)
async def test_hostile_text_stays_text_in_its_bubble(town: AtTown, spite: str) -> None:
    phone = await town.phone(1001)
    await phone.say(spite)
    await expect(phone.theirs).to_have_count(1)
    assert await phone.mine.locator(".words").text_content() == spite
    assert await phone.theirs.locator(".words").text_content() == f"听到：{spite}"
    assert await phone.element.locator(".words *").count() == 0
    assert "hacked" not in await town.page.title()
    screen, bubble = await phone.box(".log"), await phone.box(".row.theirs .bubble")
    assert bubble.left >= screen.left
    assert bubble.right <= screen.right
    assert await town.overflow() == 0


async def test_a_direction_mark_does_not_turn_the_rest_of_the_page(town: AtTown) -> None:
    phone = await town.phone(1001)
    await phone.say("\u202e没有收尾")
    await expect(phone.theirs).to_have_count(1)
    stamp = phone.mine.locator(".stamp")
    assert await stamp.evaluate("node => getComputedStyle(node).direction") == "ltr"
    isolated = await phone.mine.locator(".words").evaluate("node => getComputedStyle(node).unicodeBidi")
    assert isolated in {"isolate", "plaintext", "isolate-override"}


async def test_the_bots_markup_is_shown_and_its_escapes_stay_escaped(town: AtTown) -> None:
    phone = await town.phone(1001)
    await phone.say("版式")
    words = phone.theirs.locator(".words")
    await expect(words).to_have_text("编号 斜 ZJ-1 看这里 <script>")
    await expect(words.locator("strong")).to_have_text("编号")
    await expect(words.locator("em")).to_have_text("斜")
    await expect(words.locator("code")).to_have_text("ZJ-1")
    await expect(words.locator("a")).to_have_attribute("href", "https://example.org/x")
    assert await words.locator("script").count() == 0


@pytest.mark.parametrize(
    ("entities", "html"),
    [
        ([{"type": "bold", "offset": 0, "length": 4}, {"type": "italic", "offset": 1, "length": 1}],
         "<strong>甲<em>乙</em>丙丁</strong>"),
        ([{"type": "bold", "offset": 0, "length": 2}, {"type": "italic", "offset": 1, "length": 3}],
         "<strong>甲<em>乙</em></strong><em>丙丁</em>"),
        ([{"type": "bold", "offset": -1, "length": 2}, {"type": "bold", "offset": 9, "length": 9}], "甲乙丙丁"),
        ([{"type": "text_link", "offset": 0, "length": 4, "url": "javascript:alert(1)"}],
         "<span>甲乙丙丁</span>"),
        ([{"type": "no such thing", "offset": 0, "length": 4}], "甲乙丙丁"),
    ],
    ids=["nested", "overlapping", "absurd", "javascript link", "unknown"],
)  # fmt: skip
async def test_entities_of_every_shape_are_drawn_safely(
    town: AtTown, entities: list[dict[str, object]], html: str
) -> None:
    drawn = await town.page.evaluate(
        """async entities => {
            const { richText } = await import("/page/entities.js");
            const place = document.createElement("div");
            place.append(richText("甲乙丙丁", entities));
            return place.innerHTML;
        }""",
        entities,
    )
    assert drawn == html
