"""What falls due by the clock: digests, vacancies, old drafts. Safe to run in several processes at once."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.ports import Clock, Store, StoreTrouble, Tx
from bot.usecases.absence import run_leaves
from bot.usecases.announcing import send_announcements
from bot.usecases.clocks import run_clocks, warn_of_calendar
from bot.usecases.desk import Desk
from bot.usecases.digests import send_digests
from bot.usecases.duties import announce_receptions, remind_of_visits, remind_on_duty
from bot.usecases.heartbeat import beat
from bot.usecases.polling import close_due
from bot.usecases.seats import cry_for_the_unattended, rescue_orphans
from bot.usecases.silence import watch_silence
from bot.usecases.suggesting import run_suggestion_clocks
from bot.usecases.supervising import run_supervision_clocks
from bot.worker import DeskFor, wait_any

log = logging.getLogger(__name__)


async def tidy(desk: Desk) -> int:
    """Once a day: forget what need not be kept. Drafts, handled updates and sent messages go after as many days as
    the settings say for drafts; contacts and files as long after closing as the privacy notice says."""
    if not await desk.tx.marks.once(f"tidy:{desk.local(desk.now):%Y-%m-%d}", desk.now):
        return 0
    old = desk.now - desk.rules.draft_kept
    closed = desk.now - timedelta(days=31 * desk.rules.notice.retention_months)
    tx = desk.tx
    gone = await tx.drafts.purge(old) + await tx.inbox.purge(old) + await tx.outbox.purge(old)
    await tx.receipts.expire(closed, old)
    return gone + await tx.files.expire(closed, desk.now) + await tx.people.expire(closed, desk.now)


TASKS: tuple[Callable[[Desk], Coroutine[Any, Any, int]], ...] = (
    run_leaves,
    run_clocks,
    run_suggestion_clocks,
    run_supervision_clocks,
    send_digests,
    announce_receptions,
    remind_on_duty,
    close_due,
    send_announcements,
    remind_of_visits,
    rescue_orphans,
    cry_for_the_unattended,
    watch_silence,
    warn_of_calendar,
    tidy,
    beat,
)


class Sweep:
    """Runs every task, each in a transaction of its own, now and then."""

    def __init__(
        self,
        store: Store,
        desk_for: DeskFor,
        clock: Clock,
        after_commit: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._desk_for = desk_for
        self._clock = clock
        self._after_commit = after_commit
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """The clock was moved: look at once."""
        self._wake.set()

    async def once(self) -> int:
        """Do all that is due. Returns how many things were done; one failing task does not stop the others."""
        done = 0
        try:
            await self._desk_for.catch_up(self._store)
        except StoreTrouble as error:
            log.error("sweep: the database cannot do it now (%s)", error)
            return 0
        except Exception:
            log.exception("sweep: what the office changed could not be taken up")
        for task in TASKS:
            now = self._clock.now()
            try:
                done += await self._store.work(partial(self._do, task, now))
            except StoreTrouble as error:
                log.error("sweep: %s waits for the database (%s)", task.__name__, error)
            except Exception:
                log.exception("sweep: %s failed", task.__name__)
        self._after_commit()
        return done

    async def _do(self, task: Callable[[Desk], Coroutine[Any, Any, int]], now: datetime, tx: Tx) -> int:
        return await task(self._desk_for(tx, now, f"sweep:{task.__name__}:{now.timestamp()}"))

    async def run(self, stop: asyncio.Event, pause: float = 20.0) -> None:
        while not stop.is_set():
            self._wake.clear()
            await self.once()
            await wait_any(stop, self._wake, timeout=pause)
