"""Long texts, captions and albums are cut as Telegram wants them, and nothing is lost on the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages import Button, File, FileKind, Location, Outgoing, OutgoingKind
from handlers.telegram.plan import AlbumPart, FilePart, PlacePart, TextPart, cut, parts_of, split, units

BUTTONS = ((Button("好", "ok"),),)


def of(*kinds: FileKind) -> tuple[File, ...]:
    return tuple(File(kind, f"{kind}{n}", f"u{n}") for n, kind in enumerate(kinds))


def text(words: str) -> Outgoing:
    return Outgoing(OutgoingKind.TEXT, "1001", words, BUTTONS)


def media(*kinds: FileKind, text: str = "", buttons: bool = False) -> Outgoing:
    return Outgoing(OutgoingKind.FILES, "1001", text, BUTTONS if buttons else (), of(*kinds))


PHOTO, VIDEO, VOICE, AUDIO, DOCUMENT = (
    FileKind.PHOTO,
    FileKind.VIDEO,
    FileKind.VOICE,
    FileKind.AUDIO,
    FileKind.DOCUMENT,
)


def test_a_short_text_is_one_message_with_its_buttons() -> None:
    assert parts_of(text("你好")) == [TextPart("你好", BUTTONS)]


def test_a_long_text_is_cut_at_line_ends_and_the_last_piece_bears_the_buttons() -> None:
    line = "一二三四五六七八九\n"
    first, last = parts_of(text(line * 500))
    assert isinstance(first, TextPart)
    assert isinstance(last, TextPart)
    assert (first.buttons, last.buttons) == ((), BUTTONS)
    assert (first.text[0], first.text[-1], last.text[0]) == ("一", "九", "一")
    assert first.text + "\n" + last.text == line * 500


def test_a_text_of_exactly_4096_units_is_not_cut() -> None:
    assert len(parts_of(text("字" * 4096))) == 1
    assert len(parts_of(text("字" * 4097))) == 2


def test_characters_outside_the_basic_plane_count_twice_and_are_never_halved() -> None:
    assert units("😀") == 2
    assert cut("a😀", 2) == "a"
    pieces = split("a" + "😀" * 2048, 4096)
    assert [units(piece) for piece in pieces] == [4095, 2]


@given(st.text(alphabet="字a😀\n ", max_size=60), st.integers(2, 9))
def test_splitting_keeps_every_visible_character_in_order_and_every_piece_in_bounds(words: str, limit: int) -> None:
    pieces = split(words, limit)
    if words.strip():
        assert all(0 < units(piece) <= limit and piece.strip() for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(words.split())


def test_one_file_takes_the_text_as_caption_and_the_buttons() -> None:
    assert parts_of(media(PHOTO, text="看", buttons=True)) == [FilePart(of(PHOTO)[0], "看", BUTTONS)]


def test_a_caption_over_1024_units_follows_as_a_text() -> None:
    long = "字" * 1025
    assert parts_of(media(PHOTO, text=long, buttons=True)) == [FilePart(of(PHOTO)[0]), TextPart(long, BUTTONS)]
    assert parts_of(media(PHOTO, text="字" * 1024)) == [FilePart(of(PHOTO)[0], "字" * 1024)]


def test_photos_and_videos_go_as_one_album_with_the_caption() -> None:
    assert parts_of(media(PHOTO, VIDEO, text="看")) == [AlbumPart(of(PHOTO, VIDEO), "看")]


def test_buttons_cannot_stand_under_an_album_so_the_text_follows_with_them() -> None:
    assert parts_of(media(PHOTO, PHOTO, text="看", buttons=True)) == [
        AlbumPart(of(PHOTO, PHOTO)),
        TextPart("看", BUTTONS),
    ]
    with pytest.raises(ValueError, match="buttons"):
        parts_of(media(PHOTO, PHOTO, buttons=True))


def test_a_mixture_is_sent_in_fitting_groups() -> None:
    files = of(VOICE, DOCUMENT, PHOTO, AUDIO, DOCUMENT, VIDEO, VOICE)
    parts = parts_of(Outgoing(OutgoingKind.FILES, "1", "看", files=files))
    assert parts == [
        AlbumPart((files[2], files[5])),
        AlbumPart((files[1], files[4])),
        FilePart(files[3]),
        FilePart(files[0]),
        FilePart(files[6]),
        TextPart("看"),
    ]


def test_an_album_holds_at_most_ten() -> None:
    parts = parts_of(media(*[PHOTO] * 11))
    assert [type(part) for part in parts] == [AlbumPart, FilePart]


def test_a_round_video_takes_no_caption_and_no_company() -> None:
    round_video, photo = File(VIDEO, "video_note:F", "u"), of(PHOTO)[0]
    parts = parts_of(Outgoing(OutgoingKind.FILES, "1", "看", files=(round_video, photo)))
    assert parts == [FilePart(photo), FilePart(round_video), TextPart("看")]
    assert parts_of(Outgoing(OutgoingKind.FILES, "1", "看", files=(round_video,)))[-1] == TextPart("看")


def test_a_place_is_followed_by_its_text() -> None:
    place = Outgoing(OutgoingKind.LOCATION, "1", buttons=BUTTONS, location=Location(21.6, 110.9))
    assert parts_of(place) == [PlacePart(21.6, 110.9, BUTTONS)]
    named = Outgoing(OutgoingKind.LOCATION, "1", "桥头", BUTTONS, location=Location(21.6, 110.9))
    assert parts_of(named) == [PlacePart(21.6, 110.9), TextPart("桥头", BUTTONS)]
