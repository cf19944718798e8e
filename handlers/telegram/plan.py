"""Cuts one Outgoing into the calls that Telegram takes: long texts, captions, albums. Pure."""

from dataclasses import dataclass, replace
from itertools import groupby

from bot.domain.messages import Button, File, FileKind, Outgoing, OutgoingKind
from handlers.telegram.files import VIDEO_NOTE, untagged

TEXT_UNITS = 4096  # of UTF-16, as Telegram counts
CAPTION_UNITS = 1024
TOAST_UNITS = 200
ALBUM_FILES = 10

Buttons = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class TextPart:
    text: str
    buttons: Buttons = ()


@dataclass(frozen=True, slots=True)
class FilePart:
    """One file, by the method its kind calls for."""

    file: File
    caption: str = ""
    buttons: Buttons = ()


@dataclass(frozen=True, slots=True)
class AlbumPart:
    """2-10 files that Telegram lets stand together; an album bears no buttons."""

    files: tuple[File, ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class PlacePart:
    latitude: float
    longitude: float
    buttons: Buttons = ()


Part = TextPart | FilePart | AlbumPart | PlacePart


def parts_of(message: Outgoing) -> list[Part]:
    """The calls that make up a TEXT, FILES or LOCATION message, in order; buttons stand on the last one.

    Raises ValueError where buttons would stand under an album and there is no text to carry them.
    """
    if message.kind is OutgoingKind.TEXT:
        return _texts(message)
    parts: list[Part]
    if message.kind is OutgoingKind.LOCATION and message.location:
        parts = [PlacePart(message.location.latitude, message.location.longitude)]
    else:
        parts = _media(message.files)
    last = parts[-1] if parts else None
    if isinstance(last, FilePart | AlbumPart) and len(parts) == 1 and _takes_caption(last, message):
        parts[-1] = last = replace(last, caption=message.text)
    elif message.text.strip():
        return [*parts, *_texts(message)]
    if message.buttons:
        if last is None or isinstance(last, AlbumPart):
            raise ValueError("buttons need a text, a place or a single file to stand under")
        parts[-1] = replace(last, buttons=message.buttons)
    return parts


def _takes_caption(part: FilePart | AlbumPart, message: Outgoing) -> bool:
    if units(message.text) > CAPTION_UNITS or (isinstance(part, AlbumPart) and message.buttons):
        return False
    return isinstance(part, AlbumPart) or untagged(part.file.ref)[0] != VIDEO_NOTE


def _texts(message: Outgoing) -> list[Part]:
    *first, last = split(message.text, TEXT_UNITS)
    return [*map(TextPart, first), TextPart(last, message.buttons)]


def _media(files: tuple[File, ...]) -> list[Part]:
    """Photos and videos first, as one album; documents and audio in albums of their own; the rest one by one."""
    ranked = sorted(files, key=_company)
    parts: list[Part] = []
    for company, group in groupby(ranked, key=_company):
        kept = tuple(group)
        size = 1 if company == _ALONE else ALBUM_FILES
        for start in range(0, len(kept), size):
            chunk = kept[start : start + size]
            parts.append(AlbumPart(chunk) if len(chunk) > 1 else FilePart(chunk[0]))
    return parts


_ALONE = 3


def _company(file: File) -> int:
    """Files with the same figure may share an album."""
    if untagged(file.ref)[0] or file.kind is FileKind.VOICE:
        return _ALONE
    return {FileKind.PHOTO: 0, FileKind.VIDEO: 0, FileKind.DOCUMENT: 1, FileKind.AUDIO: 2}[file.kind]


def units(text: str) -> int:
    """Length as Telegram counts it: in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """The longest beginning of at most `limit` units; no character is halved."""
    return text.encode("utf-16-le", "surrogatepass")[: 2 * limit].decode("utf-16-le", "ignore")


def split(text: str, limit: int) -> list[str]:
    """Pieces of at most `limit` units, cut at line ends where there is one, else between characters.

    Blank pieces are left out, for Telegram refuses them; a text that is all blank comes back as it is.
    """
    pieces = []
    rest = text
    while units(rest) > limit:
        piece = cut(rest, limit)
        # A line end right after the piece is as good as one inside it.
        end = len(piece) if rest[len(piece)] == "\n" else piece.rfind("\n")
        if end > 0 and piece[:end].strip():
            piece = rest[:end]
            rest = rest[end + 1 :]
        else:
            rest = rest[len(piece) :]
        pieces.append(piece)
    pieces.append(rest)
    return [piece for piece in pieces if piece.strip()] or [text]
