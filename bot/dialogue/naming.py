"""How a place and a topic are said."""

from bot.domain.text import Text, t
from bot.domain.town import Town


def place(town: Town, village_id: str | None, hamlet: str | None) -> Text:
    """`石龙村 上寮`, or that the place is not known."""
    if not village_id:
        return t("place.unknown")
    return t("place.named", village=town.name_of("village", village_id), hamlet=hamlet or "")


def topic_name(town: Town, topic_id: str | None, subtopic_id: str | None) -> Text:
    """`道路交通 / 路灯标识`, or that nobody has said."""
    if not topic_id:
        return t("topic.unknown")
    topic = town.name_of("topic", topic_id)
    if not subtopic_id:
        return t("topic.one", topic=topic)
    return t("topic.two", topic=topic, subtopic=town.name_of("subtopic", subtopic_id))
