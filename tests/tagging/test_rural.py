"""The project's own rural sentences: what the tagger must reach on those it was tuned by and on those it was not.

`sentences-dev.csv` was used for tuning; the texts of `sentences-final.csv` never were.
"""

from pathlib import Path

import pytest

from bot.tagging.rural import judge_sentences, read_sentences
from bot.tagging.tagger import TownTagger

HERE = Path(__file__).parent


def test_there_are_enough_sentences_and_none_is_in_both_sets() -> None:
    dev, final = (read_sentences(HERE / f"sentences-{name}.csv") for name in ("dev", "final"))
    assert len(dev) + len(final) >= 300
    assert not {each.text for each in dev} & {each.text for each in final}


@pytest.mark.parametrize(("name", "recall", "alarms"), [("dev", 0.98, 0.05), ("final", 0.9, 0.08)])
def test_danger_is_heard_and_false_alarms_are_few(tagger: TownTagger, name: str, recall: float, alarms: float) -> None:
    found = judge_sentences(tagger, read_sentences(HERE / f"sentences-{name}.csv"))
    assert found.urgent_recall >= recall
    assert found.urgent_false_alarms <= alarms


@pytest.mark.parametrize("name", ["dev", "final"])
def test_sealing_chatter_and_topics_are_mostly_right(tagger: TownTagger, name: str) -> None:
    found = judge_sentences(tagger, read_sentences(HERE / f"sentences-{name}.csv"))
    assert found.sealed_recall >= 0.9
    assert found.sealed_false_alarms <= 0.02
    assert found.chatter_found >= 0.9
    assert found.cases_lost == 0.0
    assert found.topic_accuracy >= 0.82
    assert found.accuracy_if_sure >= 0.9
    assert found.coverage >= 0.7
    assert found.calibration_error <= 0.1
