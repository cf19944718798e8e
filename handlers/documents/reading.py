"""Reads the words of a paper that somebody wrote: docx (with its tables), or plain text in UTF-8 or GB 18030."""

from pathlib import Path
from zipfile import BadZipFile

from docx import Document
from docx.opc.exceptions import OpcError


class UnreadableError(Exception):
    """The file is no docx and no text that can be read; the message names it."""


def read_words(path: Path) -> str:
    """All paragraphs and cells, one a line. Raises UnreadableError, OSError."""
    if path.suffix.lower() != ".docx":
        raw = path.read_bytes()
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                continue
        raise UnreadableError(f"{path.name}: 不是文本 / no text")
    try:
        document = Document(str(path))
    except (OpcError, BadZipFile, KeyError, ValueError) as error:
        raise UnreadableError(f"{path.name}: 打不开 / cannot be opened as docx") from error
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
