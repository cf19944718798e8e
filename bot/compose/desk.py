"""Makes the desks that use cases work at, from the configuration that is in force."""

import asyncio
import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.config import ConfigError, Configuration, Settings
from bot.dialogue.matter import Limits
from bot.domain.amendments import Amendment
from bot.domain.clocks import Terms
from bot.domain.machine import Clock
from bot.domain.topics import Limit
from bot.domain.town import Town
from bot.domain.workdays import WorkCalendar, covered, deadline
from bot.learner import LiveTagger
from bot.ports import Store, Tx
from bot.tagging.likeness import ALIKE, Likeness
from bot.tagging.tagger import TownTagger
from bot.usecases.desk import Desk, Notice, Rules

log = logging.getLogger(__name__)

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
    privacy, own = settings.privacy, settings.limits
    return Rules(
        limits=limits,
        default_limit=DEFAULT_LIMIT,
        silent=own.silent,
        terms=Terms(own.supervise, own.report, own.rating_asked),
        alike=ALIKE,
        notice=Notice(privacy.version, privacy.controller, privacy.contact, privacy.retention_months),
        quiet_from=settings.quiet.starts,
        quiet_until=settings.quiet.ends,
        digest_at=settings.digest.at,
        digest_weekday=WEEKDAYS.index(settings.digest.weekly_on),
        invite_valid=timedelta(hours=settings.invites.valid_hours),
        draft_kept=timedelta(days=settings.drafts.keep_days),
        sizes=Limits(
            characters=settings.drafts.max_text, files=settings.drafts.max_files, megabytes=settings.files.max_mb
        ),
        bot_name=bot_name,
    )


def tagger_for(settings: Settings, town: Town) -> TownTagger:
    return TownTagger(town.villages, town.open_topics, topic_threshold=settings.tagging.topic_threshold)


@dataclass(frozen=True, slots=True)
class InForce:
    """A configuration and what is made of it; exchanged as one."""

    configuration: Configuration
    rules: Rules
    calendar: TownCalendar


def in_force(configuration: Configuration, bot_name: str) -> InForce:
    settings = configuration.settings
    calendar = TownCalendar(configuration.town.zone, settings.calendar.work_calendar())
    return InForce(configuration, rules_from(settings, bot_name), calendar)


class Desks:
    """Makes every desk of this process from the configuration in force. Implements `bot.worker.DeskFor`.

    The newest amendment that fits over this process's files is taken up; one that does not fit is left, with a
    word in the log: that happens only where the files, or the program, were changed as well.
    """

    def __init__(self, configuration: Configuration, reader: LiveTagger, bot_name: str) -> None:
        self._now = in_force(configuration, bot_name)
        self._reader = reader
        self._likeness = Likeness(reader.base.segmenter)  # the same: its dictionary is large
        self._name = bot_name
        self._seen = configuration.number
        self._turn = asyncio.Lock()

    @property
    def configuration(self) -> Configuration:
        """What is in force now."""
        return self._now.configuration

    def __call__(self, tx: Tx, now: datetime, source: str) -> Desk:
        made = self._now
        known = made.configuration
        return Desk(
            tx=tx,
            town=known.town,
            texts=known.texts,
            reader=self._reader.current,
            calendar=made.calendar,
            rules=made.rules,
            now=now,
            source=source,
            new_code=new_code,
            likeness=self._likeness,
            configuration=known,
        )

    async def behind(self, tx: Tx) -> bool:
        return await tx.amendments.newest() != self._seen

    async def catch_up(self, store: Store) -> None:
        """Checked and built in a thread, beside the conversation; then exchanged in one step."""
        async with self._turn:
            async with store.begin() as tx:
                amendments = await tx.amendments.all() if await self.behind(tx) else None
            if amendments is None:
                return
            self._seen = amendments[-1].number if amendments else 0
            configuration = await asyncio.to_thread(newest_valid, self.configuration, amendments)
            town, before = configuration.town, self.configuration.town
            if (town.villages, town.open_topics) != (before.villages, before.open_topics):
                base = self._reader.base
                self._reader.rebase(await asyncio.to_thread(base.for_town, town.villages, town.open_topics))
            self._now = in_force(configuration, self._name)
            log.info("amendment %s of the configuration is in force", configuration.number)


def newest_valid(configuration: Configuration, amendments: Sequence[Amendment]) -> Configuration:
    """The configuration after as many of the amendments as fit, at least the files alone."""
    for count in range(len(amendments), -1, -1):
        try:
            fitting = configuration.with_amendments(amendments[:count])
            return replace(fitting, number=len(amendments), left_out=len(amendments) - count)
        except ConfigError as error:
            keys = ", ".join(dict.fromkeys(mistake.key for mistake in error.mistakes))
            log.error("amendment %s does not fit over the files, left out: %s", count, keys)
    raise ValueError("the files themselves do not fit")


def new_code() -> str:
    """An invitation code: 128 random bits in 22 letters that a start link may carry."""
    return secrets.token_urlsafe(16)
