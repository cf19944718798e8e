"""The offline tagger: village, topic, flags and kind of a villager's text, and the words that led to them."""

from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Self

from bot.domain.places import Village
from bot.domain.tagging import Correction, Guess, Reason, Tagging
from bot.domain.topics import Flag, Topic
from bot.tagging.flags import Finding, flag_reader
from bot.tagging.hearing import hears_chatter, hears_danger, hears_secret, words_of
from bot.tagging.intent import kind_of
from bot.tagging.normalise import normalise
from bot.tagging.reading import Reading, hidden
from bot.tagging.segment import Segmenter
from bot.tagging.unfit import unfit

if TYPE_CHECKING:  # these bring numpy and pypinyin, which wait for the first text
    from bot.tagging.model import LearnedModel
    from bot.tagging.sense import Sense
    from bot.tagging.topic_guesser import TopicGuesser
    from bot.tagging.villages import VillageFinder

VILLAGE_THRESHOLD = 0.6
TOPIC_THRESHOLD = 0.6
SUBTOPIC_THRESHOLD = 0.5
ALARM_THRESHOLD = 0.35  # recall before precision: danger is told to people before its topic is sure
_OFFERED = 6
_NO_FLAGS = frozenset[Flag]()
_TOLD_ANYWAY = frozenset((Flag.URGENT, Flag.SEALED))


