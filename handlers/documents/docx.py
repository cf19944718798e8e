"""Lays a paper out as the offices do: A4, 方正小标宋 title, 黑体 and 楷体 headings, 仿宋 body, page numbers."""

import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import IO

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from bot.domain.report.blocks import Block, Chart, Grid, Heading, Para, Signed, Title
from handlers.documents.cells import clean, display_width
from handlers.documents.charts import draw

# Font, and what stands in for it where it is not installed (the font table names it as an alternative).
FONTS = {"方正小标宋简体": "宋体", "黑体": "SimHei", "楷体_GB2312": "楷体", "仿宋_GB2312": "仿宋"}
_FONT_TABLE = "/word/fontTable.xml"
_TITLE, _FIRST, _SECOND, _BODY = FONTS
_BIG, _NORMAL, _SMALL, _SMALLER = Pt(22), Pt(16), Pt(10.5), Pt(9)
_LINE = Pt(28)
_ACROSS = 156
"""Millimetres between the margins."""
_NARROW = 6
"""So many narrow characters a column of words has at least."""
_TOGETHER = 2
"""At least one row more than these stands below the heading of a table before the page ends."""
_CELL = Mm(1)
"""The margin of a table's cell at either side."""
_COUNT = re.compile(r"[\d/]+[^\W\d]{0,2}(（[\d.]+%）)?|无记录")
"""A figure, which stands in the middle of its cell."""
_SOURCE = re.compile("(〔[^〕]*〕)")
"""Where a figure comes from stands small behind it."""
_INDENT = Pt(32)
"""Two characters of the body."""
_SIGNED = Pt(64)
"""Four characters: so far from the right margin does a signature end."""


def write_docx(out: Path | IO[bytes], blocks: Sequence[Block], footer: str, font: Path | None = None) -> None:
    """Write the paper. `footer` (who made it, when) stands small at its end. Raises OSError.

    `font`: the Chinese font that charts are drawn with; without one, a table says what the chart would show.
    """
    document = Document()
    _page(document)
    for block in blocks:
        if isinstance(block, Chart) and font:
            _picture(document, block, font)
        else:
            _add(document, block.grid if isinstance(block, Chart) else block)
    end = document.add_paragraph()
    end.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _run(end, footer, _BODY, _SMALL)
    _name_alternatives(document)
    document.save(str(out) if isinstance(out, Path) else out)


def _name_alternatives(document: DocxDocument) -> None:
    """Tell the word processor which font to take where the official one is not installed."""
    for part in document.part.package.iter_parts():
        if part.partname == _FONT_TABLE:
            table = parse_xml(part.blob)
            for name, other in FONTS.items():
                font, alternative = OxmlElement("w:font"), OxmlElement("w:altName")
                font.set(qn("w:name"), name)
                alternative.set(qn("w:val"), other)
                font.append(alternative)
                table.append(font)
            part._blob = serialize_part_xml(table)


def _page(document: DocxDocument) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    normal = document.styles["Normal"]
    look = normal.element.get_or_add_rPr()
    look.get_or_add_rFonts().set(qn("w:eastAsia"), _BODY)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US")  # of the digits: as Chinese they would be broken anywhere
    language.set(qn("w:eastAsia"), "zh-CN")
    look.append(language)
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, "— ", "宋体", Pt(14))
    _field(_run(paragraph, "", "宋体", Pt(14)), "PAGE")
    _run(paragraph, " —", "宋体", Pt(14))


