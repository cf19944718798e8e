"""`import --kind` and `settings import`: whole tables of villages and roster, line by line, all or nothing."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.__main__ import main
from bot.compose.settings import in_force
from bot.config import Configuration, load_settings
from bot.usecases.importing import Row
from bot.usecases.table_lines import check, lines_of, said
from bot.usecases.tables import COLUMNS, TableError, understand_sheets
from tests.support.chat import sample


def now(folder: Path) -> Configuration:
    return asyncio.run(in_force(load_settings(folder / "config.toml", {})))


@pytest.fixture
def filled(installed: Path) -> Path:
    """A table with everything as it is now."""
    assert main(["import", "town.xlsx", "--kind", "town", "--template", "--present"]) == 0
    return installed / "town.xlsx"


@contextmanager
def opened(path: Path) -> Iterator[Workbook]:
    """The workbook, saved afterwards."""
    book = load_workbook(path)
    yield book
    book.save(path)


def line(page: Worksheet, name: str) -> int:
    return next(row[0].row for row in page.iter_rows(min_row=2) if row[0].value == name)


def put(path: Path, sheet: str, name: str, header: str, value: object) -> int:
    """Fill one cell of the line that begins with `name`; returns the line."""
    with opened(path) as book:
        at = line(book[sheet], name)
        book[sheet].cell(at, COLUMNS[sheet].index(header) + 1).value = value  # type: ignore[assignment]
    return at


def add(path: Path, sheet: str, *values: object) -> None:
    with opened(path) as book:
        book[sheet].append(list(values))


def test_what_is_in_force_read_back_changes_nothing(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "town.xlsx", "--kind", "town"]) == 0
    assert "不用改" in capsys.readouterr().out
    assert now(filled.parent).number == 0


def test_a_roster_is_taken_in_with_ids_kept_and_made(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(filled, "席位", "车锦锋", "联系的村", "石龙村、大塘村")
    put(filled, "席位", "车锦锋", "编号", None)
    put(filled, "联络站", "石龙村人大代表联络站", "开放时间", "每天上午")
    add(filled, "席位", "张三", "人大代表", "大塘", "大塘村", "饮水水利", "陈少生")
    assert main(["import", "town.xlsx", "--kind", "town", "--dry-run"]) == 0
    assert now(filled.parent).number == 0
    assert main(["import", "town.xlsx", "--kind", "town", "--why", "换届", "--who", "曾德清"]) == 0
    told = capsys.readouterr().out
    for words in (
        "车锦锋 · 联系的村：加上 大塘村",
        "开放时间：每月5日 9:00-11:30 → 每天上午",
        "新加席位：张三（人大代表）",
    ):
        assert told.count(words) == 2
    town = now(filled.parent).town
    seat = town.seat("shilong-2")
    assert seat
    assert seat.villages == ("shilong", "datang")
    [new] = [seat for seat in town.seats if seat.name == "张三"]
    assert (new.id, new.station, new.topics, new.stand_in) == ("datang-7", "datang", ("water",), "datang-head")
    assert main(["settings", "history"]) == 0
    assert "曾德清  换届" in capsys.readouterr().out


def test_a_new_village_with_hamlets_comes_with_its_station(filled: Path) -> None:
    add(filled, "村", "新东村", "东村大队", "东村小学", 22.5, "111.5", "上东", "上东队")
    add(filled, "村", None, None, None, None, None, "下东")
    put(filled, "联络站", "石龙村人大代表联络站", "服务的村", "石龙村、新东村")
    assert main(["settings", "import", "town.xlsx"]) == 0
    village = now(filled.parent).town.village("xindong")
    assert village
    assert (village.aliases, village.landmarks, village.latitude) == (("东村大队",), ("东村小学",), 22.5)
    assert [(hamlet.name, hamlet.aliases) for hamlet in village.hamlets] == [("上东", ("上东队",)), ("下东", ())]


def test_a_village_that_is_renamed_by_an_alias_keeps_its_id(filled: Path) -> None:
    put(filled, "村", "石龙村", "编号", None)
    put(filled, "村", "石龙村", "别名", "石龙村")
    put(filled, "村", "石龙村", "行政村", "石龙大队")
    with opened(filled) as book:
        for sheet, header in (("联络站", "服务的村"), ("席位", "联系的村")):
            for row in book[sheet].iter_rows(min_row=2):
                cell = row[COLUMNS[sheet].index(header)]
                cell.value = "石龙大队" if cell.value == "石龙村" else cell.value
    assert main(["import", "town.xlsx", "--kind", "town"]) == 0
    village = now(filled.parent).town.village("shilong")
    assert village
    assert village.name == "石龙大队"


@pytest.mark.parametrize(
    ("sheet", "name", "header", "value", "says"),
    [
        ("席位", "车锦锋", "职务", "主任", "要填其中之一：人大代表"),
        ("席位", "车锦锋", "姓名", None, "没有填"),
        ("席位", "车锦锋", "联系的村", "石头村", "没有“石头村”"),
        ("席位", "车锦锋", "联系的村", None, "没有联系的村"),
        ("席位", "车锦锋", "分管的类", "修路", "没有“修路”"),
        ("席位", "车锦锋", "所在联络站", "村", "有几个“村”"),
        ("席位", "车锦锋", "代理人", "某某", "表里没有“某某”"),
        ("席位", "车锦锋", "代理人", "车锦锋", "不能自己替自己"),
        ("席位", "车锦锋", "编号", "shilong-1", "只能有一行"),
        ("席位", "车锦锋", "编号", "石龙 2", "编号只用小写字母"),
        ("席位", "黄雪芳", "职务", "联络员", "没有站长席位"),
        ("村", "大塘村", "纬度", "二十二", "要是数字"),
        ("村", "大塘村", "经度", None, "经纬度只写了一个"),
        ("村", "大塘村", "编号", "shilong", "编号一样"),
        ("村", "大塘村", "别名", "石龙村", "用了 2 次"),
        ("联络站", "大塘村人大代表联络站", "服务的村", "石龙村", "归了 2 个联络站"),
        ("联络站", "大塘村人大代表联络站", "站名", None, "没有填"),
        ("承办单位", "镇水利所", "种类", "科室", "要填其中之一：村委会"),
        ("承办单位", "镇水利所", "承办单位", "（例）水利所", "这一行是例子"),
    ],
)
def test_every_mistake_is_told_by_its_line(sheet: str, name: str, header: str, value: object, says: str) -> None:
    configuration = sample()[0]
    sheets = {
        kind: [Row(at, dict(zip(COLUMNS[kind], line, strict=True))) for at, line in enumerate(lines, 2)]
        for kind, lines in lines_of(configuration.entries).items()
    }
    [row] = [row for row in sheets[sheet] if row.cells[COLUMNS[sheet][0]] == name]
    sheets[sheet][row.line - 2] = Row(row.line, {**row.cells, header: value})
    with pytest.raises(TableError) as caught:
        check(understand_sheets(sheets, configuration), configuration)
    told = [said(mistake) for mistake in caught.value.mistakes if says in said(mistake)]
    assert told
    if says not in ("没有站长席位", "用了 2 次", "归了 2 个联络站"):  # these show in no single line
        assert any(each.startswith(f"{sheet} 第 {row.line} 行") for each in told)


def test_with_a_mistake_nothing_is_changed(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = put(filled, "席位", "车锦锋", "职务", "主任")
    put(filled, "村", "大塘村", "别名", "大塘大队、塘村")
    assert main(["import", "town.xlsx", "--kind", "town"]) == 1
    told = capsys.readouterr().err
    assert f"席位 第 {at} 行“职务”：要填其中之一" in told
    assert "什么也没有动" in told
    assert now(filled.parent).number == 0


def test_a_file_that_is_no_such_table_is_named(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = Workbook()
    book.worksheets[0].append(["姓名", "职务", "联系方式"])
    book.save(installed / "odd.xlsx")
    for name, content, says in (
        ("odd.xlsx", None, "不认识的列"),
        ("bad.xlsx", b"PK no zip", "打不开"),
        ("bad.toml", b"[[village]]\nname = 1", "每一项要有 id"),
        ("bad.toml", b"villages = 1", "不认识 villages"),
        ("bad.toml", "名册".encode("gb18030"), "UTF-8"),
        ("bad.toml", b"[[seat]", "bad.toml"),
    ):
        if content is not None:
            (installed / name).write_bytes(content)
        assert main(["settings", "import", name]) == 1, name
        assert says in capsys.readouterr().err
    assert main(["settings", "import", "gone.xlsx"]) == 1
    assert main(["import", "odd.xlsx", "--kind", "villages"]) == 1


def test_a_roster_is_no_villages(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "town.xlsx", "--kind", "villages"]) == 1
    assert "联络站：这一种不归这里" in capsys.readouterr().err


@pytest.mark.parametrize("part", ["villages", "roster", "town"])
def test_the_empty_table_shows_how_it_is_filled_in(installed: Path, part: str) -> None:
    assert main(["import", "out.xlsx", "--kind", part, "--template"]) == 0
    book = load_workbook(installed / "out.xlsx")
    for page in book.worksheets[:-1]:
        assert tuple(cell.value for cell in page[1]) == COLUMNS[page.title]
        assert str(page["A2"].value).startswith("（例）")
    assert main(["import", "out.xlsx", "--kind", part]) == 1


def test_toml_comes_back_as_it_went_out(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for part in ("villages", "roster", "topics"):
        assert main(["settings", "show", part]) == 0
        (installed / "out.toml").write_text(capsys.readouterr().out, encoding="utf-8")
        assert main(["settings", "import", "out.toml"]) == 0
        assert "不用改" in capsys.readouterr().out
    (installed / "out.toml").write_text(
        (installed / "roster.toml").read_text(encoding="utf-8").replace("车锦锋", "车锦峰"), encoding="utf-8"
    )
    assert main(["settings", "import", "out.toml"]) == 0
    assert "车锦锋 → 车锦峰" in capsys.readouterr().out


def test_a_town_is_a_sample_until_the_last_invented_name_is_gone(filled: Path) -> None:
    with opened(filled) as book:
        for number, row in enumerate(book["村"].iter_rows(min_row=3)):
            row[COLUMNS["村"].index("地标")].value = f"真{number}小学" if row[0].value else None
        for number, row in enumerate(book["席位"].iter_rows(min_row=3)):
            row[0].value, row[COLUMNS["席位"].index("代理人")].value = f"真{number}", None
    assert main(["import", "town.xlsx", "--kind", "town"]) == 0
    assert now(filled.parent).town.sample  # the first village and the first seat are still there
    put(filled, "村", "石龙村", "地标", "真的学校")
    put(filled, "席位", "曾德清", "姓名", "真的主任")
    assert main(["import", "town.xlsx", "--kind", "town"]) == 0
    town = now(filled.parent).town
    assert not town.sample
    assert not any(village.sample for village in town.villages)
