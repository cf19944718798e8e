"""Draws up what is ordered in chat, documents and pages of figures, beside the conversation, in a thread."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta

from bot.conversation.reports import figures
from bot.domain.channel import Drawn, NoPaper, Paper, RetryIn
from bot.domain.messages import Order, Outgoing
from bot.domain.text import t
from bot.ports import Clock, Store, StoreTrouble, Tx
from bot.ports.ledgers import Export
from bot.texts.catalogue import REFERENCE
from bot.usecases import papers
from bot.usecases.moving import NotFoundError
from bot.usecases.papers import FIGURES, Manuscript
from bot.usecases.registers import log_export
from bot.usecases.reports import ScopeError
from bot.usecases.seats import NotAllowedError
from bot.worker import DeskFor

log = logging.getLogger(__name__)

_KEPT = 16
"""So many documents are kept for a sender that comes again for them; another process may have sent them meanwhile."""
_LATER = timedelta(seconds=2)
_IN_TROUBLE = timedelta(seconds=10)

Write = Callable[[Manuscript], Paper]


class Papers:
    """One a process, one document at a time; implements `bot.domain.channel.Draw`. `write` may take its time: it is
    called in the thread.

    What takes long goes on between two tries of its sender. Each order is logged once, before its document leaves;
    after a crash it is drawn up, and sent, again.
    """

    def __init__(
        self,
        store: Store,
        write: Write,
        desk_for: DeskFor,
        clock: Clock,
        patience: float = 2.0,  # seconds that a sender is held up at most
    ) -> None:
        self._store = store
        self._write = write
        self._desk_for = desk_for
        self._clock = clock
        self._patience = patience
        self._one = asyncio.Lock()
        self._begun: dict[str, asyncio.Task[Drawn]] = {}

    async def __call__(self, order: Order) -> Drawn:
        task = self._begun.get(order.key)
        if task is None:
            for key in [key for key, one in self._begun.items() if one.done()][:-_KEPT]:
                del self._begun[key]
            task = self._begun[order.key] = asyncio.create_task(self._made(order))
        done, _ = await asyncio.wait({task}, timeout=self._patience)
        if not done:
            return RetryIn(_LATER, "is being drawn up")
        del self._begun[order.key]
        return task.result()

    async def _made(self, order: Order) -> Drawn:
        # Figures take a second or so, and need not wait for somebody's document of half a minute.
        async with nullcontext() if order.what == FIGURES else self._one:
            try:
                return await self._drawn_or_why_not(order)
            except StoreTrouble as error:
                return RetryIn(_IN_TROUBLE, str(error))

    async def _drawn_or_why_not(self, order: Order) -> Paper | Outgoing | NoPaper:
        try:
            await self._desk_for.catch_up(self._store)
            return await (self._page(order) if order.what == FIGURES else self._drawn(order))
        except (NotAllowedError, NotFoundError, ScopeError):
            return NoPaper(await self._words(order, "paper.not_yours"))
        except StoreTrouble:
            raise
        except Exception as error:
            # The type alone: an error's own words may quote what stands in a register.
            log.error("%s of %s could not be drawn up: %s", order.what, order.period, type(error).__name__)
            log.debug("%s of %s", order.what, order.period, exc_info=True)
            return NoPaper(await self._words(order, "paper.failed"), type(error).__name__)

    async def _page(self, order: Order) -> Outgoing:
        """Figures, which leave no file and no line in the log."""
        now = self._clock.now()

        async def draw(tx: Tx) -> Outgoing:
            desk, person = self._desk_for(tx, now, order.key), await tx.people.get(order.person)
            if person is None:
                raise NotAllowedError(order.person)
            return desk.written(person, *await figures(desk, person, order))

        return await self._store.look(draw)

    async def _drawn(self, order: Order) -> Paper:
        now = self._clock.now()

        async def draw(tx: Tx) -> tuple[Paper, list[Export]]:
            made = await papers.draw(self._desk_for(tx, now, order.key), order)
            return self._write(made), list(made.exports)

        paper, exports = await self._store.look(draw)
        async with self._store.begin() as tx:
            if await tx.marks.once(f"paper:{order.key}", now):
                for export in exports:
                    await log_export(tx, export)
        return paper

    async def _words(self, order: Order, key: str) -> str:
        """In the language of who ordered it."""
        async with self._store.begin() as tx:
            person = await tx.people.get(order.person)
            desk = self._desk_for(tx, self._clock.now(), order.key)
            return desk.texts.render(person.lang if person else REFERENCE, t(key, office=desk.town.office_name))
