"""Reads a table that an office filled in (xlsx, first sheet), and writes the empty one to fill in."""

from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.utils.exceptions import InvalidFileException

from handlers.documents.reading import UnreadableError

MOST_LINES = 20_000


def read_table(path: Path, headers: Sequence[str]) -> list[tuple[int, dict[str, object]]]:
    """Each line that is not empty: its number in the sheet, and its cells by header. Raises UnreadableError (no
    workbook, a header is missing, too many lines), OSError.
    """
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, ValueError) as error:
        raise UnreadableError(f"{path.name}: 打不开 / cannot be opened as xlsx") from error
    try:
        lines = [list(line) for line in book.worksheets[0].iter_rows(values_only=True, max_row=MOST_LINES + 1)]
    finally:
        book.close()
    head = [str(value).strip() if value is not None else "" for value in lines[0]] if lines else []
    if missing := [header for header in headers if header not in head]:
        raise UnreadableError(f"{path.name}: 缺少列 / missing columns: {'、'.join(missing)}")
    if len(lines) > MOST_LINES:
        raise UnreadableError(f"{path.name}: 超过 {MOST_LINES} 行 / too many lines")
    found: list[tuple[int, dict[str, object]]] = []
    for number, line in enumerate(lines[1:], 2):
        row = dict[str, object](zip(head, line, strict=False))
        if any(row.get(header) not in (None, "") for header in headers):
            found.append((number, row))
    return found


def write_table(path: Path, headers: Sequence[str], examples: Sequence[Sequence[str]], hints: Sequence[str]) -> None:
    """The empty table with some examples; a second sheet says what may be filled in. Raises OSError."""
    book = Workbook()
    page = book.worksheets[0]
    page.title = "填写"
    for line in (headers, *examples):
        page.append(list(line))
    for cell in page[1]:
        cell.font = Font(name="黑体", bold=True)
    for column, width in zip("ABCDEFGH"[: len(headers)], (14, 18, 18, 60, 20, 20, 20, 20), strict=False):
        page.column_dimensions[column].width = width
    page.freeze_panes = "A2"
    note = book.create_sheet("说明")
    for hint in hints:
        note.append([hint])
    note.column_dimensions["A"].width = 90
    book.save(path)
