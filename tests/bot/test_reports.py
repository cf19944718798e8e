"""`/report` and `/registers` in chat: who sees whose figures, and who may have which paper."""

import pytest

from bot.domain.messages import Order, OutgoingKind
from bot.usecases.papers import WHY
from tests.bot.test_duties import record
from tests.support.chat import ChatClient, LocalTown


async def orders(client: ChatClient) -> list[Order]:
    """What this person has ordered so far."""
    return [message.order for message in await client.all() if message.kind is OutgoingKind.PAPER and message.order]


async def test_each_sees_the_figures_of_their_own_desk(place: LocalTown, villager: ChatClient) -> None:
    deputy, other = await place.staff("d1", "shilong-1"), await place.staff("d2", "datang-1")
    head, office = await place.staff("h1", "shilong-head"), await place.staff("o1", "office-1")
    await record(deputy, "月访", "走访5户")
    await record(other, "月访", "走访2户")
    for client, whose, number in ((deputy, "陈晓彬", 5), (head, "石龙村人大代表联络站", 5), (office, "样例镇", 7)):
        await client.say("/report")
        assert f"【{whose} 2026年3月】" in await client.last()
        assert f"走访：{number}户（无记录）" in await client.last()
    await office.say("/report 2026-04")
    assert "走访：无记录（7户）" in await office.last()
    await office.say("/report 2020")
    assert "都无记录" in await office.last()
    await office.say("/report someday")
    assert "请这样写" in await office.last()
    await villager.say("/report")
    assert "工作人员" in await villager.last()


async def test_the_office_orders_every_kind_of_report_by_buttons_alone(place: LocalTown) -> None:
    office = await place.staff("o1", "office-1")
    await office.say("/report")
    await office.tap("月度报告")
    await office.tap("上季度")
    assert "【样例镇 2025年第四季度】" in await office.last()
    await office.tap("季度报告")
    await office.tap("报镇党委")
    await office.tap("今年")
    await office.tap("年度报告")
    await office.tap("看联络站、代表的")
    await office.tap("大塘村人大代表联络站")
    assert "【大塘村人大代表联络站 2026年】" in await office.last()
    await office.tap("联络站工作报告")
    await office.tap("看本站各位代表的")
    await office.tap("刘少涛")
    await office.tap("代表履职报告")
    await office.say("/report 2026")
    await office.tap("调研报告")
    await office.tap("饮水水利")
    assert [(order.what, order.period, order.of, order.why) for order in await orders(office)] == [
        ("monthly", "2026-03", "", WHY),
        ("quarterly", "2025Q4", "", WHY),
        ("party", "2025Q4", "", WHY),
        ("annual", "2026", "", WHY),
        ("station", "2026", "datang", WHY),
        ("deputy", "2026", "datang-1", WHY),
        ("research", "2026", "water", WHY),
    ]
    assert len({order.key for order in await orders(office)}) == 7


@pytest.mark.parametrize(
    ("seat", "own", "label"),
    [
        ("shilong-liaison", "x:2026:w:station:shilong", "联络站工作报告"),
        ("shilong-1", "x:2026:w:deputy:shilong-1", "代表履职报告"),
    ],
)
async def test_others_order_their_own_report_and_no_other(place: LocalTown, seat: str, own: str, label: str) -> None:
    client = await place.staff("s1", seat)
    await client.say("/report 2026")
    assert await client.button(label) == own
    shown = {button.data for message in await client.all() for row in message.buttons for button in row}
    assert not any(word in data for data in shown for word in ("party", "annual", "topics", "registers", "more"))
    await client.press(own)
    assert len(await orders(client)) == 1
    for forged in (
        "x:2026:w:annual",
        "x:2026:w:party",
        "x:2026:w:station:datang",
        "x:2026:w:deputy:shilong-2",
        "x:2026:w:research:water",
        "x:2026:t:",
        "x:2026:s:datang",
        "x:2026:d:datang-1",
        "x:2026:at:shilong",
        "x:2026:topics",
        "x:2026:registers",
        "x:2026:register:cases",
    ):
        await client.press(forged)
        assert "不归您" in (await client.toasts())[-1], forged
    assert len(await orders(client)) == 1


async def test_whoever_holds_several_seats_chooses_among_their_own(place: LocalTown) -> None:
    client = await place.staff("h1", "shilong-head", "datang-1")
    await client.say("/report")
    assert "【石龙村人大代表联络站 2026年3月】" in await client.last()
    await client.tap("看联络站、代表的")
    await client.tap("刘少涛")
    assert "【刘少涛 2026年3月】" in await client.last()


async def test_a_forged_button_orders_nothing(place: LocalTown, villager: ChatClient) -> None:
    office = await place.staff("o1", "office-1")
    for data in (
        "x:2026Q1:w:annual",
        "x:2026:w:quarterly",
        "x:2026:w:novel",
        "x:2026:w:station",
        "x:2026:w:register:cases",
        "x:someday:t:",
        "x:2026",
        "x:2026:w",
        "x:2026:register:novel",
        "x:2026:s:shilong:1",
    ):
        await office.press(data)
        assert "用不了" in (await office.toasts())[-1], data
    for data in ("x:2026:s:nowhere", "x:2026:d:nobody", "x:2026:d:shilong-head", "x:2026:w:research:novels"):
        await office.press(data)
        assert "不归您" in (await office.toasts())[-1], data
    assert await orders(office) == []
    await villager.press("x:2026:t:")
    assert "不归您" in (await villager.toasts())[-1]
    await villager.say("/registers")
    assert "工作人员" in await villager.last()


async def test_a_register_leaves_for_a_reason_only(place: LocalTown) -> None:
    office = await place.staff("o1", "office-1")
    await office.say("/registers")
    await office.tap("上季度")
    await office.tap("纠纷/转介(密)")
    await office.say("6")
    assert "请用一句话写明用途" in await office.last()
    assert await orders(office) == []
    await office.say("  给镇党委\n汇报 ")
    (order,) = await orders(office)
    assert (order.what, order.of, order.period, order.why) == ("register", "referrals", "2025Q4", "给镇党委 汇报")
    await office.tap("全部台账")
    await office.say("0")
    assert "不要了" in await office.last()
    assert len(await orders(office)) == 1
