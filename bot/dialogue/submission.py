"""Guided submission: free words first, then village, topic only if unsure, photos if any, read back, submit."""

from typing import Any, Protocol

from bot.dialogue.matter import Limits, Submission, Words
from bot.dialogue.questions import UNKNOWN, Questions
from bot.dialogue.screens import BACK, HUMAN, Answer, Effect, Outcome, Screen, menu_number
from bot.domain.cases import Kind
from bot.domain.tagging import Guess, Reason, Tagging
from bot.domain.text import Text, t
from bot.domain.topics import Flag
from bot.domain.town import Town

FLOW = "submission"
TYPED_VILLAGE = 0.6
"""How sure a typed village name must be to count as the answer."""


class Reader(Protocol):
    """What the flow needs of the tagger."""

    def tag(self, text: str, last_village: str | None = None) -> Tagging: ...

    def find_village(self, text: str) -> tuple[Guess, ...]: ...

    def why(self, text: str) -> tuple[str, ...]: ...

    def explain(self, text: str) -> tuple[Reason, ...]: ...

    def locate(self, latitude: float, longitude: float) -> tuple[Guess, ...]: ...


class SubmissionFlow:
    """Steps: describe, unsure, village, hamlet, topic, alike, photos, check. Pure but for the tagger it reads with."""

    def __init__(self, town: Town, reader: Reader, limits: Limits) -> None:
        self._town = town
        self._questions = Questions(town)
        self._reader = reader
        self._limits = limits

    def screen(self, step: str, data: Submission) -> Screen:
        """The question of a step."""
        return self._questions.screen(step, data)

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
        if not data.topic_chosen or data.letter_to:
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
        return next((topic.id for topic in self._town.open_topics if typed in (topic.id, topic.name)), None)
