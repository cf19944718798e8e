"""Assisted entry from end to end, over HTTP: an old villager without a telephone, and the grandson's the week after."""

from bot.domain.cases import Rating
from bot.domain.machine import State
from bot.domain.receipts import digits_of
from bot.ports import CaseFilter
from tests.sandbox.botapi.judge import check_log
from tests.story.conftest import Playground

WORDS = "石龙村的路灯坏了半个月,晚上老人不敢出门"


async def test_from_words_at_the_station_to_a_rating_on_the_villagers_own_phone(play: Playground) -> None:
    head, villager = play.head, play.villager
    await head.wait_for("您好")

    # At the station: read out, agreed, written down, sent off.
    await head.send_text("/assist")
    await head.wait_for("先念给群众听")
    await head.press_label("同意")
    await head.wait_for("照他的原话写")
    await head.send_text(WORDS)
    await head.wait_for("有照片吗")
    await head.press_label("没有，下一步")
    await head.wait_for("请看对不对")
    await head.press_label("提交")
    await head.wait_for("登记好了")

    # The receipt: a picture to scan or print, and the code to read out.
    paper = await head.wait_for(lambda m: m.get("photo"))
    assert (await head.download(paper["photo"])).startswith(b"\x89PNG")
    told = await head.wait_for("回执码，请念给群众")
    code = digits_of(next(line for line in told["text"].splitlines() if digits_of(line)))
    assert len(code) == 12
    await head.wait_for("称呼、电话")
    await head.send_text("李大爷 13800138000")
    await head.wait_for("记下了：李大爷 138****8000")
    async with play.sandbox.store.begin() as tx:
        kept = [row.message for row in await tx.outbox.rows() if row.status == "sent"]
    assert not any(code in digits_of(message.text) or message.slip for message in kept)

    # The answer comes back to the station, to be read to him.
    await head.press_label("办结")
    await head.wait_for("请写")
    await head.send_text("灯泡已换好")
    await head.wait_for("请选办理结果")
    await head.press_label("A 已解决")
    await head.wait_for("请念给他听")

    # The grandson scans the slip: sees it, follows it, and what was an answer to pass on is now his grandfather's own.
    await villager.start(f"code-{code}")
    card = await villager.wait_for("您的回执")
    assert "灯泡已换好" in card["text"]
    await villager.wait_for("绑定到您这个手机")
    await villager.press_label("绑定，以后直接告诉我")
    await villager.wait_for("谁看到")
    await villager.press_label("✅ 同意")
    await villager.wait_for("绑定好了")
    await head.wait_for("不用您转告了")
    await villager.press_label("基本满意")
    await villager.wait_for("问题解决了吗")
    await villager.press_label("1  解决了")
    await villager.wait_for("都记下了")

    async with play.sandbox.store.begin() as tx:
        [case] = await tx.cases.find(CaseFilter())
        events = [(event.action, event.part, event.seat) for event in await tx.cases.events(case.id)]
        assert await tx.inbox.parked() == []
    assert (case.state, case.rating, case.told) == (State.CLOSED, Rating.FAIR, False)
    assert events[0] == ("register", "author", "shilong-head")
    assert events[-2:] == [("rate", "author", None), ("solved", "author", None)]
    log = (await play.get("/log?after=0"))["log"]
    assert (await play.get("/violations"))["violations"] == []
    check_log(log)
