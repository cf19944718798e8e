"""Plays scripts: each is a generator that yields what it waits for, and all of them share one pushed clock."""

import heapq
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any, TypeAlias

from bot.delivery import Sender
from bot.domain.cases import Case
from bot.domain.text import t
from bot.domain.town import Town
from bot.domain.workdays import WorkCalendar
from bot.learner import Learner
from bot.ports import RawUpdate, Store
from bot.simulation.phones import CHANNEL, Phones
from bot.simulation.words import Saying
from bot.sweep import Sweep
from bot.texts.catalogue import REFERENCE, Catalogue
from bot.worker import Worker

DESK_HOURS = (time(9, 10), time(11), time(15, 10), time(16, 50))
HOME_HOURS = (time(7, 40), time(12, 40), time(18, 30), time(20, 40), time(22, 20))
BELLS = (time(7, 1), time(8, 1), time(18, 1))
"""The world stands still at these times though nobody acts: quiet hours end, digests go out, limits are up."""

BETWEEN_SWEEPS = timedelta(minutes=10)
"""Less than after what the office is told that the sweep stands still."""
A_TURN = timedelta(seconds=7)
"""How long it takes to answer a message."""


@dataclass(frozen=True, slots=True)
class Until:
    at: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody sends something. The script goes on when it is answered."""

    account: str
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Hold:
    """Wait until nobody else's script has this person's hands."""

    account: str


@dataclass(frozen=True, slots=True)
class Look:
    """The case as it stands, and whether a supervision of it is open: for choosing what people do next."""

    case_id: int


Wait: TypeAlias = Until | Turn | Hold | Look
Script: TypeAlias = Generator[Wait, Any, Any]


class Surprise(Exception):
    """A phone does not show what a script expected. Counted, and named in the outcome."""


@dataclass
class PushedClock:
    moment: datetime

    def now(self) -> datetime:
        return self.moment


@dataclass
class Parts:
    """The real bot around the simulated phones."""

    store: Store
    worker: Worker
    sweep: Sweep
    sender: Sender
    learner: Learner


@dataclass
class World:
    """`seed` makes every choice; `surprises` counts what went otherwise than a script expected, `done` what was
    done besides cases, for the tables to agree with.
    """

    town: Town
    clock: PushedClock
    phones: Phones
    parts: Parts
    texts: Catalogue
    saying: Saying
    calendar: WorkCalendar
    seed: int
    surprises: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._ready: deque[tuple[Script, Any]] = deque()
        self._turns: list[tuple[Script, Turn]] = []
        self._looks: list[tuple[Script, Look]] = []
        self._later: list[tuple[datetime, int, Script]] = []
        self._held: set[str] = set()
        self._queues: defaultdict[str, deque[Script]] = defaultdict(deque)
        self._numbers, self._keys, self._seeds = count(), count(1), count()
        self._swept = datetime.min.replace(tzinfo=UTC)

    def random(self) -> Random:
        """Choices of one script: they do not depend on what the others do."""
        return Random(f"{self.seed}:{next(self._seeds)}")  # noqa: S311 - a game, no secret

    def key(self) -> int:
        """A number that was never given out before."""
        return next(self._keys)

    def play(self, script: Script) -> None:
        self._ready.append((script, None))

    def free(self, account: str) -> None:
        """The hands of this person are free for the next script."""
        if self._queues[account]:
            self._ready.append((self._queues[account].popleft(), None))
        else:
            self._held.discard(account)

    def label(self, key: str, **values: object) -> str:
        """What a button or a text says."""
        return self.texts.render(REFERENCE, t(key, **values))

    async def run(self, end: datetime, told: Callable[[datetime], None] = lambda month: None) -> None:
        """Play until `end`; `told` hears of each new month, with which the tagger learns from staff."""
        self.play(self._bells())
        month = self.today().month
        await self._settle()
        while self._later and self._later[0][0] < end:
            self.clock.moment = max(self.clock.moment, self._later[0][0])
            if self.today().month != month:
                month = self.today().month
                await self.parts.learner.once()
                told(self.clock.moment)
            await self._sweep()
            while self._later and self._later[0][0] <= self.clock.moment:
                self._ready.append((heapq.heappop(self._later)[2], None))
            await self._settle()
        self.clock.moment = end
        await self._sweep()
        for script in [script for *_, script in self._later]:
            script.close()

    async def _settle(self) -> None:
        """Rounds of messages and answers, until everybody waits for a later time."""
        while self._ready or self._turns or self._looks:
            while self._ready:
                self._advance(*self._ready.popleft())
            await self._exchange()
            await self._answer_looks()

    def _advance(self, script: Script, value: Any) -> None:
        try:
            wait = script.send(value)
        except StopIteration:
            return
        except Surprise as surprise:
            self.surprises[str(surprise)] += 1
            return
        match wait:
            case Until(at):
                heapq.heappush(self._later, (at, next(self._numbers), script))
            case Turn():
                self._turns.append((script, wait))
            case Look():
                self._looks.append((script, wait))
            case Hold(account) if account in self._held:
                self._queues[account].append(script)
            case Hold(account):
                self._held.add(account)
                self._ready.append((script, None))

    async def _exchange(self) -> None:
        """What people sent is stored, answered and delivered."""
        turns, self._turns = self._turns, []
        if not turns:
            return
        self.clock.moment += A_TURN
        await self._sweep()
        now, rows = self.clock.now(), []
        for _, turn in turns:
            key = self.key()
            rows.append(RawUpdate(CHANNEL, key, turn.account, self.phones.raw(turn.account, key, now, turn.fields)))
        async with self.parts.store.begin() as tx:
            await tx.inbox.add(rows, now)
        left = len(rows)
        while left > 0:
            left -= await self.parts.worker.step()
        await self.parts.sender.drain()
        self._ready.extend((script, None) for script, _ in turns)

    async def _answer_looks(self) -> None:
        looks, self._looks = self._looks, []
        if not looks:
            return
        async with self.parts.store.begin() as tx:
            for script, look in looks:
                case = await tx.cases.get(look.case_id)
                supervised = any(one.result is None for one in await tx.supervisions.of_case(look.case_id))
                self._ready.append((script, (case, supervised)))

    async def _sweep(self) -> None:
        if self.clock.moment - self._swept < BETWEEN_SWEEPS:
            return
        self._swept = self.clock.moment
        while await self.parts.sweep.once():
            continue
        await self.parts.sender.drain()

    def _bells(self) -> Script:
        rung = self.clock.moment
        while True:
            day = rung.astimezone(self.town.zone).date()
            moments = [self.at(day + timedelta(days=more), bell) for more in (0, 1) for bell in BELLS]
            rung = min(moment for moment in moments if moment > rung)
            yield Until(rung)

    def today(self) -> date:
        return self.clock.moment.astimezone(self.town.zone).date()

    def at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, self.town.zone).astimezone(UTC)

    def desk_hour(self, rng: Random, days: int = 0) -> Until:
        """An hour at which staff work, `days` working days from now; today (0) only what is left of it."""
        day, left = self.today(), days
        while left > 0 or not self.calendar.is_workday(day):
            day += timedelta(days=1)
            left -= self.calendar.is_workday(day)
        return self._hour(rng, day, DESK_HOURS, self.calendar.is_workday)

    def home_hour(self, rng: Random, days: int = 0) -> Until:
        """An hour at which villagers look at their phones, `days` days from now."""
        return self._hour(rng, self.today() + timedelta(days=days), HOME_HOURS, lambda day: True)

    def _hour(self, rng: Random, day: date, hours: tuple[time, ...], fit: Callable[[date], bool]) -> Until:
        ahead = [at for hour in hours if (at := self.at(day, hour)) > self.clock.moment]
        if ahead:
            return Until(rng.choice(ahead))
        day += timedelta(days=1)
        while not fit(day):
            day += timedelta(days=1)
        return Until(self.at(day, hours[0]))


def seen(answer: Any) -> tuple[Case, bool]:
    """The answer to a `Look`, with its type. Raises Surprise: no such case."""
    case, supervised = answer
    if case is None:
        raise Surprise("no such case")
    return case, supervised
