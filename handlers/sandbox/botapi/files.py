"""The files of the sandbox: bytes in memory, opaque ids, and what Telegram reads out of pictures and sounds."""

import hashlib
import struct
from dataclasses import dataclass

from handlers.sandbox.botapi.errors import bad, violation
from handlers.sandbox.botapi.kinds import Upload

__all__ = ["Files", "StoredFile", "bare", "check_photo", "ogg_seconds", "picture_size"]

DOWNLOAD_LIMIT = 20 * 2**20
UPLOAD_LIMIT = 50 * 2**20
PHOTO_LIMIT = 10 * 2**20
_FOLDERS = {"photo": "photos", "voice": "voice", "video": "videos", "audio": "music", "sticker": "stickers"}
_ENDINGS = {"photo": "jpg", "voice": "oga", "video": "mp4", "audio": "mp3", "sticker": "webp"}


@dataclass(frozen=True)
class StoredFile:
    """One file of one kind (photo, voice, …), as the Bot API names it."""

    kind: str
    data: bytes
    file_name: str
    mime_type: str
    file_id: str
    unique_id: str
    path: str


class Files:
    """All files, by file_id and by path."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def add(self, kind: str, upload: Upload) -> StoredFile:
        """Keep an upload. The same bytes sent twice are two files, as with Telegram."""
        number = len(self._by_id)
        digest = hashlib.sha256(f"{kind}:{number}:{len(upload.data)}".encode()).hexdigest()
        ending = upload.file_name.rpartition(".")[2] if "." in upload.file_name else ""
        path = f"{_FOLDERS.get(kind, 'documents')}/file_{number}.{_ENDINGS.get(kind) or ending or 'bin'}"
        file = StoredFile(
            kind=kind,
            data=upload.data,
            file_name=upload.file_name,
            mime_type=upload.mime_type,
            file_id=f"AgAC{kind[:2].upper()}{digest[:48]}_{number}",
            unique_id=f"AQAD{digest[48:60]}",
            path=path,
        )
        self._by_id[file.file_id] = file
        self._by_path[path] = file
        return file

    def known(self, file_id: str) -> StoredFile:
        """The file behind a file_id. Raises 400."""
        if file_id not in self._by_id:
            raise bad("wrong file_id or the file is temporarily unavailable")
        return self._by_id[file_id]

    def find(self, file_id: str) -> StoredFile | None:
        """The file behind a file_id, if there is one."""
        return self._by_id.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        """The file that getFile gave this path for."""
        return self._by_path.get(path)

    def by_reference(self, kind: str, reference: str) -> StoredFile:
        """A file to send again. Raises 400 for an unknown id, another kind, or an address on the web."""
        if reference.startswith(("http://", "https://")):
            raise bad("failed to get HTTP URL content")
        if reference not in self._by_id:
            raise bad("wrong remote file identifier specified: can't unserialize it")
        file = self._by_id[reference]
        if file.kind != kind:
            raise violation("file_kind", f"can't use file of type {file.kind.title()} as {kind.title()}")
        return file


def check_photo(data: bytes) -> tuple[int, int]:
    """(width, height) of a photo that a bot uploads. Raises what Telegram refuses."""
    size = picture_size(data)
    if size is None:
        raise violation("photo", "IMAGE_PROCESS_FAILED")
    if len(data) > PHOTO_LIMIT:
        raise violation("photo", f"file of size {len(data)} bytes is too big for a photo")
    width, height = size
    if not width or not height or width + height > 10_000 or max(size) > 20 * min(size):
        raise violation("photo", "PHOTO_INVALID_DIMENSIONS")
    return size


def picture_size(data: bytes) -> tuple[int, int] | None:
    """(width, height) in pixels of a PNG, GIF or JPEG; None where it is none of these."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data[:6] in (b"GIF87a", b"GIF89a") and len(data) >= 10:
        width, height = struct.unpack("<HH", data[6:10])
        return width, height
    position = 2
    while data.startswith(b"\xff\xd8") and position + 9 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[position + 5 : position + 9])
            return width, height
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
    return None


def bare(data: bytes) -> bytes:
    """A JPEG as Telegram passes a photo on: without what the camera wrote into it. Anything else stays as it is."""
    if not data.startswith(b"\xff\xd8"):
        return data
    kept, position = data[:2], 2
    while position + 4 <= len(data) and data[position] == 0xFF and data[position + 1] not in (0xDA, 0xD9):
        end = position + 2 + int.from_bytes(data[position + 2 : position + 4], "big")
        written_in = 0xE1 <= data[position + 1] <= 0xEF or data[position + 1] == 0xFE
        kept += b"" if written_in else data[position:end]
        position = end
    return kept + data[position:]


def ogg_seconds(data: bytes) -> int:
    """The length of an Ogg Opus recording in whole seconds, at least 1; 1 where it cannot be read."""
    last = data.rfind(b"OggS")
    if last < 0 or len(data) < last + 14:
        return 1
    (samples,) = struct.unpack("<q", data[last + 6 : last + 14])
    return max(1, round(samples / 48_000)) if samples > 0 else 1
