"""Builds the town from its files, once everything in them is known to lead somewhere."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.config.entries import Tables
from bot.config.loader import Model, read_toml, validate
from bot.config.mistakes import Findings, both
from bot.config.settings import Settings
from bot.config.town_checks import TownCheck
from bot.config.town_files import RosterFile, VillagesFile
from bot.domain.topics import Topic
from bot.domain.town import ADMIN_SEAT, Role, Seat, Town
from bot.tagging.topic_file import PACKAGED, TopicFileError, read_topics, topic_tables

ADMIN = Seat(ADMIN_SEAT, "系统管理员", Role.ADMIN)


def load_town(settings: Settings) -> Town:
    """Read villages, roster and topics. Raises ConfigError, naming every mistake in them.

    The administrator's seat comes of itself: it has no line in the roster.
    """
    findings = Findings()
    tables = read_tables(settings, findings)
    return findings.require(build_town(settings, tables, findings))


def read_tables(settings: Settings, findings: Findings) -> Tables:
    """The town's files; None, with a finding, for one that cannot be read."""
    files, file = settings.town, settings.file
    try:
        topics = topic_tables(files.topics)
    except TopicFileError as error:
        _misfit(error, findings)
        topics = None
    villages = read_toml(files.villages, (file, "town.villages"), findings)
    roster = read_toml(files.roster, (file, "town.roster"), findings)
    return Tables(villages, roster, topics)


def build_town(
    settings: Settings, tables: Tables, findings: Findings, former: Mapping[str, str] | None = None
) -> Town | None:
    """The town that these tables describe; None, with findings, where they do not fit together.

    `former`: the names of what was there once, by `kind:id`.
    """
    files = settings.town
    topics = _topics(tables.topics, files.topics or Path(PACKAGED), findings)
    villages = _valid(VillagesFile, tables.villages, files.villages, findings)
    roster = _valid(RosterFile, tables.roster, files.roster, findings)
    if villages is None or roster is None:
        return None
    known = [topic.id for topic in topics] if topics else None
    TownCheck(files.villages, villages.village, files.roster, roster, known, findings).run()
    return Town(
        code=files.code,
        name=files.name,
        zone=files.zone,
        villages=tuple(row.value(sample=villages.sample) for row in villages.village),
        stations=tuple(row.value() for row in roster.station),
        seats=(*(row.value() for row in roster.seat), ADMIN),
        topics=topics,
        office_name=files.office_name,
        office_phone=files.office_phone,
        sample=villages.sample or roster.sample,
        handlers=tuple(row.value() for row in roster.handler),
        former=former or {},
    )


def _valid(model: type[Model], data: dict[str, Any] | None, path: Path, findings: Findings) -> Model | None:
    return None if data is None else validate(model, data, path, findings)


def _topics(tables: dict[str, Any] | None, path: Path, findings: Findings) -> tuple[Topic, ...]:
    try:
        return () if tables is None else read_topics(tables, path)
    except TopicFileError as error:
        _misfit(error, findings)
        return ()


def _misfit(error: TopicFileError, findings: Findings) -> None:
    findings.add(Path(error.path), error.key, both("分类文件不对", "the topic file does not fit"), error.mend)
