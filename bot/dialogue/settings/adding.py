"""Adding one village, station, seat, handling body or subtopic, and taking one off, with whatever else changes."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.dialogue.settings.forms import Entries
from bot.dialogue.settings.items import Book, free_id, moved, rows, serving
from bot.domain.amendments import Changes, to_be
from bot.domain.text import Text, t

NEW = "new:"
"""Before the kind: the key of what is not there yet."""
GONE = "gone"
"""In place of a field: the whole entry is taken off."""
OFFICE, BODIES = "-", "="
"""The groups of the roster that are no station: the office's seats, and the handling bodies."""

ROLES = ("deputy", "deputy_head", "liaison")
"""Of a station, which has one head from its beginning: another person comes by `successor`."""
KINDS_OF_BODY = ("department", "committee", "county", "company")
ADDED = ("village", "station", "seat", "handler", "subtopic")
REMOVABLE = ("village", "station", "seat", "handler")
LONGEST_SUBTOPIC = 40
USUAL_LIMIT = "10d"


def added_in(part: str, group: str) -> str | None:
    """The kind of which one may be added on this list."""
    if part == "people":
        return {"": "station", BODIES: "handler"}.get(group, "seat")
    return {"places": "village", "topics": "subtopic"}.get(part)


def first_choices(entries: Entries, kind: str, group: str) -> list[tuple[str, Text]]:
    """What has to be chosen before its name: whose village, which post, what kind of body."""
    if kind == "village":
        return [(id_, t("plain", text=str(row["name"]))) for id_, row in rows(entries, "station")]
    if kind == "handler":
        return [(body, t(f"body.{body}")) for body in KINDS_OF_BODY]
    return [(role, t(f"role.{role}")) for role in ROLES] if kind == "seat" and group != OFFICE else []


def added(book: Book, kind: str, group: str, chosen: str, name: str) -> Changes:
    """What adds it, under an id that nothing ever had. A new deputy has the station's villages and every topic."""
    entries, taken = book.entries, _taken(book, kind)
    if kind == "village":
        id_ = free_id("village", taken)
        key, station = f"station:{chosen}", entries[f"station:{chosen}"]
        served = {**station, "villages": [*station.get("villages", ()), id_]}
        return {f"village:{id_}": to_be({"name": name}), key: to_be(served)}
    if kind == "handler":
        return {f"handler:{free_id('body', taken)}": to_be({"name": name, "kind": chosen})}
    if kind == "subtopic":
        id_ = free_id(f"{group}.new", taken, LONGEST_SUBTOPIC)
        row = {"topic": group, "name": name, "limit": _limit_beside(entries, group), "keywords": [name]}
        return {f"subtopic:{id_}": to_be(row)}
    if group == OFFICE:
        return {f"seat:{free_id('office', taken)}": to_be({"name": name, "role": "office"})}
    seat: dict[str, Any] = {"name": name, "role": chosen, "station": group}
    if chosen == "deputy":
        seat["villages"] = list(entries[f"station:{group}"].get("villages", ()))
    return {f"seat:{free_id(group, taken)}": to_be(seat)}


def opened(book: Book, name: str, head: str, villages: Sequence[str]) -> Changes:
    """What adds a station with its head; the villages come from whichever stations serve them now, the deputies stay
    where they are."""
    id_ = free_id("station", _taken(book, "station"))
    post = {"name": head, "role": "station_head", "station": id_}
    return {
        **serving(book.entries, id_, villages),
        f"station:{id_}": to_be({"name": name, "villages": list(villages)}),
        f"seat:{free_id(id_, _taken(book, 'seat'))}": to_be(post),
    }


def _taken(book: Book, kind: str) -> set[str]:
    """The ids that something of this kind has or ever had."""
    return {key.partition(":")[2] for key in (*book.entries, *book.names) if key.startswith(f"{kind}:")}


def _limit_beside(entries: Entries, topic: str) -> str:
    """The limit of the topic's last subtopic, as its others have: the office changes it where it differs."""
    beside = [str(row["limit"]) for _, row in rows(entries, "subtopic") if row["topic"] == topic]
    return beside[-1] if beside else USUAL_LIMIT


def taken_off(entries: Entries, key: str) -> Changes:
    """What takes it off, and out of all that names it. A seat's work goes to the next, as when it falls vacant."""
    kind, _, id_ = key.partition(":")
    changes: dict[str, Any] = {key: to_be(None)}
    for other, row in entries.items():
        if other != key and isinstance(row, Mapping) and (less := _without(kind, id_, row)) != row:
            changes[other] = to_be(less)
    return changes


def joined(entries: Entries, key: str, heir: str) -> Changes:
    """What ends a station: another takes its villages and deputies, and the posts of its own people end with it. Its
    cases follow in the next sweep."""
    station, into = key.partition(":")[2], f"station:{heir}"
    changes: dict[str, Any] = {key: to_be(None)}
    if left := entries[key].get("villages"):
        changes[into] = to_be({**entries[into], "villages": [*entries[into].get("villages", ()), *left]})
    for id_, row in rows(entries, "seat"):
        if row.get("station") == station:
            stays = row["role"] == "deputy"
            changes[f"seat:{id_}"] = to_be(moved(row, heir, entries) if stays else None)
    return changes


def _without(kind: str, id_: str, row: Mapping[str, Any]) -> dict[str, Any]:
    less = dict(row)
    if kind == "village" and id_ in row.get("villages", ()):
        less["villages"] = [village for village in row["villages"] if village != id_]
    if kind == "seat" and row.get("stand_in") == id_:
        del less["stand_in"]
    return less
