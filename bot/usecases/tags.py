"""Why a case has its village and topic: the tagger's reasons in words, and what people made of them."""

from bot.dialogue.naming import place, topic_name
from bot.domain.cases import Case
from bot.domain.machine import Action
from bot.domain.tagging import Reason
from bot.domain.text import Text, t
from bot.usecases.cards import day
from bot.usecases.desk import Desk

SHOWN = 6


async def why_tagged(desk: Desk, case: Case) -> Text:
    """For staff: the words that spoke, for which subtopic, from the topic tree or from corrections."""
    events = await desk.tx.cases.events(case.id)
    first = events[0].data
    changes = [e for e in events if e.action == Action.CORRECT or (e.action == Action.TRANSFER and "was" in e.data)]
    rows = tuple(_reason(desk, reason) for reason in desk.reader.explain(case.text)[:SHOWN])
    return t(
        "tagwhy.text",
        number=case.number,
        place=place(desk.town, case.village, case.hamlet),
        topic=topic_name(desk.town, case.topic, case.subtopic),
        sure=t("tagwhy.sure", percent=round(100 * case.confidence)) if case.confidence else t("tagwhy.chosen"),
        first_place=place(desk.town, first.get("village"), None),
        first_topic=t("plain", text=title)
        if (title := first.get("title"))
        else topic_name(desk.town, first.get("topic"), None),
        words="、".join(desk.reader.why(case.text)[:SHOWN]) or "—",
        rows=rows or t("tagwhy.nothing"),
        changed=tuple(
            t("tagwhy.changed", at=day(desk, e.at), part=t(f"part.{e.part}"), action=t(f"event.{e.action}"))
            for e in changes
        ),
    )


def _reason(desk: Desk, reason: Reason) -> Text:
    name = desk.town.name_of("subtopic", reason.subtopic)
    return t("tagwhy.learned" if reason.learned else "tagwhy.word", word=reason.word, subtopic=name)
