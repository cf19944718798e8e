"""Reception days: announced in chat or by a whole rota, and who hears of them when, each once."""

from datetime import date
from pathlib import Path

from openpyxl import Workbook

from bot.texts.catalogue import Catalogue
from bot.usecases.importing import HEADERS, Mistake, Row, take_in, understand
from handlers.documents.tables import read_table
from tests.bot.test_duties import kept, record
from tests.support.chat import ChatClient, LocalTown


async def test_a_reception_day_is_announced_only_with_a_day_that_lies_ahead(place: LocalTown) -> None:
    head = await place.staff("h1", "shilong-head")
    await head.say("/duty")
    await head.tap("预告接待日")
    for words, trouble in (
        ("上午9点，村委会", "没看到日期"),
        ("2026年3月1日", "已经过了"),
        ("2062年3月20日", "太远了"),
    ):
        await head.say(words)
        assert trouble in await head.last()
    await head.say("20日")
    await head.tap("完成")
    assert [duty.on for duty in await kept(place)] == [date(2026, 3, 20)]


async def test_who_asked_hears_of_a_reception_day_three_days_before_and_once(
    place: LocalTown, villager: ChatClient
) -> None:
    other, head = place.client("v2"), await place.staff("h1", "shilong-head")
    await villager.say("/reception")
    await villager.tap("石龙村")
    assert "还没有预告" in await villager.last()
    await villager.tap("提前三天告诉我")
    await other.say("/reception")
    await record(head, "预告接待日", "20日上午9点，村委会一楼")
    place.clock.push(days=14)
    await place.sweep.once()
    assert "接待日：2026-03-20" not in await villager.last()
    place.clock.push(days=1)
    for _ in range(2):
        await place.sweep.once()
    assert len([text for text in await villager.news() if "接待日：2026-03-20" in text]) == 1
    assert [text for text in await head.news() if "接待日：2026-03-20" in text]
    assert not [text for text in await other.news() if "2026-03-20" in text]


async def test_who_is_on_duty_is_reminded_that_morning_once_and_nobody_else(place: LocalTown) -> None:
    named, other = await place.staff("d1", "shilong-1"), await place.staff("d2", "shilong-2")
    head = await place.staff("h1", "shilong-head")
    await record(head, "预告接待日", "20日上午9点，村委会一楼，陈晓彬接待")
    place.clock.push(days=17)
    await place.sweep.once()
    await named.news()
    place.clock.push(days=1)
    for _ in range(2):
        await place.sweep.once()
    assert len([text for text in await named.news() if "今天您在石龙村人大代表联络站值班" in text]) == 1
    assert not [text for client in (other, head) for text in await client.news() if "今天您在" in text]


async def test_who_no_longer_wants_to_hear_of_reception_days_does_not(place: LocalTown, villager: ChatClient) -> None:
    head = await place.staff("h1", "shilong-head")
    await record(head, "预告接待日", "3月4日上午9点")
    await villager.press("w:shilong:on")
    await villager.press("w:shilong")
    assert "2026-03-04" in await villager.last()
    await villager.tap("不用告诉我")
    await villager.news()
    await place.sweep.once()
    assert await villager.news() == []


async def test_a_forged_button_of_a_station_does_nothing(place: LocalTown, villager: ChatClient) -> None:
    for data in ("w:nowhere", "w:nowhere:on", "w:shilong:maybe", "y:1:2", "y:x"):
        await villager.press(data)
        assert "用不了" in (await villager.toasts())[-1]


async def take_rota(place: LocalTown, file: Path, *rows: tuple[object, ...]) -> list[Mistake]:
    """Write the rota as a workbook, and take it in as `import` does."""
    book = Workbook()
    for row in (HEADERS, *rows):
        book.worksheets[0].append(list(row))
    book.save(file)
    lines = [Row(line, cells) for line, cells in read_table(file, HEADERS)]
    past, mistakes = understand(lines, place.town, Catalogue.load(), place.clock.now().date())
    async with place.store.begin() as tx:
        if not mistakes:
            await take_in(tx, place.town, past, place.clock.now())
    return mistakes


async def test_a_rota_that_was_imported_reaches_who_asked_the_station_and_who_is_on_duty(
    place: LocalTown, tmp_path: Path
) -> None:
    asked, elsewhere, silent = (place.client(name) for name in ("v1", "v2", "v3"))
    await asked.press("w:shilong:on")
    await elsewhere.press("w:datang:on")
    await silent.say("/start")
    first, second = await place.staff("d1", "shilong-1"), await place.staff("d2", "shilong-2")
    head, other = await place.staff("h1", "shilong-head"), await place.staff("d3", "datang-1")
    rows = (
        (date(2026, 3, 9), "预告接待日", "黄雪芳", "上午9点，村委会一楼，陈晓彬值班"),
        (date(2026, 3, 9), "预告接待日", "shilong-liaison", "下午3点，大榕树下，车锦锋值班"),
        ("2026/4/6", "预告接待日", "黄雪芳", "上午9点，村委会一楼，车锦锋值班"),
    )
    for _ in range(2):
        assert await take_rota(place, tmp_path / "rota.xlsx", *rows) == []
    assert len(await kept(place)) == 3
    everybody = (asked, elsewhere, silent, first, second, head, other)

    async def heard(what: str) -> list[str]:
        return [client.account for client in everybody if [text for text in await client.news() if what in text]]

    place.clock.push(days=3)
    await place.sweep.once()
    assert await heard("2026-03-09") == []
    place.clock.push(days=1)
    for _ in range(2):
        await place.sweep.once()
    notice = [text for text in await asked.news() if "接待日：2026-03-09" in text]
    assert len(notice) == 1
    assert "陈晓彬值班\n下午3点，大榕树下" in notice[0]
    assert await heard("接待日：2026-03-09") == ["d1", "d2", "h1"]
    place.clock.push(days=2, hours=20)  # the day itself, at six
    await place.sweep.once()
    assert await heard("今天您在") == []
    place.clock.push(hours=3)
    for _ in range(2):
        await place.sweep.once()
    (mine,) = [text for text in await second.news() if "今天您在" in text]
    assert "下午3点，大榕树下" in mine
    assert await heard("今天您在") == ["d1"]


async def test_each_line_of_a_rota_that_is_wrong_is_told_and_nothing_is_taken_in(
    place: LocalTown, tmp_path: Path
) -> None:
    mistakes = await take_rota(
        place,
        tmp_path / "rota.xlsx",
        (date(2026, 3, 9), "预告接待日", "黄雪芳", "上午9点，陈晓彬值班"),
        (date(2062, 3, 9), "预告接待日", "黄雪芳", "上午9点，陈晓彬值班"),
        (date(2026, 3, 9), "预告接待日", "曾德清", "上午9点，陈晓彬值班"),
        (date(2026, 3, 9), "值班", "黄雪芳", ""),
    )
    assert [(one.line, one.header) for one in mistakes] == [
        (3, "日期"),
        (4, "席位或姓名"),
        (5, "类型"),
        (5, "内容"),
    ]
    assert "不晚于 2027-03-03" in mistakes[0].why
    assert mistakes[1].why == "曾德清不能记“预告接待日”，要填站长、副站长、联络员"
    assert await kept(place) == []
