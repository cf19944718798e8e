"""What is in force: the files as they were read at the start, and what the office has changed since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from bot.config.entries import CHANGEABLE, KINDS, ROWS, Entries, Tables, entries_of, key_of, of_kind, tables_of
from bot.config.loader import change_settings
from bot.config.mistakes import Findings, both, did_you_mean
from bot.config.settings import Settings
from bot.config.town import build_town, read_tables
from bot.config.wording import check_texts
from bot.domain.amendments import Amendment, Changes, laid_over
from bot.domain.town import Town
from bot.texts.catalogue import Catalogue


@dataclass(frozen=True)
class Configuration:
    """One state of the configuration, whole and checked.

    `number`: the newest amendment that it knows of, 0 for none; the last `left_out` of them did not fit over the files.
    `names`: every name that ever stood under a key.
    """

    settings: Settings
    town: Town
    texts: Catalogue
    files: "Files"
    over: Changes
    number: int = 0
    left_out: int = 0
    names: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def entries(self) -> Entries:
        """Everything that may be changed, as it is now."""
        return merged(self.files.entries, self.over)

    def with_changes(self, changes: Changes) -> "Configuration":
        """What it would be after these changes. Raises ConfigError, and then nothing has happened."""
        over = dict(self.over)
        for key, change in changes.items():
            over.pop(key, None)
            if change:
                over[key] = change
        return self.with_over(over)

    def with_over(self, over: Changes) -> "Configuration":
        """The files with just this laid over them. Raises ConfigError."""
        made = configure(self.files, over, {**self.names, **names_in(self.entries)})
        return replace(made, number=self.number)

    def with_amendments(self, amendments: Sequence[Amendment]) -> "Configuration":
        """What the files say with all of these laid over them. Raises ConfigError."""
        names = names_in(self.files.entries)
        for amendment in amendments:
            names |= names_in({key: change.get("is") for key, change in amendment.changes.items()})
        made = configure(self.files, laid_over(amendments), names)
        return replace(made, number=amendments[-1].number if amendments else 0)


@dataclass(frozen=True)
class Files:
    """The files, known to be valid."""

    settings: Settings
    tables: Tables
    texts: Catalogue

    @cached_property
    def entries(self) -> Entries:
        texts = {
            key_of("text", f"{language}:{key}"): template
            for language, templates in self.texts.languages.items()
            for key, template in templates.items()
        }
        return entries_of(self.settings, self.tables) | texts


def load_configuration(settings: Settings) -> Configuration:
    """The town's files with nothing laid over. Raises ConfigError."""
    findings, texts = Findings(), Catalogue.load()
    tables = read_tables(settings, findings)
    town = findings.require(build_town(settings, tables, findings))
    return Configuration(settings, town, texts, Files(settings, tables, texts), {})


def merged(entries: Entries, over: Changes) -> dict[str, Any]:
    """The entries with changes laid over: changed ones keep their place, new ones come last."""
    found = dict(entries)
    for key, change in over.items():
        if change and change["is"] is not None:
            found[key] = change["is"]
        else:
            found.pop(key, None) if change else None
    return found


def names_in(entries: Entries) -> dict[str, str]:
    """The names of what the entries describe: villages, stations, seats, handlers, topics and subtopics."""
    return {key: str(value["name"]) for key, value in entries.items() if isinstance(value, Mapping) and "name" in value}


def configure(files: Files, over: Changes, names: Mapping[str, str]) -> Configuration:
    """Files and changes as one configuration, checked as at the start. `names`: those that ever were. Raises
    ConfigError.
    """
    findings = Findings()
    entries = merged(files.entries, over)
    _check_keys(files, over, findings)
    settings = change_settings(files.settings, _settings(over), findings)
    base = files.tables
    sample = {name: (getattr(base, name) or {}).get("sample", False) for name in ("villages", "roster")}
    former = {key: name for key, name in names.items() if key not in entries}
    town = build_town(settings, tables_of(entries, files.entries, sample), findings, former)
    texts: dict[str, dict[str, Any]] = {}
    for name, change in of_kind(over, "text").items():
        language, _, key = name.partition(":")
        texts.setdefault(language, {})[key] = change["is"]
    check_texts(files.texts, texts, findings)
    return Configuration(settings, findings.require(town), files.texts.with_texts(texts), files, over, names=names)


def _check_keys(files: Files, over: Changes, findings: Findings) -> None:
    for key, change in over.items():
        kind, _, name = key.partition(":")
        if kind not in KINDS or not name:
            problem = both(f"没有这一项：{key!r}", f"there is no such entry: {key!r}")
            findings.add(files.settings.file, key, problem, did_you_mean(kind, KINDS))
        elif kind == "setting" and key not in files.entries:
            problem = both("这一项不能在运行时改", "this cannot be changed at run time")
            names = [name for table, names in CHANGEABLE.items() for name in (f"{table}.{each}" for each in names)]
            findings.add(files.settings.file, name, problem, did_you_mean(name, names))
        elif kind == "setting" and change["is"] is None:
            problem = both("设置不能去掉", "a setting cannot be taken away")
            findings.add(files.settings.file, name, problem, both("写一个值", "give it a value"))
        elif (
            kind in ("topic", "subtopic", *ROWS) and change["is"] is not None and not isinstance(change["is"], Mapping)
        ):
            problem = both("类型不对", "wrong type")
            findings.add(files.settings.file, key, problem, both("要是一张表", "write a table"))


def _settings(over: Changes) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name, change in of_kind(over, "setting").items():
        table, _, key = name.partition(".")
        if key in CHANGEABLE.get(table, ()) and change["is"] is not None:
            found.setdefault(table, {})[key] = change["is"]
    return found
