"""Pictures, albums, voice, place, stickers and files, sent from a phone and shown on it."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import expect

from tests.sandbox.page.conftest import AtTown

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def own_photo(tmp_path: Path) -> Path:
    path = tmp_path / "井盖.png"
    Image.new("RGB", (300, 200), "#884422").save(path)
    return path


async def test_one_sample_picture_goes_as_a_photo_with_its_caption(town: AtTown) -> None:
    phone = await town.phone(1001)
    await phone.field.fill("村口这盏")
    await phone.attach("路灯坏了", "发送 1 张照片")
    await expect(phone.theirs).to_contain_text("收到 photo 村口这盏")
    await expect(phone.mine).to_contain_text("村口这盏")
    assert await phone.mine.locator("img").evaluate("async img => (await img.decode(), img.naturalWidth)") > 0
    await expect(phone.field).to_have_value("")


async def test_several_pictures_are_one_album_in_the_order_chosen(town: AtTown) -> None:
    phone = await town.phone(1001)
    await phone.attach("路面坑洼", "路灯坏了", "路灯修好", "发送 3 张照片")
    await expect(phone.theirs).to_have_count(3)
    await expect(phone.mine).to_have_count(1)
    await expect(phone.mine.locator(".album img")).to_have_count(3)
    groups = [update["message"]["media_group_id"] for update in town.bot.heard]
    assert len(groups) == 3
    assert len(set(groups)) == 1


async def test_a_picture_can_be_unchosen_and_nothing_chosen_cannot_be_sent(town: AtTown) -> None:
    phone = await town.phone(1001)
    await phone.attach("路灯坏了", "路灯坏了")
    await expect(phone.element.get_by_role("button", name="发送 0 张照片")).to_be_disabled()


async def test_own_photos_join_the_samples(town: AtTown, own_photo: Path) -> None:
    phone = await town.phone(1001)
    await phone.attach("路灯坏了")
    await phone.element.get_by_label("选照片 Photos").set_input_files(own_photo)
    await phone.element.get_by_role("button", name="发送 2 张照片").click()
    await expect(phone.mine.locator(".album img")).to_have_count(2)
    sizes = [update["message"]["photo"][-1]["width"] for update in await town.heard(2)]
    assert sizes == [640, 300]


async def test_a_picture_opens_large_and_closes_again(town: AtTown) -> None:
    phone = await town.phone(1001)
    await phone.attach("路灯修好", "发送 1 张照片")
    await phone.mine.locator(".picture").click()
    await expect(town.page.locator("#zoom")).to_be_visible()
    await town.page.keyboard.press("Escape")
    await expect(town.page.locator("#zoom")).to_be_hidden()


async def test_the_sample_voice_can_be_heard(town: AtTown) -> None:
    phone = await town.phone(1001)
    await phone.attach("语音样例")
    await expect(phone.theirs).to_contain_text("收到 voice")
    seconds = await phone.mine.locator("audio").evaluate(
        """audio => new Promise((done, fail) => {
            if (audio.readyState) done(audio.duration);
            audio.onloadedmetadata = () => done(audio.duration);
            audio.onerror = () => fail(new Error("cannot be played"));
            audio.load();
        })"""
    )
    assert seconds == pytest.approx(2, abs=0.1)


async def test_a_place_and_a_sticker_are_sent_and_shown(town: AtTown) -> None:
    phone = await town.phone(1002)
    await phone.attach("位置样例")
    await expect(phone.theirs).to_contain_text("收到 location")
    await expect(phone.mine).to_contain_text("21.86710, 110.78120")
    await phone.attach("👍")
    await expect(phone.theirs.last).to_contain_text("收到 sticker")
    await expect(phone.mine.last).to_contain_text("👍")


async def test_a_file_is_offered_for_download_and_never_opened_as_a_page(town: AtTown, tmp_path: Path) -> None:
    page = tmp_path / "evil.html"
    page.write_text("<script>parent.document.title='hacked'</script>")
    phone = await town.phone(1001)
    await phone.element.get_by_role("button", name="附件").click()
    await phone.element.get_by_label("文件 File").set_input_files(page)
    await expect(phone.theirs).to_contain_text("收到 document")
    file = phone.mine.get_by_role("link", name="evil.html")
    assert await file.get_attribute("download") == "evil.html"
    address = await file.get_attribute("href")
    answer = await town.page.request.get(f"{town.url}{address}")
    assert answer.status == 200
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
