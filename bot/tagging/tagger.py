"""The offline tagger: village, topic, flags and kind of a villager's text, each with the words that led to it."""

import math
from collections.abc import Sequence
from functools import cached_property

from bot.domain.places import Village
from bot.domain.tagging import Guess, Tagging
from bot.domain.topics import Flag, Topic
from bot.tagging.flags import flag_reader
from bot.tagging.intent import is_chatter, kind_of
from bot.tagging.normalise import normalise
from bot.tagging.segment import Segmenter
from bot.tagging.topics import KeywordPrior, Scores
from bot.tagging.villages import VillageFinder

VILLAGE_THRESHOLD = 0.6
TOPIC_THRESHOLD = 0.6
_OFFERED = 6
_DOUBT = 0.9  # keyword weight that no topic at all would have
_SHARPNESS = 3.0


class TownTagger:
    """Tags texts for one town. Cheap to make: tables and jieba's dictionary are read at the first use."""

    def __init__(
        self, villages: Sequence[Village], topics: Sequence[Topic], *, topic_threshold: float = TOPIC_THRESHOLD
    ) -> None:
        self._given_villages = tuple(villages)
        self._topics = tuple(topics)
        self._threshold = topic_threshold
        self._segmenter = Segmenter()
        self._flags_of = {subtopic.id: subtopic.flags for topic in topics for subtopic in topic.subtopics}

    @cached_property
    def _villages(self) -> VillageFinder:
        return VillageFinder(self._given_villages, self._segmenter)

    @cached_property
    def _prior(self) -> KeywordPrior:
        return KeywordPrior(self._topics)

    def warm_up(self) -> None:
        """Read all tables now, a second or so; otherwise the first text waits for them."""
        self.tag("路灯坏了")

    def tag(self, text: str, last_village: str | None = None) -> Tagging:
        """Read one text; `last_village` is the id of the villager's last village, a weak hint."""
        plain = normalise(text)
        words: list[str] = []

        def cut() -> list[str]:
            if not words:
                words.extend(self._segmenter.cut(plain.text))
            return words

        reader = flag_reader()
        meant = reader.without_traps(plain)
        scores = self._prior.score(meant, cut)
        finding = reader.read(meant)
        is_case = not is_chatter(plain.text, bool(scores or finding.flags))
        subtopics, topics = self._guesses(scores)
        villages, hamlet = self._villages.find(plain, cut, last_village)
        topic = topics[0] if is_case and topics and topics[0].confidence >= self._threshold else None
        subtopic = next((each for each in subtopics if topic and self._prior.topic_of[each.id] == topic.id), None)
        if topic and subtopic and subtopic.confidence < self._threshold * 0.8:
            subtopic = None
        village = villages[0] if villages and villages[0].confidence >= VILLAGE_THRESHOLD else None
        flags = set(finding.flags) if is_case else set[Flag]()
        if subtopic:
            flags |= self._flags_of[subtopic.id] - ({Flag.URGENT} if finding.calm else set())
        why = (*(village.why if village else ()), *(topic.why if topic else ()), *finding.why)
        return Tagging(
            village=village.id if village else None,
            hamlet=hamlet if village else None,
            topic=topic.id if topic else None,
            subtopic=subtopic.id if subtopic else None,
            confidence=topics[0].confidence if topics else 0.0,
            flags=frozenset(flags),
            why=tuple(dict.fromkeys(why)),
            kind=kind_of(plain.text),
            is_case=is_case,
            villages=villages[:_OFFERED],
            topics=topics[:_OFFERED],
            subtopics=subtopics[:_OFFERED],
        )

    def tag_all(self, texts: Sequence[str]) -> list[Tagging]:
        """Read many texts."""
        return [self.tag(text) for text in texts]

    def find_village(self, text: str) -> tuple[Guess, ...]:
        """The villages a typed name may mean, best first: homophones, slips and short forms too."""
        return self._villages.match(text)

    def locate(self, latitude: float, longitude: float) -> tuple[Guess, ...]:
        """The villages near a place (degrees), best first; empty unless villages carry coordinates."""
        return self._villages.locate(latitude, longitude)

    def _guesses(self, scores: Scores) -> tuple[tuple[Guess, ...], tuple[Guess, ...]]:
        """Subtopics and topics with their share of the weight, doubt having a share too."""
        if not scores:
            return (), ()
        powers = {place: math.exp(_SHARPNESS * min(weight, 4.0)) for place, weight in scores.weights.items()}
        total = sum(powers.values()) + math.exp(_SHARPNESS * _DOUBT) / 2
        subtopics, by_topic, why = [], dict[str, float](), dict[str, dict[str, None]]()
        for place in sorted(powers, key=lambda each: -powers[each]):
            id_ = self._prior.subtopics[place]
            share = powers[place] / total
            subtopics.append(Guess(id_, round(share, 3), scores.why[place]))
            topic = self._prior.topic_of[id_]
            by_topic[topic] = by_topic.get(topic, 0.0) + share
            why.setdefault(topic, {}).update(dict.fromkeys(scores.why[place]))
        topics = [Guess(id_, round(share, 3), tuple(why[id_])) for id_, share in by_topic.items()]
        return tuple(subtopics), tuple(sorted(topics, key=lambda guess: -guess.confidence))
