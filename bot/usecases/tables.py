"""Whole tables of villages, stations, seats and handling bodies, as an office fills them in: what they say, and every
mistake by its line."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.config.entries import Tables, key_of, of_kind, table_entries
from bot.dialogue.settings.items import Book, free_id
from bot.usecases.importing import Row

VILLAGE, STATION, SEAT, BODY = "村", "联络站", "席位", "承办单位"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    VILLAGE: ("行政村", "别名", "地标", "纬度", "经度", "自然村", "自然村别名", "编号"),
    STATION: ("站名", "服务的村", "开放时间", "电话", "地址", "编号"),
    SEAT: ("姓名", "职务", "所在联络站", "联系的村", "分管的类", "代理人", "编号"),
    BODY: ("承办单位", "种类", "编号"),
}
"""The columns of each sheet."""
NEEDED: Mapping[str, tuple[str, ...]] = {
    VILLAGE: ("行政村",),
    STATION: ("站名", "服务的村"),
    SEAT: ("姓名", "职务"),
    BODY: ("承办单位",),
}
"""Those by which a sheet is recognised, whatever it is called."""
KIND_OF = {VILLAGE: "village", STATION: "station", SEAT: "seat", BODY: "handler"}
PARTS: Mapping[str, tuple[str, ...]] = {"villages": (VILLAGE,), "roster": (STATION, SEAT, BODY), "town": tuple(COLUMNS)}
"""What may be taken in together, as the command line calls it."""
ROLES = {
    "人大代表": "deputy",
    "代表": "deputy",
    "站长": "station_head",
    "副站长": "deputy_head",
    "联络员": "liaison",
    "镇人大办": "office",
    "人大办": "office",
}
BODIES = {"村委会": "committee", "镇直部门": "department", "上级部门": "county", "企业": "company"}
SAID = (
    *("name", "aliases", "landmarks", "latitude", "longitude", "hamlets", "hours", "phone", "address"),
    *("role", "station", "villages", "topics", "stand_in", "kind"),
)
"""The fields that the columns speak of."""
EXAMPLE = "（例）"
"""How the lines begin that show in an empty table how it is filled in."""
EVERYTHING = ("全部", "各方面")

Sheets = Mapping[str, Sequence[Row]]
"""By sheet, as COLUMNS calls it."""


@dataclass(frozen=True, slots=True)
class TableMistake:
    sheet: str
    line: int
    header: str
    why: str


class TableError(Exception):
    """What is wrong with a table, line by line."""

    def __init__(self, mistakes: Sequence[TableMistake]) -> None:
        super().__init__(f"{len(mistakes)} mistakes")
        self.mistakes = mistakes


@dataclass
class Wanted:
    """What the tables say: all entries of these kinds, and in which sheet and line each stands."""

    kinds: tuple[str, ...] = ()
    entries: dict[str, Any] = field(default_factory=dict)
    places: dict[str, tuple[str, int]] = field(default_factory=dict)
    mistakes: list[TableMistake] = field(default_factory=list)


def understand_sheets(sheets: Sheets, book: Book) -> Wanted:
    """What filled-in sheets say. What is called as it was keeps its id; what is new gets one."""
    return _Reader(sheets, book).read()


def understand_tables(tables: Mapping[str, Any]) -> Wanted:
    """What a TOML file in the form of the town's files says. Raises ValueError for what is in none of their forms."""
    known = ("village", "station", "seat", "handler", "topic")
    kinds = [kind for kind in known if kind in tables]
    strange = sorted(set(tables) - {*known, "sample"})
    rows = [row for kind in kinds for row in (tables[kind] if isinstance(tables[kind], list) else [None])]
    if strange or not kinds or not all(isinstance(row, Mapping) and isinstance(row.get("id"), str) for row in rows):
        raise ValueError(f"要有 {'、'.join(known)} 之一，每一项要有 id" + (f"；不认识 {strange[0]}" if strange else ""))
    subtopics = [row.get("subtopic", []) for row in tables.get("topic", [])]
    if not all(
        isinstance(each, list) and all(isinstance(row, Mapping) and "name" in row for row in each) for each in subtopics
    ):
        raise ValueError("每个 subtopic 要有 name")
    plain = dict(tables)
    if "topic" in kinds:
        kinds.append("subtopic")
        plain["topic"] = [{"subtopic": [], **row} for row in tables["topic"]]
    return Wanted(tuple(kinds), table_entries(Tables(plain, plain, plain)))


