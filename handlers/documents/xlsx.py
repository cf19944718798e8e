"""Writes registers as a workbook: one sheet each, ready to print on A4 lying down."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as XlsxCell
from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from bot.domain.sheets import Cell, Sheet
from handlers.documents.cells import clean, display_width, looks_like_a_formula

_LINE = Side(style="thin", color="808080")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD = Font(name="黑体", size=11, bold=True)
_BODY = Font(name="宋体", size=10)
_TITLE = Font(name="黑体", size=14, bold=True)
_FILL = PatternFill("solid", fgColor="E7E6E6")
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
_MOMENT, _DAY, _TEXT, _NUMBER = "台账时间", "台账日期", "台账文字", "台账数字"
_FORMATS = {_MOMENT: "yyyy-mm-dd hh:mm", _DAY: "yyyy-mm-dd", _TEXT: "@", _NUMBER: "General"}
_HEADER = "台账表头"
_NARROW, _HEAD_WIDTH = 6, 10
_CAPS = (36, 30, 24, 20, 16, 14, 12, 10)
"""How wide a column may be at most: the first of these by which all columns fit on a page that can be read."""
_PAGE = 190
"""So many characters side by side are still legible on A4 lying down."""
_LINE_HEIGHT = 14
_MOST_LINES = 12
_TOKEN = re.compile(r"[\w.:+%-]+", re.ASCII)
"""What no line may be broken in: a case's number, a day, a figure."""
TOP = 2
"""The row of the headers; above it stands the title."""
EMPTY = "无记录"


def write_xlsx(out: Path | IO[bytes], sheets: Sequence[Sheet], note: str) -> None:
    """One worksheet a register. `note` (who, when, why) is printed at the foot of each page. Raises OSError."""
    book = Workbook()
    book.remove(book.worksheets[0])
    # A look is named once and each cell refers to it: setting it out cell by cell takes ten times as long.
    book.add_named_style(NamedStyle(_HEADER, _HEAD, _FILL, _BORDER, _CENTRE, "@"))
    for name, number_format in _FORMATS.items():
        alignment = _LEFT if name == _TEXT else _CENTRE
        book.add_named_style(NamedStyle(name, _BODY, None, _BORDER, alignment, number_format))
    for sheet in sheets:
        _fill(book.create_sheet(_tab(sheet.register.title)), sheet, note)
    book.save(out)


def _tab(title: str) -> str:
    return "".join("、" if character in "\\/?*[]:" else character for character in title)[:31]


def _fill(page: Worksheet, sheet: Sheet, note: str) -> None:
    headers = sheet.register.headers
    last = get_column_letter(len(headers))
    page.append([f"{sheet.register.title}（{sheet.period}）"])
    page.merge_cells(f"A1:{last}1")
    page["A1"].font, page["A1"].alignment = _TITLE, Alignment(horizontal="center", vertical="center")
    page.row_dimensions[1].height = 28
    rows: list[Sequence[Cell]] = [headers, *sheet.rows]
    for number, row in enumerate(rows, TOP):
        for column, value in enumerate(row, 1):
            _put(page.cell(number, column), value, header=number == TOP)
    if not sheet.rows:
        page.cell(TOP + 1, 1, EMPTY).font = _BODY
    widths = _widths(sheet)
    for column, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(column)].width = width
    for number, row in enumerate(rows, TOP):
        lines = max(-(-_width(value) // max(width - 2, 1)) for value, width in zip(row, widths, strict=True))
        page.row_dimensions[number].height = 4 + _LINE_HEIGHT * min(max(lines, 1), _MOST_LINES)
    _print_setup(page, last, TOP + max(len(sheet.rows), 1), note)


def _put(cell: XlsxCell | MergedCell, value: Cell, *, header: bool) -> None:
    """Text stays text, whatever it looks like."""
    if isinstance(cell, MergedCell):
        return
    if isinstance(value, str):
        cell.value = clean(value)
        cell.data_type = "s"
        cell.style = _HEADER if header else _TEXT
        if looks_like_a_formula(value):
            cell.quotePrefix = True
        return
    cell.value = value
    cell.style = _MOMENT if isinstance(value, datetime) else _DAY if isinstance(value, date) else _NUMBER


def _widths(sheet: Sheet) -> list[int]:
    """Of each column: what it holds on one line, or as much less as makes the page fit; only the one that holds most
    stays wide."""
    headers = sheet.register.headers
    needed, wanted = [], []
    for column, header in enumerate(headers):
        values = [row[column] for row in sheet.rows]
        tokens = (len(token) for value in values if isinstance(value, str) for token in _TOKEN.findall(value))
        fixed = (_width(value) for value in values if not isinstance(value, str))
        needed.append(max([min(_width(header), _HEAD_WIDTH), min(max(tokens, default=0), _CAPS[0]), *fixed]))
        wanted.append(max([needed[-1], *map(_width, values)]))
    longest = wanted.index(max(wanted))
    for cap in _CAPS:
        caps = [_CAPS[0] if column == longest else cap for column in range(len(headers))]
        widths = [
            max(_NARROW, need + 1, min(want + 2, most)) for need, want, most in zip(needed, wanted, caps, strict=True)
        ]
        if sum(widths) <= _PAGE:
            break
    return widths


def _width(value: Cell) -> int:
    """In columns of a spreadsheet: a Chinese character takes two."""
    if isinstance(value, datetime):
        return 16
    if isinstance(value, date):
        return 10
    return display_width(str(value if value is not None else ""))


def _print_setup(page: Worksheet, last: str, rows: int, note: str) -> None:
    page.freeze_panes = f"A{TOP + 1}"
    page.print_title_rows = f"{TOP}:{TOP}"
    page.print_area = f"A1:{last}{rows}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9  # A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_margins.left = page.page_margins.right = 0.4
    foot = page.HeaderFooter.oddFooter
    if foot is not None and foot.left is not None and foot.right is not None:
        foot.left.text, foot.right.text = note.replace("&", "&&"), "第 &P 页，共 &N 页"
