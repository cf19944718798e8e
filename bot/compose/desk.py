"""Makes the desks that use cases work at, from the settings and the town."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.config import Settings
from bot.dialogue.matter import Limits
from bot.domain.machine import Clock
from bot.domain.topics import Limit
from bot.domain.town import Town
from bot.domain.workdays import WorkCalendar, covered, deadline
from bot.learner import LiveTagger
from bot.ports import Tx
from bot.tagging.likeness import ALIKE, Likeness
from bot.tagging.tagger import TownTagger
from bot.texts.catalogue import Catalogue
from bot.usecases.desk import Desk, Notice, Rules
from bot.worker import DeskFor

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DEFAULT_LIMIT = Limit(working_days=15)
"""Where a case has no subtopic that would set its own."""


@dataclass(frozen=True, slots=True)
class TownCalendar:
    """The town's working days; implements `bot.usecases.desk.Calendar`."""

    zone: ZoneInfo
    days: WorkCalendar

    def deadline(self, start: datetime, limit: Limit) -> datetime:
        return deadline(start, limit, self.zone, self.days)

    def covers(self, year: int) -> bool:
        return covered(year) or any(day.year == year for day in self.days.overrides)


def rules_from(settings: Settings, bot_name: str) -> Rules:
    limits: Mapping[Clock, Limit] = {
        clock: limit for clock in Clock if (limit := settings.limits.of(clock)) is not None
    }
    privacy = settings.privacy
    return Rules(
        limits=limits,
        default_limit=DEFAULT_LIMIT,
        supervise=settings.limits.supervise,
        report=settings.limits.report,
        rating_asked=settings.limits.rating_asked,
        alike=ALIKE,
        notice=Notice(privacy.version, privacy.controller, privacy.contact, privacy.retention_months),
        quiet_from=settings.quiet.starts,
        quiet_until=settings.quiet.ends,
        digest_at=settings.digest.at,
        digest_weekday=WEEKDAYS.index(settings.digest.weekly_on),
        invite_valid=timedelta(hours=settings.invites.valid_hours),
        draft_kept=timedelta(days=settings.drafts.keep_days),
        sizes=Limits(characters=settings.drafts.max_text, files=settings.drafts.max_files),
        bot_name=bot_name,
    )


def tagger_for(settings: Settings, town: Town) -> TownTagger:
    return TownTagger(town.villages, town.topics, topic_threshold=settings.tagging.topic_threshold)


def desk_maker(settings: Settings, town: Town, reader: LiveTagger, bot_name: str) -> DeskFor:
    """The one function that makes every desk: the town, the texts and the rules are read once."""
    texts = Catalogue.load()
    rules = rules_from(settings, bot_name)
    likeness = Likeness(reader.base.segmenter)  # the same: its dictionary is large
    calendar = TownCalendar(town.zone, settings.calendar.work_calendar())

    def desk_for(tx: Tx, now: datetime, source: str) -> Desk:
        return Desk(tx, town, texts, reader, calendar, rules, now, source, new_code, likeness)

    return desk_for


def new_code() -> str:
    """An invitation code: 128 random bits in 22 letters that a start link may carry."""
    return secrets.token_urlsafe(16)
