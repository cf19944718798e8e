"""Whose a case is once its station is gone."""

import pytest

from bot.domain.routing import station_for
from tests.support.chat import sample


@pytest.mark.parametrize(
    ("station", "village", "seat", "wanted"),
    [
        ("shilong", "datang", "datang-1", "shilong"),
        ("gone", "datang", "shilong-2", "datang"),
        ("gone", "gone", "shilong-2", "shilong"),
        ("gone", None, "office-1", None),
        ("gone", None, None, None),
        (None, "datang", "shilong-2", None),  # it never was a station's
    ],
)
def test_a_case_is_of_its_station_else_of_its_villages_else_of_its_seats(
    station: str | None, village: str | None, seat: str | None, wanted: str | None
) -> None:
    assert station_for(sample()[0].town, station, village, seat) == wanted
