"""Turns a file into the object that a message carries: photo sizes, voice, video, document and the others."""

from typing import Any

from handlers.sandbox.botapi.files import Files, StoredFile, ogg_seconds, picture_size
from handlers.sandbox.botapi.world import Json

__all__ = ["FILE_KINDS", "describe", "first_file"]

# The field of a message that carries it, in the order in which one looks for it.
FILE_KINDS = ("photo", "voice", "audio", "video", "animation", "video_note", "document", "sticker")
_THUMB = 90
_DEFAULT_SIZE = 1280, 960


def describe(file: StoredFile, files: Files, more: Json) -> Json:
    """{kind: object}: the field of the message for this file; `more` may say duration, title, emoji and so on."""
    base: Json = {"file_id": file.file_id, "file_unique_id": file.unique_id, "file_size": len(file.data)}
    width, height = picture_size(file.data) or _DEFAULT_SIZE
    seconds = more.get("duration") or ogg_seconds(file.data)
    named: Json = {"file_name": file.file_name, "mime_type": file.mime_type, **base}
    shapes: dict[str, Any] = {
        "photo": [_small(width, height) | base, {"width": width, "height": height} | base],
        "voice": {"duration": seconds, "mime_type": "audio/ogg", **base},
        "audio": {"duration": seconds, **_said(more, "performer", "title"), **named},
        "video": {
            "width": more.get("width", width),
            "height": more.get("height", height),
            "duration": seconds,
            **named,
        },
        "animation": {
            "width": more.get("width", width),
            "height": more.get("height", height),
            "duration": seconds,
            **named,
        },
        "video_note": {"length": more.get("length", 240), "duration": seconds, **base},
        "document": named,
        "sticker": {
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            **_said(more, "emoji"),
            **base,
        },
    }
    found: Json = {file.kind: shapes[file.kind]}
    if file.kind == "animation":  # so that programs which do not know animations still find the file
        found["document"] = named
    return found


def first_file(body: Json) -> tuple[str, str] | None:
    """(kind, file_id) of the file that a message carries; of a photo the largest size."""
    for kind in FILE_KINDS:
        if kind in body:
            media = body[kind][-1] if kind == "photo" else body[kind]
            return kind, media["file_id"]
    return None


def _small(width: int, height: int) -> Json:
    scale = min(1.0, _THUMB / max(width, height))
    return {"width": max(1, round(width * scale)), "height": max(1, round(height * scale))}


def _said(more: Json, *names: str) -> Json:
    return {name: more[name] for name in names if name in more}
