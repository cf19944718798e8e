"""Writes registers as a workbook: one sheet each, ready to print on A4 lying down."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as XlsxCell
from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
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
_NARROW, _WIDE, _HEAD_WIDTH = 6, 30, 10
TOP = 2
"""The row of the headers; above it stands the title."""
EMPTY = "无记录"


def write_xlsx(path: Path, sheets: Sequence[Sheet], note: str) -> None:
    """One worksheet a register. `note` (who, when, why) is printed at the foot of each page. Raises OSError."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _fill(book.create_sheet(_tab(sheet.register.title)), sheet, note)
    book.save(path)


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
            cell = page.cell(number, column)
            _put(cell, value)
            cell.border = _BORDER
            cell.font = _HEAD if number == TOP else _BODY
            cell.alignment = Alignment(
                horizontal="center" if number == TOP or not isinstance(value, str) else "left",
                vertical="center",
                wrap_text=True,
            )
            if number == TOP:
                cell.fill = _FILL
    if not sheet.rows:
        page.cell(TOP + 1, 1, EMPTY).font = _BODY
    for column in range(len(headers)):
        widest = max([min(_width(headers[column]), _HEAD_WIDTH), *(_width(row[column]) for row in sheet.rows)])
        page.column_dimensions[get_column_letter(column + 1)].width = min(max(widest + 2, _NARROW), _WIDE)
    _print_setup(page, last, TOP + max(len(sheet.rows), 1), note)


def _put(cell: XlsxCell | MergedCell, value: Cell) -> None:
    """Text stays text, whatever it looks like."""
    if isinstance(cell, MergedCell):
        return
    if not isinstance(value, str):
        cell.value = value
        if isinstance(value, datetime):
            cell.number_format = "yyyy-mm-dd hh:mm"
        elif isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"
        return
    cell.value = clean(value)
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = looks_like_a_formula(value)


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
