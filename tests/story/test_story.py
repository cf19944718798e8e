"""The main job from end to end, over HTTP against the local Bot API server: nothing in it is simulated but Telegram."""

from typing import Any

from bot.domain.cases import AnswerClass, Case, Rating, Solved
from bot.domain.machine import State
from bot.ports import CaseFilter
from tests.sandbox.botapi.judge import check_log
from tests.story.conftest import Playground

WORDS = "我们石龙村的路灯坏了半个月,晚上老人不敢出门"
PHOTO = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300ffffffffffffffffffffffffffffffffffffffffffffffffffffff"
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc0000b0800010001010111"
    "00ffc40014000100000000000000000000000000000003ffc40014100100000000000000000000000000000000ffda0008010100"
    "003f0047ffd9"
)


async def only_case(play: Playground) -> Case:
    async with play.sandbox.store.begin() as tx:
        [case] = await tx.cases.find(CaseFilter())
    return case


async def test_from_a_broken_lamp_to_a_satisfied_villager(play: Playground) -> None:
    villager, deputy, head, office = play.villager, play.deputy, play.head, play.office
    for phone in (deputy, head, office):
        await phone.wait_for("您好")

    # The villager's own words come first; the privacy notice stands before anything is kept for good.
    await villager.send_text(WORDS)
    await villager.wait_for("谁看到")
    await villager.press_label("✅ 同意")
    await villager.wait_for("有照片吗")
    await villager.send_photos([PHOTO, PHOTO + b"2", PHOTO + b"3"])
    await villager.wait_for("一组照片")
    await villager.press_label("下一步")
    check = await villager.wait_for("请看对不对")
    assert "【反映问题】石龙村" in check["text"]
    assert "道路交通/路灯标识" in check["text"]
    assert WORDS in check["text"]

    # The village is corrected, with a number instead of a tap, and corrected back by typing its name.
    await villager.send_text("3")
    await villager.wait_for("哪个村")
    await villager.press_label("大塘村")
    await villager.wait_for("自然村")
    await villager.press_label("不用填")
    await villager.wait_for("【反映问题】大塘村")
    await villager.press_label("改村")
    await villager.wait_for("哪个村")
    await villager.send_text("石龙")
    await villager.wait_for("自然村")
    await villager.press_label("不用填")
    await villager.wait_for("【反映问题】石龙村")
    await villager.press_label("提交")
    receipt = await villager.wait_for("收到了，编号")
    case = await only_case(play)
    assert case.number in receipt["text"]
    assert (case.village, case.station, case.topic, case.subtopic) == ("shilong", "shilong", "roads", "roads.lamps")
    assert case.state is State.REGISTERED
    async with play.sandbox.store.begin() as tx:
        assert len(await tx.cases.attachments(case.id)) == 3
        author = await tx.cases.author(case.id)
        person = await tx.people.get(author or 0)
    assert person
    assert person.account == "1001"

    # Deputy and station get it at once: the text with its number, the album copied, and no word of the author.
    for phone in (deputy, head):
        card = await phone.wait_for("新意见")
        assert case.number in card["text"]
        assert WORDS in card["text"]
        album = [await phone.wait_for(lambda m: m.get("photo")) for _ in range(3)]
        assert len({photo["media_group_id"] for photo in album}) == 1
        assert not any(photo.get("forward") for photo in album)
        assert "李秀英" not in str(phone.messages)
        assert "1001" not in str([m.get("text") for m in phone.messages])

    # Next morning's digest, once, with a button that opens the case.
    await play.push_to("08:00")
    for phone in (deputy, head):
        digest = await phone.wait_for("待办汇总")
        assert "未办结 1 条" in digest["text"]
        assert "石龙村 · 道路交通：1 条" in digest["text"]
    await play.push_to("08:30")
    await deputy.refresh(1)
    assert sum("待办汇总" in m.get("text", "") for m in deputy.messages) == 1
    await deputy.press_label("路灯")
    await deputy.wait_for("意见详情")
    await deputy.press_label("接办")
    await villager.wait_for("已接手办理")
    assert (await only_case(play)).state is State.WITH_STATION

    # The station head resolves with an after-photo and a reply.
    await head.press_label("办结")
    await head.wait_for("请写")
    await head.send_photos([PHOTO + b"after"])
    await head.wait_for("收到 1 张照片")
    await head.send_text("灯泡已换好,请放心出行")
    await head.wait_for("请选办理结果")
    await head.press_label("A 已解决")
    await head.wait_for("已办结答复")
    await villager.wait_for(lambda m: m.get("photo"))
    answer = await villager.wait_for("已答复")
    assert "灯泡已换好,请放心出行" in answer["text"]
    case = await only_case(play)
    assert (case.state, case.answer_class) == (State.ANSWERED, AnswerClass.A)

    # 不满意 reopens it above the first handler.
    await villager.press_label("不满意")
    await villager.wait_for("由上一级重新办理")
    case = await only_case(play)
    assert (case.state, case.rating, case.reopened) == (State.REOPENED, Rating.DISSATISFIED, 1)
    await office.wait_for("群众不满意")
    await villager.press_label("没解决")
    await villager.wait_for("哪里不满意")
    await villager.send_text("只换了一盏,还有四盏不亮")
    await office.wait_for("只换了一盏")
    await office.press_label("交回站里")
    await office.wait_for("请写要求")
    await office.send_text("请把五盏全部修好")
    await head.wait_for("请把五盏全部修好")

    # Resolved again, and this time the villager is satisfied: by typing numbers.
    await head.press_label("办结")
    await head.wait_for("请写")
    await head.send_text("五盏灯今晚全部修好了")
    await head.wait_for("请选办理结果")
    await head.send_text("1")
    await villager.wait_for("五盏灯今晚全部修好了")
    await villager.send_text("1")
    await villager.wait_for("问题解决了吗")
    await villager.send_text("1")
    await villager.wait_for("都记下了")
    await head.wait_for("群众评价：1  😊 满意")
    case = await only_case(play)
    assert (case.state, case.rating, case.solved) == (State.CLOSED, Rating.SATISFIED, Solved.YES)
    assert case.closed_at

    await check_rows(play, case)
    await check_wire(play)


