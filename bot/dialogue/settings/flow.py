"""The way through the settings: which part, which thing, its present value, the new one, what it would do, done."""

from bot.dialogue.screens import BACK, Answer, Choice, Effect, Outcome, Screen, menu_number
from bot.dialogue.settings.adding import BODIES, GONE, NEW, OFFICE, added, first_choices, joined, opened, taken_off
from bot.dialogue.settings.draft import SettingsDraft
from bot.dialogue.settings.forms import CHOSEN, LISTS, Form
from bot.dialogue.settings.items import Book, Item, replacing
from bot.dialogue.settings.lists import choices, fields, name_of_choice
from bot.dialogue.settings.reading import Unreadable, read
from bot.domain.amendments import Changes
from bot.domain.messages import FileKind
from bot.domain.text import Text, t

LONGEST = 200
WRITTEN = {"name": "written", "head": "head", "serves": "serves", "reason": "reason"}
"""Where the words go that these steps ask for."""


class SettingsFlow:
    """Steps: part, group, entry, field, write; kind and name for what is new, head and serves for a station; heir for
    a station that ends; table, reading; preview, reason."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._entries = book.entries

    def changes(self, data: SettingsDraft) -> Changes:
        """What the draft comes to, worked out anew from the configuration as it is now. Raises Unreadable."""
        if data.table is not None:
            return replacing(self._entries, data.kinds, data.table)
        if data.new == "station":
            name, head = (read(Form.LINE, words, None, self._entries) for words in (data.written, data.head))
            return opened(self._book, name, head, read(Form.VILLAGES, data.serves, [], self._entries))
        if data.new:
            name = read(Form.LINE, data.written, None, self._entries)
            return added(self._book, data.new, data.group, data.field, name)
        if data.field == GONE and data.item.kind == "station":
            return joined(self._entries, data.key, data.value)
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
        if data.field == GONE and data.value and f"station:{data.value}" not in self._entries:
            return True
        return bool(gone) or not (apart or f"{kind}:{data.group}" in self._entries)

    def screen(self, step: str, data: SettingsDraft) -> Screen:
        offered = tuple(Choice(value, label) for value, label in choices(self._entries, step, data))
        return Screen(self._text(step, data), offered, columns=self._columns(step, data), human=False)

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
        if step in WRITTEN and words and menu_number(words) is None:
            after = {"name": "head", "head": "serves"}.get(step) if data.new == "station" else None
            return Outcome(after or "preview", data.model_copy(update={WRITTEN[step]: words[:LONGEST]}))
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
        names = {value: name_of_choice(self._entries, step, value) for value, _ in choices(self._entries, step, data)}
        found = [value for value, name in names.items() if words and words in name]
        exact = [value for value, name in names.items() if words == name]
        if len(exact or found) == 1:
            return self._chosen(step, data, (exact or found)[0])
        return Outcome(step, data, t("settings.several" if found else "settings.tap"))

    def _chosen(self, step: str, data: SettingsDraft, choice: str) -> Outcome[SettingsDraft]:
        if choice == "history":
            return Outcome(step, data, effect=Effect.LEAVE)
        if step == "part":
            grouped = choice in ("topics", "people")
            step = "table" if choice == "table" else "group" if grouped else "entry"
            return Outcome(step, SettingsDraft(part=choice))
        if choice.startswith(NEW):
            data = data.model_copy(update={"key": choice, "field": "", "group": "" if step == "group" else data.group})
            first = first_choices(self._entries, data.new, data.group)
            return Outcome("kind" if first else "name", data)
        if step == "group":
            return Outcome("entry", data.model_copy(update={"group": choice}))
        if step == "entry":
            whole = choice.startswith(("setting:", "text:"))
            return Outcome("write" if whole else "field", data.model_copy(update={"key": choice, "field": ""}))
        if step == "kind":
            return Outcome("name", data.model_copy(update={"field": choice}))
        if step == "field":
            clean = {"field": choice, "written": "", "value": None}
            after = "write" if choice != GONE else "heir" if data.item.kind == "station" else "preview"
            return Outcome(after, data.model_copy(update=clean))
        if step == "heir":
            return Outcome("preview", data.model_copy(update={"value": choice}))
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
            "name": "kind" if data.field else "group" if data.new == "station" else "entry",
            "head": "name",
            "serves": "head",
            "heir": "field",
        }
        if step == "part":
            return Outcome(step, data, effect=Effect.CANCEL)
        return Outcome(before.get(step, "part"), data)

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
                for name in fields(self._entries, data.key)
                if name != "successor"
            )
            return t("settings.which_field", name=str(self._entries[data.key]["name"]), present=present)
        if step in ("kind", "name"):
            return t(f"settings.new_{step}.{data.new}")
        if step == "heir":
            return t("settings.ask_heir", name=str(self._entries[data.key]["name"]))
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
