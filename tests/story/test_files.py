"""A photo's way through the bot, over HTTP: what it tells of its place stays behind, and it is sealed where it lies."""

import asyncio
from typing import Any

from bot.domain.cases import Attachment
from bot.domain.files import FileState
from storage.filestore import stored
from tests.story.conftest import Playground
from tests.support.pictures import jpeg, place_of

WORDS = "我们石龙村的路灯坏了半个月,晚上老人不敢出门"


async def kept(play: Playground, number: int) -> list[Attachment]:
    """The first case's attachments, once so many are kept."""
    async with asyncio.timeout(20):
        while True:
            async with play.sandbox.store.begin() as tx:
                found = await tx.cases.attachments(1)
            if sum(one.state is FileState.KEPT for one in found) == number:
                return found
            await asyncio.sleep(0.1)


def media_of(message: dict[str, Any]) -> dict[str, Any]:
    return dict(next(message[kind] for kind in ("photo", "document") if kind in message))


async def test_no_picture_tells_staff_where_it_was_taken(play: Playground) -> None:
    villager, deputy = play.villager, play.deputy
    original = jpeg(place=True)
    assert place_of(original)
    await villager.send_text(WORDS)
    await villager.wait_for("谁看到")
    await villager.press_label("✅ 同意")
    await villager.wait_for("有照片吗")
    await villager.send_photos([original])
    await villager.wait_for("收到了：1 个")
    await villager.send_files("document", [original], file_name="IMG_0001.jpg")
    await villager.wait_for("收到了：2 个")
    await villager.press_label("下一步")
    await villager.wait_for("请看对不对")
    await villager.press_label("提交")
    await villager.wait_for("收到了，编号")
    found = await kept(play, 2)
    files = play.sandbox.store.files_in(play.sandbox.settings.files_folder)
    for one in found:
        assert one.name
        assert place_of(await files.get(one.name)) == {}
    for path in stored(play.sandbox.settings.files_folder):
        assert b"JFIF" not in path.read_bytes()

    pictures: list[dict[str, Any]] = []
    async with asyncio.timeout(20):
        while len(pictures) < 2:
            await deputy.refresh(1.0)
            pictures = [message for message in deputy.messages if message["from_bot"] and ("photo" in message)]
    for message in pictures:
        assert place_of(await deputy.download(media_of(message))) == {}
    assert not any("document" in message for message in deputy.messages)
