"""How each kind of value is said to the office, and read back from what the office writes."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from bot.domain.numerals import NUMERAL, number_of
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
LISTS = (Form.WORDS, Form.HAMLETS, Form.DAYS, Form.VILLAGES, Form.TOPICS)
"""These may be added to and taken from."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAMED = {
    Form.VILLAGES: "village",
    Form.TOPICS: "topic",
    Form.STATION: "station",
    Form.SEAT: "seat",
    Form.TOPIC: "topic",
}
"""The kind of entry whose ids these hold."""


class Unreadable(Exception):
    """What was written is no value of this form; `text` says how to write one."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.key)
        self.text = text


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


def read(form: Form, written: str, present: Any, entries: Entries) -> Any:
    """The value that was written; of a list, `present` with what is to be added or taken away. Raises Unreadable."""
    written = written.strip()
    if form in LISTS:
        return _read_list(form, written, present or [], entries)
    return READERS[form](written, entries)


_ADD = re.compile(r"(加上?|增加|添加|add|\+)[\s:：]+(.+)", re.DOTALL | re.IGNORECASE)
_TAKE = re.compile(r"(删除?|去掉|减去?|remove|-)[\s:：]+(.+)", re.DOTALL | re.IGNORECASE)
_NONE = ("无", "没有", "空", "none")


def _read_list(form: Form, written: str, present: Sequence[Any], entries: Entries) -> list[Any]:
    if written.lower() in _NONE or (form is Form.TOPICS and written in ("全部", "各方面", "all")):
        return []
    if more := _ADD.fullmatch(written):
        new = _items(form, more[2], entries)
        names = {_label(item) for item in new}
        return [*(item for item in present if _label(item) not in names), *new]
    if less := _TAKE.fullmatch(written):
        gone = {_label(item) for item in _items(form, less[2], entries)}
        if unknown := gone - {_label(item) for item in present}:
            raise Unreadable(t("settings.not_there", names="、".join(sorted(unknown))))
        return [item for item in present if _label(item) not in gone]
    return _items(form, written, entries)


def _label(item: Any) -> str:
    return str(item["name"] if isinstance(item, Mapping) else item)


def _items(form: Form, written: str, entries: Entries) -> list[Any]:
    found: list[Any]
    if form is Form.HAMLETS:
        found = [_hamlet(match) for match in re.finditer(r"([^、，,；;\n（(]+)(?:[（(]([^）)]*)[）)])?", written)]
        found = [hamlet for hamlet in found if hamlet["name"]]
    else:
        words = [word.strip() for word in re.split(r"[、，,；;\n]+", written) if word.strip()]
        turn: Callable[[str], Any] = str
        if form is Form.DAYS:
            turn = _day
        elif form in NAMED:
            turn = lambda word: find(entries, NAMED[form], word)  # noqa: E731
        found = [turn(word) for word in words]
    if not found:
        raise Unreadable(t("settings.write_something"))
    return list({_label(item): item for item in found}.values())


def _hamlet(match: re.Match[str]) -> dict[str, Any]:
    aliases = [word.strip() for word in re.split(r"[、，,；;\s]+", match[2] or "") if word.strip()]
    return {"name": match[1].strip()} | ({"aliases": aliases} if aliases else {})


def _day(word: str) -> str:
    match = re.fullmatch(r"(\d{4})\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})\s*日?", word)
    if match is None:
        raise Unreadable(t("settings.how.days"))
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        raise Unreadable(t("settings.how.days")) from None


def find(entries: Entries, kind: str, word: str) -> str:
    """The id of what goes by this name, alias or id. Raises Unreadable, with the nearest name."""
    start = f"{kind}:"
    names: dict[str, str] = {}
    for key, value in entries.items():
        if key.startswith(start):
            id_ = key.removeprefix(start)
            names |= dict.fromkeys((id_, *value.get("aliases", ()), value["name"], value["name"].split("（")[0]), id_)
    if word in names:
        return names[word]
    near = get_close_matches(word, names, n=1, cutoff=0.5)
    raise Unreadable(t("settings.did_you_mean" if near else "settings.unknown_name", word=word, near="".join(near)))


def _line(written: str, entries: Entries) -> str:
    if not written or "\n" in written:
        raise Unreadable(t("settings.one_line"))
    return written


def _text(written: str, entries: Entries) -> str:
    return without_slots(written, entries)


_UNITS = {"分": "m", "m": "m", "小": "h", "钟": "h", "h": "h"}


def _limit(written: str, entries: Entries) -> str:
    match = re.fullmatch(rf"{NUMERAL}\s*个?\s*(工作日|工作天|天|日|d|小时|钟头|h|分钟|分|m)?", written, re.IGNORECASE)
    amount = _number_in(match[1]) if match else 0
    if match is None or not 1 <= amount <= 999:
        raise Unreadable(t("settings.how.limit"))
    return f"{amount}{_UNITS.get((match[2] or 'd')[0].lower(), 'd')}"


def _number_in(word: str) -> int:
    try:
        return number_of(word)
    except ValueError:
        return 0


_TIME = re.compile(
    r"(早上|上午|中午|下午|晚上|夜里|凌晨)?\s*(\d{1,2})\s*(?:[:：.](\d{2})|[点时](?:(\d{1,2})分?|(半))?)"
)


def _times(written: str) -> list[str]:
    found = []
    for match in _TIME.finditer(written):
        hour, minute = int(match[2]), int(match[3] or match[4] or (30 if match[5] else 0))
        if match[1] in ("下午", "晚上", "夜里") and hour < 12 and not (match[1] == "夜里" and hour < 6):
            hour += 12
        if hour == 24:
            hour = 0
        if hour > 23 or minute > 59:
            return []
        found.append(f"{hour:02d}:{minute:02d}")
    return found


def _time(written: str, entries: Entries) -> str:
    found = _times(written)
    if len(found) != 1:
        raise Unreadable(t("settings.how.time"))
    return found[0]


def _span(written: str, entries: Entries) -> list[str]:
    found = _times(written)
    if written in _NONE:
        return ["00:00", "00:00"]
    if len(found) != 2:
        raise Unreadable(t("settings.how.span"))
    return found


def _number(written: str, entries: Entries) -> int:
    match = re.fullmatch(rf"{NUMERAL}\s*(次|小时)?", written)
    if match is None:
        raise Unreadable(t("settings.how.number"))
    return _number_in(match[1])


def _place(written: str, entries: Entries) -> list[float] | None:
    if written in _NONE:
        return None
    match = re.fullmatch(r"(-?\d{1,3}\.\d+)[\s,，、]+(-?\d{1,3}\.\d+)", written)
    if match is None:
        raise Unreadable(t("settings.how.place"))
    return [float(match[1]), float(match[2])]


READERS: Mapping[Form, Callable[[str, Entries], Any]] = {
    Form.LINE: _line,
    Form.TEXT: _text,
    Form.LIMIT: _limit,
    Form.TIME: _time,
    Form.SPAN: _span,
    Form.NUMBER: _number,
    Form.PLACE: _place,
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
