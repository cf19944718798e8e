"""Read a topic tree from TOML into values, and say exactly what to mend when it does not fit."""

import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any
from zlib import crc32

from bot.domain.bilingual import both, in_language
from bot.domain.topics import MARKS, Flag, Limit, Subtopic, Topic

PACKAGED = "topics.toml"
LONGEST_ID = 40
"""In bytes of UTF-8."""


class TopicFileError(ValueError):
    """The topic file cannot be used; the message names file, key and mend."""

    def __init__(self, path: Path | str, key: str, mend: str) -> None:
        super().__init__(f"{path}: {key}: {in_language(mend, 'en')}")
        self.path, self.key, self.mend = str(path), key, mend


def packaged_topics() -> tuple[Topic, ...]:
    """The tree that comes with the program."""
    return read_topics(topic_tables(None), PACKAGED)


def load_topics(path: Path) -> tuple[Topic, ...]:
    """The topic tree in `path`. Raises TopicFileError for a missing file, bad TOML, or anything wrong in it."""
    return read_topics(topic_tables(path), path)


def topic_tables(path: Path | None) -> dict[str, Any]:
    """The tables of the file at `path`, of the packaged one without. Raises TopicFileError."""
    if path is None:
        return tomllib.loads(files("bot").joinpath("data", PACKAGED).read_text(encoding="utf-8"))
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        mend = both("TOML 写法不对，看这一行和上一行", f"is no valid TOML: {error}")
        raise TopicFileError(path, "file", mend) from error
    except (OSError, UnicodeDecodeError) as error:
        mend = both("读不了，要是 UTF-8 的 TOML 文件", f"cannot be read ({error}); give a TOML file in UTF-8")
        raise TopicFileError(path, "file", mend) from error


def read_topics(tables: dict[str, Any], path: Path | str) -> tuple[Topic, ...]:
    """The topic tree in these tables. Raises TopicFileError."""
    return _Reader(path).topics(tables)


