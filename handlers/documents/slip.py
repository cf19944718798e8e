"""Draws a slip of paper as a PNG, to be shown on a telephone or printed: words, a QR code, large digits."""

import io
from functools import cache

import segno
from PIL import Image, ImageDraw, ImageFont

from bot.domain.messages import Slip

WIDTH = 1000
_MARGIN = 60
_CODE = 420  # the side of the QR code
_LARGE, _SMALL = 132, 40
_INK, _PAPER = 0, 255

CHINESE = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "SourceHanSansSC-Regular.otf",
    "SourceHanSansCN-Regular.otf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "NotoSerifCJK-Regular.ttc",
    "DroidSansFallbackFull.ttf",
    "DroidSansFallback.ttf",
)
"""Fonts that Linux systems have for Chinese, the plainest first."""


def draw_slip(slip: Slip) -> bytes:
    """A PNG of `WIDTH` pixels, in black on white. Where the machine has no Chinese font, the lines that need one are
    left out: the QR code and the digits do without."""
    head, foot = (_readable(lines) for lines in (slip.head, slip.foot))
    groups = slip.large.split()
    line = _SMALL * 3 // 2
    middle = max(_CODE, len(groups) * (_LARGE * 8 // 7))
    height = 2 * _MARGIN + line * (len(head) + len(foot)) + middle + _MARGIN
    sheet = Image.new("L", (WIDTH, height), _PAPER)
    pen = ImageDraw.Draw(sheet)
    y = _write(pen, head, _MARGIN)
    sheet.paste(_qr(slip.link), (_MARGIN, y + _MARGIN // 2))
    for number, group in enumerate(groups):
        pen.text((2 * _MARGIN + _CODE, y + _MARGIN + number * (_LARGE * 8 // 7)), group, _INK, _digits())
    _write(pen, foot, y + middle + _MARGIN)
    out = io.BytesIO()
    sheet.save(out, "PNG", optimize=True)
    return out.getvalue()


def _write(pen: ImageDraw.ImageDraw, lines: tuple[str, ...], y: int) -> int:
    """Write the lines from `y` down; returns where they end."""
    font = _words()
    for line in lines:
        pen.text((_MARGIN, y), line, _INK, font or _latin())
        y += _SMALL * 3 // 2
    return y


def _readable(lines: tuple[str, ...]) -> tuple[str, ...]:
    return lines if _words() else tuple(line for line in lines if line.isascii())


def _qr(link: str) -> Image.Image:
    """With medium redundancy: paper gets dirty."""
    code, out = segno.make_qr(link, error="m"), io.BytesIO()
    scale = _CODE // code.symbol_size(border=2)[0]  # whole dots, so that no edge blurs
    code.save(out, kind="png", scale=max(1, scale), border=2)
    return Image.open(out).convert("L")


@cache
def _words() -> ImageFont.FreeTypeFont | None:
    for name in CHINESE:
        try:
            return ImageFont.truetype(name, _SMALL)
        except OSError:
            continue
    return None


@cache
def _digits() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(_LARGE)


@cache
def _latin() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(_SMALL)
