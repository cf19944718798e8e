"""Writes one register as CSV that Excel opens as Chinese: UTF-8 with a byte order mark."""

import csv
from datetime import datetime
from pathlib import Path

from bot.domain.sheets import Cell, Sheet
from handlers.documents.cells import clean, looks_like_a_formula


def write_csv(path: Path, sheet: Sheet) -> None:
    """Headers, then the rows. Raises OSError."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(sheet.register.headers)
        writer.writerows([_plain(value) for value in row] for row in sheet.rows)


def _plain(value: Cell) -> str:
    """Text that looks like a formula gets an apostrophe in front, as a spreadsheet would keep it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if not isinstance(value, str):
        return str(value)
    text = clean(value)
    return f"'{text}" if looks_like_a_formula(text) else text