class _Reader:
    def __init__(self, path: Path | str) -> None:
        self._path = path
        self._seen: dict[str, str] = {}

    def topics(self, data: dict[str, Any]) -> tuple[Topic, ...]:
        self._only(data, {"topic"}, "")
        tables = self._tables(data, "topic", "")
        topics = tuple(self._topic(table, f"topic[{place}]") for place, table in enumerate(tables, 1))
        ids = [topic.id for topic in topics]
        for id_ in ids:
            if ids.count(id_) > 1:
                raise self._wrong(
                    f"topic {id_}", "编号用了两次，每个只能用一次", "the id is used twice; make each id unique"
                )
        if not any(topic.open for topic in topics):
            raise self._wrong("topic", "至少要有一类是开着的", "everything is off; leave one topic on")
        return topics

    def _topic(self, table: dict[str, Any], key: str) -> Topic:
        id_ = self._id(self._text(table, "id", key), key)
        key = f"topic {id_}"
        self._only(table, {"id", "name", "off", "subtopic"}, key)
        subtopics = [
            self._subtopic(each, id_, f"{key}, subtopic[{place}]")
            for place, each in enumerate(self._tables(table, "subtopic", key), 1)
        ]
        return Topic(id_, self._text(table, "name", key), tuple(subtopics), self._off(table, key))

    def _subtopic(self, table: dict[str, Any], topic: str, key: str) -> Subtopic:
        name = self._text(table, "name", key)
        key = f"topic {topic}, subtopic {name}"
        self._only(table, {"id", "name", "limit", "flags", "keywords", "hints", "off"}, key)
        id_ = self._id(self._text(table, "id", key) if "id" in table else _made_up(topic, name), key)
        if id_ in self._seen:
            other = self._seen[id_]
            raise self._wrong(
                f"{key}.id",
                f"{id_!r} 已经是 {other} 的编号，换一个",
                f"{id_!r} is also the id of {other}; make each id unique",
            )
        self._seen[id_] = key
        words = self._texts(table, "keywords", key)
        if not words:
            raise self._wrong(f"{key}.keywords", "空着，至少写一个词", "is empty; give at least one word")
        return Subtopic(
            id_,
            name,
            self._limit(table, key),
            self._flags(table, key),
            words,
            self._texts(table, "hints", key),
            self._off(table, key),
        )

    def _id(self, id_: str, key: str) -> str:
        """Ids stand in buttons, which hold 64 bytes together with the case's."""
        if re.search(r"[\s:|]", id_):
            raise self._wrong(
                f"{key}.id",
                f"{id_!r} 里有空格、冒号或竖线，去掉",
                f"{id_!r} holds a blank, a colon or a bar; leave it out",
            )
        if len(id_.encode("utf-8", "replace")) > LONGEST_ID:
            raise self._wrong(f"{key}.id", f"{id_!r} 太长，换短的", f"{id_!r} is too long; write a shorter one")
        return id_

    def _limit(self, table: dict[str, Any], key: str) -> Limit:
        written = self._text(table, "limit", key)
        if not re.fullmatch(r"\d{1,3}[mhd]", written):
            raise self._wrong(
                f"{key}.limit",
                f"不是时限：{written!r}，分钟写成 15m，小时写成 2h，工作日写成 15d",
                f"a time limit is written like 15m, 2h or 15d, not {written!r}",
            )
        return Limit.parse(written)

    def _flags(self, table: dict[str, Any], key: str) -> frozenset[Flag]:
        words = self._texts(table, "flags", key)
        known = ", ".join(MARKS)
        if unknown := [word for word in words if word not in MARKS]:
            raise self._wrong(
                f"{key}.flags",
                f"没有 {unknown[0]!r}，可用的有 {known}",
                f"{unknown[0]!r} is no flag; the flags are {known}",
            )
        return frozenset(map(Flag, words))

    def _off(self, table: dict[str, Any], key: str) -> bool:
        value = table.get("off", False)
        if not isinstance(value, bool):
            raise self._wrong(f"{key}.off", "应写成 true 或 false", "write true or false")
        return value

    def _text(self, table: dict[str, Any], name: str, key: str) -> str:
        value = table.get(name)
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(f"{key}.{name}", "没有写，要写成文字", 'is missing; write it as text, e.g. "…"')
        return value.strip()

    def _texts(self, table: dict[str, Any], name: str, key: str) -> tuple[str, ...]:
        value = table.get(name, [])
        if not isinstance(value, list) or not all(isinstance(word, str) and word.strip() for word in value):
            raise self._wrong(
                f"{key}.{name}", '要写成一列词，如 ["停水", "断水"]', 'must be a list of words, e.g. ["停水", "断水"]'
            )
        return tuple(dict.fromkeys(word.strip() for word in value))

    def _tables(self, table: dict[str, Any], name: str, key: str) -> list[dict[str, Any]]:
        value = table.get(name)
        where = f"{key}.{name}".lstrip(".")
        if not isinstance(value, list) or not value or not all(isinstance(each, dict) for each in value):
            raise self._wrong(where, "至少要有一项", "must be at least one table; begin each with [[…]]")
        return value

    def _only(self, table: dict[str, Any], known: set[str], key: str) -> None:
        unknown = sorted(set(table) - known)
        if unknown:
            listed = ", ".join(sorted(known))
            raise self._wrong(
                f"{key}.{unknown[0]}".lstrip("."),
                f"不认识，可用的有 {listed}",
                f"is not known here; known are {listed}",
            )

    def _wrong(self, key: str, chinese: str, english: str) -> TopicFileError:
        return TopicFileError(self._path, key, both(chinese, english))


def _made_up(topic: str, name: str) -> str:
    """The id of a subtopic that was given none: its names, or a number made from them where they are too long."""
    id_ = f"{topic}.{name}"
    return id_ if len(id_.encode("utf-8", "replace")) <= LONGEST_ID else f"{topic}.{crc32(name.encode()):08x}"
