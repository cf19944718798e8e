"""Keeps the running tagger up to what staff have taught: makes new versions, and uses the one that is chosen."""

import asyncio
import gc
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.learning import Lesson, Version, in_use
from bot.domain.tagging import Correction
from bot.ports import Clock, Store, StoreTrouble
from bot.tagging.tagger import TownTagger
from bot.worker import wait_any

if TYPE_CHECKING:  # brings numpy, which waits for the first text
    from bot.tagging.model import LearnedModel

log = logging.getLogger(__name__)

LEAST = 5
"""Fewer lessons than this change nothing."""
APART = timedelta(hours=1)
"""So long at least between two versions."""


class LiveTagger:
    """The tagger in use, exchanged under way; a piece of work keeps the `current` one that it began with."""

    def __init__(self, base: TownTagger) -> None:
        self.base = base  # the topic tree alone: every version is learned from here, never from another's guesses
        self.version = 0
        self.current = base
        self._model: LearnedModel | None = None

    def switch(self, version: int, model: "LearnedModel | None") -> None:
        """From now on, tag with this model; None for the topic tree alone."""
        self.current = self.base.with_model(model) if model else self.base
        self.version, self._model = version, model

    def rebase(self, base: TownTagger) -> None:
        """The town has changed: tag for what it is now, with the model in use as far as it still fits."""
        self.base = base
        self.switch(self.version, self._model)

    def warm_up(self) -> None:
        """Reads the dictionaries, which stay for good: a full garbage collection goes through them no more. It would
        hold up everybody for a tenth of a second.
        """
        self.current.warm_up()
        gc.collect()
        gc.freeze()


class Learner:
    """One for each process. Several may run at once: a version is made once, and all take it up."""

    def __init__(self, store: Store, tagger: LiveTagger, clock: Clock) -> None:
        self._store = store
        self._tagger = tagger
        self._clock = clock

    async def once(self) -> int:
        """Make a version if one is due, and take up the chosen one. Returns how many versions were made."""
        lessons, number = await self._due()
        made = await self._make(lessons, number) if lessons else 0
        await self._take_up()
        return made

    async def run(self, stop: asyncio.Event, pause: float = 20.0) -> None:
        while not stop.is_set():
            try:
                await self.once()
            except StoreTrouble as error:
                log.error("the tagger waits for the database (%s)", error)
            except Exception:
                log.exception("the tagger could not learn; trying again in %s s", pause)
            await wait_any(stop, timeout=pause)

    async def _due(self) -> tuple[list[Lesson], int]:
        """What to learn and the number of the new version; nothing while the office holds to an earlier one."""
        async with self._store.begin() as tx:
            versions, newest = await tx.learning.versions(), await tx.learning.newest()
            last = versions[-1] if versions else None
            if newest is None or (last and (newest <= last.made_at or self._clock.now() - last.made_at < APART)):
                return [], 0
            if last and in_use(versions) != last:
                return [], 0
            lessons = await tx.learning.lessons()
        return (lessons, last.version + 1 if last else 1) if len(lessons) >= LEAST else ([], 0)

    async def _make(self, lessons: list[Lesson], number: int) -> int:
        """Fit beside the conversation, outside of any transaction."""
        rows = [Correction(lesson.text, lesson.label, str(lesson.person_id)) for lesson in lessons]
        taught = await asyncio.to_thread(self._tagger.base.learned, rows)
        content = await asyncio.to_thread(taught.model.to_json)
        people, now = len({lesson.person_id for lesson in lessons}), self._clock.now()
        async with self._store.begin() as tx:
            if number == 1:
                await tx.learning.add(Version(0, now, 0, 0, now), "")
            return int(await tx.learning.add(Version(number, now, len(lessons), people, now), content))

    async def _take_up(self) -> None:
        async with self._store.begin() as tx:
            chosen = in_use(await tx.learning.versions())
            if chosen is None or chosen.version == self._tagger.version:
                return
            content = await tx.learning.content(chosen.version)
        self._tagger.switch(chosen.version, await asyncio.to_thread(_read, content) if content else None)
        log.info("the tagger now uses version %s", chosen.version)


def _read(content: str) -> "LearnedModel":
    from bot.tagging.model import LearnedModel

    return LearnedModel.from_json(content)
