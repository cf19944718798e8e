"""The configuration from the command line: looked at, changed, taken in from tables; by the use cases of the chat."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.compose.desk import Desks, tagger_for
from bot.compose.documents import read_document
from bot.compose.stores import open_town_store
from bot.config import Configuration, Settings, load_configuration
from bot.config.entries import of_kind
from bot.config.toml import dump
from bot.dialogue.settings.items import replacing
from bot.domain.amendments import AS_IN_FILES, Amendment, Change, Changes, laid_over, to_be
from bot.domain.text import Text
from bot.learner import LiveTagger
from bot.texts.catalogue import REFERENCE
from bot.usecases import amending
from bot.usecases.desk import Desk
from bot.usecases.table_lines import lines_of
from bot.usecases.tables import BODIES, COLUMNS, PARTS
from handlers.documents.tables import write_sheets


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was, or would be, done: its lines and whom it touches. `number` is None after a dry run."""

    lines: Sequence[str]
    touched: Sequence[str]
    number: int | None


@asynccontextmanager
async def desk_of(settings: Settings) -> AsyncIterator[Desk]:
    """A desk with what is in force now, in one transaction. Raises ConfigError, WrongRevisionError."""
    configuration = load_configuration(settings)
    store = await open_town_store(settings)
    try:
        desks = Desks(configuration, LiveTagger(tagger_for(settings, configuration.town)), "")
        await desks.catch_up(store)
        async with store.begin() as tx:
            yield desks(tx, datetime.now(UTC), "settings")
    finally:
        await store.close()


async def in_force(settings: Settings) -> Configuration:
    async with desk_of(settings) as desk:
        return desk.configuration


def as_toml(configuration: Configuration, part: str) -> str:
    """`villages`, `roster`, `topics` as the file would be; or the setting or entry of this key."""
    entries = configuration.entries
    kinds = {"villages": ("village",), "roster": ("handler", "station", "seat"), "topics": ("topic",)}
    if part not in kinds:
        key = part if part in entries else f"setting:{part}"
        return dump({key.partition(":")[2]: entries[key]})
    found = {kind: [{"id": id_, **row} for id_, row in of_kind(entries, kind).items()] for kind in kinds[part]}
    for topic in found.get("topic", ()):
        own = {id_: row for id_, row in of_kind(entries, "subtopic").items() if row["topic"] == topic["id"]}
        topic["subtopic"] = [
            {"id": id_, **{name: value for name, value in row.items() if name != "topic"}} for id_, row in own.items()
        ]
    return dump(found)


def change_of(configuration: Configuration, key: str, value: object, *, as_file: bool) -> dict[str, Change]:
    """The change that gives an entry (`limits.accept`, `seat:shilong-2`), or a field of one (`seat:shilong-2#topics`),
    this value, or what the files say. Raises KeyError: there is no such entry.
    """
    entries = configuration.entries
    name, _, field = key.partition("#")
    name = name if ":" in name else f"setting:{name}"
    if as_file:
        return {name: AS_IN_FILES}
    if not field:
        return {name: to_be(value)}
    return {name: to_be({**entries[name], field: value})}


async def change(settings: Settings, changes: Changes, who: str, why: str, *, store: bool) -> Outcome:
    """Raises ConfigError, NothingToDoError, OutOfDateError, WrongRevisionError."""
    async with desk_of(settings) as desk:
        return await _put(desk, desk.configuration.with_changes(changes), who, why, store=store)


async def roll_back(settings: Settings, number: int, who: str, *, store: bool) -> Outcome:
    """Raises ConfigError, NothingToDoError, OutOfDateError, ValueError (no such number), WrongRevisionError."""
    async with desk_of(settings) as desk:
        amendments = await desk.tx.amendments.all()
        if not 0 <= number <= len(amendments):
            raise ValueError(f"没有第 {number} 次改动 / there is no change {number}")
        after = desk.configuration.with_over(laid_over(amendments[:number]))
        why = desk.texts.render(REFERENCE, amending.why_back(number))
        return await _put(desk, after, who, why, store=store)


async def take_in(
    settings: Settings, raw: bytes, name: str, sheets: Sequence[str], who: str, why: str, *, store: bool
) -> Outcome:
    """A document, xlsx or TOML, which may hold these sheets; nothing is changed where one line of it is wrong.

    Raises TableError, UnreadableError, NothingToDoError, OutOfDateError, WrongRevisionError.
    """
    async with desk_of(settings) as desk:
        wanted = read_document(raw, name, desk.configuration, sheets)
        changes = replacing(desk.configuration.entries, wanted.kinds, wanted.entries)
        return await _put(desk, desk.configuration.with_changes(changes), who, why, store=store)


async def _put(desk: Desk, after: Configuration, who: str, why: str, *, store: bool) -> Outcome:
    found = await amending.preview(desk, after)
    number = (await amending.put(desk, after, None, who, why)).number if store else None
    return Outcome(_said(desk, found.rows), _said(desk, found.effects), number)


def _said(desk: Desk, rows: Sequence[Text]) -> list[str]:
    return [desk.texts.render(REFERENCE, row) for row in rows]


async def history(settings: Settings, most: int) -> list[tuple[Amendment, list[str]]]:
    """The last changes, newest first."""
    async with desk_of(settings) as desk:
        found = amending.in_words(desk.configuration, await desk.tx.amendments.all(), most)
        return [(one, _said(desk, amending.cut(rows, amending.MOST_ROWS))) for one, rows in found]


HINTS = (
    "表头不要改；不填的格子留空。一格里有几个，用顿号隔开。最后一张“说明”不会读。",
    "表里有的就照表改，表里没有的就去掉。先用 --dry-run，或在聊天里发来看一遍会改什么。",
    "村：一行一个自然村，“行政村”空着就是上面那个村。每个村要归一个联络站，新村要连名册一起交。",
    "席位：每个联络站正好一位站长；代表要写联系的村；镇人大办的席位不写联络站。",
    "分管的类：不写或写“全部”就是什么都管。代理人：另一位代表，或本站的正副站长。",
    "编号：可以不填，认得出是谁的照旧，新的自动编。",
)
CHOICES = {"职务": ("人大代表", "站长", "副站长", "联络员", "镇人大办"), "种类": tuple(BODIES)}
EXAMPLES: Mapping[str, Sequence[Sequence[str]]] = {
    "村": (
        ("（例）东村", "东村大队", "东村小学", "22.021", "111.002", "上东", "上东队", ""),
        ("", "", "", "", "", "下东", "", ""),
    ),
    "联络站": (("（例）东村联络站", "（例）东村", "每月5日 9:00-11:30", "0668-1234567", "东村村委会一楼", ""),),
    "席位": (
        ("（例）张三", "站长", "（例）东村联络站", "", "", "", ""),
        ("（例）李四", "人大代表", "（例）东村联络站", "（例）东村", "饮水水利、道路交通", "（例）张三", ""),
    ),
    "承办单位": (("（例）镇水利所", "镇直部门", ""),),
}  # fmt: skip


def write_template(path: Path, part: str, configuration: Configuration | None) -> None:
    """The tables of `villages`, `roster` or `town` (all) to fill in: with examples, or with what is there now.
    Raises OSError.
    """
    lines = lines_of(configuration.entries) if configuration else EXAMPLES
    sheets = {name: (COLUMNS[name], lines[name]) for name in PARTS[part]}
    hints = HINTS if configuration else (*HINTS, "带（例）的行请删掉再填。")
    write_sheets(path, sheets, hints, CHOICES)
