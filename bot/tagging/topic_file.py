"""Read a topic tree from TOML into values, and say exactly what to mend when it does not fit."""

import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

from bot.domain.topics import Flag, Limit, Subtopic, Topic


class TopicFileError(ValueError):
    """The topic file cannot be used; the message names file, key and mend."""

    def __init__(self, path: Path | str, key: str, mend: str) -> None:
        super().__init__(f"{path}: {key}: {mend}")
        self.path, self.key, self.mend = str(path), key, mend


def packaged_topics() -> tuple[Topic, ...]:
    """The tree that comes with the program."""
    with_name = files("bot").joinpath("data", "topics.toml")
    return parse_topics(with_name.read_text(encoding="utf-8"), "topics.toml")


def load_topics(path: Path) -> tuple[Topic, ...]:
    """The topic tree in `path`. Raises TopicFileError for a missing file, bad TOML, or anything wrong in it."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TopicFileError(path, "file", f"cannot be read ({error}); give a TOML file in UTF-8") from error
    return parse_topics(text, path)


def parse_topics(text: str, path: Path | str) -> tuple[Topic, ...]:
    """The topic tree written in `text`; `path` is only for messages."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TopicFileError(path, "file", f"is no valid TOML: {error}") from error
    return _Reader(path).topics(data)


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
                raise TopicFileError(self._path, f"topic {id_}", "the id is used twice; make each id unique")
        return topics

    def _topic(self, table: dict[str, Any], key: str) -> Topic:
        id_ = self._text(table, "id", key)
        key = f"topic {id_}"
        self._only(table, {"id", "name", "subtopic"}, key)
        subtopics = [
            self._subtopic(each, id_, f"{key}, subtopic[{place}]")
            for place, each in enumerate(self._tables(table, "subtopic", key), 1)
        ]
        return Topic(id_, self._text(table, "name", key), tuple(subtopics))

    def _subtopic(self, table: dict[str, Any], topic: str, key: str) -> Subtopic:
        name = self._text(table, "name", key)
        key = f"topic {topic}, subtopic {name}"
        self._only(table, {"id", "name", "limit", "flags", "keywords", "hints"}, key)
        id_ = self._text(table, "id", key) if "id" in table else f"{topic}.{name}"
        if re.search(r"[\s:|]", id_):
            raise TopicFileError(self._path, f"{key}.id", f"{id_!r} holds a blank, a colon or a bar; leave it out")
        if id_ in self._seen:
            mend = f"{id_!r} is also the id of {self._seen[id_]}; make each id unique"
            raise TopicFileError(self._path, f"{key}.id", mend)
        self._seen[id_] = key
        try:
            limit = Limit.parse(self._text(table, "limit", key))
        except ValueError as error:
            raise TopicFileError(self._path, f"{key}.limit", str(error)) from error
        words = self._texts(table, "keywords", key)
        if not words:
            raise TopicFileError(self._path, f"{key}.keywords", "is empty; give at least one word")
        return Subtopic(id_, name, limit, self._flags(table, key), words, self._texts(table, "hints", key))

    def _flags(self, table: dict[str, Any], key: str) -> frozenset[Flag]:
        try:
            return frozenset(Flag(flag) for flag in self._texts(table, "flags", key))
        except ValueError as error:
            known = ", ".join(Flag)
            raise TopicFileError(self._path, f"{key}.flags", f"{error}; the flags are {known}") from error

    def _text(self, table: dict[str, Any], name: str, key: str) -> str:
        value = table.get(name)
        if not isinstance(value, str) or not value.strip():
            raise TopicFileError(self._path, f"{key}.{name}", 'is missing; write it as text, e.g. "…"')
        return value.strip()

    def _texts(self, table: dict[str, Any], name: str, key: str) -> tuple[str, ...]:
        value = table.get(name, [])
        if not isinstance(value, list) or not all(isinstance(word, str) and word.strip() for word in value):
            raise TopicFileError(self._path, f"{key}.{name}", 'must be a list of words, e.g. ["停水", "断水"]')
        return tuple(dict.fromkeys(word.strip() for word in value))

    def _tables(self, table: dict[str, Any], name: str, key: str) -> list[dict[str, Any]]:
        value = table.get(name)
        where = f"{key}.{name}".lstrip(".")
        if not isinstance(value, list) or not value or not all(isinstance(each, dict) for each in value):
            raise TopicFileError(self._path, where, "must be at least one table; begin each with [[…]]")
        return value

    def _only(self, table: dict[str, Any], known: set[str], key: str) -> None:
        unknown = sorted(set(table) - known)
        if unknown:
            where = f"{key}.{unknown[0]}".lstrip(".")
            raise TopicFileError(self._path, where, f"is not known here; known are {', '.join(sorted(known))}")
