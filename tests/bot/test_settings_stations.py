"""The office adds, changes and ends one liaison station in chat: nothing that it had is left without somebody."""

import pytest

from bot.domain.duties import DutyKind
from bot.domain.machine import Action, State
from bot.ports.ledgers import DutyFilter
from tests.bot.staff import LAMP, Crew
from tests.bot.test_settings import crew, number, settled, walk
from tests.support.chat import ChatClient, LocalTown

__all__ = ["crew"]

NEW = ("5", "@加一个联络站", "新塘人大代表联络站", "张三", "大塘村、三角村")
END = ("5", "石龙村", "@联络站本身", "@去掉这个站", "大塘村人大")


@pytest.fixture
async def neighbour(place: LocalTown) -> ChatClient:
    """The head of 大塘村's station."""
    return await place.staff("neighbour", "datang-head")


async def test_a_new_station_takes_its_villages_from_others_and_what_is_open_stays_there(
    place: LocalTown, crew: Crew, neighbour: ChatClient
) -> None:
    before = place.desk_for.configuration.entries
    old = await crew.villager.submit("大塘村的路灯坏了半个月")
    seen = await walk(crew.office, *NEW)
    assert "新加联络站：新塘人大代表联络站，管 大塘村、三角村" in seen
    assert "新加席位：张三（站长），新塘人大代表联络站" in seen
    assert "大塘村人大代表联络站 · 管哪些村：大塘村 → （没有）" in seen
    assert "在办的仍由原站办完" in seen
    assert "到 /people 发邀请" in seen
    assert number(await settled(place)) == 0
    await crew.office.say("1")
    await settled(place)
    await place.sweep.once()
    assert (await crew.case()).station == "datang"
    assert (await crew.case()).due_at == old.due_at
    new = await crew.villager.submit("大塘村的自来水停了两天")
    assert (new.station, new.deputy) == ("station-2", None)  # nobody has taken the head's seat yet
    assert new.state is State.HANDED_UP
    await place.staff("newcomer", "station-2-2")
    assert (await crew.villager.submit("大塘村的桥断了")).deputy == "station-2-2"
    await crew.office.tap("撤回")
    assert (await settled(place)).desk_for.configuration.entries == before
    await place.sweep.once()
    assert {case.station for case in await place.cases()} == {"datang"}  # also those of the station that is gone again
    assert (await crew.case(3)).deputy == "datang-head"


@pytest.mark.parametrize(
    ("answers", "key", "wanted"),
    [
        (("@站名", "石龙联络站"), "station:shilong", {"name": "石龙联络站"}),
        (("@地址", "文化楼二楼"), "station:shilong", {"address": "文化楼二楼"}),
        (("@管哪些村", "加 大塘村"), "station:shilong", {"villages": ["shilong", "datang"]}),
        (("@管哪些村", "加 大塘村"), "station:datang", {"villages": []}),
        (("@驻站代表", "加 刘少涛、钟少良"), "seat:datang-2", {"station": "shilong", "villages": ["datang"]}),
    ],
)
async def test_a_station_is_changed_in_words(
    place: LocalTown, crew: Crew, answers: tuple[str, ...], key: str, wanted: dict[str, object]
) -> None:
    assert "请看一遍" in await walk(crew.office, "5", "石龙村", "@联络站本身", *answers)
    await crew.office.say("1")
    entry = (await settled(place)).desk_for.configuration.entries[key]
    assert {name: entry[name] for name in wanted} == wanted


async def test_a_deputy_who_moves_keeps_a_deputy_as_stand_in_but_no_head(place: LocalTown, crew: Crew) -> None:
    await walk(crew.office, "5", "石龙村", "车锦锋", "@代理人", "@冯伟生", "1")
    await walk(crew.office, "5", "大塘村", "@联络站本身", "@驻站代表", "加 车锦锋、潘晓平", "1")
    town = (await settled(place)).desk_for.configuration.town
    moved = [seat for seat in town.seats if seat.id in ("shilong-2", "shilong-3")]
    assert [(seat.station, seat.stand_in) for seat in moved] == [("datang", None), ("datang", "shilong-4")]


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (("石龙村", "@联络站本身", "@管哪些村", "删 石龙村"), "石龙村总要归一个联络站"),
        (("石龙村", "@联络站本身", "@管哪些村", "删 大塘村"), "里面没有“大塘村”"),
        (("石龙村", "@联络站本身", "@驻站代表", "删 车锦锋"), "车锦锋总要归一个联络站"),
        (("石龙村", "@联络站本身", "@驻站代表", "加 黄雪芳"), "没有叫“黄雪芳”的"),  # the head is no deputy
        (("@加一个联络站", "石龙村人大代表联络站", "张三", "无"), "用了 2 次"),
        (("@加一个联络站", "新塘联络站", "张三", "新塘村"), "没有叫“新塘村”的"),
        (("石龙村", "@联络站本身", "@去掉这个站", "石龙村"), "请点按钮"),
    ],
)
async def test_what_would_leave_something_without_a_station_is_told_plainly(
    place: LocalTown, crew: Crew, answers: tuple[str, ...], says: str
) -> None:
    assert says in await walk(crew.office, "5", *answers)
    assert number(await settled(place)) == 0


async def test_namesakes_are_changed_at_their_own_seats(place: LocalTown, crew: Crew) -> None:
    await walk(crew.office, "5", "大塘村", "刘少涛", "@姓名", "车锦锋", "1")
    assert "有几位都叫“车锦锋”" in await walk(crew.office, "5", "三角村", "@联络站本身", "@驻站代表", "加 车锦锋")