def _add(document: DocxDocument, block: Block) -> None:
    match block:
        case Title(text, under):
            paragraph = document.add_paragraph(style="Title")
            _shape(paragraph, indent=False)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.line_spacing = Pt(34)
            _run(paragraph, text, _TITLE, _BIG)
            if under:
                paragraph = document.add_paragraph()
                _shape(paragraph, indent=False)
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
                _run(paragraph, under, _SECOND, _NORMAL)
            paragraph.paragraph_format.space_after = Pt(20)
        case Heading(level, text):
            paragraph = document.add_paragraph(style=f"Heading {level}")
            _shape(paragraph)
            run = _run(paragraph, text, (_FIRST, _SECOND, _BODY)[level - 1], _NORMAL)
            run.bold = level == 3
        case Signed(who, day):
            for line in ("", who, day):
                paragraph = document.add_paragraph()
                _shape(paragraph, indent=False)
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                paragraph.paragraph_format.right_indent = _SIGNED
                _run(paragraph, line, _BODY, _NORMAL)
        case Para(text, note, flush):
            paragraph = document.add_paragraph()
            _shape(paragraph, indent=not flush)
            for part in _SOURCE.split(text):
                small = part.startswith("〔")
                size = _SMALL if small else Pt(12) if note else _NORMAL
                _run(paragraph, part, _SECOND if note or small else _BODY, size)
        case Grid():
            _table(document, block)


def _picture(document: DocxDocument, chart: Chart, font: Path) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.line_spacing = 1.0
    paragraph.paragraph_format.space_before = Pt(6)
    paragraph.add_run().add_picture(BytesIO(draw(chart, font, _ACROSS)), width=Mm(_ACROSS))
    # What is read aloud to who cannot see it.
    said = "；".join(" ".join(row) for row in chart.grid.rows)
    paragraph._p.xpath(".//wp:docPr")[0].set("descr", clean(f"{chart.title}：{said}"))


def _shape(paragraph: Paragraph, *, indent: bool = True) -> None:
    shape = paragraph.paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, _LINE
    shape.space_before = shape.space_after = Pt(0)
    shape.first_line_indent = _INDENT if indent else Pt(0)
    borders = paragraph.style.element.find(qn("w:pPr")) if paragraph.style else None
    if borders is not None and (line := borders.find(qn("w:pBdr"))) is not None:
        borders.remove(line)  # the template's titles are underlined


def _table(document: DocxDocument, grid: Grid) -> None:
    headers, rows = grid.headers, grid.rows
    size = _SMALLER if grid.small else _SMALL
    table = document.add_table(rows=0, cols=len(headers), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _set_margins(table)
    widths = _widths(headers, rows, size)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width  # some word processors go by the grid, others by each cell
    for number, row in enumerate((headers, *rows)):
        cells = table.add_row().cells
        for cell, text, width in zip(cells, row, widths, strict=True):
            cell.width = width
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.paragraph_format.keep_with_next = number < _TOGETHER
            if not number or _COUNT.fullmatch(text):
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            _run(paragraph, text, _BODY if number else _FIRST, size)
    head = table.rows[0]._tr.get_or_add_trPr()
    head.append(OxmlElement("w:tblHeader"))  # repeated at the top of each page
    for line in table.rows:
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _widths(headers: Sequence[str], rows: Sequence[Sequence[str]], size: Pt) -> list[Length]:
    """By what each column holds. Where that is too much for the page, words are broken, but no figure."""
    across = int(_ACROSS * 0.92 / (size.mm / 2))  # narrow characters side by side, margins and borders left out
    wanted = [max(display_width(row[i]) for row in (headers, *rows)) + 2 for i in range(len(headers))]
    wordy = [i for i in range(len(headers)) if not all(_COUNT.fullmatch(row[i]) for row in rows)]
    while sum(wanted) > across and (longest := max(wordy, key=wanted.__getitem__, default=None)) is not None:
        if wanted[longest] <= _NARROW:
            break
        wanted[longest] -= 1
    return [Mm(_ACROSS * one / sum(wanted)) for one in wanted]


def _set_margins(table: Table) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(_CELL.twips))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)


def _run(paragraph: Paragraph, text: str, font: str, size: Pt) -> Run:
    run = paragraph.add_run(clean(text))
    run.font.size, run.font.name = size, font
    run.font.bold, run.font.italic = False, False
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), font)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)
    color = OxmlElement("w:color")
    color.set(qn("w:val"), "000000")
    run._r.get_or_add_rPr().append(color)
    return run


def _field(run: Run, code: str) -> None:
    """A field that the word processor fills in, such as the page's number."""
    for kind in ("begin", None, "end"):
        if kind is None:
            element = OxmlElement("w:instrText")
            element.text = code
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)
