"""What may be changed one at a time, by part: each item knows where its value stands and what form it has."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Protocol

from bot.dialogue.settings.forms import NAMED, Entries, Form, choices, deputies, name_of, say
from bot.dialogue.settings.reading import Unreadable
from bot.domain.amendments import Change, Changes, to_be
from bot.domain.text import Text, t


class Book(Protocol):
    """What is needed of the configuration in force. `names`: every name that ever stood under a key."""

    @property
    def entries(self) -> Entries: ...

    @property
    def names(self) -> Mapping[str, str]: ...


PARTS = ("limits", "times", "topics", "places", "people", "texts")

SETTINGS: Mapping[str, Form] = {
    **dict.fromkeys(
        (f"limits.{name}" for name in
         ("accept", "urgent", "assign", "contact", "check", "supervise", "report", "silent", "rating", "reopened")),
        Form.LIMIT,
    ),
    "limits.rating_asked": Form.NUMBER,
    "quiet": Form.SPAN,
    "digest.at": Form.TIME,
    "digest.weekly_on": Form.WEEKDAY,
    "calendar.extra_holidays": Form.DAYS,
    "calendar.extra_workdays": Form.DAYS,
    "calendar.day_ends": Form.TIME,
    "town.office_phone": Form.LINE,
    "town.office_name": Form.LINE,
    "invites.valid_hours": Form.NUMBER,
}  # fmt: skip
"""Every setting that the office may change, in the order of the screens. `quiet` is `quiet.from` with `quiet.until`."""

TEXTS = (
    "welcome.villager",
    "submit.describe",
    "submit.photos",
    "submit.urgent",
    "submit.done",
    "submit.done_sealed",
    "human.phones",
    "rated.satisfied",
    "rated.reopened",
    "help.text",
)
"""What villagers read most, and an office may want in its own words; all others by the command line."""

FIELDS: Mapping[str, Mapping[str, Form]] = {
    "village": {
        "name": Form.LINE,
        "aliases": Form.WORDS,
        "hamlets": Form.HAMLETS,
        "landmarks": Form.WORDS,
        "place": Form.PLACE,
    },
    "station": {
        "hours": Form.LINE,
        "phone": Form.LINE,
        "address": Form.LINE,
        "villages": Form.VILLAGES,
        "deputies": Form.DEPUTIES,
        "name": Form.LINE,
    },
    "seat": {
        "villages": Form.VILLAGES,
        "topics": Form.TOPICS,
        "stand_in": Form.SEAT,
        "station": Form.STATION,
        "successor": Form.LINE,
        "name": Form.LINE,
    },
    "handler": {"name": Form.LINE},
    "topic": {"name": Form.LINE, "off": Form.SWITCH},
    "subtopic": {
        "limit": Form.LIMIT,
        "keywords": Form.WORDS,
        "off": Form.SWITCH,
        "flags": Form.FLAGS,
        "name": Form.LINE,
        "hints": Form.WORDS,
    },
}
"""The fields of an entry, those changed most first. A station's `deputies` are those whose seats name it."""
DEPUTYS = ("villages", "topics", "stand_in")
"""Fields that only a deputy's seat has."""
LISTED = {"role": Form.ROLE, "kind": Form.BODY, "topic": Form.TOPIC}
"""Fields that are read, but changed only with a whole table."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to change: a whole entry (a setting, a text), or a field of one."""

    key: str
    field: str = ""

    @property
    def kind(self) -> str:
        return self.key.partition(":")[0]

    @property
    def name(self) -> str:
        return self.key.partition(":")[2]

    @property
    def form(self) -> Form:
        if self.kind == "setting":
            return SETTINGS[self.name]
        if self.kind == "text":
            return Form.TEXT
        return FIELDS[self.kind].get(self.field) or LISTED[self.field]

    def label(self, entries: Entries) -> Text:
        """`石龙村 · 别名`"""
        if not self.field:
            return self.title()
        return t("settings.label", name=str(entries[self.key]["name"]), field=self.title())

    def title(self) -> Text:
        """The name of the field alone."""
        if self.kind == "setting":
            return t(f"setting.{self.name}")
        if self.kind == "text":
            return t(f"settings.texts.{self.name.partition(':')[2]}")
        return t(f"field.{self.kind}.{self.field}")

    def value(self, entries: Entries) -> Any:
        if self.key == "setting:quiet":
            return [entries["setting:quiet.from"], entries["setting:quiet.until"]]
        entry = entries[self.key]
        if not self.field:
            return entry
        if self.field == "deputies":
            return [key.partition(":")[2] for key in deputies(entries, self.name)]
        if self.field == "place":
            return [entry["latitude"], entry["longitude"]] if "latitude" in entry else None
        return entry.get("name" if self.field == "successor" else self.field)

    def said(self, entries: Entries) -> Text:
        return say(self.form, self.value(entries), entries)

    def choices(self, entries: Entries) -> list[tuple[Any, Text]]:
        """What may be chosen, of a form that is chosen; for a stand-in: deputies and heads of the same station."""
        if self.form is not Form.SEAT:
            return choices(self.form, entries)
        own = entries[self.key]
        return [
            (seat, t("settings.seat", name=str(row["name"]), role=t(f"role.{row['role']}")))
            for seat, row in rows(entries, "seat")
            if row.get("station") == own.get("station") and row["role"] != "liaison" and seat != self.name
        ]

    def changes(self, book: "Book", value: Any) -> Changes:
        """What is to be changed so that it has this value. Raises Unreadable where it would leave another without."""
        entries = book.entries
        if self.key == "setting:quiet":
            return {"setting:quiet.from": to_be(value[0]), "setting:quiet.until": to_be(value[1])}
        if not self.field:
            return {self.key: to_be(value)}
        if self.field == "successor":
            return succeed(book, self.key, value)
        if self.kind == "station" and self.form in NAMED:
            return self._belonging(entries, value)
        if self.kind == "seat" and self.field == "station":
            return {self.key: to_be(moved(entries[self.key], value, entries))}
        new = {name: old for name, old in entries[self.key].items() if name != self.field}
        if self.field == "place":
            new = {name: old for name, old in new.items() if name not in ("latitude", "longitude")}
            new |= {"latitude": value[0], "longitude": value[1]} if value else {}
        elif value not in (None, "", [], False):
            new[self.field] = value
        return {self.key: to_be(new)}

    def _belonging(self, entries: Entries, wanted: Sequence[str]) -> Changes:
        """A station's villages or deputies: each is of one station, so what comes to this one leaves another, and what
        would leave this one has to be taken in there."""
        if left := [id_ for id_ in self.value(entries) or () if id_ not in wanted]:
            names = "、".join(name_of(entries, NAMED[self.form], id_) for id_ in left)
            raise Unreadable(t("settings.belongs", names=names))
        if self.form is Form.VILLAGES:
            return serving(entries, self.name, wanted)
        seats = [(f"seat:{id_}", entries[f"seat:{id_}"]) for id_ in wanted]
        return {key: to_be(moved(row, self.name, entries)) for key, row in seats if row.get("station") != self.name}


