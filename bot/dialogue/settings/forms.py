"""The forms that values have, and how each is said to the office; `reading` has the way back."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from bot.domain.text import Text, t
from bot.domain.topics import MARKS, Limit

Entries = Mapping[str, Any]
"""As `bot.config.entries` has them."""


class Form(StrEnum):
    LINE = "line"
    TEXT = "text"  # a template of `bot/texts`
    WORDS = "words"
    HAMLETS = "hamlets"
    LIMIT = "limit"
    TIME = "time"
    SPAN = "span"  # from … until …
    DAYS = "days"
    NUMBER = "number"
    PLACE = "place"  # latitude and longitude
    VILLAGES = "villages"
    TOPICS = "topics"
    DEPUTIES = "deputies"
    STATION = "station"
    SEAT = "seat"
    TOPIC = "topic"
    SWITCH = "switch"  # `off` is True
    FLAGS = "flags"
    WEEKDAY = "weekday"
    ROLE = "role"
    BODY = "body"


CHOSEN = (Form.STATION, Form.SEAT, Form.SWITCH, Form.FLAGS, Form.WEEKDAY)
"""These are chosen from a list, not written."""
LISTS = (Form.WORDS, Form.HAMLETS, Form.DAYS, Form.VILLAGES, Form.TOPICS, Form.DEPUTIES)
"""These may be added to and taken from."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAMED = {
    Form.VILLAGES: "village",
    Form.TOPICS: "topic",
    Form.DEPUTIES: "seat",
    Form.STATION: "station",
    Form.SEAT: "seat",
    Form.TOPIC: "topic",
}
"""The kind of entry whose ids these hold."""


def say(form: Form, value: Any, entries: Entries) -> Text:
    """The value as the office reads it."""
    if form in (Form.SWITCH, Form.FLAGS, Form.WEEKDAY, Form.ROLE, Form.BODY):
        return _said_word(form, value)
    if value in (None, "", [], ()):
        return t("settings.all_topics") if form is Form.TOPICS else t("settings.none")
    if form is Form.LIMIT:
        return say_limit(Limit.parse(value))
    if form is Form.SPAN and value[0] == value[1]:
        return t("settings.never")
    if form in (Form.SPAN, Form.PLACE):
        return t(f"settings.{form}", one=value[0], other=value[1])
    if form is Form.HAMLETS:
        return t("plain", text="、".join(map(_said_hamlet, value)))
    if form is Form.TEXT:
        return t("plain", text=with_slots(str(value), entries))
    if form in NAMED:
        ids = value if isinstance(value, list | tuple) else [value]
        return t("plain", text="、".join(name_of(entries, NAMED[form], id_) for id_ in ids))
    if isinstance(value, list | tuple):
        return t("plain", text="、".join(map(str, value)))
    return t("plain", text=str(value))


def say_limit(limit: Limit) -> Text:
    if limit.working_days is not None:
        return t("settings.days", number=limit.working_days)
    if limit.hours is not None:
        return t("settings.hours", number=limit.hours) if limit.hours else t("settings.at_once")
    return t("settings.minutes", number=limit.minutes)


def _said_word(form: Form, value: Any) -> Text:
    if form is Form.SWITCH:
        return t("settings.off" if value else "settings.on")
    if form is Form.FLAGS:
        return (
            t("settings.flags", marks=tuple(t(f"mark.{flag}") for flag in value)) if value else t("settings.unmarked")
        )
    if form is Form.BODY:
        return t(f"body.{value or 'department'}")
    return t(f"weekday.{value}") if form is Form.WEEKDAY else t(f"role.{value}")


def _said_hamlet(hamlet: Mapping[str, Any]) -> str:
    aliases = "，".join(hamlet.get("aliases", ()))
    return f"{hamlet['name']}（{aliases}）" if aliases else str(hamlet["name"])


def name_of(entries: Entries, kind: str, id_: str) -> str:
    """The name that this id stands for; the id where there is none."""
    return str(entries.get(f"{kind}:{id_}", {}).get("name", id_))


def deputies(entries: Entries, station: str | None = None) -> Entries:
    """The seats of all deputies, or of those of one station."""
    return {
        key: row
        for key, row in entries.items()
        if key.startswith("seat:") and row["role"] == "deputy" and station in (None, row.get("station"))
    }


_SLOT = "text:zh-CN:settings.slot."


def with_slots(template: str, entries: Entries) -> str:
    """A template with the places to fill in named in Chinese: `{镇名}` for `{town}`."""
    return re.sub(r"\{(\w+)\}", lambda m: "{" + str(entries.get(_SLOT + m[1], m[1])) + "}", template)


def without_slots(written: str, entries: Entries) -> str:
    """The other way: `{town}` for `{镇名}`, also in full-width braces."""
    names = {value: key.removeprefix(_SLOT) for key, value in entries.items() if key.startswith(_SLOT)}
    return re.sub(r"[{｛]\s*(\w+)\s*[}｝]", lambda m: "{" + names.get(m[1], m[1]) + "}", written)


def choices(form: Form, entries: Entries) -> list[tuple[Any, Text]]:
    """What may be chosen: value and label."""
    if form is Form.SWITCH:
        return [(False, t("settings.on")), (True, t("settings.off"))]
    if form is Form.FLAGS:
        return [([], t("settings.unmarked")), *(([str(flag)], t(f"mark.{flag}")) for flag in MARKS)]
    if form is Form.WEEKDAY:
        return [(day, t(f"weekday.{day}")) for day in WEEKDAYS]
    return [
        (key.partition(":")[2], t("plain", text=str(value["name"])))
        for key, value in entries.items()
        if key.startswith(f"{NAMED[form]}:")
    ]
