"""Learning from corrections: better, calibrated, kept as JSON, rolled back, and not to be bought."""

import json
from dataclasses import replace

import numpy as np
import pytest

from bot.domain.tagging import Correction
from bot.domain.topics import Limit, Subtopic, Topic
from bot.tagging.examples import ABSENT, FREE, Example, fair_weights
from bot.tagging.model import LearnedModel
from bot.tagging.tagger import TownTagger
from bot.tagging.topic_file import packaged_topics
from tests.tagging.sample_town import VILLAGES

WINDMILLS = [
    Correction("山顶的风车嗡嗡转,影响我家", "environment.industry", "a"),
    Correction("风车转起来太烦人", "environment.industry", "b"),
    Correction("能不能管管那个风车", "environment.industry", "c"),
    Correction("风车日夜转个不停,耳朵受不了", "environment.industry", "d"),
    Correction("又是风车", "environment.industry", "e"),
]


def test_a_new_word_is_learned_from_corrections_and_the_old_tagger_stays_as_it_was(tagger: TownTagger) -> None:
    text = "风车又开始了"
    before = tagger.tag(text)
    learned = tagger.learned(WINDMILLS)
    after = learned.tag(text)
    assert "environment.industry" not in {each.id for each in before.subtopics[:1]}
    assert after.subtopics[0].id == "environment.industry"
    assert tagger.tag(text) == before
    assert (tagger.model.version, learned.model.version) == (0, 1)


def test_a_topic_alone_can_be_confirmed(tagger: TownTagger) -> None:
    corrections = [Correction("山顶的风车太烦人", "environment", str(user)) for user in range(5)]
    assert tagger.learned(corrections).tag("风车太烦人").topics[0].id == "environment"


def test_what_the_sense_heard_is_taught_to_a_tree_that_has_no_word_for_it() -> None:
    odd = tuple(
        Topic(id_, id_, (Subtopic(f"{id_}.all", id_, Limit.parse("15d"), keywords=(word,)),))
        for id_, word in (("dark", "甲乙丙"), ("dry", "丁戊己"))
    )
    lessons = [("村里路灯不亮", "dark"), ("村里灯坏了一盏", "dark"), ("村里水龙头没水", "dry"), ("村里停水两天", "dry")]
    tagger = TownTagger((), odd).learned([Correction(text, label, text) for text, label in lessons])
    assert tagger.tag("村里黑漆漆的").topics[0].id == "dark"
    assert tagger.tag("村里断水了").topics[0].id == "dry"


def test_what_the_tree_said_before_corrections_keeps_its_share_where_it_has_a_word() -> None:
    model = LearnedModel(("a", "b"), doubt=0.0, rows=(1,), weights=np.array([[0.0, 9.0]]))
    mixed = replace(model, untaught=0.5)
    given, silent, spoken = ((1,), (1.0,)), np.full(2, ABSENT), np.array([1.0, 0.0])
    assert mixed.probabilities(given, silent)[1] == model.probabilities(given, silent)[1] > 0.99
    before = LearnedModel(("a", "b"), doubt=0.0).probabilities(((), ()), spoken)
    assert mixed.probabilities(given, spoken) == pytest.approx((model.probabilities(given, spoken) + before) / 2)
    assert LearnedModel.from_json(mixed.to_json()).untaught == 0.5


def _heard(right: str, length: int) -> Example:
    """A correction of a text that the tree takes for `a`, and says so five times as strongly where it is long."""
    return Example(((), ()), (("a", 1.0 if length > 200 else 0.2),), (right,), length=length)


