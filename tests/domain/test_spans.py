"""From when until when somebody is away, as they say it."""

from datetime import date

import pytest

from bot.domain.spans import read_span

TODAY = date(2026, 3, 11)  # a Wednesday


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("3月15日到3月20日", (3, 15), (3, 20)),
        ("3月15日到20日", (3, 15), (3, 20)),
        ("15号至20号请假", (3, 15), (3, 20)),
        ("从3月28日到4月2日出差", (3, 28), (4, 2)),
        ("2026-03-15到2026-03-20", (3, 15), (3, 20)),
        ("28号到3号", (3, 28), (4, 3)),
        ("明天到后天", (3, 12), (3, 13)),
        ("明天起三天", (3, 12), (3, 14)),
        ("3月15日起一周", (3, 15), (3, 21)),
        ("三天", (3, 11), (3, 13)),
        ("半个月", (3, 11), (3, 25)),
        ("一个月", (3, 11), (4, 9)),
        ("到20号", (3, 11), (3, 20)),
        ("下周一到下周五", (3, 16), (3, 20)),
        ("周五到周日", (3, 13), (3, 15)),
        ("明天", (3, 12), (3, 12)),
        ("3月9日到3月12日", (3, 11), (3, 12)),
    ],
)
def test_a_span_is_read_as_people_say_it(said: str, first: tuple[int, int], last: tuple[int, int]) -> None:
    span = read_span(said, TODAY)
    assert span
    assert (span.first, span.last) == (date(2026, *first), date(2026, *last))


def test_a_span_may_pass_the_new_year() -> None:
    span = read_span("12月28日到1月5日", date(2026, 12, 20))
    assert span
    assert span.last == date(2027, 1, 5)


@pytest.mark.parametrize("said", ["", "我想想", "2月30日到3月5日", "3月1日到3月5日", "3月20日到2026年3月15日", "900天"])
def test_what_is_no_span_is_not_guessed(said: str) -> None:
    assert read_span(said, TODAY) is None