class _Reader:
    def __init__(self, sheets: Sheets, book: Book) -> None:
        self._sheets = sheets
        self._entries = book.entries
        self._taken = {key.partition(":")[2] for key in (*book.entries, *book.names)}
        self._wanted = Wanted(tuple(KIND_OF[sheet] for sheet in COLUMNS if sheet in sheets))

    def read(self) -> Wanted:
        readers = ((VILLAGE, self._villages), (STATION, self._stations), (SEAT, self._seats), (BODY, self._bodies))
        for sheet, read in readers:
            rows = self._sheets.get(sheet, ())
            for row in rows:
                if word(row, COLUMNS[sheet][0]).startswith(EXAMPLE):
                    self._wrong(sheet, row, COLUMNS[sheet][0], "这一行是例子，请删掉")
            read([row for row in rows if not word(row, COLUMNS[sheet][0]).startswith(EXAMPLE)])
        for key, entry in self._wanted.entries.items():  # what no column can say stays as it is
            kept = {name: value for name, value in self._entries.get(key, {}).items() if name not in SAID}
            self._wanted.entries[key] = {**entry, **kept}
        return self._wanted

    def _villages(self, rows: Sequence[Row]) -> None:
        """One line for each hamlet; a line without a village's name goes on with the one above."""
        key, keys = "", dict[str, str]()
        for row in rows:
            name = word(row, "行政村")
            if name:
                key = keys.get(name) or self._place(VILLAGE, row, name, name)
                keys[name] = key
            elif not key:
                self._wrong(VILLAGE, row, "行政村", "没有填，上面也没有")
                continue
            village = self._wanted.entries.setdefault(key, {"name": name})
            if name and name != village["name"]:
                self._wrong(VILLAGE, row, "编号", f"和“{village['name']}”的编号一样")
            for header, field_ in (("别名", "aliases"), ("地标", "landmarks")):
                self._extend(village, field_, words(row, header))
            for header, field_ in (("纬度", "latitude"), ("经度", "longitude")):
                self._degrees(row, header, field_, village)
            if hamlet := word(row, "自然村"):
                aliases = words(row, "自然村别名")
                village.setdefault("hamlets", []).append({"name": hamlet} | ({"aliases": aliases} if aliases else {}))
            elif word(row, "自然村别名"):
                self._wrong(VILLAGE, row, "自然村", "填了别名，没有填自然村")

    def _stations(self, rows: Sequence[Row]) -> None:
        for row in rows:
            name = word(row, "站名")
            if not name:
                self._wrong(STATION, row, "站名", "没有填")
                continue
            villages = self._ids(STATION, row, "服务的村", "village")
            stem = villages[0] if villages else name
            key = self._place(STATION, row, name, stem)
            station: dict[str, Any] = {"name": name, "villages": villages}
            for header, field_ in (("地址", "address"), ("电话", "phone"), ("开放时间", "hours")):
                if said := word(row, header):
                    station[field_] = said
            self._keep(STATION, row, key, station)

    def _seats(self, rows: Sequence[Row]) -> None:
        read = [(row, key) for row in rows if (key := self._seat(row))]
        for row, key in read:
            if named := word(row, "代理人"):
                self._stand_in(row, key, named)

    def _seat(self, row: Row) -> str | None:
        name, said = word(row, "姓名"), word(row, "职务")
        role = ROLES.get(said)
        if not name:
            self._wrong(SEAT, row, "姓名", "没有填")
        if role is None:
            self._wrong(SEAT, row, "职务", "要填其中之一：" + "、".join(ROLES))
        station = self._id(SEAT, row, "所在联络站", "station") if word(row, "所在联络站") else None
        if not name or role is None:
            return None
        seat: dict[str, Any] = {"name": name, "role": role}
        if station:
            seat["station"] = station
        if villages := self._ids(SEAT, row, "联系的村", "village"):
            seat["villages"] = villages
        if word(row, "分管的类") not in EVERYTHING and (topics := self._ids(SEAT, row, "分管的类", "topic")):
            seat["topics"] = topics
        key = self._place(SEAT, row, name, station or "office", station)
        return key if self._keep(SEAT, row, key, seat) else None

    def _stand_in(self, row: Row, key: str, named: str) -> None:
        own = self._wanted.entries[key]
        seats = of_kind(self._wanted.entries, "seat")
        found = [id_ for id_, seat in seats.items() if named in (id_, *_forms(seat["name"]))]
        near = [id_ for id_ in found if seats[id_].get("station") == own.get("station")]
        if len(near or found) != 1:
            self._wrong(SEAT, row, "代理人", f"表里有几个“{named}”" if found else f"表里没有“{named}”")
            return
        own["stand_in"] = (near or found)[0]

    def _bodies(self, rows: Sequence[Row]) -> None:
        for row in rows:
            name, said = word(row, "承办单位"), word(row, "种类")
            if not name:
                self._wrong(BODY, row, "承办单位", "没有填")
                continue
            if said and said not in BODIES:
                self._wrong(BODY, row, "种类", "要填其中之一：" + "、".join(BODIES))
            key = self._place(BODY, row, name, name)
            self._keep(BODY, row, key, {"name": name, "kind": BODIES.get(said, "department")})

    def _same(self, sheet: str, name: str, station: str | None) -> str | None:
        """The id of what is called so now; of several seats that are, the one at the same station."""
        rows = of_kind(self._entries, KIND_OF[sheet])
        found = [id_ for id_, row in rows.items() if name in (row["name"], *row.get("aliases", ()))]
        if len(found) > 1:
            found = [id_ for id_ in found if rows[id_].get("station") == station]
        return found[0] if len(found) == 1 else None

    def _place(self, sheet: str, row: Row, name: str, stem: str, station: str | None = None) -> str:
        """The entry's key: by the id that is written, else by what is called so now, else a new one. Notes the line."""
        kind, written = KIND_OF[sheet], word(row, "编号")
        id_ = written or self._same(sheet, name, station)
        if id_ is None or (not written and key_of(kind, id_) in self._wanted.places):
            id_ = self._new_id(stem, numbered=sheet == SEAT)
        self._taken.add(id_)
        key = key_of(kind, id_)
        self._wanted.places.setdefault(key, (sheet, row.line))
        return key

    def _new_id(self, stem: str, *, numbered: bool) -> str:
        from bot.tagging.sounds import spelled  # brings pypinyin, which waits for the first table

        short = re.sub(r"(村民委员会|居民委员会|村委会|居委会|社区|村)$", "", stem) or stem
        id_ = (stem if stem.isascii() else spelled(short))[:16].strip("-") or "x"
        return free_id(id_, self._taken) if numbered or id_ in self._taken else id_

    def _keep(self, sheet: str, row: Row, key: str, entry: dict[str, Any]) -> bool:
        if key in self._wanted.entries:
            first = self._wanted.places[key][1]
            self._wrong(sheet, row, COLUMNS[sheet][0], f"和第 {first} 行是同一个，只能有一行")
            return False
        self._wanted.entries[key] = entry
        return True

    def _ids(self, sheet: str, row: Row, header: str, kind: str) -> list[str]:
        found = [self._find(sheet, row, header, kind, each) for each in words(row, header)]
        return list(dict.fromkeys(id_ for id_ in found if id_))

    def _id(self, sheet: str, row: Row, header: str, kind: str) -> str | None:
        return self._find(sheet, row, header, kind, word(row, header))

    def _find(self, sheet: str, row: Row, header: str, kind: str, said: str) -> str | None:
        """By id, name, alias or a part of the name; of what this file says, else of what is there."""
        entries = self._wanted.entries if kind in self._wanted.kinds else self._entries
        rows = of_kind(entries, kind)
        found = [id_ for id_, each in rows.items() if said in (id_, each["name"])]
        found = found or [id_ for id_, each in rows.items() if said in each.get("aliases", ())]
        found = found or [id_ for id_, each in rows.items() if said in each["name"]]
        if len(found) != 1:
            self._wrong(sheet, row, header, f"有几个“{said}”，请写全名" if found else f"没有“{said}”")
            return None
        return found[0]

    def _degrees(self, row: Row, header: str, field_: str, village: dict[str, Any]) -> None:
        said = row.cells.get(header)
        if said in (None, ""):
            return
        try:
            village[field_] = float(str(said).strip())
        except ValueError:
            self._wrong(VILLAGE, row, header, "要是数字，像 22.021")

    def _extend(self, entry: dict[str, Any], name: str, more: Sequence[str]) -> None:
        if more:
            entry[name] = list(dict.fromkeys([*entry.get(name, ()), *more]))

    def _wrong(self, sheet: str, row: Row, header: str, why: str) -> None:
        self._wanted.mistakes.append(TableMistake(sheet, row.line, header, why))


def word(row: Row, header: str) -> str:
    value = row.cells.get(header)
    return str(value).strip() if value is not None else ""


def words(row: Row, header: str) -> list[str]:
    """Several in one cell, with 、 or commas or lines between them."""
    return list(dict.fromkeys(each.strip() for each in re.split(r"[、，,；;\n]+", word(row, header)) if each.strip()))


def _forms(name: str) -> tuple[str, str]:
    """A name, and without what stands behind it in brackets."""
    return name, name.split("（")[0]
