"""Cries straight over the channel when the outbox cannot: that the database takes nothing, and when it does again."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.domain.channel import Sent, Transport
from bot.domain.messages import Outgoing, OutgoingKind
from bot.domain.people import Person
from bot.domain.text import Text, t
from bot.domain.town import ADMIN_SEAT, Role, Town
from bot.ports import Clock, Store, StoreTrouble, Trouble, Tx
from bot.texts.catalogue import Catalogue
from bot.worker import wait_any

log = logging.getLogger(__name__)
T = TypeVar("T")

MARK = "alarm"
LITTLE_ROOM = 500_000_000
"""Bytes: the administrator hears once a day that there is less."""
LEARN_EVERY = 12
"""Looks: so seldom is it asked whom to tell."""
AGAIN = timedelta(hours=1)
"""So long after a cry comes the next, while the trouble lasts."""


@dataclass(frozen=True, slots=True)
class Alertness:
    """In seconds: trouble that stands for `patience` is cried out, and over once nothing failed for `calm`."""

    patience: float = 30.0
    calm: float = 15.0
    look: float = 5.0


@dataclass(slots=True)
class _Streak:
    """Failures, none of them much later than the one before. Times are seconds of a clock that never jumps."""

    since: datetime
    first: float
    last: float
    kind: Trouble
    count: int = 0


class WatchedStore:
    """A store that remembers its trouble. Implements `bot.ports.Store`."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        alertness: Alertness | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._clock, self._monotonic = store, clock, monotonic
        self.alertness = alertness or Alertness()
        self._streak: _Streak | None = None

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Tx]:
        with self._noted():
            async with self._store.begin() as tx:
                yield tx

    async def work(self, act: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        with self._noted():
            return await self._store.work(act)

    async def look(self, act: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        with self._noted():
            return await self._store.look(act)

    async def close(self) -> None:
        await self._store.close()

    @property
    def ailing(self) -> bool:
        """Something failed a short while ago."""
        return self._streak is not None and self._monotonic() - self._streak.last < self.alertness.calm

    def trouble(self) -> Trouble | None:
        """What has been failing again and again for longer than patience bears."""
        streak = self._streak if self.ailing else None
        stands = streak and streak.count > 2 and streak.last - streak.first >= self.alertness.patience
        return streak.kind if streak and stands else None

    def since(self) -> datetime | None:
        """When the latest failures began."""
        return self._streak.since if self._streak else None

    @contextmanager
    def _noted(self) -> Iterator[None]:
        try:
            yield
        except StoreTrouble as error:
            now = self._monotonic()
            if self._streak is None or not self.ailing:
                self._streak = _Streak(self._clock.now(), now, now, error.kind)
            self._streak.last, self._streak.kind = now, error.kind
            self._streak.count += 1
            raise


class Alarm:
    """One a process. Looks after the database and the disk (`room`: free bytes there), and tells the administrator,
    or the office while there is none. Whom, it learns while all is well.
    """

    def __init__(
        self,
        store: WatchedStore,
        channel: str,
        transport: Transport,
        clock: Clock,
        town: Callable[[], Town],
        texts: Callable[[], Catalogue],
        room: Callable[[], int] | None = None,
    ) -> None:
        self._store = store
        self._channel = channel
        self._transport = transport
        self._clock = clock
        self._town, self._texts = town, texts
        self._room = room
        self._known: list[Person] = []
        self._looks = 0
        self._cried: tuple[datetime, datetime] | None = None  # when, and since when there was trouble

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await self.once()
            await wait_any(stop, timeout=self._store.alertness.look)

    async def once(self) -> None:
        """Look, and cry where there is reason to. Raises only what stops the whole channel."""
        try:
            if self._store.ailing or self._cried:
                await self._probe()
            elif self._looks % LEARN_EVERY == 0:
                await self._learn()
            self._looks += 1
        except StoreTrouble as error:
            log.debug("the alarm met the trouble that it watches for: %s", error)
        now, kind, since = self._clock.now(), self._store.trouble(), self._store.since()
        if kind and since and (self._cried is None or not timedelta() <= now - self._cried[0] < AGAIN):
            log.critical("the database takes nothing since %s: %s", since.isoformat(timespec="seconds"), kind)
            if await self._tell(t(f"alarm.{kind}", since=self._local(since))):
                self._cried = now, since
        elif self._cried and not self._store.ailing:
            log.warning("the database is well again")
            if await self._tell(t("alarm.over", since=self._local(self._cried[1]), until=self._local(now))):
                self._cried = None

    async def _probe(self) -> None:
        """Write something small: silence alone is no proof that the trouble is over."""
        async with self._store.begin() as tx:
            await tx.marks.put(MARK, self._clock.now())

    async def _learn(self) -> None:
        """Whom to tell, and whether there is room on the disk."""
        free = self._room() if self._room else LITTLE_ROOM
        now = self._clock.now()
        async with self._store.begin() as tx:
            holders = await tx.people.holders()
            office = [holders[seat.id] for seat in self._town().seats_of(Role.OFFICE) if seat.id in holders]
            wanted = [holders[ADMIN_SEAT]] if ADMIN_SEAT in holders else office
            found = [await tx.people.get(person) for person in dict.fromkeys(wanted)]
            day = now.astimezone(self._town().zone).date()
            low = free < LITTLE_ROOM and await tx.marks.once(f"room:{day}", now)
        self._known = [person for person in found if person and person.channel == self._channel]
        if low:
            log.error("little room is left on the disk: %d MB", free // 1_000_000)
            await self._tell(t("alarm.low", free=free // 1_000_000))

    async def _tell(self, text: Text) -> bool:
        """Whether anybody was told. Where there is nobody to tell, the log has to do."""
        outcomes = [
            await self._transport.send(
                Outgoing(OutgoingKind.TEXT, person.chat, self._texts().render(person.lang, text))
            )
            for person in self._known
        ]
        return not outcomes or any(isinstance(outcome, Sent) for outcome in outcomes)

    def _local(self, moment: datetime) -> str:
        return f"{moment.astimezone(self._town().zone):%m-%d %H:%M}"
