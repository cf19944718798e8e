"""A change of the configuration in words: what it was, what it is to be, and whom that touches."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.config.configuration import Configuration
from bot.config.mistakes import ConfigError, Mistake, in_language
from bot.dialogue.settings.forms import LISTS, Entries, Form, name_of, say, with_slots
from bot.dialogue.settings.items import FIELDS, LISTED, SETTINGS, TEXTS, Item
from bot.domain.authority import present
from bot.domain.cases import Case
from bot.domain.machine import OPEN_STATES, Clock
from bot.domain.routing import heir_of, station_for, successor
from bot.domain.text import Text, t
from bot.domain.town import Station, Town
from bot.ports import CaseFilter
from bot.usecases.desk import Desk
from bot.usecases.duties import receptions_ahead
from bot.usecases.standing import standing

SHOWN = 6
"""Mistakes told at once."""


def rows(before: Entries, after: Entries, keys: Iterable[str], longest: int = 4000) -> list[Text]:
    """One line for each thing that differs, in the order of `keys`. Of a text that changes, `longest` characters."""
    found: list[Text] = []
    for key in dict.fromkeys("setting:quiet" if key.startswith("setting:quiet.") else key for key in keys):
        if key != "setting:quiet" and key not in before and key not in after:
            continue
        if key == "setting:quiet" or not isinstance(before.get(key, after.get(key)), Mapping):
            found += _value(Item(key), before, after, longest)
        elif key not in after:
            found.append(t("settings.gone", kind=t(f"kindof.{_kind(key)}"), name=_name(before, key)))
        elif key not in before:
            found.append(_added(after, key))
        else:
            fields = dict.fromkeys((*before[key], *after[key]))
            places = {"latitude": "place", "longitude": "place"}
            for name in dict.fromkeys(places.get(field, field) for field in fields):
                found += _value(Item(key, name), before, after, longest)
    return found


def _added(entries: Entries, key: str) -> Text:
    name, station = _name(entries, key), entries[key].get("station")
    if _kind(key) == "station":
        return t("settings.new_station", name=name, villages=say(Form.VILLAGES, _villages(entries, key), entries))
    if station is None:
        return t("settings.new", kind=t(f"kindof.{_kind(key)}"), name=name)
    return t("settings.new_seat", name=name, station=name_of(entries, "station", station))


def _value(item: Item, before: Entries, after: Entries, longest: int) -> list[Text]:
    was, now = item.value(before), item.value(after)
    if was == now:
        return []
    label = _label(item, after)
    if item.kind == "text":
        text = with_slots(now, after)
        return [
            t("settings.changed_text", label=label, text=text if len(text) <= longest else text[: longest - 1] + "…")
        ]
    if item.form in LISTS and was and now:
        more, less = [each for each in now if each not in was], [each for each in was if each not in now]
        added = [t("settings.added", label=label, what=say(item.form, more, after))] if more else []
        taken = [t("settings.taken", label=label, what=say(item.form, less, before))] if less else []
        return [*added, *taken]
    return [t("settings.changed", label=label, was=say(item.form, was, before), now=say(item.form, now, after))]


def _label(item: Item, entries: Entries) -> Text:
    """Also of what is changed by the command line alone, which has no name in the chat."""
    known = {
        "setting": item.name in SETTINGS,
        "text": item.name.partition(":")[2] in TEXTS,
    }.get(item.kind, item.field in FIELDS.get(item.kind, {}) or item.field in LISTED)
    return item.label(entries) if known else t("plain", text=f"{item.name} {item.field}".strip())


def _kind(key: str) -> str:
    return key.partition(":")[0]


def _name(entries: Entries, key: str) -> Text:
    entry = entries[key]
    if _kind(key) == "seat":
        return t("settings.seat", name=str(entry["name"]), role=t(f"role.{entry['role']}"))
    return t("plain", text=str(entry["name"]))


async def effects(desk: Desk, after: Configuration, keys: Iterable[str]) -> list[Text]:
    """Whom the change touches, in the order of what matters: stations and seats that go, what stays promised, what is
    to be done."""
    keys, before = list(keys), desk.configuration
    cases = await desk.tx.cases.find(CaseFilter(states=OPEN_STATES, limit=1_000_000))
    found = [await _station_gone(desk, one, after.town, cases) for one in before.town.stations if _gone(one, after)]
    found += await _seats(desk, after.town, keys, cases)
    touched = [touches for key in keys if (touches := _promised(before.entries, after.entries, key))]
    if touched:
        running = [case for case in cases if case.due_at and any(touches(case) for touches in touched)]
        found.append(t("settings.promised", count=len(running)))
    for key in keys:
        kind, _, name = key.partition(":")
        if kind in ("topic", "subtopic") and _off(after.entries.get(key)) and not _off(before.entries.get(key)):
            having = sum(name in (case.topic, case.subtopic) for case in cases)
            found.append(t("settings.put_off", name=before.town.name_of(kind, name), count=having))
        if kind == "village" and key in before.entries and key not in after.entries:
            having = sum(case.village == name for case in cases)
            found.append(t("settings.village_gone", name=before.town.name_of(kind, name), count=having))
    if any(_changes_station(village.id, before.town, after.town) for village in before.town.villages):
        found.append(t("settings.stations"))
    if before.town.sample and not after.town.sample:
        found.append(t("settings.real_now"))
    elif after.town.sample and any(key.startswith(("village:", "seat:")) and key not in before.entries for key in keys):
        found.append(t("settings.sample_still"))
    return found


def _gone(station: Station, after: Configuration) -> bool:
    return after.town.station(station.id) is None


async def _station_gone(desk: Desk, station: Station, after: Town, cases: list[Case]) -> Text:
    own = [case for case in cases if case.station == station.id]
    to = dict.fromkeys(station_for(after, one.station, one.village, one.deputy) for one in own)
    heir = heir_of(station, desk.town, after)
    names = [after.name_of("station", id_) or after.office_name for id_ in (to or {heir.id if heir else None: None})]
    ahead = len(await receptions_ahead(desk, station))
    days = t("settings.days_move" if heir else "settings.days_end", count=ahead) if ahead else t("nothing")
    return t("settings.station_gone", name=station.name, count=len(own), to="、".join(names), days=days)


def _changes_station(village: str, before: Town, after: Town) -> bool:
    """From one that goes on to another."""
    was, now = before.station_of(village), after.station_of(village)
    return bool(was and now and was.id != now.id and after.station(was.id))


def mistakes(error: ConfigError, entries: Entries, language: str) -> list[Text]:
    """Why it cannot be so: the same words as at the start, with the place by its name."""
    return [
        t(
            "settings.mistake",
            where=_where(mistake, entries),
            problem=in_language(mistake.problem, language),
            mend=in_language(mistake.mend, language),
        )
        for mistake in error.mistakes[:SHOWN]
    ]


def _where(mistake: Mistake, entries: Entries) -> str:
    match = re.match(r"(village|station|seat|handler) '([^']+)'|topic (\S+), subtopic (.+)\.\w+", mistake.key)
    if match is None:
        return mistake.key
    entry = entries.get(f"{match[1]}:{match[2]}")
    return match[4] or (str(entry["name"]) if entry else mistake.key)


def _promised(before: Entries, after: Entries, key: str) -> Callable[[Case], bool] | None:
    """Of a time limit that changes: which cases were promised by the one before."""
    kind, _, name = key.partition(":")
    if kind == "subtopic":
        was, now = before.get(key), after.get(key)
        changed = was is not None and now is not None and was["limit"] != now["limit"]
        return (lambda case: case.subtopic == name and case.clock is Clock.SUBTOPIC) if changed else None
    if not key.startswith("setting:limits."):
        return None
    clock = name.removeprefix("limits.")
    if clock == "rating_asked":
        clock = Clock.RATING
    if clock in list(Clock):
        return lambda case: case.clock == clock
    return (lambda case: True) if clock in ("supervise", "report") else None


def _off(entry: Any) -> bool:
    return bool(entry and entry.get("off"))


def _villages(entries: Entries, key: str) -> Any:
    return entries.get(key, {}).get("villages", [])


async def _seats(desk: Desk, town: Town, keys: list[str], cases: list[Case]) -> list[Text]:
    now_acting = (await standing(desk)).acting
    acting = {seat.id: now_acting[seat.id] for seat in town.seats if seat.id in now_acting}
    found: list[Text] = []
    new = 0
    for key in keys:
        kind, _, id_ = key.partition(":")
        if kind != "seat":
            continue
        was, now = desk.town.seat(id_), town.seat(id_)
        own = [case for case in cases if case.deputy == id_]
        if was and now is None:
            heirs = [town.seat(_heir(town, id_, case, acting)) for case in own]
            to = "、".join(dict.fromkeys(heir.name if heir else town.office_name for heir in heirs))
            words = t("settings.hand_over", count=len(own), to=to) if own else t("nothing")
            sits = t("settings.sat") if id_ in now_acting else t("nothing")
            found.append(t("settings.seat_gone", name=was.name, sat=sits, cases=words))
        elif was is None:
            new += 1
        elif was and now and own and (was.villages, was.topics, was.station) != (now.villages, now.topics, now.station):
            found.append(t("settings.seat_moved", name=now.name, count=len(own)))
    if new:
        found.append(t("settings.to_invite", count=new))
    return found


def _heir(town: Town, seat: str, case: Case, acting: Mapping[str, int]) -> str | None:
    """Who gets the case of a seat that is gone, in the town as it is then."""
    station = station_for(town, case.station, case.village, case.deputy)
    return successor(town, seat, station, present(case, acting))