def serving(entries: Entries, station: str, villages: Sequence[str]) -> dict[str, Change]:
    """What is to be changed so that the station serves these villages, and no other station does."""
    changes = {}
    for id_, row in rows(entries, "station"):
        now = list(row.get("villages", ()))
        wanted = list(villages) if id_ == station else [village for village in now if village not in villages]
        if wanted != now:
            changes[f"station:{id_}"] = to_be({**row, "villages": wanted})
    return changes


def moved(seat: Mapping[str, Any], station: str, entries: Entries) -> Mapping[str, Any]:
    """The seat at another station; a head stands in for the deputies of their own alone."""
    stand_in = entries.get(f"seat:{seat.get('stand_in')}")
    stays = seat.get("station") == station or stand_in is None or stand_in["role"] == "deputy"
    return {name: value for name, value in seat.items() if stays or name != "stand_in"} | {"station": station}


def rows(entries: Entries, kind: str) -> list[tuple[str, Mapping[str, Any]]]:
    """The entries of a kind: id and content."""
    start = f"{kind}:"
    return [(key.removeprefix(start), value) for key, value in entries.items() if key.startswith(start)]


def replacing(entries: Entries, kinds: Sequence[str], wanted: Entries) -> Changes:
    """What leads from the entries as they are to just the wanted ones, of these kinds."""
    there = [f"{kind}:{name}" for kind in kinds for name, _ in rows(entries, kind)]
    gone = {key: to_be(None) for key in there if key not in wanted}
    return gone | {key: to_be(value) for key, value in wanted.items() if entries.get(key) != value}


def succeed(book: Book, key: str, name: str) -> Changes:
    """Another person takes the seat's place in the roster, under an id of their own: what the one before did stays
    theirs. Whoever had that one as stand-in has the new one."""
    entries, old = book.entries, key.partition(":")[2]
    taken = {each.removeprefix("seat:") for each in (*entries, *book.names) if each.startswith("seat:")}
    new = free_id(re.sub(r"-\d+$", "", old), taken)
    changes: dict[str, Any] = {key: to_be(None), f"seat:{new}": to_be({**entries[key], "name": name})}
    for seat, row in rows(entries, "seat"):
        if row.get("stand_in") == old:
            changes[f"seat:{seat}"] = to_be({**row, "stand_in": new})
    return changes


def free_id(stem: str, taken: Collection[str], longest: int = 16) -> str:
    """`stem-2`, `stem-3` …, whichever nothing ever had."""
    for number in count(2):
        mark = f"-{number}"
        if (id_ := stem[: longest - len(mark)].strip("-") + mark) not in taken:
            return id_
    raise ValueError(stem)
