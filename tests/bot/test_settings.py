"""The office changes the configuration in chat: sees what it would do, does it, finds who did what, goes back."""

import asyncio
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.compose.settings import as_toml, write_template
from bot.domain.amendments import to_be
from tests.bot.staff import LAMP, Crew, crew_of
from tests.bot.test_amended import put
from tests.support.chat import ChatClient, LocalTown


@pytest.fixture
async def crew(place: LocalTown) -> Crew:
    return await crew_of(place)


async def walk(client: ChatClient, *answers: str) -> str:
    """`/settings`, then each answer: a number, a name, words; with @ a tap on what has these words. The last screen."""
    for answer in ("/settings", *answers):
        await (client.tap(answer[1:]) if answer.startswith("@") else client.say(answer))
    return await client.last()


def number(place: LocalTown) -> int:
    return place.desk_for.configuration.number


async def settled(place: LocalTown) -> LocalTown:
    """With everything taken up that was changed."""
    await place.desk_for.catch_up(place.store)
    return place


class TestOneThing:
    async def test_a_limit_is_shown_asked_for_looked_at_and_changed(self, place: LocalTown, crew: Crew) -> None:
        await crew.villager.submit(LAMP)
        assert "受理：3 个工作日" in str([m.buttons for m in await _all(crew.office, "1")][-1])
        assert "现在是：\n3 个工作日" in await walk(crew.office, "1", "1")
        seen = await walk(crew.office, "1", "1", "五个工作日")
        assert "受理：3 个工作日 → 5 个工作日" in seen
        assert "在办的 1 件照原来答应的期限" in seen
        await settled(place)
        assert number(place) == 0
        assert "改好了（第 1 次改动）" in await walk(crew.office, "1", "1", "五个工作日", "1")
        await settled(place)
        assert place.desk_for.configuration.settings.limits.accept.working_days == 5

    @pytest.mark.parametrize(
        ("answers", "key", "value"),
        [
            (("2", "1", "晚上10点到早上6点半"), "setting:quiet.until", "06:30"),
            (("2", "1", "无"), "setting:quiet.until", "00:00"),
            (("2", "2", "8点半"), "setting:digest.at", "08:30"),
            (("2", "3", "@星期五"), "setting:digest.weekly_on", "fri"),
            (("2", "4", "加 2027年2月7日"), "setting:calendar.extra_holidays", ["2027-02-07"]),
            (("2", "@人大办电话", "0668-12345"), "setting:town.office_phone", "0668-12345"),
            (("1", "@请群众评价", "2次"), "setting:limits.rating_asked", 2),
            (("3", "饮水水利", "停水断供", "1", "12小时"), "subtopic:water.cut", {"limit": "12h"}),
            (("3", "饮水水利", "停水断供", "@标记", "@限阅"), "subtopic:water.cut", {"flags": ["restricted"]}),
            (("3", "饮水水利", "停水断供", "@名称", "没水用"), "subtopic:water.cut", {"name": "没水用"}),
            (("3", "道路交通", "@这一大类", "@开关", "@停用"), "topic:roads", {"off": True}),
            (("4", "石龙村", "2", "金鸡岭、石龙岭"), "village:shilong", {"aliases": ["金鸡岭", "石龙岭"]}),
            (("4", "石龙村", "2", "删 石龙大队"), "village:shilong", {"aliases": ["石龙村委会"]}),
            (
                ("4", "石龙村", "3", "加 水尾（水尾队，下水尾）"),
                "village:shilong",
                {"hamlets.-1": {"name": "水尾", "aliases": ["水尾队", "下水尾"]}},
            ),
            (("4", "石龙村", "5", "22.5，111.25"), "village:shilong", {"latitude": 22.5, "longitude": 111.25}),
            (("5", "石龙村", "@联络站本身", "1", "每月1日 9:00"), "station:shilong", {"hours": "每月1日 9:00"}),
            (("5", "石龙村", "车锦锋", "1", "加 大塘村"), "seat:shilong-2", {"villages": ["shilong", "datang"]}),
            (("5", "石龙村", "车锦锋", "2", "全部"), "seat:shilong-2", {"topics": None}),
            (("5", "石龙村", "车锦锋", "3", "@冯伟生"), "seat:shilong-2", {"stand_in": "shilong-vice"}),
            (("5", "石龙村", "车锦锋", "4", "大塘"), "seat:shilong-2", {"station": "datang"}),
            (("5", "@承办单位", "镇水利所", "1", "镇水务所"), "handler:water", {"name": "镇水务所"}),
            (("6", "1", "您好！{镇名}｛样例提示｝"), "text:zh-CN:welcome.villager", "您好！{town}{sample}"),
        ],
    )
    async def test_each_part_is_changed_in_words(
        self, place: LocalTown, crew: Crew, answers: tuple[str, ...], key: str, value: object
    ) -> None:
        assert "请看一遍" in await walk(crew.office, *answers)
        await crew.office.say("1")
        await settled(place)
        assert number(place) == 1, await crew.office.last()
        entry = place.desk_for.configuration.entries[key]
        for name, wanted in value.items() if isinstance(value, dict) else ():
            field, _, last = name.partition(".")
            assert (entry[field][int(last)] if last else entry.get(field)) == wanted
        assert isinstance(value, dict) or entry == value

    @pytest.mark.parametrize(
        ("answers", "says"),
        [
            (("1", "1", "尽快"), "像：7个工作日"),
            (("1", "1", "0天"), "像：7个工作日"),
            (("2", "1", "25:00到7:00"), "21:30到7:00"),
            (("2", "4", "2月7日"), "要带年份"),
            (("1", "@请群众评价", "12"), "不能大于 7"),
            (("4", "石龙村", "1", "大塘村"), "'大塘村' 用了 2 次"),
            (("4", "石龙村", "2", "删 没这个"), "里面没有“没这个”"),
            (("4", "石龙村", "5", "22.5，191.5"), "不能大于 180"),
            (("4", "龙"), "好几个都对得上"),
            (("5", "石龙村", "车锦锋", "1", "大唐村"), "是不是“大塘村”"),
            (("5", "石龙村", "车锦锋", "1", "无"), "没有联系的村"),
            (("5", "石龙村", "黄雪芳", "@联络站", "大塘"), "石龙村人大代表联络站 没有站长席位"),
            (("6", "1", "您好，这里是乡音"), "一个不多一个不少"),
            (("6", "4", "有危险请打110"), "少了 119"),
            (("1", "1", "3天"), "和现在的一样"),
        ],
    )
    async def test_what_cannot_be_is_told_plainly_and_changes_nothing(
        self, place: LocalTown, crew: Crew, answers: tuple[str, ...], says: str
    ) -> None:
        told = await walk(crew.office, *answers)
        assert says in told
        assert " / " not in told  # one language
        assert "现在是" in told or "要改哪一个" in told  # and one may try again
        await settled(place)
        assert number(place) == 0

    async def test_a_location_sets_a_villages_place(self, place: LocalTown, crew: Crew) -> None:
        await walk(crew.office, "4", "石龙村", "5")
        await crew.office.send(location=[22.123456, 111.5])
        await crew.office.say("1")
        village = (await settled(place)).desk_for.configuration.town.village("shilong")
        assert village
        assert (village.latitude, village.longitude) == (22.12346, 111.5)

    async def test_words_at_the_preview_are_no_reason_unless_one_is_asked_for(
        self, place: LocalTown, crew: Crew
    ) -> None:
        assert "请点按钮" in await walk(crew.office, "1", "1", "5天", "还是6天吧")
        await crew.office.say("3")
        await crew.office.say("年底了")
        assert "原因：年底了" in await crew.office.last()
        await crew.office.say("1")
        assert "原因：年底了" in await walk(crew.office, "@谁改过")

    async def test_back_leads_step_by_step_out(self, place: LocalTown, crew: Crew) -> None:
        last = await walk(crew.office, "5", "石龙村", "车锦锋", "1", "大塘村", "0", "0", "0", "0", "0", "0")
        assert last == "好，设置没有动。"
        assert await place_drafts(place, crew.office) == 0


