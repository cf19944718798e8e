"""What a fault has left behind, counted: lost, doubled, twins, gaps, broken chains."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.compose.sandbox import OFFICE
from bot.domain.cases import Event, broken_at
from bot.domain.machine import Action
from bot.domain.messages import Outgoing, OutgoingKind
from bot.ports import CaseFilter, OutboxStatus, Store
from bot.usecases.papers import FIGURES
from handlers.sandbox.botapi import BotApiServer
from storage.trials import received

ONCE = frozenset({Action.WARN, Action.REMIND, Action.SUPERVISE, Action.ESCALATE})
"""Steps of the clock that no history of a trial may show twice."""
PAGE, PAPER = "〔figures〕", "〔report〕"
"""What the clerk orders."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a fault strikes."""

    channel: str  # polling | webhook
    database: str  # sqlite | postgresql
    replicas: int = 1


@dataclass(slots=True)
class Row:
    """One line of the table. `lost` counts acknowledged updates, submitted cases and messages noted as sent;
    `promised` is how many messages may at most come twice. `wrong` says what was not as it should be.
    """

    fault: str
    setting: Setting
    times: int = 0
    acknowledged: int = 0
    cases: int = 0
    lost: int = 0
    doubled: int = 0
    twins: int = 0
    promised: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    @property
    def as_promised(self) -> bool:
        return self.twins <= self.promised

    @property
    def passed(self) -> bool:
        return not (self.lost or self.doubled or self.wrong) and self.as_promised

    def claim(self, holds: object, words: str) -> None:
        """Note it where something does not hold that should."""
        if not holds:
            self.wrong.append(words)


@dataclass(frozen=True, slots=True)
class Left:
    """What stands in the database in the end."""

    texts: tuple[str, ...]
    numbers: tuple[str, ...]
    histories: tuple[tuple[Event, ...], ...]
    broken: tuple[str, ...]
    outbox: tuple[OutboxStatus, ...]
    waiting: int
    parked: tuple[str, ...]
    received: frozenset[int]
    exports: int


async def look(store: Store, url: str) -> Left:
    """Read it all out. Not for a large town."""
    async with store.begin() as tx:
        cases = (await tx.cases.find(CaseFilter(limit=1_000_000)))[::-1]
        histories = [tuple(await tx.cases.events(case.id)) for case in cases]
        broken = [case.number for case, events in zip(cases, histories, strict=True) if broken_at(case, events)]
        outbox = tuple(await tx.outbox.rows())
        waiting, parked = await tx.inbox.waiting(), tuple(why for _, why in await tx.inbox.parked())
        exports = len(await tx.registers.exports())
    return Left(
        tuple(case.text for case in cases),
        tuple(case.number for case in cases),
        tuple(histories),
        tuple(broken),
        outbox,
        waiting,
        parked,
        frozenset(received(url)),
        exports,
    )


def judge(row: Row, left: Left, server: BotApiServer, submitted: Sequence[str], *, refusals: bool) -> None:
    """Fill in the row's counts, and what is wrong. `refusals`: messages that Telegram refuses are part of the fault."""
    row.acknowledged, row.cases = len(server.acknowledged), len(left.texts)
    unknown = set(server.acknowledged) - left.received
    missing = Counter(submitted) - Counter(left.texts)
    sent, noted = sends(server), texts_of(left.outbox, "sent")
    unsent = noted - sent
    queued = texts_of(left.outbox)
    cries = f"{OFFICE}:"  # the alarm goes past the outbox
    strange = [text for text in sent if text not in queued and not text.startswith(cries)]
    row.claim(not strange, f"messages that nobody queued: {strange[:2]}")
    row.lost = len(unknown) + missing.total() + unsent.total()
    row.claim(not unknown, f"{len(unknown)} acknowledged updates are not in the inbox")
    row.claim(not missing, f"{missing.total()} submitted cases are not there")
    row.claim(not unsent, f"{unsent.total()} messages are noted as sent and were not")
    steps = (Counter(event.action for event in events) for events in left.histories)
    repeated = sum(times - 1 for found in steps for action, times in found.items() if action in ONCE)
    row.doubled = len(left.texts) - len(set(left.texts)) + repeated
    row.twins = sum(max(0, times - noted[text]) for text, times in sent.items() if text in queued)
    numbers = sorted(int(number.rsplit("-", 1)[1]) for number in left.numbers)
    row.claim(numbers == list(range(1, len(numbers) + 1)), "case numbers have gaps or twins")
    row.claim(not left.broken, f"the histories of {', '.join(left.broken[:5])} do not hold")
    row.claim(not left.parked, f"parked updates: {Counter(left.parked)}")
    row.claim(left.waiting == 0, f"{left.waiting} updates still wait")
    dead = Counter(found.error for found in left.outbox if found.status == "dead")
    papers = sum(PAPER in text for text in noted.elements())
    row.claim(left.exports == papers, f"{papers} reports left, {left.exports} are in the log of exports")
    row.claim(refusals or not dead, f"messages given up: {dead}")
    row.claim(row.acknowledged, "nothing was acknowledged")
    row.claim(not server.violations, f"rules of the Bot API were broken: {server.violations[:2]}")


def sends(server: BotApiServer) -> Counter[str]:
    """Every text that reached a phone, once for each time; in place of what is drawn up when it is sent, what it is."""
    return Counter(f"{entry['params']['chat_id']}:{_said(entry)}" for entry in server.log if _arrived(entry))


def texts_of(rows: Sequence[OutboxStatus], status: str | None = None) -> Counter[str]:
    """The same of the outbox: all that is in it, or what has one status."""
    return Counter(
        f"{row.chat}:{_queued(row.message)}"
        for row in rows
        if status in (None, row.status) and row.message.kind in (OutgoingKind.TEXT, OutgoingKind.PAPER)
    )


def lost_answers(server: BotApiServer) -> int:
    """How many messages reached a phone while the bot did not learn of it: each may come twice."""
    return sum(_arrived(entry) for entry in server.log if "fault" in entry)


def _arrived(entry: Mapping[str, Any]) -> bool:
    return entry.get("method") in ("sendMessage", "sendDocument") and entry["status"] == 200


def _said(entry: Mapping[str, Any]) -> str:
    if entry["method"] == "sendDocument":
        return PAPER
    params = entry["params"]
    return PAGE if ":w:monthly" in str(params.get("reply_markup", "")) else str(params["text"])


def _queued(message: Outgoing) -> str:
    return message.text if message.order is None else PAGE if message.order.what == FIGURES else PAPER
