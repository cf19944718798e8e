"""The office changes the settings over the real channel: in chat, and by a document that is fetched from it."""

from bot.compose.settings import as_toml
from tests.story.conftest import Playground


async def test_a_changed_village_is_recognised_at_once_and_a_table_comes_in_as_a_document(play: Playground) -> None:
    villager, office = play.villager, play.office
    await office.wait_for("您好")
    for words, answer in (
        ("/settings", "要改哪一样"),
        ("4", "要改哪一个"),
        ("石龙村", "现在是"),
        ("2", "几个词用顿号隔开"),
        ("加 金鸡岭", "请看一遍"),
        ("1", "改好了（第 1 次改动）"),
    ):
        await office.send_text(words)
        await office.wait_for(answer)
    await villager.send_text("我们金鸡岭的路灯坏了半个月")
    await villager.wait_for("谁看到")
    await villager.press_label("✅ 同意")
    await villager.wait_for("有照片吗")
    await villager.send_text("1")
    assert "【反映问题】石龙村" in (await villager.wait_for("请看对不对"))["text"]

    await office.send_text("/settings")
    await office.wait_for("要改哪一样")
    table = as_toml(play.sandbox.configuration, "roster").replace("车锦锋", "车锦峰")
    await office.send_files("document", [table.encode()])
    assert "车锦锋 → 车锦峰" in (await office.wait_for("请看一遍"))["text"]
    await office.send_text("1")
    await office.wait_for("改好了（第 2 次改动）")
