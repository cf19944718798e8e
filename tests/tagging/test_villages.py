"""Which village: short forms, sounds, slips, several places in one text, hints."""

import pytest

from bot.tagging.tagger import TownTagger


@pytest.mark.parametrize(
    ("text", "village"),
    [
        ("石龙停水", "shilong"),
        ("时龙村停水", "shilong"),
        ("石尤村停水", "shilong"),
        ("石龍村停水", "shilong"),
        ("石龙村委会门口的灯坏了", "shilong"),
        ("石龙大榕树下面好多垃圾", "shilong"),
        ("牛栏坑停水", "gaoling"),
        ("黄泥糖村的路烂了", "huangni"),
        ("我是大塘村嫁过来的,石龙村口塌方了", "shilong"),
        ("大塘村的人把垃圾倒在我们石龙村", "shilong"),
        ("我们三角村不像大塘村,路灯一盏都没有", "sanjiao"),
        ("不是石龙村,是白水村的桥断了", "baishui"),
        ("从水口村去新田村的路上,在莲塘村那段塌方", "liantang"),
        ("大塘村已经有了篮球场,我们白水村还没有", "baishui"),
    ],
)
def test_the_village_of_the_matter_is_found(tagger: TownTagger, text: str, village: str) -> None:
    assert tagger.tag(text).village == village


@pytest.mark.parametrize(
    "text", ["翻新田地要多少钱", "和平年代大家要团结", "石龙村和大塘村都停水", "黄龙村的路灯坏了", "新屋停水"]
)
def test_what_names_no_village_or_two_is_asked(tagger: TownTagger, text: str) -> None:
    assert tagger.tag(text).village is None


def test_two_villages_alike_are_both_offered(tagger: TownTagger) -> None:
    assert {guess.id for guess in tagger.tag("石龙村和大塘村都停水").villages} == {"shilong", "datang"}


def test_a_hamlet_names_its_village(tagger: TownTagger) -> None:
    tagging = tagger.tag("我家在上垌,冇水用")
    assert (tagging.village, tagging.hamlet) == ("shilong", "上垌")


def test_a_hamlet_that_two_villages_have_is_told_by_the_village_in_the_text(tagger: TownTagger) -> None:
    tagging = tagger.tag("大塘村新屋那边停水")
    assert (tagging.village, tagging.hamlet) == ("datang", "新屋")


def test_a_hamlet_that_two_villages_have_is_told_by_the_last_village(tagger: TownTagger) -> None:
    assert tagger.tag("新屋停水", last_village="datang").village == "datang"


def test_the_last_village_is_only_offered_first(tagger: TownTagger) -> None:
    tagging = tagger.tag("路灯坏了", last_village="heping")
    assert tagging.village is None
    assert tagging.villages[0].id == "heping"


def test_the_last_village_does_not_outweigh_a_name(tagger: TownTagger) -> None:
    assert tagger.tag("石龙村停水", last_village="heping").village == "shilong"


def test_an_unknown_last_village_is_no_hint(tagger: TownTagger) -> None:
    assert tagger.tag("路灯坏了", last_village="gone").villages == ()


@pytest.mark.parametrize(
    ("typed", "village"),
    [
        ("石龙", "shilong"),
        ("石笼", "shilong"),
        ("大糖村", "datang"),
        (" 高岭。", "gaoling"),
        ("黄泥", "huangni"),
        ("三角圩", "sanjiao"),
    ],
)
def test_a_typed_name_finds_its_village(tagger: TownTagger, typed: str, village: str) -> None:
    assert tagger.find_village(typed)[0].id == village


def test_a_typed_name_that_is_nobodys_finds_nothing(tagger: TownTagger) -> None:
    assert tagger.find_village("北京") == ()
    assert tagger.find_village("  ") == ()


def test_a_place_on_earth_is_in_the_nearest_village(tagger: TownTagger) -> None:
    guesses = tagger.locate(21.905, 110.85)
    assert guesses[0].id == "shilong"
    assert guesses[0].confidence > 0.9


def test_a_place_between_two_villages_is_sure_of_neither(tagger: TownTagger) -> None:
    assert tagger.locate(21.925, 110.85)[0].confidence < 0.6


def test_a_place_far_away_is_in_no_village(tagger: TownTagger) -> None:
    assert tagger.locate(39.9, 116.4) == ()
