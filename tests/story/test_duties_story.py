"""A deputy records what they did, by telephone: three taps and a sentence each, and nothing strange loses anything."""

from dataclasses import dataclass

from bot.domain.duties import DutyKind
from bot.ports.ledgers import DutyFilter
from bot.texts.catalogue import REFERENCE, read_texts
from handlers.sandbox.botapi.phone import Phone
from tests.story.conftest import Playground
from tests.support.pictures import jpeg

SENTENCES = {
    DutyKind.RECEPTION: "接待5人3户，反映路灯。",
    DutyKind.VISIT: "昨天走访4户6人，反映水压低。",
    DutyKind.STUDY: "学习《代表法》，12人。",
    DutyKind.INSPECTION: "“清四乱”视察，镇级代表8人。",
    DutyKind.OUTREACH: "《民法典》宣传，60人。",
    DutyKind.THEME: "“我为群众办实事”，15人。",
    DutyKind.TRAINING: "代表履职培训，镇级40人。",
    DutyKind.VOTERS: "向选民60人述职，满意50，基本满意8，不满意2。",
    DutyKind.PROJECT: "村级集中供水：完成80%，督查2次。",
    DutyKind.REFERRAL: "地界纠纷，转往司法所，结果：和解。",
}


@dataclass
class Thumb:
    """Counts what it taps; each tap and each sentence is answered before the next."""

    phone: Phone
    taps: int = 0

    async def tap(self, label: str, answer: str) -> str:
        self.taps += 1
        await self.phone.press_label(label)
        return str((await self.phone.wait_for(answer))["text"])

    async def say(self, text: str, answer: str) -> str:
        await self.phone.send_text(text)
        return str((await self.phone.wait_for(answer))["text"])


async def test_a_deputy_records_each_kind_in_three_taps_and_nothing_strange_loses_anything(play: Playground) -> None:
    labels = read_texts(REFERENCE)
    thumb = Thumb(play.deputy)
    await thumb.say("/start", "您好")
    for kind, sentence in SENTENCES.items():
        thumb.taps = 0
        await thumb.tap("记履职", "要记哪一种")
        await thumb.tap(labels[f"duty.kind.{kind}"], "照片都行")
        await thumb.say(sentence, "请看一遍")
        await thumb.tap("完成", "记好了")
        assert thumb.taps == 3
    await _by_voice_and_photo(thumb)
    await _strange(thumb)
    await _later(thumb)
    async with play.sandbox.store.begin() as tx:
        found = await tx.duties.find(DutyFilter())
        assert len(found) == len(SENTENCES) + 3
        assert sorted(file.kind for duty in found for file in duty.files) == ["photo", "photo", "voice"]
        assert sum(len(duty.supplements) for duty in found) == 1
        assert max(len(duty.text) for duty in found) > 5000
        assert await tx.inbox.parked() == []


async def _by_voice_and_photo(thumb: Thumb) -> None:
    thumb.taps = 0
    await thumb.tap("记履职", "要记哪一种")
    await thumb.tap("2 月访", "照片都行")
    await thumb.phone.send_voice()
    await thumb.phone.wait_for("数字读不出来")
    await thumb.tap("完成", "记好了")
    await thumb.tap("记履职", "要记哪一种")
    await thumb.phone.send_photos([jpeg(), jpeg()], "接待3人2户")
    await thumb.phone.wait_for("一组照片")
    assert "附件 2 个" in await thumb.tap("完成", "记好了")
    assert thumb.taps == 5, "the caption told the kind"


async def _strange(thumb: Thumb) -> None:
    await thumb.tap("记履职", "要记哪一种")
    (message, *_) = await thumb.phone.send_text("2099年3月5日视察河道，镇级代表80人")
    await thumb.phone.wait_for("还没到")
    await thumb.phone.edit(message, "昨天视察河道，镇级代表8人")
    await thumb.phone.wait_for("人数：8\n")
    await thumb.phone.send_sticker()
    await thumb.phone.wait_for("心意领了")
    await thumb.phone.send_location()
    await thumb.phone.wait_for("请打一句话")
    await thumb.say("沿河走了一遍，垃圾三处。" * 417, "共 5019 字")
    assert "视察河道" in await thumb.tap("完成", "记好了")


async def _later(thumb: Thumb) -> None:
    thumb.taps = 0
    await thumb.tap("我的履职", "点一条打开")
    await thumb.tap("补记落实情况", "落实得怎样了")
    await thumb.say("今天回访，清完两处", "请看一遍")
    assert "落实情况：今天回访，清完两处" in await thumb.tap("完成", "补记好了")
    assert thumb.taps == 3
