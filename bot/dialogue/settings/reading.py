"""What the office writes, read as a value of its form."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any

from bot.dialogue.settings.forms import LISTS, NAMED, Entries, Form, deputies, name_of, without_slots
from bot.domain.numerals import NUMERAL, number_of
from bot.domain.text import Text, t


class Unreadable(Exception):
    """What was written is no value of this form; `text` says how to write one."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.key)
        self.text = text


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
            said = sorted(name_of(entries, NAMED[form], one) if form in NAMED else one for one in unknown)
            raise Unreadable(t("settings.not_there", names="、".join(said)))
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
            among = deputies(entries) if form is Form.DEPUTIES else entries
            turn = lambda word: find(among, NAMED[form], word)  # noqa: E731
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
    """The id of what goes by this name, alias or id. Raises Unreadable: with the nearest name, or for namesakes."""
    start = f"{kind}:"
    names: dict[str, set[str]] = {}
    for key, value in entries.items():
        if key.startswith(start):
            id_ = key.removeprefix(start)
            for name in (id_, *value.get("aliases", ()), value["name"], value["name"].split("（")[0]):
                names.setdefault(name, set()).add(id_)
    if found := names.get(word):
        if len(found) > 1:
            raise Unreadable(t("settings.namesakes", word=word))
        return found.pop()
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
