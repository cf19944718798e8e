"""The way through the settings: which part, which thing, its present value, the new one, what it would do, done."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.dialogue.screens import BACK, Answer, Choice, Effect, Outcome, Screen, menu_number
from bot.dialogue.settings.adding import (
    BODIES,
    GONE,
    NEW,
    OFFICE,
    REMOVABLE,
    added,
    added_in,
    first_choices,
    taken_off,
)
from bot.dialogue.settings.forms import CHOSEN, LISTS, Form, Unreadable, read
from bot.dialogue.settings.items import DEPUTYS, FIELDS, PARTS, SETTINGS, TEXTS, Book, Item, replacing, rows
from bot.domain.amendments import Changes
from bot.domain.messages import File, FileKind
from bot.domain.text import Text, t

FLOW = "settings"
LONGEST_REASON = 200


class SettingsDraft(BaseModel):
    """Where the office stands. `written` is what it wrote for the new value, `value` what it chose; `preview` says what
    that would do, drawn when amendment `number` was the newest; `file` is a document that was sent, `table` what
    it says of all entries of these `kinds`."""

    model_config = ConfigDict(frozen=True)
    part: str = ""
    group: str = ""
    key: str = ""
    field: str = ""
    written: str = ""
    value: Any = None
    file: File | None = None
    table: dict[str, dict[str, Any]] | None = None
    kinds: tuple[str, ...] = ()
    reason: str = ""
    preview: str = ""
    number: int = 0

    @property
    def item(self) -> Item:
        return Item(self.key, self.field)

    @property
    def new(self) -> str:
        """The kind of what is to be added; empty for a change of what is there."""
        return self.key.removeprefix(NEW) if self.key.startswith(NEW) else ""

    @property
    def before_preview(self) -> str:
        """The step that leads to the preview, and to which what cannot be goes back."""
        if self.table is not None:
            return "table"
        return "name" if self.new else "field" if self.field == GONE else "write"


class SettingsFlow:
    """Steps: part, group, entry, field, write; kind and name for what is new; table, reading; preview, reason."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._entries = book.entries

    def changes(self, data: SettingsDraft) -> Changes:
        """What the draft comes to, worked out anew from the configuration as it is now. Raises Unreadable."""
        if data.table is not None:
            return replacing(self._entries, data.kinds, data.table)
        if data.new:
            name = read(Form.LINE, data.written, None, self._entries)
            return added(self._book, data.new, data.group, data.field, name)
        if data.field == GONE:
            return taken_off(self._entries, data.key)
        item, value = data.item, data.value
        if data.written:
            value = read(item.form, data.written, item.value(self._entries), self._entries)
        return item.changes(self._book, value)

    def lost(self, data: SettingsDraft) -> bool:
        """Whether what the draft is about is gone by now."""
        gone = data.key and not data.new and data.key != "setting:quiet" and data.key not in self._entries
        kind = "topic" if data.part == "topics" else "station"
        apart = data.group in ("", OFFICE, BODIES)
        return bool(gone) or not (apart or f"{kind}:{data.group}" in self._entries)

    def screen(self, step: str, data: SettingsDraft) -> Screen:
        choices = tuple(Choice(value, label) for value, label in self._choices(step, data))
        return Screen(self._text(step, data), choices, columns=self._columns(step, data), human=False)

    def step(self, step: str, data: SettingsDraft, answer: Answer) -> Outcome[SettingsDraft]:
        if answer.choice == BACK:
            return self._back(step, data)
        if answer.choice is not None:
            return self._chosen(step, data, answer.choice)
        if any(file.kind is FileKind.DOCUMENT for file in answer.files):
            return Outcome("reading", SettingsDraft(part="table", file=answer.files[0]))
        if answer.location and step == "write" and data.item.form is Form.PLACE:
            where = [round(answer.location.latitude, 5), round(answer.location.longitude, 5)]
            return Outcome("preview", data.model_copy(update={"value": where, "written": ""}))
        words = answer.text.strip()
        if step == "write" and words:
            return self._written(data, words)
        if step == "name" and words and menu_number(words) is None:
            return Outcome("preview", data.model_copy(update={"written": words}))
        if step == "reason" and words and menu_number(words) is None:
            return Outcome("preview", data.model_copy(update={"reason": words[:LONGEST_REASON]}))
        return self._named(step, data, words)

    def _written(self, data: SettingsDraft, words: str) -> Outcome[SettingsDraft]:
        if data.item.form in CHOSEN:
            return self._named("write", data, words)
        data = data.model_copy(update={"written": words})
        try:
            self.changes(data)
        except Unreadable as error:
            return Outcome("write", data, error.text)
        return Outcome("preview", data)

    def _named(self, step: str, data: SettingsDraft, words: str) -> Outcome[SettingsDraft]:
        """A name typed instead of a tap."""
        if menu_number(words) is not None:
            return Outcome(step, data, t("error.no_such_number"))
        names = {value: self._plain_name(step, value) for value, _ in self._choices(step, data)}
        found = [value for value, name in names.items() if words and words in name]
        exact = [value for value, name in names.items() if words == name]
        if len(exact or found) == 1:
            return self._chosen(step, data, (exact or found)[0])
        return Outcome(step, data, t("settings.several" if found else "settings.tap"))

    def _plain_name(self, step: str, value: str) -> str:
        kinds = ("station:",) if step == "kind" else ("", "village:", "station:", "topic:", "seat:", "subtopic:")
        for kind in kinds:
            entry = self._entries.get(kind + value)
            if isinstance(entry, Mapping):
                return str(entry["name"])
        return ""

    def _chosen(self, step: str, data: SettingsDraft, choice: str) -> Outcome[SettingsDraft]:
        if choice == "history":
            return Outcome(step, data, effect=Effect.LEAVE)
        if step == "part":
            grouped = choice in ("topics", "people")
            step = "table" if choice == "table" else "group" if grouped else "entry"
            return Outcome(step, SettingsDraft(part=choice))
        if step == "group":
            return Outcome("entry", data.model_copy(update={"group": choice}))
        if step == "entry":
            if choice.startswith(NEW):
                first = first_choices(self._entries, choice.removeprefix(NEW), data.group)
                return Outcome("kind" if first else "name", data.model_copy(update={"key": choice, "field": ""}))
            whole = choice.startswith(("setting:", "text:"))
            return Outcome("write" if whole else "field", data.model_copy(update={"key": choice, "field": ""}))
        if step == "kind":
            return Outcome("name", data.model_copy(update={"field": choice}))
        if step == "field":
            clean = {"field": choice, "written": "", "value": None}
            return Outcome("preview" if choice == GONE else "write", data.model_copy(update=clean))
        if step == "write":
            values = {str(value): value for value, _ in data.item.choices(self._entries)}
            return Outcome("preview", data.model_copy(update={"value": values.get(choice), "written": ""}))
        if choice == "reason":
            return Outcome("reason", data)
        if choice == "do":
            return Outcome(step, data, effect=Effect.DONE)
        return Outcome(data.before_preview, data.model_copy(update={"reason": ""}))

    def _back(self, step: str, data: SettingsDraft) -> Outcome[SettingsDraft]:
        before = {
            "group": "part",
            "entry": "group" if data.group else "part",
            "field": "entry",
            "write": "field" if data.field else "entry",
            "reason": "preview",
            "preview": data.before_preview,
            "kind": "entry",
            "name": "kind" if data.field else "entry",
        }
        if step == "part":
            return Outcome(step, data, effect=Effect.CANCEL)
        return Outcome(before.get(step, "part"), data)

    def _choices(self, step: str, data: SettingsDraft) -> list[tuple[str, Text]]:
        if step == "part":
            return [(part, t(f"settings.part.{part}")) for part in (*PARTS, "table", "history")]
        if step == "group":
            return self._groups(data.part)
        if step == "entry":
            kind = added_in(data.part, data.group)
            more = [(NEW + kind, t(f"settings.add.{kind}"))] if kind else []
            return [*self._list(data), *more]
        if step == "kind":
            return first_choices(self._entries, data.new, data.group)
        if step == "field":
            titles = [(name, Item(data.key, name).title()) for name in self._fields(data.key)]
            removable = data.item.kind in REMOVABLE
            return [*titles, (GONE, t(f"settings.take_off.{data.item.kind}"))] if removable else titles
        if step == "write" and data.item.form in CHOSEN:
            return [(str(value), label) for value, label in data.item.choices(self._entries)]
        if step == "preview":
            words = {"do": "do", "again": "keep" if data.field == GONE else "again", "reason": "reason"}
            return [(value, t(f"settings.do_{word}")) for value, word in words.items()]
        return []

    def _groups(self, part: str) -> list[tuple[str, Text]]:
        kind = "topic" if part == "topics" else "station"
        named = [(id_, t("plain", text=str(row["name"]))) for id_, row in rows(self._entries, kind)]
        if part == "topics":
            return named
        return [*named, (OFFICE, t("settings.office_seats")), (BODIES, t("settings.bodies"))]

    def _list(self, data: SettingsDraft) -> list[tuple[str, Text]]:
        if data.part in ("limits", "times"):
            limits = data.part == "limits"
            items = [Item(f"setting:{name}") for name in SETTINGS if name.startswith("limits.") is limits]
            return [(i.key, t("settings.choice", label=i.title(), value=i.said(self._entries))) for i in items]
        if data.part == "texts":
            return [(f"text:zh-CN:{name}", Item(f"text:zh-CN:{name}").title()) for name in TEXTS]
        if data.part == "places":
            return self._named_rows("village")
        if data.part == "topics":
            own = [f"subtopic:{id_}" for id_, row in rows(self._entries, "subtopic") if row["topic"] == data.group]
            top = (f"topic:{data.group}", t("settings.topic_itself", name=self._name(f"topic:{data.group}")))
            return [top, *((key, self._marked(key)) for key in own)]
        if data.group == BODIES:
            return self._named_rows("handler")
        seats = [
            (f"seat:{id_}", t("settings.seat", name=str(row["name"]), role=t(f"role.{row['role']}")))
            for id_, row in rows(self._entries, "seat")
            if (row.get("station") or OFFICE) == data.group
        ]
        if data.group == OFFICE:
            return seats
        return [(f"station:{data.group}", t("settings.station_itself")), *seats]

    def _named_rows(self, kind: str) -> list[tuple[str, Text]]:
        return [(f"{kind}:{id_}", t("plain", text=str(row["name"]))) for id_, row in rows(self._entries, kind)]

    def _marked(self, key: str) -> Text:
        off = bool(self._entries[key].get("off"))
        return t("settings.off_name" if off else "plain", text=self._name(key))

    def _name(self, key: str) -> str:
        return str(self._entries[key]["name"])

    def _fields(self, key: str) -> list[str]:
        kind, entry = key.partition(":")[0], self._entries[key]
        fields = list(FIELDS[kind])
        if kind == "seat" and entry["role"] != "deputy":
            fields = [name for name in fields if name not in DEPUTYS]
        if kind == "seat" and entry["role"] == "office":
            fields.remove("station")
        return fields

    def _text(self, step: str, data: SettingsDraft) -> Text:
        if step == "group":
            return t(f"settings.which_{data.part}")
        if step == "entry":
            return t("settings.which_entry" if data.part in ("limits", "times", "texts") else "settings.which_name")
        if step == "field":
            present = tuple(
                t(
                    "settings.present",
                    label=Item(data.key, name).title(),
                    value=Item(data.key, name).said(self._entries),
                )
                for name in self._fields(data.key)
                if name != "successor"
            )
            return t("settings.which_field", name=self._name(data.key), present=present)
        if step in ("kind", "name"):
            return t(f"settings.new_{step}.{data.new}")
        if step == "write":
            return self._ask(data)
        if step == "preview":
            reason = t("settings.because", text=data.reason) if data.reason else t("nothing")
            return t("settings.preview", text=data.preview, reason=reason)
        return t(f"settings.ask_{step}")

    def _ask(self, data: SettingsDraft) -> Text:
        item, note = data.item, t("nothing")
        if item.form in CHOSEN:
            how = t("settings.how.chosen")
        elif item.form in LISTS:
            how = t("settings.how.list", one=t(f"settings.how.{item.form}"))
        else:
            how = t(f"settings.how.{item.form}")
        if item.field in ("successor", "name") and item.kind == "seat":
            note = t(f"settings.note.{item.field}")
        return t("settings.write", label=item.label(self._entries), value=item.said(self._entries), how=how, note=note)

    def _columns(self, step: str, data: SettingsDraft) -> int:
        if step == "preview" or (step == "entry" and data.part in ("limits", "times", "texts")):
            return 1
        return 3 if step == "entry" and data.part == "places" else 2
