"""What may be chosen at each step of the settings: parts, stations and topics, entries, fields, values."""

from collections.abc import Mapping

from bot.dialogue.settings.adding import BODIES, GONE, NEW, OFFICE, REMOVABLE, added_in, first_choices
from bot.dialogue.settings.draft import SettingsDraft
from bot.dialogue.settings.forms import CHOSEN, Entries
from bot.dialogue.settings.items import DEPUTYS, FIELDS, PARTS, SETTINGS, TEXTS, Item, rows
from bot.domain.text import Text, t

Choices = list[tuple[str, Text]]


def choices(entries: Entries, step: str, data: SettingsDraft) -> Choices:
    """Value and label."""
    if step == "part":
        return [(part, t(f"settings.part.{part}")) for part in (*PARTS, "table", "history")]
    if step == "group":
        return [*_groups(entries, data.part), *_new(data.part, "")]
    if step == "entry":
        return [*_list(entries, data), *_new(data.part, data.group)]
    if step == "kind":
        return first_choices(entries, data.new, data.group)
    if step == "heir":
        return _heirs(entries, data.item)
    if step == "field":
        titles = [(name, Item(data.key, name).title()) for name in fields(entries, data.key)]
        removable = data.item.kind in REMOVABLE and (data.item.kind != "station" or _heirs(entries, data.item))
        return [*titles, (GONE, t(f"settings.take_off.{data.item.kind}"))] if removable else titles
    if step == "write" and data.item.form in CHOSEN:
        return [(str(value), label) for value, label in data.item.choices(entries)]
    if step == "preview":
        words = {"do": "do", "again": "keep" if data.field == GONE else "again", "reason": "reason"}
        return [(value, t(f"settings.do_{word}")) for value, word in words.items()]
    return []


def name_of_choice(entries: Entries, step: str, value: str) -> str:
    """The name by which it may be typed instead of a tap; empty for what has none."""
    kinds = ("", "village:", "station:", "topic:", "seat:", "subtopic:")
    for kind in ("station:",) if step in ("kind", "heir") else kinds:
        entry = entries.get(kind + value)
        if isinstance(entry, Mapping):
            return str(entry["name"])
    return ""


def fields(entries: Entries, key: str) -> list[str]:
    """The fields of this entry that may be changed."""
    kind, entry = key.partition(":")[0], entries[key]
    found = list(FIELDS[kind])
    if kind == "seat" and entry["role"] != "deputy":
        found = [name for name in found if name not in DEPUTYS]
    if kind == "seat" and entry["role"] == "office":
        found.remove("station")
    return found


def _heirs(entries: Entries, station: Item) -> Choices:
    return [(id_, label) for id_, label in _named(entries, "station") if id_ != station.name]


def _new(part: str, group: str) -> Choices:
    kind = added_in(part, group)
    return [(NEW + kind, t(f"settings.add.{kind}"))] if kind else []


def _groups(entries: Entries, part: str) -> Choices:
    if part == "topics":
        return _named(entries, "topic")
    apart = [(OFFICE, t("settings.office_seats")), (BODIES, t("settings.bodies"))]
    return [*_named(entries, "station"), *apart]


def _list(entries: Entries, data: SettingsDraft) -> Choices:
    if data.part in ("limits", "times"):
        limits = data.part == "limits"
        items = [Item(f"setting:{name}") for name in SETTINGS if name.startswith("limits.") is limits]
        return [(i.key, t("settings.choice", label=i.title(), value=i.said(entries))) for i in items]
    if data.part == "texts":
        return [(f"text:zh-CN:{name}", Item(f"text:zh-CN:{name}").title()) for name in TEXTS]
    if data.part == "places":
        return _keyed(entries, "village")
    if data.part == "topics":
        own = [f"subtopic:{id_}" for id_, row in rows(entries, "subtopic") if row["topic"] == data.group]
        top = f"topic:{data.group}"
        return [
            (top, t("settings.topic_itself", name=entries[top]["name"])),
            *((key, _marked(entries, key)) for key in own),
        ]
    if data.group == BODIES:
        return _keyed(entries, "handler")
    seats = [
        (f"seat:{id_}", t("settings.seat", name=str(row["name"]), role=t(f"role.{row['role']}")))
        for id_, row in rows(entries, "seat")
        if (row.get("station") or OFFICE) == data.group
    ]
    if data.group == OFFICE:
        return seats
    return [(f"station:{data.group}", t("settings.station_itself")), *seats]


def _named(entries: Entries, kind: str) -> Choices:
    return [(id_, t("plain", text=str(row["name"]))) for id_, row in rows(entries, kind)]


def _keyed(entries: Entries, kind: str) -> Choices:
    return [(f"{kind}:{id_}", label) for id_, label in _named(entries, kind)]


def _marked(entries: Entries, key: str) -> Text:
    off = bool(entries[key].get("off"))
    return t("settings.off_name" if off else "plain", text=str(entries[key]["name"]))