async def place_drafts(place: LocalTown, client: ChatClient) -> int:
    async with place.store.begin() as tx:
        person = await tx.people.find("local", client.account)
        assert person
        return int(await tx.drafts.current(person.id) is not None)


async def _all(client: ChatClient, *answers: str) -> list:  # type: ignore[type-arg]
    await walk(client, *answers)
    return await client.all()


class TestWhatFollows:
    async def test_a_topic_that_is_off_is_neither_guessed_nor_offered_and_old_cases_keep_it(
        self, place: LocalTown, crew: Crew
    ) -> None:
        await crew.villager.submit(LAMP)
        assert "在办的 1 件不变" in await walk(crew.office, "3", "道路交通", "@这一大类", "@开关", "@停用")
        await crew.office.say("1")
        await crew.villager.say("石龙村的路灯又坏了一盏")
        assert "这是哪方面的事" in await crew.villager.last()
        offered = [b.label for row in (await crew.villager.all())[-1].buttons for b in row]
        assert not any("道路交通" in label for label in offered)
        await crew.villager.say("道路交通")
        assert "这是哪方面的事" in await crew.villager.last()
        await crew.head.say("/case 1")
        assert "道路交通/路灯标识" in await crew.head.last()

    async def test_a_renamed_topic_shows_its_new_name_and_the_case_remembers_the_one_it_came_in_under(
        self, place: LocalTown, crew: Crew
    ) -> None:
        await crew.villager.submit(LAMP)
        await walk(crew.office, "3", "道路交通", "路灯标识", "@名称", "路灯", "1")
        await crew.head.say("/case 1")
        assert "道路交通/路灯 ·" in await crew.head.last()
        [register] = (await place.events(await crew.case()))[:1]
        assert register.data["title"] == "道路交通/路灯标识"
        await crew.head.press("c:1:why")
        assert "登记时：石龙村 · 道路交通/路灯标识" in await crew.head.last()

    async def test_another_person_on_a_seat_has_an_id_of_their_own_and_the_old_name_stays_on_what_was_done(
        self, place: LocalTown, crew: Crew
    ) -> None:
        await crew.villager.submit(LAMP)
        seen = await walk(crew.office, "5", "石龙村", "车锦锋", "@换人", "张三")
        assert "名下在办的 1 件会转给黄雪芳" in seen
        assert "坐在上面的人以后看不到意见" in seen
        assert "去掉席位：车锦锋" in seen
        await crew.office.say("1")
        assert "您在 车锦锋 的席位已结束" in await crew.deputy.last()
        await place.sweep.once()
        town = place.desk_for.configuration.town
        assert (await crew.case()).deputy == "shilong-head"
        assert town.seat("shilong-2") is None
        assert town.name_of("seat", "shilong-2") == "车锦锋"
        [new] = [seat for seat in town.seats if seat.name == "张三"]
        assert new.topics == ("roads", "welfare-jobs")
        first = town.seat("shilong-1")
        assert first
        assert first.stand_in == new.id
        await crew.deputy.say("/queue")
        assert "工作人员" in await crew.deputy.last()

    async def test_quiet_hours_hold_from_the_next_message_on(self, place: LocalTown, crew: Crew) -> None:
        await walk(crew.office, "2", "1", "9:00到11:00", "1")
        await crew.villager.submit(LAMP)
        async with place.store.begin() as tx:
            [row] = [row for row in await tx.outbox.rows("head") if "新意见" in row.message.text]
        assert row.send_after.astimezone(place.town.zone).hour == 11

    async def test_a_new_holiday_moves_what_is_promised_from_now_on(self, place: LocalTown, crew: Crew) -> None:
        await walk(crew.office, "2", "4", "加 2026-03-03", "1")
        await crew.villager.submit(LAMP)
        due = (await crew.case()).due_at
        assert due
        assert due.astimezone(place.town.zone).date() == date(2026, 3, 6)

    async def test_a_villager_reads_the_new_words_at_once(self, place: LocalTown, crew: Crew) -> None:
        await walk(crew.office, "6", "1", "乡亲好！{镇名}{样例提示}等您说话。", "1")
        await crew.villager.say("0")
        await crew.villager.say("/start")
        assert await crew.villager.last() == "乡亲好！样例镇（样例数据，不是真实的村和人）等您说话。"


