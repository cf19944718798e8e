"""Guided submission: free words first, then village, topic only if unsure, photos if any, read back, submit."""

from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from bot.dialogue.screens import BACK, HUMAN, Answer, Choice, Effect, Outcome, Screen, menu_number
from bot.domain.cases import Kind
from bot.domain.messages import File, FileKind, Location
from bot.domain.tagging import Guess, Reason, Tagging
from bot.domain.text import Text, t
from bot.domain.topics import Flag
from bot.domain.town import Town

FLOW = "submission"
UNKNOWN = "-"
"""The choice for a place or a topic that the villager cannot name; staff will."""

TYPED_VILLAGE = 0.6
"""How sure a typed village name must be to count as the answer."""


class Reader(Protocol):
    """What the flow needs of the tagger."""

    def tag(self, text: str, last_village: str | None = None) -> Tagging: ...

    def find_village(self, text: str) -> tuple[Guess, ...]: ...

    def explain(self, text: str) -> tuple[Reason, ...]: ...

    def locate(self, latitude: float, longitude: float) -> tuple[Guess, ...]: ...


class Limits(BaseModel):
    """How much one case may hold."""

    model_config = ConfigDict(frozen=True)
    characters: int = 10_000
    files: int = 9


class Words(BaseModel):
    """One message of the description; its id finds it again when it is edited."""

    model_config = ConfigDict(frozen=True)
    message_id: str
    text: str


class Alike(BaseModel):
    """An open case that may be the same matter, and as much of it as another villager may read."""

    model_config = ConfigDict(frozen=True)
    case: int
    extract: str


class Submission(BaseModel):
    """A half-finished case. What a person chose (`*_chosen`) is never overruled by a guess."""

    model_config = ConfigDict(frozen=True)
    words: tuple[Words, ...] = ()
    kind: Kind = Kind.COMPLAINT
    kind_chosen: bool = False
    village: str | None = None
    village_chosen: bool = False
    hamlet: str | None = None
    likely_villages: tuple[str, ...] = ()
    topic: str | None = None
    subtopic: str | None = None
    topic_chosen: bool = False
    likely_topics: tuple[str, ...] = ()
    likely_subtopics: tuple[str, ...] = ()
    confidence: float = 0.0
    flags: frozenset[Flag] = frozenset()
    is_case: bool = True
    files: tuple[File, ...] = ()
    album: str | None = None
    files_asked: bool = False
    location: Location | None = None
    last_village: str | None = None
    alike: Alike | None = None
    alike_asked: bool = False  # and it is another matter
    reviewed: bool = False  # the read-back was reached: later steps return to it

    @property
    def text(self) -> str:
        return "\n".join(part.text for part in self.words)

    @property
    def spoken(self) -> bool:
        return any(file.kind in (FileKind.VOICE, FileKind.AUDIO) for file in self.files)


