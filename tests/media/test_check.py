"""Files are what their content says; pictures are made anew, and what could harm is refused."""

import io

import pytest
from PIL import Image

from bot.domain.messages import FileKind
from bot.media.check import ENDINGS, JPEG, LONGEST_SIDE, RefusedFileError, check, type_of
from tests.support.films import film
from tests.support.pictures import bomb, jpeg, office, place_of


def refused(data: bytes, kind: FileKind = FileKind.DOCUMENT) -> str:
    with pytest.raises(RefusedFileError) as error:
        check(data, kind)
    return error.value.why


@pytest.mark.parametrize("kind", [FileKind.PHOTO, FileKind.DOCUMENT])
def test_a_picture_does_not_tell_where_it_was_taken(kind: FileKind) -> None:
    original = jpeg(place=True)
    assert place_of(original)
    kept = check(original, kind)
    assert kept.type == JPEG
    assert place_of(kept.data) == {}
    for trace in (b"Exif", b"GPS", "李秀英".encode(), b"taken at home"):
        assert trace not in kept.data
    with Image.open(io.BytesIO(kept.data)) as picture:
        assert picture.size == (400, 300)
        assert "exif" not in picture.info


def test_a_picture_stands_the_right_way_up_and_is_of_bounded_size() -> None:
    with Image.open(io.BytesIO(check(jpeg(6000, 3000, upside_down=True), FileKind.PHOTO).data)) as picture:
        assert picture.size == (LONGEST_SIDE, LONGEST_SIDE // 2)


def test_what_can_be_seen_through_is_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(check(out.getvalue(), FileKind.DOCUMENT).data)) as picture:
        assert picture.getpixel((5, 5)) == (255, 255, 255)


def test_a_small_file_that_unpacks_to_fifty_megapixels_is_refused() -> None:
    assert len(bomb()) < 100_000
    assert refused(bomb()) == "pixels"
    assert refused(bomb(), FileKind.PHOTO) == "pixels"


@pytest.mark.parametrize("form", ["PNG", "GIF", "WEBP", "BMP", "TIFF"])
def test_every_usual_kind_of_picture_is_taken(form: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(out, form)
    assert check(out.getvalue(), FileKind.DOCUMENT).type == JPEG


@pytest.mark.parametrize(
    ("data", "kind", "type_"),
    [
        (b"OggS\0\2" + b"\0" * 20, FileKind.VOICE, "audio/ogg"),
        (b"\xff\xfb" + b"\0" * 20, FileKind.AUDIO, "audio/mpeg"),
        (film(brand=b"M4A ", place=False), FileKind.AUDIO, "audio/mp4"),
        (b"#!AMR\n" + b"\0" * 20, FileKind.DOCUMENT, "audio/amr"),
        (b"RIFF\0\0\0\0WAVEfmt ", FileKind.AUDIO, "audio/wav"),
        (film(place=False), FileKind.VIDEO, "video/mp4"),
        (b"%PDF-1.7\n", FileKind.DOCUMENT, "application/pdf"),
        (office(), FileKind.DOCUMENT, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (
            office("xl/workbook.xml"),
            FileKind.DOCUMENT,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    ],
)
def test_what_the_content_is_counts(data: bytes, kind: FileKind, type_: str) -> None:
    assert check(data, kind).type == type_
    assert check(data, kind).data == data
    assert type_ in ENDINGS


def test_the_ending_of_an_office_file_is_its_own() -> None:
    assert [ENDINGS[str(type_of(office(part)))] for part in ("word/document.xml", "xl/workbook.xml")] == [
        "docx",
        "xlsx",
    ]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "kind"),
        (b"MZ\x90\0" + b"\0" * 60, "kind"),
        (b"\x7fELF" + b"\0" * 60, "kind"),
        (b"<html><script>", "kind"),
        (b"PK\x03\x04 and no more", "broken"),
        (office("classes.dex", "AndroidManifest.xml"), "kind"),
        (office("word/document.xml", "word/vbaProject.bin"), "macros"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 60, "kind"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 60, "heic"),
        (b"\x1a\x45\xdf\xa3" + b"\0" * 60, "kind"),
        (b"\0\0\0\x20ftypisom" + b"\0" * 20, "film"),
        (jpeg()[:600], "broken"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "broken"),
    ],
    ids=[
        "empty",
        "exe",
        "elf",
        "html",
        "half a zip",
        "apk",
        "macros",
        "old word",
        "heic",
        "webm",
        "no film",
        "half a jpeg",
        "no png",
    ],
)
def test_what_is_not_taken_says_why(data: bytes, why: str) -> None:
    assert refused(data) == why


def test_a_file_that_says_it_is_something_else_is_refused() -> None:
    assert refused(b"%PDF-1.7\n", FileKind.PHOTO) == "kind"
    assert refused(jpeg(), FileKind.VOICE) == "kind"
    assert refused(b"OggS" + b"\0" * 20, FileKind.VIDEO) == "kind"
