"""Judge a tagger by the project's own sentences: topics, urgency, sealing, chatter."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.tagging import Tagging
from bot.domain.topics import Flag
from bot.tagging.figures import Judged, calibration_error
from bot.tagging.sentences import Sentence
from bot.tagging.tagger import TownTagger


@dataclass(frozen=True, slots=True)
class RuralFigures:
    """Shares 0..1. Recall is of what should be flagged, false alarms are of what should not.

    `village_accuracy` is of sentences that name a village, or by their author's word name none.
    """

    sentences: int
    urgent_recall: float
    urgent_false_alarms: float
    sealed_recall: float
    sealed_false_alarms: float
    chatter_found: float
    cases_lost: float
    village_accuracy: float
    topic_accuracy: float
    subtopic_accuracy: float
    coverage: float
    accuracy_if_sure: float
    calibration_error: float


def judge_sentences(tagger: TownTagger, sentences: Sequence[Sentence]) -> RuralFigures:
    """How the tagger does on `sentences`."""
    pairs = [(each, tagger.tag(each.text)) for each in sentences]
    topic_of = tagger.topic_of
    labelled = [(each, tagging) for each, tagging in pairs if each.label]
    judged = [_judged(topic_of, each, tagging) for each, tagging in labelled]
    sure = [one for one, (_, tagging) in zip(judged, labelled, strict=True) if tagging.topic]

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
        village_accuracy=_share(
            [(tagging.village or "") == each.village for each, tagging in pairs if each.village is not None]
        ),
        topic_accuracy=_share([each.right == each.guess for each in judged]),
        subtopic_accuracy=_share(
            [
                bool(tagging.subtopics) and tagging.subtopics[0].id in {each.label, *each.also}
                for each, tagging in labelled
            ]
        ),
        coverage=len(sure) / max(len(labelled), 1),
        accuracy_if_sure=_share([one.right == one.guess for one in sure]),
        calibration_error=calibration_error(judged),
    )


def _judged(topic_of: Mapping[str, str], sentence: Sentence, tagging: Tagging) -> Judged:
    """Right if the topic is that of any label that its author would take."""
    guess = tagging.topics[0].id if tagging.topics else ""
    right = [topic_of[label] for label in (sentence.label, *sentence.also)]
    return Judged(guess if guess in right else right[0], guess, tagging.confidence)


def _share(answers: Sequence[bool]) -> float:
    return sum(answers) / len(answers) if answers else 0.0