class TownTagger:
    """Tags texts for one town. Cheap to make: tables and jieba's dictionary are read at the first use."""

    def __init__(
        self,
        villages: Sequence[Village],
        topics: Sequence[Topic],
        *,
        topic_threshold: float = TOPIC_THRESHOLD,
        model: "LearnedModel | None" = None,
    ) -> None:
        self._given_villages = tuple(villages)
        self._topics = tuple(topics)
        self._threshold = topic_threshold
        self._given_model = model
        self._segmenter = Segmenter()
        self._flags_of = {subtopic.id: subtopic.flags for topic in topics for subtopic in topic.subtopics}
        self._read_lately = lru_cache(maxsize=1)(self._tag)  # first it is asked whether it is a matter, then which

    @cached_property
    def _villages(self) -> "VillageFinder":
        from bot.tagging.villages import VillageFinder

        return VillageFinder(self._given_villages, self._segmenter)

    @cached_property
    def _guesser(self) -> "TopicGuesser":
        from bot.tagging.topic_guesser import TopicGuesser

        return TopicGuesser(self._topics, self._segmenter, self._given_model)

    @cached_property
    def _sense(self) -> "Sense":
        from bot.tagging.sense import packaged_sense

        return packaged_sense()

    @cached_property
    def _heard_of(self) -> frozenset[str]:
        """The subtopics that the sense knows."""
        return frozenset(self._sense.subtopics)

    @cached_property
    def _own_danger(self) -> bool:
        """Whether the tree has an urgent subtopic that the sense does not know."""
        return any(Flag.URGENT in flags and id_ not in self._heard_of for id_, flags in self._flags_of.items())

    @property
    def model(self) -> "LearnedModel":
        """What corrections have taught so far; keep it with `to_json`, and go back by giving an older one."""
        return self._guesser.model

    @property
    def segmenter(self) -> Segmenter:
        """The one that this tagger cuts with: its dictionary is large, so others may share it."""
        return self._segmenter

    def warm_up(self) -> None:
        """Read all tables now, a second or so; otherwise the first text waits for them."""
        self.tag("路灯坏了")

    def learned(self, corrections: Sequence[Correction]) -> Self:
        """A tagger that has also learned from `corrections`; this one stays as it is.

        Takes seconds for thousands of corrections: run it beside the conversation. Unknown labels are passed over.
        """
        return self.with_model(self._guesser.taught(corrections, self._read))

    def self_taught(self, texts: Sequence[str], least: float) -> Self:
        """For measuring only: a tagger that also believes its own guesses of at least `least` confidence, a little.

        What is kept for a town is never taught so: only what people confirmed is learned there.
        """
        return self.with_model(self._guesser.self_taught(texts, least, self._read))

    @property
    def topic_of(self) -> dict[str, str]:
        """The topic's id of each subtopic's id."""
        return dict(self._guesser.topic_of)

    def with_model(self, model: "LearnedModel | None") -> Self:
        """The same town with another model; None for the topic tree alone."""
        other = type(self)(self._given_villages, self._topics, topic_threshold=self._threshold)
        other._segmenter = self._segmenter
        other.__dict__["_villages"] = self._villages
        other.__dict__["_guesser"] = self._guesser.with_model(model)
        return other

    def for_town(self, villages: Sequence[Village], topics: Sequence[Topic]) -> Self:
        """A tagger for the town as it is now; dictionaries, and what has not changed, are shared with this one.

        Some 50 ms where this one has read its tables, nothing where it has not.
        """
        other = type(self)(villages, topics, topic_threshold=self._threshold, model=self._given_model)
        other._segmenter = self._segmenter
        ready = self.__dict__
        if "_villages" in ready:
            same = other._given_villages == self._given_villages
            other.__dict__["_villages"] = self._villages if same else other._villages
        if "_guesser" in ready:
            other.__dict__["_guesser"] = self._guesser if other._topics == self._topics else other._guesser
        return other

    def tag(self, text: str, last_village: str | None = None) -> Tagging:
        """Read one text; `last_village` is the id of the villager's last village, a weak hint."""
        return self._read_lately(text, last_village)

    def _tag(self, text: str, last_village: str | None) -> Tagging:
        reading = self._read(text, last_village)
        plain, said, villages = reading.plain, reading.said, reading.place.villages
        finding = words_of(said, reading.text, self._own_danger)
        subtopics, topics, worded = self._guesser.guess(reading)
        urgent, sealed = hears_danger(said), hears_secret(said, finding)
        is_case = urgent or sealed or not hears_chatter(said, finding, plain.text, worded)
        topic = topics[0] if is_case and topics and topics[0].confidence >= self._threshold else None
        subtopic = self._subtopic(topic, subtopics)
        village = villages[0] if villages and villages[0].confidence >= VILLAGE_THRESHOLD else None
        flags = self._flags(urgent, sealed, subtopic, subtopics, finding) if is_case else _NO_FLAGS
        return Tagging(
            village=village.id if village else None,
            hamlet=reading.place.hamlet if village else None,
            topic=topic.id if topic else None,
            subtopic=subtopic.id if subtopic else None,
            confidence=topics[0].confidence if topics else 0.0,
            flags=self._held(plain.text, flags, worded or bool(villages)) if is_case else flags,
            kind=kind_of(plain.text),
            is_case=is_case,
            villages=villages[:_OFFERED],
            topics=topics[:_OFFERED],
            subtopics=subtopics[:_OFFERED],
        )

    def _read(self, text: str, last_village: str | None = None) -> Reading:
        plain = normalise(text)
        reading = Reading(plain, flag_reader().without_traps(plain), self._segmenter.cut)
        reading.place = self._villages.find(plain, reading.cut, last_village)
        reading.sensed = hidden(plain.text, reading.place.named)
        reading.said = self._sense.read(reading.sensed)
        return reading

    def tag_all(self, texts: Sequence[str]) -> list[Tagging]:
        """Read many texts."""
        return [self.tag(text) for text in texts]

    def why(self, text: str) -> tuple[str, ...]:
        """The villager's own words that led to the tag of `text`: of the place, the topic, the flags."""
        tagging, reading = self.tag(text), self._read(text)
        spans = reading.place.spans.get(tagging.village or "", ())
        place = [reading.plain.as_written(*span) for span in spans]
        topic = self._guesser.why(reading, tagging.topic) if tagging.topic else ()
        finding = words_of(reading.said, reading.text, self._own_danger)
        return tuple(dict.fromkeys((*place, *topic, *finding.why, *self._heard(reading, tagging.flags))))

    def explain(self, text: str) -> tuple[Reason, ...]:
        """Every word that spoke for one of the likely subtopics, weightiest first, for staff who ask why."""
        return self._guesser.reasons(self._read(text))

    def find_village(self, text: str) -> tuple[Guess, ...]:
        """The villages a typed name may mean, best first: homophones, slips and short forms too."""
        return self._villages.match(text)

    def locate(self, latitude: float, longitude: float) -> tuple[Guess, ...]:
        """The villages near a place (degrees), best first; empty unless villages carry coordinates."""
        return self._villages.locate(latitude, longitude)

    def _subtopic(self, topic: Guess | None, subtopics: Sequence[Guess]) -> Guess | None:
        if topic is None:
            return None
        topic_of = self._guesser.topic_of
        for each in subtopics:
            if topic_of[each.id] == topic.id:
                return each if each.confidence >= SUBTOPIC_THRESHOLD else None
        return None

    def _held(self, plain: str, flags: frozenset[Flag], has_matter: bool) -> frozenset[Flag]:
        """Danger and what goes to the office anyway is never kept back."""
        if not _TOLD_ANYWAY.isdisjoint(flags) or not unfit(plain, has_matter):
            return flags
        return flags | {Flag.HELD}

    def _heard(self, reading: Reading, flags: frozenset[Flag]) -> list[str]:
        """The villager's words by which the sense came to alarm or to seal."""
        from bot.tagging.sense import Head

        heads = {Flag.URGENT: Head.URGENT, Flag.SEALED: Head.SEALED}
        found = [self._sense.because(reading.sensed, head) for flag, head in heads.items() if flag in flags]
        return [reading.plain.as_written(*span) for spans in found for span in spans]

    def _flags(
        self,
        urgent: bool,
        sealed: bool,
        subtopic: Guess | None,
        subtopics: Sequence[Guess],
        finding: Finding,
    ) -> frozenset[Flag]:
        """Danger and silence as they were heard; the rest by words and subtopic.

        A subtopic that schooling did not know, a town's own, is urgent by itself, even before it is certain.
        """
        own = self._flags_of[subtopic.id] if subtopic else _NO_FLAGS
        likely = subtopics[0] if subtopics and subtopics[0].confidence >= ALARM_THRESHOLD else None
        strange = likely is not None and likely.id not in self._heard_of
        alarm = urgent or (
            strange and not finding.calm and likely is not None and Flag.URGENT in self._flags_of[likely.id]
        )
        if subtopic and subtopic.id in self._heard_of:  # a subtopic of cadres is also that of their praise
            own -= {Flag.SEALED}
        if not (alarm or sealed or own or finding.flags):
            return _NO_FLAGS
        flags = (finding.flags - {Flag.URGENT, Flag.SEALED}) | (own - {Flag.URGENT})
        return flags | ({Flag.URGENT} if alarm else set()) | ({Flag.SEALED} if sealed else set())
