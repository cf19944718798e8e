"""Sends what waits in the outbox over one channel: paced, a few at a time, one in flight for each chat."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.channel import Moved, Outcome, Refused, RetryIn, Sent, Transport, Unreachable
from bot.domain.messages import OutgoingKind
from bot.leaps import Leaps
from bot.pacing import Pace, SendLimits
from bot.ports import Clock, OutboxRow, Store, StoreTrouble, Tx

_LOG = logging.getLogger(__name__)

_PATIENCE = 2.0  # seconds that a row may wait here for its turn; a longer wait goes back to the outbox
_LOOK_AGAIN = 1.0  # seconds after which the outbox is looked at though nobody rang: other processes fill it too
_LONGEST_STORE_PAUSE = 30.0
_UNPACED = {OutgoingKind.TOAST, OutgoingKind.MENU}  # no messages: only the overall pace counts


class ChannelError(Exception):
    """The channel cannot work until a human mends something; the message says what. Stops the run."""


@dataclass(slots=True)
class _Held:
    """A claimed row that has not left yet. `claimed` is in the event loop's seconds."""

    row: OutboxRow
    claimed: float


async def _ignore(channel: str, chat: str) -> None:
    """The default for `on_unreachable`."""


class Sender:
    """One a process and channel.

    Rows are claimed with a lease of `lease`; a row leaves only in the first half of it and is given up within the
    second, so that no other sender can have it meanwhile. After a crash, what was in flight is sent again once its
    lease has lapsed. `on_unreachable(channel, chat)` is told of people who cannot be written to any more; it runs
    outside the sender's transactions. Telegram numbers groups below zero: such chats are paced as groups.
    """

    def __init__(
        self,
        store: Store,
        channel: str,
        transport: Transport,
        clock: Clock,
        limits: SendLimits | None = None,
        *,
        parallel: int = 8,
        lease: timedelta = timedelta(minutes=1),
        attempts: int = 500,  # with pauses of up to five minutes: more than a day
        worker: str = "sender",
        on_unreachable: Callable[[str, str], Awaitable[None]] = _ignore,
    ) -> None:
        self._store = store
        self._channel = channel
        self._transport = transport
        self._clock = clock
        self._pace = Pace(limits or SendLimits())
        self._parallel = parallel
        self._lease = lease
        self._half_lease = lease.total_seconds() / 2
        self._attempts = attempts
        self._worker = worker
        self._on_unreachable = on_unreachable
        self._bell = asyncio.Event()
        self._held: list[_Held] = []
        self._flying: dict[asyncio.Task[Outcome], OutboxRow] = {}
        self._results: list[tuple[OutboxRow, Outcome]] = []
        self._due: datetime | None = None
        self._broken: ChannelError | None = None
        self._sent = 0
        self._leaps = Leaps(clock)
        self._mend_at = self._mend_until = 0.0  # now: a clock may have been turned back while no process ran

    def wake(self) -> None:
        """Something was put into the outbox."""
        self._bell.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set, then let what is in flight land. Raises ChannelError."""
        ringer = asyncio.create_task(self._ring_at(stop))
        pause = 0.0
        try:
            while not stop.is_set():
                self._bell.clear()
                try:
                    await self._turn()
                    pause = 0.0
                except ChannelError:
                    raise
                except StoreTrouble as error:
                    # Well within the lease: what was sent is to be noted before another sender may take it up.
                    pause = min(max(1.0, 2 * pause), self._half_lease / 2)
                    _LOG.error("The outbox waits for the database (%s); again in %.0f s", error, pause)
                except Exception:
                    pause = min(max(1.0, 2 * pause), _LONGEST_STORE_PAUSE)
                    _LOG.exception("The outbox cannot be read or written; again in %.0f s", pause)
                await self._rest(pause)
        finally:
            ringer.cancel()
            await self._land()

    async def drain(self) -> int:
        """Send all that is due by now, and return how many messages were delivered. Not beside `run`."""
        before = self._sent
        while True:
            self._bell.clear()
            taken = await self._turn()
            if not (taken or self._held or self._flying or self._results):
                return self._sent - before
            await self._rest(0.0)

    async def _turn(self) -> int:
        """Write down what came back, take what is due, let fly what may meanwhile; returns how many rows were taken."""
        self._collect()
        settling = asyncio.create_task(self._settle(self._room()))
        try:
            while not settling.done():
                self._launch()
                await self._landing(settling)
                self._collect()
        finally:
            taken = await settling
        if self._broken:
            raise self._broken
        self._launch()
        return taken

    def _room(self) -> int:
        return 4 * self._parallel - len(self._held) - len(self._flying)

    async def _landing(self, settling: "asyncio.Task[int]") -> None:
        """Until something lands, or the transaction is over; where nothing more may leave, its end is enough."""
        flying = self._flying.keys() if self._held else ()
        await asyncio.wait({settling, *flying}, return_when=asyncio.FIRST_COMPLETED)

    def _launch(self) -> None:
        """Let fly what may, and give back what has waited for too long."""
        now = asyncio.get_running_loop().time()
        waiting = []
        for held in self._held:
            message = held.row.message
            chat = None if message.kind in _UNPACED else message.chat
            wait = self._pace.wait(chat, now)
            if wait > _PATIENCE or now - held.claimed > self._half_lease:
                self._results.append((held.row, RetryIn(timedelta(seconds=wait), "waits its turn")))
            elif wait > 0 or self._full():
                waiting.append(held)
            else:
                group = message.chat.startswith("-")
                self._pace.note(chat, group, now, max(1, len(message.files)))
                self._fly(held)
        self._held = waiting

    def _full(self) -> bool:
        """Whether enough is on its way, or has landed without being written down: a crash sends that much again."""
        flying = len(self._flying)
        return flying >= self._parallel or flying + len(self._results) >= 2 * self._parallel

    def _fly(self, held: _Held) -> None:
        task = asyncio.create_task(self._deliver(held))
        self._flying[task] = held.row
        task.add_done_callback(lambda _: self._bell.set())

    async def _deliver(self, held: _Held) -> Outcome:
        row = held.row
        if asyncio.get_running_loop().time() - held.claimed > self._half_lease:
            return RetryIn(timedelta(), "the process stood still")  # another sender may have it by now
        try:
            async with asyncio.timeout(self._half_lease):
                return await self._transport.send(row.message)
        except TimeoutError:
            return RetryIn(timedelta(seconds=1), f"no answer within {self._half_lease:.0f} s")
        except ChannelError as error:
            self._broken = error
            return RetryIn(timedelta(), str(error))
        except Exception as error:
            # A fault of ours would only repeat itself, and hold up all that waits behind it.
            _LOG.exception("Outbox row %d broke its transport", row.id)
            return Refused(f"{type(error).__name__}: {error}")

    def _collect(self) -> None:
        """Take in the flights that have landed."""
        for task in [task for task in self._flying if task.done()]:
            row, outcome = self._flying.pop(task), task.result()
            if isinstance(outcome, RetryIn) and outcome.all_chats:
                now = asyncio.get_running_loop().time()
                self._pace.hold(now + outcome.delay.total_seconds())
            self._results.append((row, outcome))

    async def _settle(self, room: int) -> int:
        """One transaction: the results so far into the outbox, up to `room` due rows out of it."""
        results = self._results.copy()
        turned_back = self._mends(asyncio.get_running_loop().time())

        async def settle(tx: Tx) -> tuple[list[OutboxRow], datetime | None]:
            now = self._clock.now()
            lease = now + self._lease
            if turned_back:
                await tx.outbox.turned_back(self._channel, now, lease)
            for row, outcome in results:
                await self._note(tx, row, outcome, now)
            rows = await tx.outbox.claim(self._channel, now, room, lease, self._worker) if room > 0 else []
            return rows, await tx.outbox.next_due(self._channel)

        rows, self._due = await self._store.work(settle)
        if turned_back:
            self._mend_at = asyncio.get_running_loop().time() + _LOOK_AGAIN
        del self._results[: len(results)]  # not before the commit: what could not be written is written the next time
        # A clock pushed forward lets leases lapse early; what is in our own hands we do not take twice.
        mine = {held.row.id for held in self._held} | {row.id for row in self._flying.values()}
        mine |= {row.id for row, _ in self._results}
        claimed = asyncio.get_running_loop().time()
        self._held += [_Held(row, claimed) for row in rows if row.id not in mine]
        for row, outcome in results:
            self._sent += isinstance(outcome, Sent)
            if isinstance(outcome, Unreachable):
                await self._tell_unreachable(row.message.chat)
        return len(rows)

    def _mends(self, at: float) -> bool:
        """Whether rows of a clock that was ahead are to be looked for: at the start, when the clock was turned back,
        and for a lease after that, since what was begun by the old time may be committed only then.
        """
        if self._leaps.look() < timedelta():
            self._mend_at, self._mend_until = at, at + self._lease.total_seconds()
        return self._mend_at <= min(at, self._mend_until)

    async def _note(self, tx: Tx, row: OutboxRow, outcome: Outcome, now: datetime) -> None:
        match outcome:
            case Sent(message_id):
                await tx.outbox.sent(row.id, now, message_id)
                await self._forget_secret(tx, row)
            case Moved(chat):
                await tx.outbox.move_chat(self._channel, row.message.chat, chat)
                await tx.outbox.retry(row.id, row.attempts, now, "the chat has a new id")
            case RetryIn(delay, error) if row.attempts < self._attempts:
                await tx.outbox.retry(row.id, row.attempts, now + delay, error)
            case RetryIn(error=error) | Unreachable(error) | Refused(error):
                _LOG.warning("Outbox row %d cannot be delivered: %s", row.id, error)
                await tx.outbox.dead(row.id, now, error)
                await self._forget_secret(tx, row)

    async def _forget_secret(self, tx: Tx, row: OutboxRow) -> None:
        if row.message.secret:
            await tx.outbox.scrub(row.id)

    async def _tell_unreachable(self, chat: str) -> None:
        try:
            await self._on_unreachable(self._channel, chat)
        except Exception:
            _LOG.exception("An unreachable chat could not be marked; its next message will tell again")

    async def _rest(self, pause: float) -> None:
        """Until somebody rings, or something falls due, or `pause` seconds after a failure are over."""
        if self._results and not pause:
            return
        now = asyncio.get_running_loop().time()
        waits = [_LOOK_AGAIN]
        if len(self._flying) < self._parallel:
            chats = [None if h.row.message.kind in _UNPACED else h.row.message.chat for h in self._held]
            waits += [self._pace.wait(chat, now) for chat in chats]
        if self._due and (until := (self._due - self._clock.now()).total_seconds()) > 0:
            waits.append(until)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause or min(waits)):
                await self._bell.wait()

    async def _ring_at(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._bell.set()

    async def _land(self) -> None:
        """Wait for what is in flight, give back what has not left, and write it all down."""
        if self._flying:
            await asyncio.wait(self._flying)
        self._collect()
        self._results += [(held.row, RetryIn(timedelta(), "stopped")) for held in self._held]
        self._held = []
        try:
            await self._settle(room=0)
        except Exception:
            _LOG.exception("The last results could not be written; those messages may be sent twice")
