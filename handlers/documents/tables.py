"""Reads tables that an office filled in (xlsx), and writes the empty ones to fill in."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from handlers.documents.cells import clean, display_width
from handlers.documents.reading import UnreadableError

MOST_LINES = 20_000
HEAD_WITHIN = 5
"""The headers stand in one of the first lines: offices like a title above."""

Lines = list[tuple[int, dict[str, object]]]
"""Each line that is not empty: its number in the sheet, and its cells by header."""


def read_table(path: Path, headers: Sequence[str]) -> Lines:
    """The first sheet. Raises UnreadableError (no workbook, a header is missing, too many lines), OSError."""
    _, lines = next(iter(_pages(path.read_bytes(), path.name)))
    head = _head(lines[0]) if lines else []
    if missing := [header for header in headers if header not in head]:
        raise UnreadableError(f"{path.name}: 缺少列 / missing columns: {'、'.join(missing)}")
    return _under(head, lines, 1, headers)


def read_sheets(
    raw: bytes, name: str, columns: Mapping[str, Sequence[str]], needed: Mapping[str, Sequence[str]]
) -> dict[str, Lines]:
    """Every sheet that has the `needed` headers of one of those that are known, whatever it is called.

    Raises UnreadableError: no workbook, no such sheet, two of one kind, a column that nobody knows, too many lines.
    """
    found: dict[str, Lines] = {}
    for title, lines in _pages(raw, name):
        for at, line in enumerate(lines[:HEAD_WITHIN]):
            head = _head(line)
            kind = next((kind for kind in columns if set(needed[kind]) <= set(head)), None)
            if kind is None:
                continue
            if strange := [header for header in head if header and header not in columns[kind]]:
                known = "、".join(columns[kind])
                raise UnreadableError(f"“{title}”里不认识的列 / unknown columns: {'、'.join(strange)}（{known}）")
            if kind in found:
                raise UnreadableError(f"“{kind}”有两张表 / two sheets of one kind: {title}")
            found[kind] = _under(head, lines, at + 1, columns[kind])
            break
    if not found:
        wanted = "；".join(f"{kind}：{'、'.join(heads)}" for kind, heads in needed.items())
        raise UnreadableError(f"没有认得出的表，表头要有 / no known sheet, the headers to have: {wanted}")
    return found


def _pages(raw: bytes, name: str) -> list[tuple[str, list[list[object]]]]:
    try:
        book = load_workbook(BytesIO(raw), read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, ValueError) as error:
        raise UnreadableError(f"{name}: 打不开 / cannot be opened as xlsx") from error
    try:
        pages: list[tuple[str, list[list[object]]]] = [
            (page.title, [list[object](line) for line in page.iter_rows(values_only=True, max_row=MOST_LINES + 1)])
            for page in book.worksheets
        ]
    finally:
        book.close()
    if any(len(lines) > MOST_LINES for _, lines in pages):
        raise UnreadableError(f"{name}: 超过 {MOST_LINES} 行 / too many lines")
    return pages


def _head(line: Sequence[object]) -> list[str]:
    return [str(value).strip() if value is not None else "" for value in line]


def _under(head: Sequence[str], lines: Sequence[Sequence[object]], first: int, headers: Sequence[str]) -> Lines:
    found: Lines = []
    for number, line in enumerate(lines[first:], first + 1):
        row = dict[str, object](zip(head, line, strict=False))
        if any(row.get(header) not in (None, "") for header in headers):
            found.append((number, row))
    return found


def write_table(path: Path, headers: Sequence[str], examples: Sequence[Sequence[str]], hints: Sequence[str]) -> None:
    """The empty table with some examples; a second sheet says what may be filled in. Raises OSError."""
    write_sheets(path, {"填写": (headers, examples)}, hints)


def write_sheets(
    path: Path,
    sheets: Mapping[str, tuple[Sequence[str], Sequence[Sequence[object]]]],
    hints: Sequence[str],
    choices: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Each sheet with its headers and lines; the last says what may be filled in. `choices`: by header, what a cell
    offers to choose from. Raises OSError.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, (headers, lines) in sheets.items():
        _fill(book.create_sheet(title), headers, lines, choices or {})
    note = book.create_sheet("说明")
    for hint in hints:
        note.append([hint])
    note.column_dimensions["A"].width = 90
    book.save(path)


def _fill(
    page: Worksheet, headers: Sequence[str], lines: Sequence[Sequence[object]], choices: Mapping[str, Sequence[str]]
) -> None:
    for line in (headers, *lines):
        page.append([clean(value) if isinstance(value, str) else value for value in line])
    for cell in page[1]:
        cell.font = Font(name="黑体", bold=True)
    for place, header in enumerate(headers):
        column = get_column_letter(place + 1)
        widest = max([display_width(header), *(display_width(str(line[place])) for line in lines)])
        page.column_dimensions[column].width = min(max(widest + 4, 12), 60)
        if header in choices:
            offered = DataValidation(type="list", formula1='"' + ",".join(choices[header]) + '"', allow_blank=True)
            page.add_data_validation(offered)
            offered.add(f"{column}2:{column}{MOST_LINES}")
    for row in page.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if isinstance(cell.value, str):
                cell.data_type = "s"  # text stays text, whatever it looks like
    page.freeze_panes = "A2"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