async def check_rows(play: Playground, case: Case) -> None:
    """The history has every step, chained; nothing waits, nothing was parked, nothing died."""
    async with play.sandbox.store.begin() as tx:
        events = await tx.cases.events(case.id)
        assert await tx.inbox.waiting() == 0
        assert await tx.inbox.parked() == []
        rows = await tx.outbox.rows()
    steps = [(event.action, str(event.part), str(event.after)) for event in events]
    assert steps == [
        ("register", "author", "registered"),
        ("take", "deputy", "with_station"),
        ("resolve", "head", "answered"),
        ("object", "author", "reopened"),
        ("solved", "author", "reopened"),
        ("supply", "author", "reopened"),
        ("send_back", "office", "with_station"),
        ("resolve", "head", "answered"),
        ("rate", "author", "closed"),
        ("solved", "author", "closed"),
    ]
    previous = ""
    for event in events:
        assert event.previous == previous
        previous = event.digest()
    assert case.head == previous
    assert {row.status for row in rows} <= {"sent", "queued", "sending"}
    assert not [row for row in rows if row.error]


async def check_wire(play: Playground) -> None:
    """Every request and answer on the wire fits the Bot API; nothing was forwarded, no rule was broken."""
    log: list[dict[str, Any]] = (await play.get("/log?after=0"))["log"]
    assert (await play.get("/violations"))["violations"] == []
    check_log(log)
    methods = {entry.get("method") for entry in log}
    assert {
        "getUpdates",
        "sendMessage",
        "sendMediaGroup",
        "sendPhoto",
        "answerCallbackQuery",
        "setMyCommands",
    } <= methods
    assert not methods & {"forwardMessage", "forwardMessages"}
