"""Films and sounds keep what is seen and heard, and nothing of where, when and by whom."""

import random
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages import FileKind
from bot.media.check import RefusedFileError, check
from bot.media.traces import TracesError, without_traces
from tests.support.films import OWNER, PICTURES, PLACE, SOUND, TIME, TRACK_OF_PLACES, box, film

TOLD = (OWNER, PLACE, TRACK_OF_PLACES, b"110.8544", struct.pack(">I", TIME))


@pytest.mark.parametrize("kind", [FileKind.VIDEO, FileKind.DOCUMENT])
def test_a_film_does_not_tell_where_when_and_by_whom_it_was_made(kind: FileKind) -> None:
    original = film()
    assert all(trace in original for trace in TOLD)
    kept = check(original, kind)
    assert kept.type == "video/mp4"
    assert [trace for trace in TOLD if trace in kept.data] == []
    for shown in (PICTURES, SOUND):
        assert kept.data.index(shown) == original.index(shown)
    assert len(kept.data) == len(original)


def test_a_film_that_is_clean_stays_as_it_is() -> None:
    clean = without_traces(film(), "video/mp4")
    assert without_traces(clean, "video/mp4") == clean


def test_a_film_in_pieces_is_taken_unless_it_has_a_track_that_nobody_sees() -> None:
    assert PICTURES in without_traces(film(place=False, pieces=True), "video/mp4")
    with pytest.raises(RefusedFileError) as error:
        check(film(pieces=True), FileKind.VIDEO)
    assert error.value.why == "film"


def test_sounds_lose_their_tags() -> None:
    tag = b"ID3\x04\0\0" + bytes([0, 0, 0, len(OWNER)]) + OWNER
    sound = b"\xff\xfb" + SOUND
    assert check(tag + sound + b"TAG" + bytes(125), FileKind.AUDIO).data == sound
    parts = [(b"fmt ", bytes(16)), (b"LIST", OWNER), (b"data", SOUND + b"\0")]
    wave = b"RIFF\0\0\0\0WAVE" + b"".join(kind + struct.pack("<I", len(words)) + words for kind, words in parts)
    kept = check(wave, FileKind.AUDIO).data
    assert SOUND in kept
    assert OWNER not in kept
    assert OWNER not in check(film(brand=b"M4A "), FileKind.AUDIO).data


@given(seed=st.integers(0, 2**32), hits=st.integers(1, 12))
def test_a_damaged_film_is_refused_or_clean_and_never_breaks_the_check(seed: int, hits: int) -> None:
    chance, data = random.Random(seed), bytearray(film())
    for _ in range(hits):
        data[chance.randrange(32, len(data))] = chance.randrange(256)
    try:
        kept = without_traces(bytes(data[: chance.randrange(33, len(data) + 1)]), "video/mp4")
    except TracesError:
        return
    assert len(kept) <= len(data)


@given(st.binary(max_size=400))
def test_any_bytes_at_all_are_refused_or_clean(noise: bytes) -> None:
    for kind in ("video/mp4", "audio/wav", "audio/mpeg"):
        try:
            without_traces(box(b"ftyp", b"isom") + noise, kind)
        except TracesError:
            continue
