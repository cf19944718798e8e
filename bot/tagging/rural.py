"""Judge a tagger by the project's own sentences: topics, urgency, sealing, chatter."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.domain.topics import Flag
from bot.tagging.figures import Judged, calibration_error
from bot.tagging.tagger import TownTagger


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and what its author meant; `label` is a subtopic's id, or empty where none fits."""

    text: str
    label: str
    urgent: bool
    sealed: bool
    case: bool


@dataclass(frozen=True, slots=True)
class RuralFigures:
    """Shares 0..1. Recall is of what should be flagged, false alarms are of what should not."""

    sentences: int
    urgent_recall: float
    urgent_false_alarms: float
    sealed_recall: float
    sealed_false_alarms: float
    chatter_found: float
    cases_lost: float
    topic_accuracy: float
    subtopic_accuracy: float
    coverage: float
    accuracy_if_sure: float
    calibration_error: float


def read_sentences(path: Path) -> tuple[Sentence, ...]:
    """Rows of `label,urgent,sealed,case,text`, `yes` or nothing in the middle ones. Raises OSError, KeyError."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Sentence(row["text"], row["label"], bool(row["urgent"]), bool(row["sealed"]), bool(row["case"]))
            for row in csv.DictReader(file)
        )


def judge_sentences(tagger: TownTagger, sentences: Sequence[Sentence]) -> RuralFigures:
    """How the tagger does on `sentences`."""
    pairs = [(each, tagger.tag(each.text)) for each in sentences]
    topic_of = tagger.topic_of
    labelled = [(each, tagging) for each, tagging in pairs if each.label]
    judged = [
        Judged(topic_of[each.label], tagging.topics[0].id if tagging.topics else "", tagging.confidence)
        for each, tagging in labelled
    ]
    sure = [(each, tagging) for each, tagging in labelled if tagging.topic]

    def flagged(flag: Flag, of: Callable[[Sentence], bool]) -> float:
        return _share([flag in tagging.flags for each, tagging in pairs if of(each)])

    return RuralFigures(
        sentences=len(sentences),
        urgent_recall=flagged(Flag.URGENT, lambda each: each.urgent),
        urgent_false_alarms=flagged(Flag.URGENT, lambda each: not each.urgent),
        sealed_recall=flagged(Flag.SEALED, lambda each: each.sealed),
        sealed_false_alarms=flagged(Flag.SEALED, lambda each: not each.sealed),
        chatter_found=_share([not tagging.is_case for each, tagging in pairs if not each.case]),
        cases_lost=_share([not tagging.is_case for each, tagging in pairs if each.case]),
        topic_accuracy=_share([each.right == each.guess for each in judged]),
        subtopic_accuracy=_share(
            [bool(tagging.subtopics) and tagging.subtopics[0].id == each.label for each, tagging in labelled]
        ),
        coverage=len(sure) / max(len(labelled), 1),
        accuracy_if_sure=_share([tagging.topic == topic_of[each.label] for each, tagging in sure]),
        calibration_error=calibration_error(judged),
    )


def _share(answers: Sequence[bool]) -> float:
    return sum(answers) / len(answers) if answers else 0.0