class TestTogether:
    async def test_only_the_office_gets_in_and_a_forged_press_does_nothing(self, place: LocalTown, crew: Crew) -> None:
        await walk(crew.office, "1", "1", "5天", "1")
        admin = await place.staff("admin", "admin")
        for client in (crew.villager, crew.head, crew.deputy, admin):
            await client.say("/settings")
            assert "工作人员" in await client.last()
            await client.press("cfg:back:0")
            assert "您没有这个权限。" in await client.toasts()
        for forged in ("cfg:back:7", "cfg:back:-1", "cfg:back", "cfg:x:1", "cfg:back:0:x"):
            await crew.office.press(forged)
        assert (await crew.office.toasts()).count("这个按钮用不了。") == 5
        await settled(place)
        assert number(place) == 1

    async def test_who_leaves_the_office_halfway_changes_nothing(self, place: LocalTown, crew: Crew) -> None:
        await walk(crew.office, "1", "1", "5天")
        async with place.store.begin() as tx:
            await tx.people.end("office-1", place.clock.now(), "withdrawn")
        await crew.office.say("1")
        assert "工作人员" in await crew.office.last()
        await settled(place)
        assert number(place) == 0

    async def test_the_second_of_two_looks_again_before_it_counts(self, place: LocalTown, crew: Crew) -> None:
        other = await place.staff("other", "office-2")
        await walk(crew.office, "4", "石龙村", "2", "加 金鸡岭")
        await walk(other, "4", "石龙村", "2", "加 石龙岭", "1")
        assert "石龙村 · 别的叫法：加上 石龙岭" in await crew.office.last()  # it is told at once
        await crew.office.say("1")
        assert "刚才有人也改了设置" in await crew.office.last()
        await crew.office.say("1")
        town = (await settled(place)).desk_for.configuration.town
        village = town.village("shilong")
        assert village
        assert village.aliases[-2:] == ("石龙岭", "金鸡岭")

    async def test_what_one_was_changing_may_be_gone_meanwhile(self, place: LocalTown, crew: Crew) -> None:
        await walk(crew.office, "5", "石龙村", "车锦锋", "1")
        await put(place, {"seat:shilong-2": to_be(None), "seat:shilong-1": to_be(_without_stand_in(place))})
        await crew.office.say("大塘村")
        assert "已经没有了" in await crew.office.last()


