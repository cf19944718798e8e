"""The slip that is printed: its QR code says the link, and what cannot be drawn is left out."""

import io

import segno
from PIL import Image

from bot.domain.messages import Slip
from handlers.documents.slip import WIDTH, draw_slip

LINK = "https://t.me/xiangyin_bot?start=code-123456789012"


def dark(picture: Image.Image) -> tuple[int, int, int, int]:
    """The box of what is not white."""
    box = Image.eval(picture, lambda value: 255 - value).getbbox()
    assert box
    return box


def test_the_picture_holds_the_code_of_the_link_dot_by_dot() -> None:
    picture = Image.open(io.BytesIO(draw_slip(Slip(LINK, "1234 5678 9012"))))
    assert picture.size[0] == WIDTH
    wanted = [[dot & 1 for dot in row] for row in segno.make_qr(LINK, error="m").matrix]
    left, top, _, _ = dark(picture.crop((0, 0, WIDTH // 2, picture.size[1])))
    _, _, right, _ = dark(picture.crop((0, 0, WIDTH // 2, picture.size[1])))
    size = (right - left) // len(wanted)
    found = [
        [int(picture.getpixel((left + x * size + size // 2, top + y * size + size // 2)) == 0) for x in range(len(row))]
        for y, row in enumerate(wanted)
    ]
    assert found == wanted


def test_words_and_digits_stand_around_the_code() -> None:
    plain = Image.open(io.BytesIO(draw_slip(Slip(LINK, ""))))
    whole = Image.open(io.BytesIO(draw_slip(Slip(LINK, "1234 5678 9012", ("No. 1", "2026"), ("Tel. 2",)))))
    assert whole.size[1] > plain.size[1]
    assert dark(whole)[2] > WIDTH // 2 > dark(plain)[2]
