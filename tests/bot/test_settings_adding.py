"""The office adds one village, seat, handling body or subtopic in chat, takes one off, and takes that back."""

import pytest

from tests.bot.staff import LAMP, Crew
from tests.bot.test_settings import crew, number, settled, walk
from tests.support.chat import LocalTown

__all__ = ["crew"]


@pytest.mark.parametrize(
    ("answers", "key", "wanted"),
    [
        (
            ("5", "石龙村", "@加一个席位", "@代表", "王小明"),
            "seat:shilong-7",
            {"name": "王小明", "role": "deputy", "station": "shilong", "villages": ["shilong"]},
        ),
        (
            ("5", "石龙村", "@加一个席位", "@联络员", "李四"),
            "seat:shilong-7",
            {"name": "李四", "role": "liaison", "station": "shilong"},
        ),
        (("5", "@镇人大办的席位", "@加一个席位", "赵六"), "seat:office-3", {"name": "赵六", "role": "office"}),
        (
            ("5", "@承办单位", "@加一个承办单位", "@企业", "镇自来水公司"),
            "handler:body-2",
            {"name": "镇自来水公司", "kind": "company"},
        ),
        (("4", "@加一个村", "大塘村人大", "新塘村"), "village:village-2", {"name": "新塘村"}),
        (
            ("3", "饮水水利", "@加一个小类", "水塔清洗"),
            "subtopic:water.new-2",
            {"topic": "water", "name": "水塔清洗"},
        ),
    ],
)
async def test_one_is_added_after_a_look_and_taken_back_with_one_tap(
    place: LocalTown, crew: Crew, answers: tuple[str, ...], key: str, wanted: dict[str, object]
) -> None:
    before = place.desk_for.configuration.entries
    seen = await walk(crew.office, *answers)
    assert "请看一遍" in seen, seen
    assert f"{wanted['name']}" in seen
    await settled(place)
    assert number(place) == 0
    await crew.office.say("1")
    assert "改好了" in await crew.office.last()
    entry = (await settled(place)).desk_for.configuration.entries[key]
    assert {name: entry[name] for name in wanted} == wanted
    await crew.office.tap("撤回")
    assert (await settled(place)).desk_for.configuration.entries == before


async def test_whom_the_new_seat_is_for_comes_by_an_invitation_and_gets_cases(place: LocalTown, crew: Crew) -> None:
    seen = await walk(crew.office, "5", "石龙村", "@加一个席位", "@代表", "王小明")
    assert "新加席位：王小明（人大代表），石龙村人大代表联络站" in seen
    assert "到 /people 发邀请" in seen
    await crew.office.say("1")
    await crew.office.say("/invite shilong-7")
    [link] = [word for word in (await crew.office.last()).split() if "start=" in word]
    newcomer = place.client("newcomer")
    await newcomer.say(f"/start {link.partition('start=')[2]}")
    case = await crew.villager.submit(LAMP)
    await crew.head.press(f"c:{case.id}:seat.shilong-7")
    assert case.number in await newcomer.last()


async def test_a_new_village_is_recognised_at_once_and_its_cases_go_to_its_station(
    place: LocalTown, crew: Crew
) -> None:
    await walk(crew.office, "4", "@加一个村", "大塘村人大", "新塘村", "1")
    case = await crew.villager.submit("新塘村的路灯坏了半个月,晚上老人不敢出门")
    assert (case.village, case.station) == ("village-2", "datang")


async def test_a_seat_that_is_taken_off_says_first_whose_hands_its_cases_go_to(place: LocalTown, crew: Crew) -> None:
    case = await crew.villager.submit(LAMP)
    seen = await walk(crew.office, "5", "石龙村", "车锦锋", "@去掉这个席位")
    assert "去掉席位：车锦锋（人大代表）" in seen
    assert "名下在办的 1 件会转给黄雪芳" in seen
    assert "代理人：车锦锋 → （没有）" in seen
    assert "要改哪一样" in await walk(crew.office, "5", "石龙村", "车锦锋", "@去掉这个席位", "@先不去掉")
    await walk(crew.office, "5", "石龙村", "车锦锋", "@去掉这个席位", "1")
    await place.sweep.once()
    town = place.desk_for.configuration.town
    assert town.seat("shilong-2") is None
    assert (await crew.case()).deputy == "shilong-head"
    await crew.deputy.say(f"/case {case.number}")
    assert LAMP not in await crew.deputy.last()


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (("5", "石龙村", "黄雪芳", "@去掉这个席位"), "石龙村人大代表联络站 没有站长席位"),
        (("4", "石龙村", "@去掉这个村"), "没有联系的村"),
        (("4", "@加一个村", "大塘村人大", "石龙村"), "'石龙村' 用了 2 次"),
        (("5", "石龙村", "@加一个席位", "@代表", "车锦锋"), "'车锦锋' 用了 2 次"),
        (("4", "@加一个村", "没有这个站"), "请点按钮"),
        (("4", "@加一个村", "大塘", "3"), "没有这个数字"),
    ],
)
async def test_what_cannot_be_added_or_taken_off_is_told_plainly_and_changes_nothing(
    place: LocalTown, crew: Crew, answers: tuple[str, ...], says: str
) -> None:
    assert says in await walk(crew.office, *answers)
    await settled(place)
    assert number(place) == 0


async def test_back_leads_out_of_adding_step_by_step(place: LocalTown, crew: Crew) -> None:
    adding = ("5", "石龙村", "@加一个席位", "@代表", "王小明")
    assert await walk(crew.office, *adding, "0", "0", "0", "0", "0", "0") == "好，设置没有动。"


async def test_two_who_add_at_once_add_two(place: LocalTown, crew: Crew) -> None:
    """The second is shown anew what would happen now, under another id."""
    other = await place.staff("second", "office-2")
    for client, name in ((crew.office, "王小明"), (other, "张小红")):
        await walk(client, "5", "石龙村", "@加一个席位", "@代表", name)
    await crew.office.say("1")
    await other.say("1")
    assert "再看一遍" in await other.last()
    await other.say("1")
    town = (await settled(place)).desk_for.configuration.town
    assert {"王小明", "张小红"} <= {seat.name for seat in town.seats}


async def test_the_way_to_a_new_seat_leads_from_the_seats_too_and_for_the_office_alone(
    place: LocalTown, crew: Crew
) -> None:
    admin = await place.staff("admin", "admin")
    await crew.office.press("g:-:0")
    assert await crew.office.button("加席位") == "m:settings"
    await admin.press("g:-:0")
    with pytest.raises(AssertionError):
        await admin.button("加席位")
