"""Builds the town from its files, once everything in them is known to lead somewhere."""

from pathlib import Path

from bot.config.loader import Model, read_toml, validate
from bot.config.mistakes import Findings, both
from bot.config.settings import Settings
from bot.config.town_checks import TownCheck
from bot.config.town_files import RosterFile, VillagesFile
from bot.domain.topics import Topic
from bot.domain.town import ADMIN_SEAT, Role, Seat, Town
from bot.tagging.topic_file import TopicFileError, load_topics, packaged_topics

ADMIN = Seat(ADMIN_SEAT, "系统管理员", Role.ADMIN)


def load_town(settings: Settings) -> Town:
    """Read villages, roster and topics. Raises ConfigError, naming every mistake in them.

    The administrator's seat comes of itself: it has no line in the roster.
    """
    findings, files = Findings(), settings.town
    topics = _topics(settings, findings)
    villages = _read(VillagesFile, files.villages, (settings.file, "town.villages"), findings)
    roster = _read(RosterFile, files.roster, (settings.file, "town.roster"), findings)
    if villages and roster:
        known = [topic.id for topic in topics] if topics else None
        TownCheck(files.villages, villages.village, files.roster, roster, known, findings).run()
    villages, roster = findings.require(villages), findings.require(roster)
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
    )


def _read(model: type[Model], path: Path, named_by: tuple[Path, str], findings: Findings) -> Model | None:
    data = read_toml(path, named_by, findings)
    return None if data is None else validate(model, data, path, findings)


def _topics(settings: Settings, findings: Findings) -> tuple[Topic, ...]:
    path = settings.town.topics
    try:
        return packaged_topics() if path is None else load_topics(path)
    except TopicFileError as error:
        findings.add(Path(error.path), error.key, both("分类文件不对", "the topic file does not fit"), error.mend)
        return ()
