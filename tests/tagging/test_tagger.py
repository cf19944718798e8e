"""The tagger as a whole: what a villager writes, and what is made of it."""

import io
import json
import subprocess
import sys

import pytest

from bot.domain.topics import Flag
from bot.tagging.command_tag import run_tag
from bot.tagging.tagger import TownTagger
from bot.tagging.topic_file import packaged_topics
from tests.tagging.sample_town import VILLAGES


def test_a_road_full_of_holes_is_about_roads(tagger: TownTagger) -> None:
    tagging = tagger.tag("村口到小学那段水泥路全是大坑")
    assert (tagging.topic, tagging.subtopic, tagging.is_case) == ("roads", "roads.potholes", True)
    assert "大坑" in tagger.why("村口到小学那段水泥路全是大坑")


def test_a_dark_street_lamp_names_its_village_and_is_a_complaint(tagger: TownTagger) -> None:
    text = "我们石龙村的路灯坏了半个月,晚上老人不敢出门"
    tagging = tagger.tag(text)
    assert (tagging.village, tagging.topic, tagging.subtopic) == ("shilong", "roads", "roads.lamps")
    assert tagging.kind == "complaint"
    assert tagging.flags == frozenset()
    assert {"石龙村", "路灯"} <= set(tagger.why(text))


@pytest.mark.parametrize(
    "text", ["你好", "谢谢", "哈哈哈", "在吗", "👍", "今天天气真好", "谢谢,路灯修好了", "🙏🙏🙏", "?"]
)
def test_greetings_thanks_and_chatter_are_no_case(tagger: TownTagger, text: str) -> None:
    tagging = tagger.tag(text)
    assert (tagging.is_case, tagging.topic, tagging.flags) == (False, None, frozenset())


def test_thanks_with_a_new_complaint_are_a_case(tagger: TownTagger) -> None:
    assert tagger.tag("谢谢修好路灯,但是水沟又塞了").is_case


def test_a_text_that_says_too_little_gets_no_topic(tagger: TownTagger) -> None:
    tagging = tagger.tag("我想反映一件事情,请你们来看看")
    assert tagging.topic is None
    assert tagging.is_case


def test_what_was_asked_for_is_a_suggestion(tagger: TownTagger) -> None:
    assert tagger.tag("建议在村口装个路灯").kind == "suggestion"
    assert tagger.tag("能不能建一个篮球场").kind == "suggestion"
    assert tagger.tag("希望快点修路,烂了半年了").kind == "complaint"


def test_traditional_characters_and_dialect_say_the_same(tagger: TownTagger) -> None:
    tagging = tagger.tag("我哋石龍村嘅路燈壞咗半個月")
    assert (tagging.village, tagging.subtopic) == ("shilong", "roads.lamps")
    assert "路燈" in tagger.why("我哋石龍村嘅路燈壞咗半個月")


@pytest.mark.parametrize("text", ["冇水用三日了", "毛水用三日了", "矛水用三日了", "冇有水用", "停停停停水啊啊啊啊"])
def test_a_lack_of_water_is_urgent_however_it_is_spelt(tagger: TownTagger, text: str) -> None:
    tagging = tagger.tag(text)
    assert tagging.subtopic == "water.cut"
    assert Flag.URGENT in tagging.flags


def test_an_empty_town_and_tree_still_answer() -> None:
    tagging = TownTagger((), ()).tag("路灯坏了")
    assert (tagging.village, tagging.topic, tagging.villages, tagging.topics) == (None, None, (), ())


def test_a_hundred_thousand_characters_are_read() -> None:
    assert TownTagger(VILLAGES, packaged_topics()).tag("路灯坏了,石龙村。" * 10_000).village == "shilong"


def test_tag_writes_one_json_object_a_line_and_null_where_it_abstains(tagger: TownTagger) -> None:
    out = io.StringIO()
    run_tag(tagger, ["村口到小学那段水泥路全是大坑\n", "\n", "你好\n"], out)
    first, second = map(json.loads, out.getvalue().splitlines())
    assert list(first) == ["text", "village", "topic", "subtopic", "confidence", "flags", "why"]
    assert (first["topic"], second["topic"]) == ("roads", None)
    assert "大坑" in out.getvalue()


def test_making_a_tagger_reads_no_dictionary_and_the_first_use_says_nothing_on_stderr() -> None:
    program = (
        "import sys\n"
        "from bot.tagging.tagger import TownTagger\n"
        "from bot.tagging.topic_file import packaged_topics\n"
        "tagger = TownTagger((), packaged_topics())\n"
        "assert not {'jieba', 'numpy', 'pypinyin'} & set(sys.modules)\n"
        "tagger.tag('路灯坏了')\n"
        "assert 'jieba' in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
