"""The configuration as one flat list of entries: what may be changed at run time, each under a key of its own.

A key is `kind:name`: `setting:limits.accept`, `village:shilong`, `station:…`, `seat:…`, `handler:…`, `topic:water`,
`subtopic:water.cut`, `text:zh-CN:welcome.villager`. A value is what the file would say there, without its id.
"""

from collections.abc import Mapping
from datetime import date, time
from typing import Any, NamedTuple

from bot.config.settings import Settings
from bot.domain.topics import Limit

Entries = Mapping[str, Any]

ROWS = {"village": "villages", "station": "roster", "seat": "roster", "handler": "roster"}
"""The kinds that are rows of a table, and which file has it."""
KINDS = ("setting", "text", *ROWS, "topic", "subtopic")
NAMES_SOMEBODY = ("village", "seat")
"""What is invented in a sample: while one of these stands as the sample had it, the town is one."""

CHANGEABLE: Mapping[str, tuple[str, ...]] = {
    "town": ("office_name", "office_phone"),
    "limits": (
        "accept",
        "urgent",
        "assign",
        "contact",
        "check",
        "supervise",
        "report",
        "rating",
        "reopened",
        "silent",
        "rating_asked",
    ),
    "quiet": ("from", "until"),
    "digest": ("at", "weekly_on"),
    "calendar": ("extra_workdays", "extra_holidays", "day_ends"),
    "invites": ("valid_hours",),
}
"""The settings that the office may change; all others are the administrator's, in the file."""


class Tables(NamedTuple):
    """The town's files as plain tables; None for one that could not be read."""

    villages: dict[str, Any] | None
    roster: dict[str, Any] | None
    topics: dict[str, Any] | None


def key_of(kind: str, name: str) -> str:
    return f"{kind}:{name}"


def entries_of(settings: Settings, tables: Tables) -> dict[str, Any]:
    """The entries of files that are known to be valid; texts are in the catalogue."""
    return {key_of("setting", name): value for name, value in _settings(settings)} | table_entries(tables)


def table_entries(tables: Tables) -> dict[str, Any]:
    """The entries of the town's tables, of which each row has an id (a subtopic's may come of its name)."""
    found: dict[str, Any] = {}
    for kind, table in ROWS.items():
        for row in (getattr(tables, table) or {}).get(kind, ()):
            found[key_of(kind, row["id"])] = _without(row, "id")
    for topic in (tables.topics or {}).get("topic", ()):
        found[key_of("topic", topic["id"])] = _without(topic, "id", "subtopic")
        for row in topic["subtopic"]:
            id_ = row.get("id") or f"{topic['id']}.{row['name']}"
            found[key_of("subtopic", id_)] = {"topic": topic["id"], **_without(row, "id")}
    return found


def tables_of(entries: Entries, base: Entries, sample: Mapping[str, bool]) -> Tables:
    """The tables that say what the entries say, in the entries' order.

    `base` are the files' own entries and `sample` says which of the files are samples: they stay so for as long as
    one of their villages, or one of their seats, stands there untouched.
    """
    tables: dict[str, dict[str, Any]] = {"villages": {}, "roster": {}}
    for kind, table in ROWS.items():
        rows = [_row(name, value) for name, value in of_kind(entries, kind).items()]
        if rows or kind != "handler":
            tables[table][kind] = rows
    for kind in NAMES_SOMEBODY:
        invented = of_kind(base, kind).items() if sample[ROWS[kind]] else ()
        tables[ROWS[kind]]["sample"] = any(entries.get(key_of(kind, name)) == value for name, value in invented)
    subtopics: dict[str, list[Any]] = {}
    for name, value in of_kind(entries, "subtopic").items():
        topic = value.get("topic") if isinstance(value, Mapping) else None
        row = _row(name, _without(value, "topic") if isinstance(value, Mapping) else value)
        subtopics.setdefault(str(topic), []).append(row)
    topics: list[Any] = []
    for name, value in of_kind(entries, "topic").items():
        row = _row(name, value)
        inside = subtopics.pop(name, [])
        topics.append({**row, "subtopic": inside} if isinstance(row, dict) else row)
    if subtopics:  # of a topic that is not there: the reader says so
        topics += [{"id": topic, "subtopic": rows} for topic, rows in subtopics.items()]
    return Tables(tables["villages"], tables["roster"], {"topic": topics})


def of_kind(entries: Entries, kind: str) -> dict[str, Any]:
    """The entries of one kind, by name."""
    start = f"{kind}:"
    return {key.removeprefix(start): value for key, value in entries.items() if key.startswith(start)}


def _row(name: str, value: Any) -> Any:
    return {"id": name, **value} if isinstance(value, Mapping) else value


def _without(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def _settings(settings: Settings) -> list[tuple[str, Any]]:
    """Each changeable setting as the file would write it, defaults too."""
    found = []
    for table, names in CHANGEABLE.items():
        section = getattr(settings, table)
        fields = {field.alias or name: name for name, field in type(section).model_fields.items()}
        found += [(f"{table}.{name}", written(getattr(section, fields[name]))) for name in names]
    return found


def written(value: object) -> Any:
    """A setting's value in the form in which TOML and JSON write it."""
    if isinstance(value, Limit):
        return value.written
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [written(each) for each in value]
    return value
