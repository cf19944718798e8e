"""Real pictures and documents, made on the spot."""

import io
import zipfile

from PIL import Image

NORTH = (21.0, 56.0, 12.0)
"""Degrees, minutes, seconds: where the camera says it stood."""


def jpeg(width: int = 400, height: int = 300, *, place: bool = False, upside_down: bool = False) -> bytes:
    """A photo; with `place`, one that tells where and with what it was taken."""
    picture = Image.new("RGB", (width, height), "green")
    exif = Image.Exif()
    if upside_down:
        exif[0x0112] = 3
    if place:
        exif[0x010F] = "Camera of 李秀英"
        gps = exif.get_ifd(0x8825)
        gps[1], gps[2], gps[3], gps[4] = "N", NORTH, "E", (110.0, 51.0, 3.0)
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=b"taken at home" if place else b"")
    return out.getvalue()


def place_of(picture: bytes) -> dict[int, object]:
    """What a picture tells of where it was taken."""
    with Image.open(io.BytesIO(picture)) as opened:
        return dict(opened.getexif().get_ifd(0x8825))


def bomb(width: int = 8000, height: int = 6500) -> bytes:
    """A PNG of a few kilobytes that unpacks to 52 megapixels."""
    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return out.getvalue()


def office(part: str = "word/document.xml", *more: str) -> bytes:
    """The bones of a Word or Excel file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in ("[Content_Types].xml", part, *more):
            packed.writestr(name, "<x/>")
    return out.getvalue()
