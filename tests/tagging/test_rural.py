"""The project's own rural sentences: what the tagger hears in them, and how often it cries wolf.

`dev`, `final`, `fresh` belong to what the tagger's sense was schooled on: they only show that nothing was lost. Eight
further authors wrote without knowing anything of the program; three quarters of their sentences were taken into the
schooling, and `held-b` to `held-i` are the rest, split off by a hash (from `g` on: where the first byte of the text's
SHA-256 is a multiple of four): they tell of authors whose manner is known. `open` is by yet another author, `unseen`
by the schooling's first one, hard; both were looked at. `closed-a` and `closed-b` are by two authors more, of whom
nothing was schooled and whom nobody read who schooled or chose: whoever changes the sense with an eye on them needs
another author. The goal is to hear 0.98 of danger with false alarms in at most 0.05 of what is none; where it is
missed, the floor says by how much.
"""

from pathlib import Path

import pytest

from bot.tagging.rural import RuralFigures, judge_sentences
from bot.tagging.school import PRIMER, packaged_digest
from bot.tagging.sense import packaged_sense
from bot.tagging.sentences import read_sentences
from bot.tagging.tagger import TownTagger

HERE = Path(__file__).parent
SCHOOLED = ("dev", "final", "fresh")
HELD_OUT = ("closed-a", "closed-b", "open", "unseen", *(f"held-{author}" for author in "bcdefghi"))
SETS = {name: read_sentences(HERE / f"sentences-{name}.csv") for name in (*SCHOOLED, *HELD_OUT)}


@pytest.fixture(scope="module")
def found(tagger: TownTagger) -> dict[str, RuralFigures]:
    return {name: judge_sentences(tagger, sentences) for name, sentences in SETS.items()}


def test_what_is_judged_by_was_not_schooled_on() -> None:
    schooled = {each.text for each in read_sentences(HERE.parents[1] / "bot/data" / PRIMER)}
    held_out = [each.text for name in HELD_OUT for each in SETS[name]]
    assert len(held_out) == len(set(held_out)) >= 3700
    assert not schooled & set(held_out)


def test_the_sense_that_comes_along_was_schooled_on_the_sentences_that_come_along() -> None:
    assert packaged_sense().digest == packaged_digest()


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("closed-a", 0.98, 0.05),
        ("closed-b", 0.98, 0.05),
        ("dev", 0.98, 0.05),
        ("final", 0.98, 0.05),
        ("fresh", 0.98, 0.05),
        ("open", 0.95, 0.05),
        ("unseen", 0.96, 0.05),
        ("held-b", 0.95, 0.15),
        ("held-c", 0.96, 0.12),
        ("held-d", 0.93, 0.11),
        ("held-e", 0.85, 0.09),
        ("held-f", 0.95, 0.11),
        ("held-g", 0.98, 0.05),
        ("held-h", 0.95, 0.06),
        ("held-i", 0.98, 0.06),
    ],
)
def test_danger_is_heard_with_few_false_alarms(
    found: dict[str, RuralFigures], name: str, least: float, most: float
) -> None:
    assert found[name].urgent_recall >= least
    assert found[name].urgent_false_alarms <= most


@pytest.mark.parametrize(
    ("name", "sealed", "chatter"),
    [
        ("closed-a", 0.85, 0.75),
        ("closed-b", 0.85, 0.7),
        ("open", 0.8, 0.7),
        ("unseen", 0.7, 0.65),
        ("held-b", 0.6, 0.25),
        ("held-c", 0.7, 0.4),
        ("held-e", 0.6, 0.35),
        ("held-f", 0.6, 0.3),
        ("held-g", 0.8, 0.5),
        ("held-h", 0.8, 0.5),
        ("held-i", 0.8, 0.6),
    ],
)
def test_what_is_to_be_sealed_and_chatter_are_heard_in_sentences_never_met(
    found: dict[str, RuralFigures], name: str, sealed: float, chatter: float
) -> None:
    """Far from all of it; but hardly anything is sealed, or taken for chatter, that should not be."""
    assert found[name].sealed_recall >= sealed
    assert found[name].chatter_found >= chatter
    assert found[name].sealed_false_alarms <= 0.025
    assert found[name].cases_lost <= 0.021


@pytest.mark.parametrize(
    ("name", "subtopic", "sure"),
    [
        ("closed-a", 0.76, 0.9),
        ("closed-b", 0.76, 0.9),
        ("held-g", 0.8, 0.9),
        ("open", 0.75, 0.88),
        ("unseen", 0.62, 0.82),
        ("held-b", 0.62, 0.88),
        ("held-c", 0.55, 0.8),
    ],
)
def test_topics_of_sentences_never_met_are_mostly_right(
    found: dict[str, RuralFigures], name: str, subtopic: float, sure: float
) -> None:
    assert found[name].subtopic_accuracy >= subtopic
    assert found[name].accuracy_if_sure >= sure
    assert found[name].calibration_error <= 0.15


@pytest.mark.parametrize("name", ["dev", "final"])
def test_what_was_schooled_is_known(found: dict[str, RuralFigures], name: str) -> None:
    assert found[name].sealed_recall >= 0.9
    assert found[name].chatter_found >= 0.9
    assert found[name].cases_lost == 0.0
    assert found[name].topic_accuracy >= 0.95
