"""What the guided submission asks: one screen for each step, the same each time from the same data."""

from bot.dialogue.matter import Submission
from bot.dialogue.naming import place, topic_name
from bot.dialogue.screens import Choice, Screen
from bot.domain.cases import Kind
from bot.domain.text import Text, t
from bot.domain.topics import Flag
from bot.domain.town import Town

UNKNOWN = "-"
"""The choice for a place or a topic that the villager cannot name; staff will."""


class Questions:
    def __init__(self, town: Town) -> None:
        self._town = town

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
        on = {topic.id: topic for topic in self._town.open_topics}
        first = [on[id_] for id_ in data.likely_topics if id_ in on]
        rest = [topic for topic in on.values() if topic not in first]
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
        if data.letter_to:
            return Screen(
                text,
                (
                    Choice("submit", t("letter.send")),
                    Choice("words", t("submit.do_words")),
                    Choice("photos", t("submit.do_photos")),
                ),
                columns=2,
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


def gathered(data: Submission) -> Text:
    """What came with the words: so many photos, a voice note, a place."""
    where = t("files.location") if data.location else t("nothing")
    if data.album:  # the rest of an album may still be on its way: no number that could be wrong
        return t("files.album", location=where)
    return t("files.count" if data.files else "files.none", count=len(data.files), location=where)
