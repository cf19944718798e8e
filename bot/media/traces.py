"""Takes out of a film or a sound what tells of its maker, in place: nothing is decoded, and nothing moves."""

import struct
from collections.abc import Iterator

TIMES = {b"mvhd", b"tkhd", b"mdhd"}
"""They begin with when the film was made and changed."""

_CONTAINERS: dict[bytes, frozenset[bytes]] = {
    parent: frozenset(children.encode().split())
    for parent, children in {
        b"": "ftyp moov moof mdat mfra sidx styp wide",
        b"moov": "mvhd trak mvex iods",
        b"mvex": "mehd trex",
        b"trak": "tkhd edts mdia",
        b"edts": "elst",
        b"mdia": "mdhd hdlr minf",
        b"minf": "vmhd smhd hdlr dinf stbl",
        b"dinf": "dref",
        b"stbl": "stsd stts ctts cslg stsc stsz stco co64 stss sgpd sbgp sdtp",
        b"moof": "mfhd traf",
        b"traf": "tfhd tfdt trun sgpd sbgp sdtp",
        b"mfra": "tfra mfro",
    }.items()
}
"""What a player needs, by where it stands. All else goes: places, names, makers, comments, private boxes."""

_HEARD_OR_SEEN = (b"vide", b"soun")
_WAVE = (b"fmt ", b"fact", b"data")

Box = tuple[bytes, int, int, int]
"""Kind, where it starts, where its contents start, where it ends."""


class TracesError(Exception):
    """The file is not built as it should be, or hides what cannot be taken out."""


def without_traces(data: bytes, kind: str) -> bytes:
    """The same film or sound, of the same length, by its media type. Raises TracesError."""
    try:
        if kind in ("video/mp4", "audio/mp4"):
            return _film(data)
        if kind == "audio/wav":
            return _wave(data)
        return _untagged(data) if kind == "audio/mpeg" else data
    except (struct.error, IndexError):
        raise TracesError from None


def _film(data: bytes) -> bytes:
    new = bytearray(data)
    _clean(new, b"", 0, len(new))
    top = list(_boxes(new, 0, len(new)))
    movie = next((box for box in top if box[0] == b"moov"), None)
    if movie is None:
        raise TracesError
    tracks = [box for box in _boxes(new, movie[2], movie[3]) if box[0] == b"trak"]
    shown = [track for track in tracks if _handler(new, track) in _HEARD_OR_SEEN]
    if any(box[0] == b"moof" for box in top):
        # In pieces: where each track's data lie would take a player to find out.
        if len(shown) < len(tracks):
            raise TracesError
        return bytes(new)
    for track in tracks:
        if track not in shown:
            _blank(new, track)
    needed = [place for track in shown for place in _chunks(new, track)]
    for kind, _, begin, end in top:
        if kind == b"mdat":
            new[begin:end] = bytes(end - begin)
            for start, stop in needed:
                if begin <= start <= stop <= end:
                    new[start:stop] = data[start:stop]
    return bytes(new)


def _clean(new: bytearray, parent: bytes, begin: int, end: int) -> None:
    """Blank every box that is not needed, and when the film was made."""
    for box in _boxes(new, begin, end):
        kind, _, start, stop = box
        if kind not in _CONTAINERS[parent]:
            _blank(new, box)
        elif kind in TIMES:
            length = 16 if new[start] == 1 else 8
            new[start + 4 : start + 4 + length] = bytes(length)
        elif kind == b"hdlr":
            new[start + 24 : stop] = bytes(max(0, stop - start - 24))  # the name of what wrote it
        elif kind in _CONTAINERS:
            _clean(new, kind, start, stop)


def _blank(new: bytearray, box: Box) -> None:
    _, at, start, stop = box
    new[at + 4 : at + 8] = b"free"
    new[start:stop] = bytes(stop - start)


def _boxes(data: bytearray, begin: int, end: int) -> Iterator[Box]:
    at = begin
    while at < end:
        size, kind = struct.unpack_from(">I4s", data, at)
        start = at + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, start)
            start += 8
        stop = at + size if size else end
        if not start <= stop <= end:
            raise TracesError
        yield kind, at, start, stop
        at = stop


def _inside(data: bytearray, box: Box, *path: bytes) -> Box:
    for kind in path:
        found = next((one for one in _boxes(data, box[2], box[3]) if one[0] == kind), None)
        if found is None:
            raise TracesError
        box = found
    return box


def _handler(data: bytearray, track: Box) -> bytes:
    start = _inside(data, track, b"mdia", b"hdlr")[2]
    return bytes(data[start + 8 : start + 12])


def _chunks(data: bytearray, track: Box) -> Iterator[tuple[int, int]]:
    """Where in the file a track's pictures and sounds lie."""
    table = _inside(data, track, b"mdia", b"minf", b"stbl")
    boxes = {box[0]: box for box in _boxes(data, table[2], table[3])}
    if not boxes.keys() >= {b"stsc", b"stsz"} or not boxes.keys() & {b"stco", b"co64"}:
        raise TracesError
    size, samples = struct.unpack_from(">II", data, boxes[b"stsz"][2] + 4)
    wide = b"co64" in boxes
    offsets = _numbers(data, boxes[b"co64" if wide else b"stco"], "Q" if wide else "I")
    runs = _numbers(data, boxes[b"stsc"], "III")
    starts = [first - 1 for first in runs[::3]]
    each = dict(zip(starts, runs[1::3], strict=True))
    if samples > len(data) or (offsets and 0 not in each):
        raise TracesError
    sizes = struct.unpack_from(f">{samples}I", data, boxes[b"stsz"][2] + 12) if size == 0 else (size,) * samples
    sample = per_chunk = 0
    for chunk, offset in enumerate(offsets):
        per_chunk = each.get(chunk, per_chunk)
        yield offset, offset + sum(sizes[sample : sample + per_chunk])
        sample += per_chunk


def _numbers(data: bytearray, box: Box, form: str) -> tuple[int, ...]:
    """The entries of a table that begins with how many they are."""
    (entries,) = struct.unpack_from(">I", data, box[2] + 4)
    if entries * struct.calcsize(f">{form}") > box[3] - box[2]:
        raise TracesError
    found: tuple[int, ...] = struct.unpack_from(f">{form * entries}", data, box[2] + 8)
    return found


def _wave(data: bytes) -> bytes:
    """Chunks other than the sound and its form are blanked."""
    new, at = bytearray(data), 12
    while at + 8 <= len(new):
        kind, size = struct.unpack_from("<4sI", new, at)
        stop = min(at + 8 + size + size % 2, len(new))
        if kind not in _WAVE:
            new[at : at + 4] = b"JUNK"
            new[at + 8 : stop] = bytes(stop - at - 8)
        at = stop
    return bytes(new)


def _untagged(data: bytes) -> bytes:
    """An MP3 without its ID3 tags, in front and behind."""
    while data[:3] == b"ID3" and len(data) >= 10:
        size = sum((byte & 0x7F) << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
        data = data[10 + size + (10 if data[5] & 0x10 else 0) :]
    return data[:-128] if data[-128:-125] == b"TAG" else data
