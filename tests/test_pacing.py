"""Messages leave no faster than the limits allow, and no slower than they must."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pacing import Pace, Rate, SendLimits

LIMITS = SendLimits(overall=Rate(5, 1.0), chat=Rate(3, 3.0), group=Rate(4, 60.0))


def departures(pace: Pace, chat: str, count: int, start: float = 0.0, *, group: bool = False) -> list[float]:
    """When `count` messages to one chat leave, each as soon as it may."""
    now, times = start, []
    for _ in range(count):
        now += pace.wait(chat, now)
        pace.note(chat, group, now)
        times.append(now)
    return times


def test_a_chat_gets_a_short_burst_and_then_one_a_second_on_average() -> None:
    assert departures(Pace(LIMITS), "1", 7) == [0, 0, 0, 3, 3, 3, 6]


def test_a_group_gets_no_more_than_its_minute_allows() -> None:
    assert departures(Pace(LIMITS), "-1", 5, group=True) == [0, 0, 0, 3, 60]


def test_all_chats_together_keep_the_overall_pace() -> None:
    pace = Pace(LIMITS)
    waits = []
    for chat in range(7):
        waits.append(pace.wait(str(chat), 0.0))
        if not waits[-1]:
            pace.note(str(chat), False, 0.0)
    assert waits == [0, 0, 0, 0, 0, 1, 1]


def test_one_chat_that_has_to_wait_does_not_hold_up_another() -> None:
    pace = Pace(LIMITS)
    departures(pace, "1", 3)
    assert pace.wait("1", 0.0) == 3.0
    assert pace.wait("2", 0.0) == 0.0


def test_what_is_for_no_chat_in_particular_waits_for_the_overall_pace_only() -> None:
    pace = Pace(LIMITS)
    departures(pace, "1", 3)
    assert pace.wait(None, 0.0) == 0.0
    for _ in range(2):
        pace.note(None, False, 0.0)
    assert pace.wait(None, 0.25) == 0.75


def test_an_album_weighs_as_many_as_it_has_files() -> None:
    pace = Pace(LIMITS)
    pace.note("1", False, 0.0, weight=3)
    assert pace.wait("1", 1.0) == 2.0


def test_an_album_heavier_than_the_burst_holds_its_chat_for_one_stretch() -> None:
    pace = Pace(LIMITS)
    pace.note("1", False, 0.0, weight=10)
    assert pace.wait("1", 1.0) == 2.0


def test_a_hold_stops_everything_until_it_is_over() -> None:
    pace = Pace(LIMITS)
    pace.hold(10.0)
    pace.hold(5.0)
    assert (pace.wait("1", 4.0), pace.wait(None, 4.0), pace.wait("1", 10.0)) == (6.0, 6.0, 0.0)


def test_without_limits_nothing_waits() -> None:
    assert departures(Pace(SendLimits.none()), "-1", 50, group=True) == [0.0] * 50


def test_chats_that_have_been_quiet_are_forgotten() -> None:
    pace = Pace(SendLimits(overall=None))
    for chat in range(2500):
        pace.note(str(chat), False, now=float(chat))
    assert pace.chats() <= 1001


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 2)), max_size=60))
def test_no_stretch_of_time_ever_holds_more_than_a_rate_allows(asked: list[tuple[str, float]]) -> None:
    pace, now, left = Pace(LIMITS), 0.0, []
    for chat, pause in asked:
        now += pause
        now += pace.wait(chat, now)
        pace.note(chat, False, now)
        left.append((chat, now))
    for rate, chats in [(Rate(5, 1.0), "abc"), *((Rate(3, 3.0), chat) for chat in "abc")]:
        times = [time for chat, time in left if chat in chats]
        for first, last in zip(times, times[rate.count :], strict=False):
            assert last - first >= rate.seconds - 1e-6


@pytest.mark.parametrize("asked", [0.0, 0.5])
def test_a_wait_that_is_kept_is_enough(asked: float) -> None:
    pace = Pace(LIMITS)
    departures(pace, "1", 3)
    assert pace.wait("1", asked + pace.wait("1", asked)) == pytest.approx(0.0)
