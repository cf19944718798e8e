"""Topic files: what a good one gives, and how a bad one is told."""

from pathlib import Path

import pytest

from bot.domain.topics import Flag, Limit
from bot.tagging.topic_file import LONGEST_ID, TopicFileError, load_topics, packaged_topics

GOOD = """
[[topic]]
id = "water"
name = "饮水"
[[topic.subtopic]]
id = "water.cut"
name = "停水"
limit = "24h"
flags = ["urgent"]
keywords = ["停水", "断水"]
"""


def test_the_packaged_tree_has_stable_ascii_ids_under_their_topics() -> None:
    topics = packaged_topics()
    assert len(topics) == 11
    assert sum(len(topic.subtopics) for topic in topics) == 54
    for topic in topics:
        for subtopic in topic.subtopics:
            assert subtopic.id.isascii()
            assert len(subtopic.keywords) >= 10


def test_a_good_file_gives_its_values(tmp_path: Path) -> None:
    file = tmp_path / "topics.toml"
    file.write_text(GOOD, encoding="utf-8")
    (topic,) = load_topics(file)
    (subtopic,) = topic.subtopics
    assert (topic.id, subtopic.id, subtopic.limit) == ("water", "water.cut", Limit(hours=24))
    assert (subtopic.flags, subtopic.keywords) == (frozenset({Flag.URGENT}), ("停水", "断水"))


def test_a_subtopic_without_an_id_goes_by_its_names(tmp_path: Path) -> None:
    file = tmp_path / "topics.toml"
    file.write_text(GOOD.replace('id = "water.cut"\n', ""), encoding="utf-8")
    assert load_topics(file)[0].subtopics[0].id == "water.停水"


def test_a_subtopic_of_long_names_still_needs_no_id(tmp_path: Path) -> None:
    file = tmp_path / "topics.toml"
    long = GOOD.replace('id = "water.cut"\n', "").replace('id = "water"', 'id = "劳动和社会保障"')
    file.write_text(long.replace('name = "停水"', 'name = "劳动和社会保障"'), encoding="utf-8")
    made_up = load_topics(file)[0].subtopics[0].id
    assert made_up.startswith("劳动和社会保障.")
    assert len(made_up.encode()) <= LONGEST_ID
    assert load_topics(file)[0].subtopics[0].id == made_up


@pytest.mark.parametrize(
    ("old", "new", "key", "mend"),
    [
        ('"24h"', '"soon"', "limit", "15m, 2h or 15d"),
        ('["urgent"]', '["loud"]', "flags", "urgent, restricted, sealed"),
        ('["停水", "断水"]', "[]", "keywords", "at least one word"),
        ('["停水", "断水"]', '"停水"', "keywords", "list of words"),
        ('limit = "24h"', 'limits = "24h"', "limits", "known are"),
        ('name = "停水"\n', "", "name", "is missing"),
        ('id = "water.cut"', 'id = "water cut"', "id", "blank"),
        ("[[topic]]", "[topic]", "topic", "begin each with"),
        ('id = "water"', "id = water", "file", "no valid TOML"),
    ],
)
def test_a_bad_file_is_told_by_file_key_and_mend(tmp_path: Path, old: str, new: str, key: str, mend: str) -> None:
    file = tmp_path / "topics.toml"
    file.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TopicFileError) as caught:
        load_topics(file)
    assert str(file) in str(caught.value)
    assert key in caught.value.key or key == caught.value.key
    assert mend in str(caught.value)


def test_an_id_used_twice_is_told(tmp_path: Path) -> None:
    file = tmp_path / "topics.toml"
    file.write_text(GOOD + GOOD.replace('"water"', '"other"'), encoding="utf-8")
    with pytest.raises(TopicFileError, match="also the id of"):
        load_topics(file)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(TopicFileError, match="cannot be read"):
        load_topics(tmp_path / "none.toml")