def _without_stand_in(place: LocalTown) -> dict[str, object]:
    entry = place.desk_for.configuration.entries["seat:shilong-1"]
    return {name: value for name, value in entry.items() if name != "stand_in"}


class TestGoingBack:
    async def test_the_last_change_is_taken_back_with_one_tap_and_that_with_another(
        self, place: LocalTown, crew: Crew
    ) -> None:
        await walk(crew.office, "1", "1", "5天", "1")
        for done, days in ((2, 3), (3, 5)):
            await crew.office.tap("撤回")
            assert f"退回去了（第 {done} 次改动）" in await crew.office.last()
            settings = (await settled(place)).desk_for.configuration.settings
            assert settings.limits.accept.working_days == days

    async def test_what_would_take_others_changes_back_is_shown_first(self, place: LocalTown, crew: Crew) -> None:
        await walk(crew.office, "1", "1", "5天", "1")
        undo = await crew.office.button("撤回")
        await walk(crew.office, "2", "2", "9:00", "1")
        await crew.office.press(undo)
        told = await crew.office.last()
        assert "一共有 2 次改动" in told
        assert "汇总几点发：09:00 → 08:00" in told
        await settled(place)
        assert number(place) == 2
        await crew.office.tap("都退回去")
        configuration = (await settled(place)).desk_for.configuration
        assert (configuration.number, dict(configuration.over)) == (3, {})

    async def test_the_history_says_who_when_what_and_why(self, place: LocalTown, crew: Crew) -> None:
        await walk(crew.office, "1", "1", "5天", "1")
        await crew.office.tap("撤回")
        told = await walk(crew.office, "@谁改过")
        assert "第 1 次　2026-03-02 10:00　曾德清\n▪ 受理：3 个工作日 → 5 个工作日" in told
        assert "第 2 次　2026-03-02 10:00　曾德清\n▪ 受理：5 个工作日 → 3 个工作日\n原因：退回到装机时的样子" in told

    async def test_without_a_change_the_history_says_so(self, place: LocalTown, crew: Crew) -> None:
        assert "还没有人改过" in await walk(crew.office, "@谁改过")