def _short_is_right_where_long_is_often_wrong(count: int) -> LearnedModel:
    examples = [_heard("b" if number % 4 == 0 else "a", 2000) for number in range(count // 2)]
    return LearnedModel(("a", "b")).taught([*examples, *(_heard("a", 20) for _ in range(count // 2))])


@pytest.fixture(scope="module")
def told() -> LearnedModel:
    return _short_is_right_where_long_is_often_wrong(200)


def test_a_long_text_that_repeats_itself_is_believed_less_where_corrections_told_so(told: LearnedModel) -> None:
    assert told.repetition > 0
    strong, weak = np.array([1.0, ABSENT]), np.array([0.2, ABSENT])
    long, short = told.probabilities(((), ()), strong, 2000)[0], told.probabilities(((), ()), weak, 20)[0]
    assert 0.65 < long < 0.85 < short
    assert told.probabilities(((), ()), strong, 20)[0] > short  # it is the length that makes the difference


def test_few_corrections_and_short_ones_tell_nothing_of_long_texts(told: LearnedModel) -> None:
    assert _short_is_right_where_long_is_often_wrong(80).repetition == 0.0
    short = [replace(each, length=each.length // 40) for each in told.examples]
    assert LearnedModel(("a", "b")).taught(short).repetition == 0.0


def test_a_text_longer_than_the_corrections_is_believed_as_much_as_the_longest_of_them(told: LearnedModel) -> None:
    shares = [told.probabilities(((), ()), np.array([1.0, ABSENT]), length)[0] for length in (1000, 2000, 9000)]
    assert shares[0] > shares[1] == shares[2]


def test_a_model_kept_before_lengths_were_is_still_read_and_minds_none(told: LearnedModel) -> None:
    data = json.loads(told.to_json())
    del data["repetition"], data["longest"]
    data["examples"] = [each[:-1] for each in data["examples"]]
    old, strong = LearnedModel.from_json(json.dumps(data)), np.array([1.0, ABSENT])
    assert old.examples[0] == replace(told.examples[0], length=0)
    assert old.probabilities(((), ()), strong, 2000) == pytest.approx(old.probabilities(((), ()), strong, 20))


def test_corrections_with_unknown_labels_teach_nothing(tagger: TownTagger) -> None:
    assert tagger.learned([Correction("风车", "no.such.topic", "a")]).tag("风车") == tagger.tag("风车")


def test_a_model_kept_as_json_answers_the_same(tagger: TownTagger) -> None:
    learned = tagger.learned(WINDMILLS)
    text = learned.model.to_json()
    again = tagger.with_model(LearnedModel.from_json(text))
    assert again.tag("风车又开始了").subtopics[0].id == learned.tag("风车又开始了").subtopics[0].id
    assert again.model.to_json() == text


def test_a_model_holds_no_words_of_the_villagers(tagger: TownTagger) -> None:
    assert "风车" not in tagger.learned(WINDMILLS).model.to_json()


def test_the_older_model_undoes_what_was_learned(tagger: TownTagger) -> None:
    learned = tagger.learned(WINDMILLS)
    assert learned.with_model(tagger.model).tag("风车又开始了") == tagger.tag("风车又开始了")
    assert learned.with_model(None).tag("风车又开始了") == tagger.tag("风车又开始了")


def test_learning_goes_on_where_a_kept_model_stopped(tagger: TownTagger) -> None:
    first = tagger.learned(WINDMILLS[:1])
    kept = LearnedModel.from_json(first.model.to_json())
    there = tagger.with_model(kept).learned(WINDMILLS[1:])
    assert there.model.version == 2
    assert len(there.model.examples) == len(WINDMILLS)


def test_one_users_spam_cannot_turn_a_topic(tagger: TownTagger) -> None:
    honest = [Correction(f"路灯坏了第{number}次", "roads.lamps", f"user {number}") for number in range(20)]
    spam = [Correction("路灯坏了", "market.fairs", "spammer")] * 200
    assert tagger.learned([*honest, *spam]).tag("村口路灯坏了").subtopics[0].id == "roads.lamps"


def test_a_users_weight_is_capped_and_nobody_else_loses_by_it() -> None:
    examples = [Example(((1,), (1.0,)), (), ("a",), user) for user in ["one"] * 50 + ["two"]]
    weights = fair_weights(examples)
    assert weights[:50].sum() == pytest.approx(max(FREE, 5.1))
    assert weights[50] == 1.0


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 99}', "null", '{"format": 1, "subtopics": ["a"]}'])
def test_what_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="learned model"):
        LearnedModel.from_json(text)


def test_a_model_of_a_changed_tree_keeps_what_still_fits(tagger: TownTagger) -> None:
    model = tagger.learned([*WINDMILLS, Correction("圩日好挤", "market.fairs", "f")]).model
    smaller = tuple(topic for topic in packaged_topics() if topic.id != "market-industry")
    moved = TownTagger(VILLAGES, smaller, model=model)
    assert moved.tag("风车又开始了").subtopics[0].id == "environment.industry"
    assert len(moved.model.examples) == len(WINDMILLS)


def test_the_same_corrections_give_the_same_model(tagger: TownTagger) -> None:
    assert tagger.learned(WINDMILLS).model.to_json() == tagger.learned(WINDMILLS).model.to_json()


def test_reasons_name_words_of_the_tree_and_learned_ones(tagger: TownTagger) -> None:
    reasons = tagger.learned(WINDMILLS).explain("风车的噪音太吵")
    assert {("噪音", False), ("风车", True)} <= {(reason.word, reason.learned) for reason in reasons}
    assert [reason.weight for reason in reasons] == sorted((reason.weight for reason in reasons), reverse=True)
