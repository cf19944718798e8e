"""A document that the office hands in, xlsx or TOML: what it wants, and every mistake in it by its line; and one that
it is given, docx or xlsx."""

import tomllib
from collections.abc import Sequence
from io import BytesIO

from bot.config import Configuration
from bot.domain.channel import Paper
from bot.domain.sheets import Sheet
from bot.usecases.importing import Row
from bot.usecases.papers import Manuscript
from bot.usecases.table_lines import check
from bot.usecases.tables import (
    COLUMNS,
    KIND_OF,
    NEEDED,
    TableError,
    TableMistake,
    Wanted,
    understand_sheets,
    understand_tables,
)
from handlers.documents.charts import chinese_font
from handlers.documents.docx import write_docx
from handlers.documents.reading import UnreadableError
from handlers.documents.tables import read_sheets
from handlers.documents.xlsx import write_xlsx

MOST_BYTES = 5_000_000


def read_document(raw: bytes, name: str, configuration: Configuration, sheets: Sequence[str] = ()) -> Wanted:
    """What it says of villages, roster or topics, `sheets`: of these alone. With it the configuration would be valid.

    Raises TableError, UnreadableError.
    """
    wanted = _read(raw, name, configuration)
    names = {kind: sheet for sheet, kind in KIND_OF.items()}
    if strange := [names.get(kind, kind) for kind in wanted.kinds if sheets and names.get(kind) not in sheets]:
        raise TableError([TableMistake(strange[0], 0, "", "这一种不归这里，请换 --kind")])
    check(wanted, configuration)
    return wanted


def _read(raw: bytes, name: str, configuration: Configuration) -> Wanted:
    if len(raw) > MOST_BYTES:
        raise UnreadableError(f"{name}: 太大 / too large")
    if raw.startswith(b"PK"):
        found = read_sheets(raw, name, COLUMNS, NEEDED)
        sheets = {kind: [Row(line, cells) for line, cells in rows] for kind, rows in found.items()}
        return understand_sheets(sheets, configuration)
    try:
        return understand_tables(tomllib.loads(raw.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{name}: 要是 xlsx 或 UTF-8 的 TOML / xlsx or TOML in UTF-8") from error
    except ValueError as error:
        raise UnreadableError(f"{name}: {error}") from error


def read_handed_in(raw: bytes, configuration: Configuration) -> Wanted:
    """As `read_document`; what cannot be read at all is a mistake like any other. Raises TableError."""
    try:
        return read_document(raw, "", configuration)
    except UnreadableError as error:
        raise TableError([TableMistake("", 0, "", str(error).removeprefix(": "))]) from error


def write_paper(made: Manuscript) -> Paper:
    """The file that is sent: a paper as docx, registers as xlsx."""
    out, name = BytesIO(), made.name.replace("/", "、")
    if sheets := [one for one in made.content if isinstance(one, Sheet)]:
        write_xlsx(out, sheets, made.foot)
        return Paper(f"{name}.xlsx", out.getvalue())
    write_docx(out, [one for one in made.content if not isinstance(one, Sheet)], made.foot, chinese_font())
    return Paper(f"{name}.docx", out.getvalue())
