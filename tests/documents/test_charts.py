"""Charts of a report: what they show, how they look in the file, and what stands there where none can be drawn."""

import re
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from docx import Document
from matplotlib import get_data_path
from PIL import Image

from bot.domain.report.blocks import Block, Chart, Grid
from bot.domain.report.content import ReportKind
from handlers.documents.charts import draw
from handlers.documents.docx import write_docx
from tests.documents.test_reports import blocks, year
from tests.support.chat import LocalTown

pytestmark = pytest.mark.filterwarnings("ignore:Glyph .* missing from font")
FONT = Path(get_data_path()) / "fonts/ttf/DejaVuSans.ttf"
"""Has no Chinese, which a test of bars does not need."""


def shares(chart: Chart) -> tuple[float, float]:
    """How much of the picture has the colour of now, and of before."""
    picture = Image.open(BytesIO(draw(chart, FONT, 156)))
    assert picture.width == pytest.approx(156 / 25.4 * 200, abs=2)
    pixels = np.asarray(picture.convert("RGB")).astype(int)
    now, before = (
        float((abs(pixels - np.array(colour)).sum(axis=2) < 12).mean())
        for colour in ((0x1F, 0x5F, 0x8B), (0xC9, 0xD6, 0xDF))
    )
    return now, before


@pytest.mark.parametrize("columns", [True, False])
def test_bars_are_as_long_as_their_numbers(columns: bool) -> None:
    names = ("a", "b", "c")
    small, _ = shares(Chart("t", "u", names, (10, 0, 0), columns=columns))
    large, none = shares(Chart("t", "u", names, (10, 10, 10), columns=columns))
    assert large == pytest.approx(3 * small, rel=0.1)
    assert none == 0
    now, before = shares(Chart("t", "u", names, (10, 10, 10), (5, 5, 5), columns=columns))
    assert before == pytest.approx(now / 2, rel=0.35)  # hatched, so a part of it is ink


async def test_the_annual_report_shows_months_topics_villages_and_ratings(place: LocalTown, tmp_path: Path) -> None:
    await year(place)
    found = await blocks(place, ReportKind.ANNUAL)
    charts = {block.title: block for block in found if isinstance(block, Chart)}
    assert dict(zip(charts["各月收到的群众意见"].names, charts["各月收到的群众意见"].now, strict=True))["3月"] == 4
    ratings = charts["已答复意见的群众评价"]
    assert dict(zip(ratings.names, ratings.now, strict=True)) == {"满意": 1, "基本满意": 0, "不满意": 1, "没有评价": 0}
    assert sum(charts["各类别的群众意见"].now) == 4
    write_docx(tmp_path / "out.docx", found, "某人", font=FONT)
    document = Document(str(tmp_path / "out.docx"))
    assert len(document.inline_shapes) == len(charts)
    said = re.findall(r'descr="(.+?)"', document.element.xml)
    assert any(one.startswith("已答复意见的群众评价：满意 1；") for one in said)


async def test_an_empty_town_has_no_chart(place: LocalTown) -> None:
    assert [block for block in await blocks(place, ReportKind.ANNUAL) if isinstance(block, Chart)] == []


def test_where_no_font_has_chinese_a_table_says_the_same(tmp_path: Path) -> None:
    chart = Chart("各月", "件", ("1月", "2月"), (3, 4), (1, 2))
    assert chart.grid == Grid(("各月", "本期（件）", "上期（件）"), [("1月", "3", "1"), ("2月", "4", "2")])
    paper: list[Block] = [chart]
    write_docx(tmp_path / "out.docx", paper, "某人")
    document = Document(str(tmp_path / "out.docx"))
    assert [cell.text for row in document.tables[0].rows for cell in row.cells][-3:] == ["2月", "4", "2"]
