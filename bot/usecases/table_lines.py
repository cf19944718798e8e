"""What is in force as lines of tables, ready to be filled in further; and mistakes of the whole by the line that has
them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.config.configuration import Configuration
from bot.config.entries import Entries, of_kind
from bot.config.mistakes import ConfigError, in_language
from bot.dialogue.settings.items import replacing
from bot.texts.catalogue import REFERENCE
from bot.usecases.tables import (
    BODIES,
    BODY,
    ROLES,
    SEAT,
    STATION,
    VILLAGE,
    TableError,
    TableMistake,
    Wanted,
)

Line = Sequence[object]


def lines_of(entries: Entries) -> dict[str, list[Line]]:
    """Every sheet's lines, in the order of its columns. Read back they change nothing."""
    villages, stations, seats, topics = (of_kind(entries, kind) for kind in ("village", "station", "seat", "topic"))
    roles = {role: said for said, role in reversed(ROLES.items())}
    bodies = {kind: said for said, kind in BODIES.items()}
    return {
        VILLAGE: [line for id_, row in villages.items() for line in _village(id_, row)],
        STATION: [
            (
                row["name"],
                _names(row.get("villages", ()), villages),
                *(row.get(name, "") for name in ("hours", "phone", "address")),
                id_,
            )
            for id_, row in stations.items()
        ],
        SEAT: [
            (
                row["name"],
                roles[row["role"]],
                _names([row["station"]] if row.get("station") else (), stations),
                _names(row.get("villages", ()), villages),
                _names(row.get("topics", ()), topics),
                _stand_in(row, seats),
                id_,
            )
            for id_, row in seats.items()
        ],
        BODY: [
            (row["name"], bodies[row.get("kind", "department")], id_)
            for id_, row in of_kind(entries, "handler").items()
        ],
    }


def _village(id_: str, row: Mapping[str, Any]) -> list[Line]:
    """The village with its first hamlet on one line, each further hamlet on a line of its own."""
    aliases, landmarks = ("、".join(row.get(name, ())) for name in ("aliases", "landmarks"))
    where = (row.get("latitude"), row.get("longitude"))
    hamlets = [(hamlet["name"], "、".join(hamlet.get("aliases", ()))) for hamlet in row.get("hamlets", ())]
    first, *others = hamlets or [("", "")]
    return [
        (row["name"], aliases, landmarks, *where, *first, id_),
        *(("", "", "", None, None, *hamlet, "") for hamlet in others),
    ]


def _stand_in(row: Mapping[str, Any], seats: Mapping[str, Any]) -> str:
    """By name, where the name tells who it is."""
    id_ = row.get("stand_in", "")
    name = seats[id_]["name"] if id_ else ""
    namesakes = [each for each in seats.values() if each["name"] == name]
    return str(name if len(namesakes) == 1 else id_)


def _names(ids: Sequence[str], rows: Mapping[str, Any]) -> str:
    return "、".join(str(rows[id_]["name"]) for id_ in ids)


def check(wanted: Wanted, configuration: Configuration) -> None:
    """Raises TableError where a line is wrong, or where the configuration would not be valid with them all."""
    if wanted.mistakes:
        raise TableError(wanted.mistakes)
    try:
        configuration.with_changes(replacing(configuration.entries, wanted.kinds, wanted.entries))
    except ConfigError as error:
        raise TableError(_located(error, wanted)) from error


def _located(error: ConfigError, wanted: Wanted) -> list[TableMistake]:
    """The mistakes that show only in the whole, by their line where one line has them."""
    found = []
    for mistake in error.mistakes:
        match = re.match(r"(village|station|seat|handler) '([^']+)'", mistake.key)
        sheet, line = wanted.places.get(f"{match[1]}:{match[2]}", ("", 0)) if match else ("", 0)
        why = f"{in_language(mistake.problem, REFERENCE)}。{in_language(mistake.mend, REFERENCE)}"
        found.append(TableMistake(sheet, line, "" if line else mistake.key, why))
    return found


def said(mistake: TableMistake) -> str:
    """`席位 第 5 行“职务”：…`"""
    where = f"{mistake.sheet} 第 {mistake.line} 行" if mistake.line else mistake.sheet
    header = f"“{mistake.header}”" if mistake.header else ""
    return f"{where}{header}：{mistake.why}"
