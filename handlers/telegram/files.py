"""How `File.ref` names a Telegram file: its file_id, tagged where the kind does not tell how to re-send it."""

from typing import Final

# Telegram re-sends a file only as what it was; these two kinds have no FileKind of their own.
VIDEO_NOTE: Final = "video_note"
ANIMATION: Final = "animation"


def tagged(kind: str, file_id: str) -> str:
    """A ref that remembers `kind`. A file_id never holds a colon."""
    return f"{kind}:{file_id}"


def untagged(ref: str) -> tuple[str, str]:
    """Split a ref into (VIDEO_NOTE | ANIMATION | "", file_id); the file_id is what getFile wants."""
    kind, _, file_id = ref.rpartition(":")
    return kind, file_id
