"""Small files for the tests: pictures that have a header and nothing else, a recording of three seconds."""

import struct


def png(width: int = 640, height: int = 480) -> bytes:
    """The head of a PNG of that size in pixels."""
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + b"\x08\x02\0\0\0"


def jpeg(width: int = 640, height: int = 480) -> bytes:
    """The head of a JPEG of that size in pixels."""
    start = b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
    return (
        start + b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03\x01\x22\0\x02\x11\x01\x03\x11\x01"
    )


def ogg(seconds: int = 3) -> bytes:
    """The last page of an Ogg Opus recording."""
    return b"OggS\x00\x04" + struct.pack("<q", seconds * 48_000) + b"\0" * 12