async def test_back_leads_out_step_by_step(place: LocalTown, crew: Crew) -> None:
    closed = "好，设置没有动。"
    assert await walk(crew.office, *NEW, *("0",) * 6) == closed
    assert await walk(crew.office, *END, *("0",) * 6) == closed
    assert "要改哪一样" in await walk(crew.office, *END, "@先不去掉", "0")


async def test_what_a_station_had_goes_to_another_and_is_promised_as_before(
    place: LocalTown, crew: Crew, neighbour: ChatClient
) -> None:
    await crew.answered()
    await crew.villager.tap("满意")
    for words in (LAMP, "石龙村村口的路全是坑", "石龙村的垃圾堆了一个月没人清"):
        await crew.villager.submit(words)
    await crew.head.press("c:3:hand_up")
    await crew.head.say("站里没有经费")
    before = {case.id: case for case in await place.cases()}
    seen = await walk(crew.office, *END)
    assert "石龙村人大代表联络站没有了：在办的 3 件归大塘村人大代表联络站，期限不变" in seen
    assert "大塘村人大代表联络站 · 管哪些村：加上 石龙村" in seen
    assert "车锦锋 · 联络站：石龙村人大代表联络站 → 大塘村人大代表联络站" in seen
    assert "去掉席位：黄雪芳（站长）" in seen
    assert "在办的仍由原站办完" not in seen
    await crew.office.say("1")
    assert "您在 黄雪芳 的席位已结束" in await crew.head.last()
    await place.sweep.once()
    after = {case.id: case for case in await place.cases()}
    assert after[1] == before[1]  # what is done stays as it was
    for id_ in (2, 3, 4):
        was, now = before[id_], after[id_]
        assert (was.station, now.station) == ("shilong", "datang")
        assert (now.state, now.deputy, now.due_at, now.next_at) == (was.state, was.deputy, was.due_at, was.next_at)
        last = (await place.events(now))[-1]
        assert (last.action, last.data["text"]) == (
            Action.HAND_OVER,
            "石龙村人大代表联络站 → 大塘村人大代表联络站",
        )
    await crew.head.press("c:2:open")
    assert "不归您办" in (await crew.head.toasts())[-1]
    await neighbour.press("c:2:resolve")
    await neighbour.say("灯泡换好了")
    await neighbour.tap("A 已解决")
    assert (await crew.case(2)).state is State.ANSWERED
    assert "灯泡换好了" in await crew.villager.last()


async def test_what_lay_on_a_post_that_ends_goes_to_the_other_head_many_cases_in_one_word(
    place: LocalTown, crew: Crew, neighbour: ChatClient
) -> None:
    for words in (LAMP, "石龙村村口的路全是坑", "石龙村桥头的路塌了", "石龙村小学门口红绿灯不亮"):
        await crew.villager.submit(words)
    await crew.office.press("b:shilong-2")
    await crew.office.tap("本站站长")
    await crew.office.tap("只移交")
    assert {case.deputy for case in await place.cases()} == {"shilong-head"}
    assert "名下在办的 4 件会转给陈少生" in await walk(crew.office, *END)
    await crew.office.say("1")
    await place.sweep.once()
    assert {(case.station, case.deputy) for case in await place.cases()} == {("datang", "datang-head")}
    told = [message.text for message in await neighbour.all()]
    assert sum("在办的 4 条归大塘村人大代表联络站" in text for text in told) == 1
    await crew.office.tap("撤回")
    await place.sweep.once()
    assert {case.deputy for case in await place.cases()} == {"datang-head"}


async def test_announced_reception_days_and_who_asked_for_them_go_along(
    place: LocalTown, crew: Crew, neighbour: ChatClient
) -> None:
    await crew.villager.press("w:shilong:on")
    await crew.head.say("/duty")
    await crew.head.tap("预告接待日")
    await crew.head.say("20日上午9点，村委会一楼，车锦锋接待")
    await crew.head.tap("完成")
    assert "已公布的 1 次接待日也归过去" in await walk(crew.office, *END)
    await crew.office.say("1")
    async with place.store.begin() as tx:
        [plan] = await tx.duties.find(DutyFilter(kinds=(DutyKind.PLAN,)))
    assert (plan.station, plan.members) == ("datang", ("shilong-2",))
    assert "原由石龙村人大代表联络站公布" in plan.text
    place.clock.push(days=15)
    await place.sweep.once()
    assert "大塘村人大代表联络站" in await crew.villager.last()
    assert "车锦锋接待" in await crew.villager.last()


async def test_whose_post_has_ended_stands_in_for_nobody(place: LocalTown, crew: Crew) -> None:
    await crew.villager.submit(LAMP)
    await crew.deputy.say("/leave")
    await crew.deputy.say("到3月12日")
    await crew.deputy.tap("黄雪芳")
    await crew.deputy.tap("就这样")
    await walk(crew.office, *END, "1")
    await crew.head.press("c:1:open")
    assert "不归您办" in (await crew.head.toasts())[-1]


async def test_the_station_that_was_to_take_over_may_be_gone_meanwhile(place: LocalTown, crew: Crew) -> None:
    other = await place.staff("other", "office-2")
    await walk(crew.office, *END)
    await walk(other, "5", "大塘村", "@联络站本身", "@去掉这个站", "三角村人大", "1")
    await crew.office.say("1")
    assert "已经没有了" in await crew.office.last()
    assert number(await settled(place)) == 1
