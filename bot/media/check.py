"""Tells what a file is by its content, refuses what is not taken, takes out what hides in pictures and films."""

import io
import struct
import zipfile
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.domain.messages import FileKind
from bot.media.traces import TracesError, without_traces

MOST_PIXELS = 40_000_000
"""A picture larger than this is refused before it is unpacked: a small file may claim any size."""
LONGEST_SIDE = 2560
"""Pixels that are kept."""
QUALITY = 85
JPEG = "image/jpeg"

_MOST_ENTRIES = 5000
_PICTURES = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
_HEIC = (b"heic", b"heix", b"mif1", b"msf1", b"heif", b"avif")
_SOUND = (b"M4A ", b"M4B ")
_OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_MACROS = ("vbaproject.bin", "vbadata.xml")
_GROUPS = {
    FileKind.PHOTO: ("image/",),
    FileKind.VOICE: ("audio/",),
    FileKind.AUDIO: ("audio/",),
    FileKind.VIDEO: ("video/", "image/"),
    FileKind.DOCUMENT: ("image/", "audio/", "video/", "application/"),
}

Image.MAX_IMAGE_PIXELS = None  # our own limit is lower, and refuses instead of warning


class RefusedFileError(Exception):
    """The file is not kept; `why` is one of WHYS."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


WHYS = ("kind", "large", "pixels", "broken", "film", "heic", "macros")
"""Why a file is refused; the texts are `file.why`."""


ENDINGS = {
    JPEG: "jpg", "audio/ogg": "ogg", "audio/mpeg": "mp3", "audio/mp4": "m4a", "audio/amr": "amr", "audio/wav": "wav",
    "video/mp4": "mp4", "application/pdf": "pdf",
    **{kind: part.split("/")[0].replace("word", "docx").replace("xl", "xlsx") for part, kind in _OFFICE.items()},
}  # fmt: skip
"""How the name of a kept file ends, by its media type."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What is kept: the bytes, and their media type."""

    data: bytes
    type: str


def check(data: bytes, kind: FileKind) -> Checked:
    """The file as it may be kept, whatever its name says. Takes its time over large pictures.

    Raises RefusedFileError.
    """
    found = type_of(data)
    if found is None or not found.startswith(_GROUPS[kind]):
        raise RefusedFileError("heic" if data[8:12] in _HEIC and data[4:8] == b"ftyp" else "kind")
    if found.startswith("image/"):
        return Checked(_anew(data), JPEG)
    try:
        return Checked(without_traces(data, found), found)
    except TracesError:
        raise RefusedFileError("film" if found.startswith("video/") else "broken") from None


def type_of(data: bytes) -> str | None:
    """The media type by content, None for what is not taken. Raises RefusedFileError for office files with macros."""
    head = data[:16]
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"II*\0", b"MM\0*")):
        return "image/any"
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/any", b"WAVE": "audio/wav"}.get(data[8:12])
    if head[4:8] == b"ftyp":
        brand = data[8:12]
        return None if brand in _HEIC else "audio/mp4" if brand in _SOUND else "video/mp4"
    if head.startswith(b"OggS"):
        return "audio/ogg"
    if head.startswith((b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xf1", b"\xff\xf9")):
        return "audio/mpeg"
    if head.startswith(b"#!AMR"):
        return "audio/amr"
    if b"%PDF-" in data[:1024]:
        return "application/pdf"
    return _office(data) if head.startswith(b"PK\x03\x04") else None


def _office(data: bytes) -> str | None:
    """A docx or xlsx by its parts, none of which is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = [entry.filename for entry in packed.infolist()]
    except (zipfile.BadZipFile, ValueError, struct.error):
        raise RefusedFileError("broken") from None
    if len(names) > _MOST_ENTRIES or "[Content_Types].xml" not in names:
        return None
    if any(name.lower().endswith(_MACROS) for name in names):
        raise RefusedFileError("macros")
    return next((kind for part, kind in _OFFICE.items() if part in names), None)


def _anew(data: bytes) -> bytes:
    """The picture alone, the right way up, as a JPEG of bounded size: no place, no camera, no comment goes along."""
    try:
        with Image.open(io.BytesIO(data), formats=_PICTURES) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise RefusedFileError("pixels")
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # of a JPEG only as much as is kept is unpacked
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            flat = Image.new("RGB", upright.size, "white")
            see_through = upright.convert("RGBA")
            flat.paste(see_through, mask=see_through)
    except RefusedFileError:
        raise
    except (OSError, UnidentifiedImageError, ValueError, SyntaxError, struct.error, EOFError, MemoryError):
        raise RefusedFileError("broken") from None
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
