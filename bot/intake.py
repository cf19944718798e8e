"""Takes in the tables that the office sends by chat: fetched and read beside the conversation, then shown."""

import asyncio
import logging
from collections.abc import Callable

from bot.config import Configuration
from bot.conversation import settings
from bot.conversation.talk import Talk
from bot.dialogue.settings.draft import FLOW, SettingsDraft
from bot.domain.channel import Fetched, RetryIn, Source
from bot.domain.messages import Inbound, InboundKind
from bot.domain.people import Draft, Person
from bot.ports import Clock, Store, Tx
from bot.usecases.tables import TableError, TableMistake, Wanted
from bot.worker import DeskFor, wait_any

log = logging.getLogger(__name__)

MOST_BYTES = 5_000_000
READING = "reading"
Read = Callable[[bytes, Configuration], Wanted]
"""What a document wants. Raises TableError."""


class Intake:
    """One a process and channel. A draft that stands at `reading` is taken up by whichever process comes first."""

    def __init__(
        self,
        store: Store,
        channel: str,
        source: Source,
        read: Read,
        desk_for: DeskFor,
        clock: Clock,
        after_commit: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._channel = channel
        self._source = source
        self._read = read
        self._desk_for = desk_for
        self._clock = clock
        self._after_commit = after_commit

    async def run(self, stop: asyncio.Event, pause: float = 2.0) -> None:
        while not stop.is_set():
            try:
                await self.once()
            except Exception:
                log.exception("tables could not be taken in; trying again in %s s", pause)
            await wait_any(stop, timeout=pause)

    async def once(self) -> int:
        """Take in every document that waits. Returns how many."""
        waiting = await self._store.work(self._waiting)
        for draft, person, configuration in waiting:
            await self._take_in(draft, person, configuration)
        if waiting:
            self._after_commit()
        return len(waiting)

    async def _waiting(self, tx: Tx) -> list[tuple[Draft, Person, Configuration]]:
        found = []
        for draft in await tx.drafts.waiting(FLOW, READING):
            person = await tx.people.get(draft.person)
            if person and person.channel == self._channel:
                found.append((draft, person, self._desk_for(tx, self._clock.now(), "intake").configuration))
        return found

    async def _take_in(self, draft: Draft, person: Person, configuration: Configuration) -> None:
        """Fetched and read outside of any transaction; what is then still waited for is shown."""
        file = SettingsDraft.model_validate(draft.data).file
        outcome = await self._source.fetch(file.ref if file else "", MOST_BYTES)
        if isinstance(outcome, RetryIn):
            return  # at the next look
        wanted: Wanted | None = None
        mistakes: tuple[TableMistake, ...] = ()
        try:
            if not isinstance(outcome, Fetched):
                raise TableError([TableMistake("", 0, "", "文件没取下来，或者太大，请再发一次")])
            wanted = await asyncio.to_thread(self._read, outcome.data, configuration)
        except TableError as error:
            mistakes = tuple(error.mistakes)
        async with self._store.begin() as tx:
            still = {one.id: one for one in await tx.drafts.waiting(FLOW, READING)}.get(draft.id)
            if still is None or still.rev != draft.rev:
                return
            now = self._clock.now()
            desk = self._desk_for(tx, now, f"intake:{draft.id}:{draft.rev}")
            silent = Inbound(person.channel, person.account, person.chat, True, InboundKind.IGNORED, now)
            await settings.take_table(Talk(desk, person, silent), draft, wanted, mistakes)
