"""Films as telephones make them, small, with the boxes that tell where, when and with what."""

import struct

PLACE = b"+21.9312+110.8544/"
OWNER = "李秀英的手机".encode()
PICTURES = b"what is to be seen"
SOUND = b"what is to be heard"
TRACK_OF_PLACES = b"lat=21.9312 lon=110.8544 every second"
TIME = 3_900_000_000
"""Seconds since 1904."""


def box(kind: bytes, *contents: bytes) -> bytes:
    whole = b"".join(contents)
    return struct.pack(">I4s", 8 + len(whole), kind) + whole


def _full(kind: bytes, *contents: bytes) -> bytes:
    return box(kind, bytes(4), *contents)


def _times(kind: bytes, known: bool) -> bytes:
    return _full(kind, struct.pack(">II", TIME, TIME) if known else bytes(8), b"\0\0\3\xe8" * 4)


def _track(handler: bytes, offset: int, length: int, place: bool) -> bytes:
    return box(
        b"trak",
        _times(b"tkhd", place),
        box(b"udta", box(b"\xa9xyz", PLACE)) if place else b"",
        box(
            b"mdia",
            _times(b"mdhd", place),
            _full(b"hdlr", bytes(4), handler, bytes(12), OWNER if place else b"", b"\0"),
            box(
                b"minf",
                box(
                    b"stbl",
                    _full(b"stsd", struct.pack(">I", 0)),
                    _full(b"stsc", struct.pack(">IIII", 1, 1, 2, 1)),
                    _full(b"stsz", struct.pack(">IIII", 0, 2, 3, length - 3)),
                    _full(b"stco", struct.pack(">II", 1, offset)),
                ),
            ),
        ),
    )


def film(*, brand: bytes = b"isom", place: bool = True, pieces: bool = False) -> bytes:
    """Pictures and sound; with `place` a track of places, times, tags, and loose words among the data.

    `pieces`: fragmented.
    """
    parts = [(b"vide", PICTURES), (b"soun", SOUND), *([(b"meta", TRACK_OF_PLACES)] if place else [])]
    head = box(b"ftyp", brand, bytes(4), brand)
    loose = OWNER if place else b""
    tags = [box(b"udta", box(b"meta", PLACE, OWNER)), box(b"uuid", bytes(16), OWNER)] if place else []

    def movie(start: int) -> bytes:
        starts = [start + sum(len(words) for _, words in parts[:number]) for number in range(len(parts))]
        tracks = [_track(handler, at, len(words), place) for (handler, words), at in zip(parts, starts, strict=True)]
        return box(b"moov", _times(b"mvhd", place), *tracks, *tags)

    start = len(head) + len(movie(0)) + 8
    tail = box(b"moof", box(b"mfhd", bytes(8))) if pieces else b""
    return head + movie(start) + box(b"mdat", *(words for _, words in parts), loose) + tail