class TestWholeTables:
    async def hand_in(self, place: LocalTown, client: ChatClient, raw: bytes) -> str:
        place.source.files["doc"] = raw
        await client.send(files=[["document", "doc", "doc"]])
        assert "正在看这张表" in await client.last()
        await place.intake.once()
        return await client.last()

    def toml(self, place: LocalTown, old: str, new: str) -> bytes:
        text = as_toml(place.desk_for.configuration, "roster")
        assert old in text
        return text.replace(old, new).encode()

    async def test_a_table_is_read_shown_and_taken_in(self, place: LocalTown, crew: Crew) -> None:
        await crew.villager.submit(LAMP)
        assert "交整张表" in await walk(crew.office, "@交整张表")
        told = await self.hand_in(place, crew.office, self.toml(place, "每月5日 9:00-11:30", "每天上午"))
        assert "开放时间：每月5日 9:00-11:30 → 每天上午" in told
        await settled(place)
        assert number(place) == 0
        await crew.office.say("1")
        assert "改好了（第 1 次改动）" in await crew.office.last()
        station = (await settled(place)).desk_for.configuration.town.station("shilong")
        assert station
        assert station.hours == "每天上午"

    async def test_an_xlsx_with_mistakes_is_told_line_by_line_and_may_be_sent_again(
        self, place: LocalTown, crew: Crew, tmp_path: Path
    ) -> None:
        configuration = place.desk_for.configuration
        write_template(tmp_path / "roster.xlsx", "roster", configuration)
        book = load_workbook(tmp_path / "roster.xlsx")
        book["席位"]["B3"].value = "主任"
        book.save(tmp_path / "wrong.xlsx")
        await walk(crew.office, "@交整张表")
        told = await self.hand_in(place, crew.office, (tmp_path / "wrong.xlsx").read_bytes())
        assert "席位 第 3 行“职务”：要填其中之一" in told
        assert "什么也没有动" in told
        told = await self.hand_in(place, crew.office, (tmp_path / "roster.xlsx").read_bytes())
        assert "和现在的一样" in told
        assert "打不开" in await self.hand_in(place, crew.office, b"PK nothing")

    async def test_a_document_that_cannot_be_fetched_is_asked_for_again(self, place: LocalTown, crew: Crew) -> None:
        await walk(crew.office, "@交整张表")
        await crew.office.send(files=[["document", "gone", "gone"]])
        await place.intake.once()
        assert "请再发一次" in await crew.office.last()

    async def test_two_processes_take_a_document_in_once(self, place: LocalTown, crew: Crew) -> None:
        await walk(crew.office, "@交整张表")
        place.source.files["doc"] = self.toml(place, "车锦锋", "车锦峰")
        await crew.office.send(files=[["document", "doc", "doc"]])
        await asyncio.gather(place.intake.once(), place.intake.once())
        assert sum("车锦锋 → 车锦峰" in message.text for message in await crew.office.all()) == 1

    async def test_who_is_no_longer_at_the_office_is_shown_nothing(self, place: LocalTown, crew: Crew) -> None:
        await walk(crew.office, "@交整张表")
        place.source.files["doc"] = self.toml(place, "车锦锋", "车锦峰")
        await crew.office.send(files=[["document", "doc", "doc"]])
        async with place.store.begin() as tx:
            await tx.people.end("office-1", place.clock.now(), "withdrawn")
        await place.intake.once()
        assert "正在看这张表" in await crew.office.last()
        assert await place_drafts(place, crew.office) == 0
