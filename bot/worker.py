"""Takes stored updates, answers each, and marks it done, all in one transaction; a bad one is parked."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from bot.conversation.respond import respond
from bot.domain.abuse import Flood
from bot.domain.channel import Translator
from bot.domain.messages import Inbound, InboundKind, Outgoing, OutgoingKind
from bot.domain.text import t
from bot.domain.town import ADMIN_SEAT
from bot.ports import Clock, InboxRow, StaleCase, Store, StoreTrouble, Tx
from bot.texts.catalogue import REFERENCE
from bot.usecases.desk import Desk
from bot.usecases.heartbeat import LATE, listen

log = logging.getLogger(__name__)

LONGEST_STORE_PAUSE = 15.0
"""Seconds after which a database in trouble is tried again at the latest."""


class DeskFor(Protocol):
    """Makes the desk of one piece of work: transaction, time, and the name of what set it off.

    A desk keeps the configuration that is in force when it is made. What the office changes is taken up between
    transactions: one that finds itself `behind` is left, then `catch_up`.
    """

    def __call__(self, tx: Tx, now: datetime, source: str) -> Desk: ...

    async def behind(self, tx: Tx) -> bool:
        """Whether the office has changed something that is not taken up yet. One small statement."""
        ...

    async def catch_up(self, store: Store) -> None:
        """Take up what the office has changed, if anything, outside of any transaction."""
        ...


class Worker:
    """Handles inbox rows: in order within a chat, several chats in one commit."""

    def __init__(
        self,
        store: Store,
        translators: Mapping[str, Translator],
        desk_for: DeskFor,
        clock: Clock,
        after_commit: Callable[[], None] = lambda: None,
        batch: int = 64,
        flood: Flood | None = None,
    ) -> None:
        self._store = store
        self._translators = translators
        self._desk_for = desk_for
        self._clock = clock
        self._after_commit = after_commit
        self._batch = batch
        self._flood = flood
        self._wake = asyncio.Event()
        self._up_since: datetime | None = None
        self._listened: datetime | None = None
        self._stale: set[int] = set()
        self._let_in: set[int] = set()  # rows that are no flood: one that is undone and done again counts once

    def wake(self) -> None:
        """There is something new in the inbox."""
        self._wake.set()

    async def step(self) -> int:
        """Handle at most one row of each of up to `batch` chats, in one transaction. Returns how many."""
        handled = await self._store.work(self._answer)
        if handled is None:
            await self._desk_for.catch_up(self._store)
            return await self.step()
        self._let_in.clear()
        if handled:
            self._after_commit()
        return handled

    async def _answer(self, tx: Tx) -> int | None:
        """How many rows; None, with nothing done, where the office has changed something that is to be taken up."""
        rows = await tx.inbox.claim(self._batch)
        if rows and await self._desk_for.behind(tx):
            return None
        if rows:
            await tx.inbox.done([row.id for row in rows if await self._handle(tx, row)], self._clock.now())
            await self._listen(tx)
        return len(rows)

    async def _listen(self, tx: Tx) -> None:
        """Is the sweep still alive? Asked now and then, when there is something to do anyway."""
        now = self._clock.now()
        self._up_since = self._up_since or now
        if self._listened is None or now - self._listened >= LATE / 3:
            self._listened = now
            async with tx.savepoint():
                await listen(self._desk_for(tx, now, f"listen:{now.timestamp()}"), self._up_since)

    async def drain(self) -> int:
        """Handle everything that waits."""
        total = 0
        while handled := await self.step():
            total += handled
        return total

    async def run(self, stop: asyncio.Event, pause: float = 1.0) -> None:
        """Work until `stop`; look again every `pause` seconds even if nobody calls `wake`, and ever more seldom
        while the database is in trouble."""
        wait = pause
        while not stop.is_set():
            self._wake.clear()
            try:
                if await self.step():
                    continue
                wait = pause
            except StoreTrouble as error:
                wait = min(2 * wait, LONGEST_STORE_PAUSE)
                log.error("the inbox waits for the database (%s); again in %.0f s", error, wait)
                self._wake.clear()
            except Exception:
                log.exception("the inbox could not be worked on; trying again in %s s", pause)
                self._wake.clear()
            await wait_any(stop, self._wake, timeout=wait)

    async def _handle(self, tx: Tx, row: InboxRow) -> bool:
        """Whether it is handled; else it is parked."""
        now = self._clock.now()
        # By the channel's own id: a row's may come again once old rows were deleted, and its answer would be taken
        # for one that was queued long ago.
        desk = self._desk_for(tx, now, f"in:{row.update.channel}:{row.update.key}")
        try:
            async with tx.savepoint():
                inbound = self._translators[row.update.channel].translate(row.update.raw)
                if self._floods(row, inbound, now):
                    await self._slow_down(desk, row)
                else:
                    await respond(desk, inbound)
                return True
        except StoreTrouble:
            raise  # not the row's fault: the whole transaction is undone and done again
        except Exception as error:
            if isinstance(error, StaleCase) and row.id not in self._stale:
                self._stale.add(row.id)  # somebody was faster: once more, with what they left
                raise
            # The type alone: an error's own words may quote what a villager wrote.
            log.error("inbox row %s was parked: %s", row.id, type(error).__name__)
            log.debug("inbox row %s", row.id, exc_info=True)
            await tx.inbox.park(row.id, now, type(error).__name__)
            await self._apologise(desk, row)
            return False

    def _floods(self, row: InboxRow, inbound: Inbound, now: datetime) -> bool:
        """Whether the chat writes faster than it may: by when its messages were written, since after an outage many
        of them come at once. A press does not say when it was.
        """
        if self._flood is None or row.id in self._let_in:
            return False
        written = now if inbound.kind is InboundKind.PRESS else inbound.at
        if not self._flood.takes(f"{row.update.channel}:{row.update.chat}", written):
            return True
        self._let_in.add(row.id)
        return False

    async def _slow_down(self, desk: Desk, row: InboxRow) -> None:
        """Let the update go, and say so, once a minute: to keep it would only make the flood longer."""
        chat, channel, town = row.update.chat, row.update.channel, desk.town
        words = desk.texts.render(REFERENCE, t("flood.slower", office=town.office_name, phone=town.office_phone))
        key = f"flood:{channel}:{chat}:{desk.now:%Y%m%d%H%M}"
        await desk.tx.outbox.add(channel, Outgoing(OutgoingKind.TEXT, chat, words), key=key, at=desk.now)

    async def _apologise(self, desk: Desk, row: InboxRow) -> None:
        """Say that it went wrong, once for each row, and tell the administrator."""
        chat, channel = row.update.chat, row.update.channel
        if chat and not chat.startswith("-"):
            words = desk.texts.render(REFERENCE, t("error.parked", office=desk.town.office_name))
            message = Outgoing(OutgoingKind.TEXT, chat, words)
            await desk.tx.outbox.add(channel, message, key=f"parked:{channel}:{row.update.key}", at=desk.now)
        if admin := await desk.tx.people.holder(ADMIN_SEAT):
            key = f"parked-admin:{desk.now:%Y%m%d%H}"
            await desk.tell(admin, t("admin.parked", row=row.id), key=key)


async def wait_any(*events: asyncio.Event, timeout: float) -> None:
    """Return when any of the events is set, or after `timeout` seconds."""
    waiting = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
