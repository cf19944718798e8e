"""Fetches what people send from its channel into our own store: checked, made harmless, tried until it is there."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

from bot.domain.channel import Fetched, Missing, RetryIn, Source, TooLarge
from bot.domain.files import FileState, WantedFile
from bot.media.check import Checked, RefusedFileError, check
from bot.ports import Clock, Store, Tx
from bot.ports.files import FileStore
from bot.usecases import attachments
from bot.worker import DeskFor, wait_any

_LOG = logging.getLogger(__name__)
_LONGEST_PAUSE = timedelta(hours=1)
_BURIALS = 100


class Fetcher:
    """One a process and channel. A file is claimed for `lease`: whoever dies while fetching it leaves it to the next.

    A case never waits for its files: they come later, or not at all.
    """

    def __init__(
        self,
        store: Store,
        channel: str,
        source: Source,
        files: FileStore,
        desk_for: DeskFor,
        clock: Clock,
        *,
        most_bytes: int,
        after_commit: Callable[[], None] = lambda: None,
        parallel: int = 2,  # a large picture takes some hundred megabytes while it is made anew
        lease: timedelta = timedelta(minutes=5),
        attempts: int = 40,  # with pauses of up to an hour: more than a day
    ) -> None:
        self._store = store
        self._channel = channel
        self._source = source
        self._files = files
        self._desk_for = desk_for
        self._clock = clock
        self._most_bytes = most_bytes
        self._after_commit = after_commit
        self._parallel = parallel
        self._lease = lease
        self._attempts = attempts

    async def run(self, stop: asyncio.Event, pause: float = 3.0) -> None:
        """Look every `pause` seconds, until `stop`."""
        while not stop.is_set():
            try:
                busy = await self.once()
            except Exception:
                _LOG.exception("files could not be fetched; trying again in %s s", pause)
                busy = 0
            if not busy:
                await wait_any(stop, timeout=pause)

    async def once(self) -> int:
        """Fetch a few files that are due, and delete what is to be deleted. Returns how many of both."""
        now = self._clock.now()

        async def look(tx: Tx) -> tuple[list[WantedFile], list[str]]:
            wanted = await tx.files.claim(self._channel, now, self._parallel, now + self._lease)
            return wanted, await tx.files.doomed(now, _BURIALS)

        wanted, doomed = await self._store.work(look)
        await asyncio.gather(*map(self._fetch, wanted))
        if doomed:
            await self._bury(doomed)
        if wanted:
            self._after_commit()
        return len(wanted) + len(doomed)

    async def drain(self) -> int:
        """Fetch everything that is due."""
        total = 0
        while done := await self.once():
            total += done
        return total

    async def _fetch(self, wanted: WantedFile) -> None:
        """One file, from its channel to its end. What goes wrong with it stops no other."""
        try:
            outcome = await self._source.fetch(wanted.ref, self._most_bytes)
            match outcome:
                case Fetched(data):
                    await self._keep(wanted, await asyncio.to_thread(check, data, wanted.kind))
                case TooLarge():
                    raise RefusedFileError("large")
                case Missing(error):
                    await self._end(wanted, FileState.LOST, error)
                case RetryIn(delay, error):
                    await self._later(wanted, delay, error)
        except RefusedFileError as error:
            await self._end(wanted, FileState.REFUSED, error.why)
        except Exception as error:
            # The type alone: a message may quote a name or a place.
            _LOG.warning("file %s %d could not be kept: %s", wanted.source, wanted.id, type(error).__name__)
            await self._later(wanted, timedelta(seconds=2), type(error).__name__)

    async def _keep(self, wanted: WantedFile, checked: Checked) -> None:
        await self._files.put(wanted.name, checked.data)

        async def note(tx: Tx) -> bool:
            kept = await tx.files.kept(wanted, checked.type, len(checked.data))
            if kept:
                await attachments.arrived(self._desk_for(tx, self._clock.now(), f"file:{wanted.name}"), wanted)
            return kept

        if not await self._store.work(note):
            await self._files.delete(wanted.name)  # given up meanwhile; were we to die here, it is doomed anyway

    async def _later(self, wanted: WantedFile, delay: timedelta, error: str) -> None:
        if wanted.attempts >= self._attempts:
            await self._end(wanted, FileState.LOST, error)
            return
        pause = max(delay, min(timedelta(seconds=2 ** min(wanted.attempts, 20)), _LONGEST_PAUSE))
        due = self._clock.now() + pause
        await self._store.work(lambda tx: tx.files.again(wanted, due, error))

    async def _end(self, wanted: WantedFile, state: FileState, why: str) -> None:
        async def note(tx: Tx) -> None:
            if await tx.files.ended(wanted, state, why) and state is FileState.REFUSED:
                await attachments.refused(self._desk_for(tx, self._clock.now(), f"file:{wanted.name}"), wanted, why)

        await self._store.work(note)

    async def _bury(self, names: list[str]) -> None:
        for name in names:
            await self._files.delete(name)
        await self._store.work(lambda tx: tx.files.buried(names))
