"""How a place and a topic are said."""

from bot.domain.text import Text, t
from bot.domain.town import Town


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
