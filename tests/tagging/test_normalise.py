"""One spelling for all: script, width, dialect, stutter; and the way back to the villager's own words."""

from hypothesis import given
from hypothesis import strategies as st

from bot.tagging.normalise import normalise


def test_scripts_widths_and_dialect_become_one() -> None:
    assert normalise("我哋嘅路燈壞咗,ＡＢＣ１２").text == "我们的路灯坏了,abc12"


def test_hair_stands_for_lack_only_before_what_can_lack() -> None:
    assert normalise("毛水矛电").text == "没水没电"
    assert normalise("鸡毛收购,羽毛,毛巾").text == "鸡毛收购,羽毛,毛巾"


def test_next_door_is_no_quarantine() -> None:
    assert normalise("隔離屋好嘈").text == "邻居家好吵"


def test_stutter_and_blanks_between_characters_go() -> None:
    assert normalise("停停停 水 了!!!!").text == "停水了!"


def test_the_way_back_gives_the_villagers_own_characters() -> None:
    found = normalise("啊啊啊啊停  水 了")
    start = found.text.index("停")
    assert found.as_written(start, start + 2) == "停  水"


@given(st.text(alphabet="停水了啊路 燈冇毛隔離屋!！🔥a１", max_size=30))
def test_every_stretch_leads_back_into_the_original(text: str) -> None:
    found = normalise(text)
    for place in range(len(found.text)):
        assert found.as_written(place, place + 1) in text
    assert normalise(found.text).text == normalise(normalise(found.text).text).text