class SubmissionFlow:
    """Steps: describe, unsure, village, hamlet, topic, alike, photos, check. Pure but for the tagger it reads with."""

    def __init__(self, town: Town, reader: Reader, limits: Limits) -> None:
        self._town = town
        self._reader = reader
        self._limits = limits

    # -- what is asked -------------------------------------------------------------------------------------

    def screen(self, step: str, data: Submission) -> Screen:
        """The question of a step, the same each time it is drawn from the same data."""
        draw = {
            "describe": self._describe,
            "unsure": self._unsure,
            "village": self._village,
            "hamlet": self._hamlet,
            "topic": self._topic,
            "alike": self._alike,
            "photos": self._photos,
            "check": self._check,
        }
        return draw[step](data)

    def _describe(self, data: Submission) -> Screen:
        if data.words:
            return Screen(t("submit.describe_again", text=data.text))
        if data.files:
            return Screen(t("submit.describe_files", count=len(data.files)))
        return Screen(t("submit.describe"))

    def _unsure(self, data: Submission) -> Screen:
        return Screen(t("submit.unsure"), (Choice("yes", t("submit.unsure_yes")),))

    def _village(self, data: Submission) -> Screen:
        first = [village for v in data.likely_villages if (village := self._town.village(v))]
        rest = [village for village in self._town.villages if village not in first]
        choices = [Choice(v.id, t("plain", text=v.name)) for v in (*first, *rest)]
        return Screen(t("submit.village"), (*choices, Choice(UNKNOWN, t("submit.village_unknown"))), columns=3)

    def _hamlet(self, data: Submission) -> Screen:
        village = self._town.village(data.village)
        hamlets = village.hamlets if village else ()
        choices = [Choice(h.name, t("plain", text=h.name)) for h in hamlets]
        return Screen(
            t("submit.hamlet", village=village.name if village else ""),
            (*choices, Choice(UNKNOWN, t("submit.hamlet_skip"))),
            columns=2,
        )

    def _topic(self, data: Submission) -> Screen:
        first = [topic for id_ in data.likely_topics if (topic := self._town.topic(id_))]
        rest = [topic for topic in self._town.topics if topic not in first]
        choices = [Choice(topic.id, t("plain", text=topic.name)) for topic in (*first, *rest)]
        return Screen(t("submit.topic"), (*choices, Choice(UNKNOWN, t("submit.topic_unknown"))), columns=2)

    def _alike(self, data: Submission) -> Screen:
        text = t(
            "alike.question",
            place=place(self._town, data.village, None),
            topic=topic_name(self._town, data.topic, None),
            extract=data.alike.extract if data.alike else "",
        )
        return Screen(text, (Choice("join", t("alike.join")), Choice("other", t("alike.other"))))

    def _photos(self, data: Submission) -> Screen:
        if data.files or data.location:
            return Screen(t("submit.photos_got", got=gathered(data)), (Choice("next", t("submit.photos_done")),))
        return Screen(t("submit.photos"), (Choice("next", t("submit.photos_none")),))

    def _check(self, data: Submission) -> Screen:
        urgent = t("submit.urgent") if Flag.URGENT in data.flags else t("nothing")
        text = t(
            "submit.check",
            kind=t(f"kind.{data.kind}"),
            place=place(self._town, data.village, data.hamlet),
            topic=topic_name(self._town, data.topic, data.subtopic),
            text=data.text or t("submit.voice_only"),
            files=gathered(data),
            urgent=urgent,
        )
        other = Kind.SUGGESTION if data.kind is Kind.COMPLAINT else Kind.COMPLAINT
        return Screen(
            text,
            (
                Choice("submit", t("submit.do_submit")),
                Choice("words", t("submit.do_words")),
                Choice("village", t("submit.do_village")),
                Choice("topic", t("submit.do_topic")),
                Choice("photos", t("submit.do_photos")),
                Choice("kind", t("submit.do_kind", kind=t(f"kind.{other}"))),
            ),
            columns=2,
        )

    # -- what an answer does -------------------------------------------------------------------------------

    def step(self, step: str, data: Submission, answer: Answer) -> Outcome[Submission]:
        """Take one answer at one step. Nothing a villager says is thrown away: words that answer no question
        are added to the description, files to the files."""
        if answer.choice == HUMAN:
            return Outcome(step, data, effect=Effect.HUMAN)
        if answer.choice == BACK:
            return self._back(step, data)
        if answer.choice is not None:
            return self._chosen(step, data, answer.choice)
        if answer.edited:
            return self._edited(step, data, answer)
        if not answer.files and not answer.location and menu_number(answer.text) is not None:
            return Outcome(step, data, t("error.no_such_number"))
        before = data
        data, notice = self._gather(data, answer)
        if answer.files and not answer.text and answer.album and answer.album == before.album:
            return Outcome(step, data, notice, quiet=notice is None)
        if answer.text:
            typed = answer.text.strip()
            if step == "village" and (village := self._typed_village(typed)):
                return self._chosen(step, data, village)
            if step == "hamlet" and len(typed) <= 20:
                return self._chosen(step, data, typed)
            if step == "topic" and (topic := self._typed_topic(typed)):
                return self._chosen(step, data, topic)
            return self._say(step, data, answer, notice)
        if step == "photos":
            return Outcome("photos", data, notice)
        if data.spoken and not data.words:
            return Outcome(self._next(data), data, notice or t("submit.voice_taken"))
        return Outcome(step if step == "check" else self._next(data), data, notice)

    def _chosen(self, step: str, data: Submission, choice: str) -> Outcome[Submission]:
        if step == "check":
            return self._review(data, choice)
        if step == "alike":
            data = data.model_copy(update={"alike_asked": True})
            return Outcome(self._next(data), data, effect=Effect.JOIN if choice == "join" else None)
        if step == "unsure":
            data = data.model_copy(update={"is_case": True})
        elif step == "village":
            known = choice != UNKNOWN
            changed = choice != data.village
            data = data.model_copy(
                update={
                    "village": choice if known else None,
                    "village_chosen": True,
                    "hamlet": None if changed else data.hamlet,
                }
            )
            village = self._town.village(data.village)
            if data.reviewed and village and village.hamlets:
                return Outcome("hamlet", data)
        elif step == "hamlet":
            data = data.model_copy(update={"hamlet": None if choice == UNKNOWN else choice})
        elif step == "topic":
            data = self._choose_topic(data, choice)
        elif step == "photos":
            data = data.model_copy(update={"files_asked": True})
        return Outcome(self._next(data), data)

    def _choose_topic(self, data: Submission, choice: str) -> Submission:
        topic = self._town.topic(choice)
        inside = {sub.id for sub in topic.subtopics} if topic else set()
        subtopic = next((s for s in data.likely_subtopics if s in inside), None)
        flags = data.flags
        if found := self._town.subtopic(subtopic):
            flags |= found.flags
        return data.model_copy(
            update={
                "topic": topic.id if topic else None,
                "subtopic": subtopic,
                "topic_chosen": True,
                "flags": flags,
            }
        )

    def _review(self, data: Submission, choice: str) -> Outcome[Submission]:
        if choice == "submit":
            return Outcome("check", data, effect=Effect.DONE)
        if choice == "kind":
            other = Kind.SUGGESTION if data.kind is Kind.COMPLAINT else Kind.COMPLAINT
            return Outcome("check", data.model_copy(update={"kind": other, "kind_chosen": True}))
        if choice == "words":
            return Outcome("describe", data)
        return Outcome(choice, data)

    def _back(self, step: str, data: Submission) -> Outcome[Submission]:
        if step == "describe" and data.reviewed:
            return Outcome("check", data)
        if step in ("describe", "unsure"):
            empty = not data.words and not data.files
            return Outcome(step, data, effect=Effect.CANCEL if empty else Effect.LEAVE)
        if data.reviewed and step != "check":
            return Outcome("check", data)
        order = ["describe", "village", "topic", "photos", "check"]
        if step == "alike":
            return Outcome("topic", data)
        here = order.index(step)
        return Outcome(order[here - 1] if step != "hamlet" else "village", data)

    def _edited(self, step: str, data: Submission, answer: Answer) -> Outcome[Submission]:
        words = tuple(
            Words(message_id=w.message_id, text=answer.text) if w.message_id == answer.message_id else w
            for w in data.words
        )
        if words == data.words:
            return Outcome(step, data)
        return Outcome(step, self._read(data.model_copy(update={"words": words})), t("submit.edited"))

    def _say(self, step: str, data: Submission, answer: Answer, notice: Text | None) -> Outcome[Submission]:
        """Words of the description: new ones, more of them, or (asked for by "change the words") instead."""
        if step == "describe" and data.reviewed:
            words: tuple[Words, ...] = ()
        else:
            words = data.words
        room = self._limits.characters - sum(len(w.text) for w in words)
        if len(answer.text) > room:
            notice = t("submit.too_long", limit=self._limits.characters)
        kept = answer.text[: max(room, 0)]
        if kept:
            words = (*words, Words(message_id=answer.message_id, text=kept))
        more = bool(data.words) and step != "describe"
        was_urgent = Flag.URGENT in data.flags
        data = self._read(data.model_copy(update={"words": words}))
        if Flag.URGENT in data.flags and not was_urgent:
            notice = t("submit.urgent")
        if notice is None and answer.forwarded:
            notice = t("submit.forwarded")
        if notice is None and more:
            notice = t("submit.added")
        return Outcome(self._next(data), data, notice)

    def _gather(self, data: Submission, answer: Answer) -> tuple[Submission, Text | None]:
        """Keep files and place of an answer, whatever was asked."""
        notice = None
        if answer.files:
            room = self._limits.files - len(data.files)
            if len(answer.files) > room:
                notice = t("submit.too_many_files", limit=self._limits.files)
            files = (*data.files, *answer.files[: max(room, 0)])
            data = data.model_copy(update={"files": files, "album": answer.album})
        if answer.location:
            data = data.model_copy(update={"location": answer.location})
            near = self._reader.locate(answer.location.latitude, answer.location.longitude)
            if near and not data.village_chosen:
                data = data.model_copy(update={"village": near[0].id, "village_chosen": True})
            notice = notice or t("submit.location_taken")
        return data, notice

    def _read(self, data: Submission) -> Submission:
        """Tag the description anew; what the person chose stands."""
        tagging = self._reader.tag(data.text, data.last_village)
        update: dict[str, Any] = {
            "likely_villages": tuple(g.id for g in tagging.villages[:5]),
            "likely_topics": tuple(g.id for g in tagging.topics[:5]),
            "likely_subtopics": tuple(g.id for g in tagging.subtopics[:8]),
            "flags": tagging.flags,
            "is_case": tagging.is_case or (data.is_case and bool(data.words[:-1])),
        }
        if data.last_village and data.last_village not in update["likely_villages"]:
            update["likely_villages"] += (data.last_village,)
        if not data.kind_chosen:
            update["kind"] = Kind(tagging.kind)
        if not data.village_chosen:
            update |= {"village": tagging.village, "hamlet": tagging.hamlet}
        if not data.topic_chosen:
            update |= {
                "topic": tagging.topic,
                "subtopic": tagging.subtopic,
                "confidence": tagging.confidence,
            }
        return data.model_copy(update=update)

    def _next(self, data: Submission) -> str:
        """The first question that is still open."""
        if not data.words and not data.spoken:
            return "describe"
        if not data.is_case and not data.spoken:
            return "unsure"
        if data.village is None and not data.village_chosen:
            return "village"
        if data.topic is None and not data.topic_chosen:
            return "topic"
        hurry = Flag.URGENT in data.flags  # the read-back takes photos too
        if not (data.files or data.files_asked or data.reviewed or hurry):
            return "photos"
        return "check"

    def arrive(self, step: str, data: Submission) -> Submission:
        """Note that the read-back was shown, so that edits come back to it."""
        return data.model_copy(update={"reviewed": True}) if step == "check" else data

    def _typed_village(self, typed: str) -> str | None:
        if len(typed) > 12:
            return None
        found = self._reader.find_village(typed)
        return found[0].id if found and found[0].confidence >= TYPED_VILLAGE else None

    def _typed_topic(self, typed: str) -> str | None:
        return next((topic.id for topic in self._town.topics if typed in (topic.id, topic.name)), None)


def place(town: Town, village_id: str | None, hamlet: str | None) -> Text:
    """`石龙村 上寮`, or that the place is not known."""
    village = town.village(village_id)
    if village is None:
        return t("place.unknown")
    return t("place.named", village=village.name, hamlet=hamlet or "")


def topic_name(town: Town, topic_id: str | None, subtopic_id: str | None) -> Text:
    """`道路交通 / 路灯标识`, or that nobody has said."""
    topic, subtopic = town.topic(topic_id), town.subtopic(subtopic_id)
    if topic is None:
        return t("topic.unknown")
    if subtopic is None:
        return t("topic.one", topic=topic.name)
    return t("topic.two", topic=topic.name, subtopic=subtopic.name)


def gathered(data: Submission) -> Text:
    """What came with the words: so many photos, a voice note, a place."""
    where = t("files.location") if data.location else t("nothing")
    if data.album:  # the rest of an album may still be on its way: no number that could be wrong
        return t("files.album", location=where)
    return t("files.count" if data.files else "files.none", count=len(data.files), location=where)
