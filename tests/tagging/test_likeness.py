"""Likeness of texts and hot issues."""

from datetime import date, timedelta

import pytest

from bot.tagging.likeness import ALIKE, Likeness, Told

TODAY = date(2026, 3, 20)
LAMP = "石龙村口的路灯坏了半个月"


@pytest.fixture(scope="module")
def likeness() -> Likeness:
    return Likeness()


def _told(number: int, text: str, days_ago: int = 1, village: str = "shilong", supporters: int = 1) -> Told:
    return Told(str(number), text, village, "roads", TODAY - timedelta(days=days_ago), supporters)


def test_a_text_is_the_same_as_itself_in_either_script(likeness: Likeness) -> None:
    assert likeness.similar(LAMP, [LAMP, "石龍村口嘅路燈壞咗半個月"]) == pytest.approx([1.0, 1.0], abs=0.2)


def test_the_same_matter_in_other_words_is_more_alike_than_another_matter(likeness: Likeness) -> None:
    same, other = likeness.similar(LAMP, ["村口路灯不亮,坏了好久", "养猪场的臭水排到河里"])
    assert same >= ALIKE > 0.1 > other


def test_nothing_is_like_an_empty_text(likeness: Likeness) -> None:
    assert likeness.similar("", [LAMP, ""]) == [0.0, 0.0]
    assert likeness.similar(LAMP, []) == []


def test_politeness_makes_nothing_alike(likeness: Likeness) -> None:
    assert likeness.similar("你好,谢谢领导,路灯坏了", ["你好,谢谢领导,猪场好臭"])[0] < 0.2


def test_many_who_say_the_same_make_a_hot_issue(likeness: Likeness) -> None:
    told = [
        _told(1, "村口路灯坏了", 10),
        _told(2, "村口的路灯坏了没人修", 3),
        _told(3, "路灯坏了,村口好黑", 2),
        _told(4, "桥面裂开一条大缝", 1),
    ]
    (issue,) = likeness.hot_issues(told, TODAY)
    assert (issue.cases, issue.people, issue.growth) == (("1", "2", "3"), 3, 1)
    assert (issue.first, issue.last) == (TODAY - timedelta(days=10), TODAY - timedelta(days=2))


def test_many_who_are_a_little_like_it_do_not_take_another_matter_in(likeness: Likeness) -> None:
    lamps = ["村口路灯坏了", "村口的路灯坏了没人修", "路灯坏了,村口好黑", "村口路灯坏了半个月"]
    holes = "村口到小学那条水泥路全是大坑,摩托车摔了几次"
    assert 0 < max(likeness.similar(holes, lamps)) < ALIKE
    told = [_told(number, text, 5 - number) for number, text in enumerate([*lamps, holes], 1)]
    (issue,) = likeness.hot_issues(told, TODAY)
    assert issue.cases == ("1", "2", "3", "4")


def test_the_typical_one_says_what_most_say(likeness: Likeness) -> None:
    assert likeness.typical(["桥面裂开一条大缝", "村口路灯坏了", "村口的路灯坏了没人修"]) != "桥面裂开一条大缝"
    assert likeness.typical([LAMP]) == LAMP


def test_supporters_count_as_people(likeness: Likeness) -> None:
    (issue,) = likeness.hot_issues([_told(1, LAMP, supporters=5)], TODAY)
    assert issue.people == 5


def test_two_villages_never_share_an_issue(likeness: Likeness) -> None:
    told = [_told(1, LAMP), _told(2, LAMP), _told(3, LAMP, village="datang")]
    assert likeness.hot_issues(told, TODAY) == ()


def test_what_is_older_than_the_window_or_in_the_future_is_left_out(likeness: Likeness) -> None:
    told = [_told(1, LAMP, 20), _told(2, LAMP, 1), _told(3, LAMP, 1), _told(4, LAMP, -1)]
    assert likeness.hot_issues(told, TODAY) == ()
    assert len(likeness.hot_issues(told, TODAY, window=timedelta(days=30))) == 1


def test_the_order_of_the_cases_does_not_matter(likeness: Likeness) -> None:
    told = [_told(number, LAMP + "!" * number, number) for number in range(1, 5)]
    assert likeness.hot_issues(told, TODAY) == likeness.hot_issues(told[::-1], TODAY)
