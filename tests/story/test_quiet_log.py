"""A whole story at DEBUG leaves none of the villager's words, names, files or codes in the log."""

import io
import logging
from collections.abc import Iterator

import pytest

from bot.ports import RawUpdate
from tests.story.conftest import Playground
from tests.story.test_story import PHOTO

WORDS = "我们石龙村的路灯坏了半个月,晚上老人不敢出门"
ANSWER = "灯泡换成了新的"
PHONE = "13800138000"
REASON = "约他到现场看一看"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.DEBUG)
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


async def test_the_log_of_a_whole_story_names_nobody_and_quotes_nothing(log: io.StringIO, play: Playground) -> None:
    villager, deputy, head = play.villager, play.deputy, play.head
    await villager.send_text(WORDS)
    await villager.wait_for("谁看到")
    await villager.press_label("✅ 同意")
    await villager.wait_for("有照片吗")
    await villager.send_photos([PHOTO])
    await villager.wait_for("收到了：1 个")
    await villager.press_label("下一步")
    await villager.wait_for("请看对不对")
    await villager.press_label("提交")
    await villager.wait_for("收到了，编号")
    await villager.press_label("留个电话")
    await villager.wait_for("请打您的电话号码")
    await villager.send_text(PHONE)
    await villager.wait_for("记下了")
    await play.office.send_text("/case 1")
    await play.office.wait_for("意见详情")
    await play.office.press_label("更多")
    await play.office.wait_for(lambda message: "联系方式" in str(message))
    await play.office.press_label("联系方式")
    await play.office.wait_for("请写一句理由")
    await play.office.send_text(REASON)
    await play.office.wait_for(PHONE)
    await villager.start("join-AAAAAAAAAAAAAAAAAAAAAA")
    await villager.wait_for("链接")
    await deputy.wait_for("新意见")
    await deputy.press_label("接办")
    await villager.wait_for("已接手办理")
    await head.wait_for("新意见")
    await head.press_label("办结")
    await head.wait_for("请写")
    await head.send_text(ANSWER)
    await head.wait_for("请选办理结果")
    await head.send_text("1")
    await villager.wait_for(ANSWER)
    async with play.sandbox.store.begin() as tx:
        broken = RawUpdate("telegram", 10**12, "1001", '{"message": {"text": "' + WORDS)
        await tx.inbox.add([broken], play.sandbox.clock.now())
    play.sandbox.engine.worker.wake()
    await villager.wait_for("系统出了点问题")
    written = log.getvalue()
    assert "was parked" in written, "the log is on"
    for secret in (
        PHONE,
        PHONE[:3] + "****",
        REASON,
        WORDS,
        "路灯",
        "老人",
        ANSWER,
        "李秀英",
        "AAAAAAAAAAAAAAAA",
        play.sandbox.server.token,
    ):
        assert secret not in written
