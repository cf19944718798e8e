"""A chat client for tests: people who write and tap, over the real worker, store and tagger, without a network."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path

from bot.compose.desk import Desks, tagger_for
from bot.compose.documents import read_handed_in, write_paper
from bot.config import SAMPLE_CONFIG, Configuration, load_configuration, load_settings
from bot.domain.cases import Case, Event
from bot.domain.channel import Fetched, Missing, RetryIn, TooLarge
from bot.domain.messages import File, FileKind, Inbound, InboundKind, Location, Outgoing, OutgoingKind
from bot.domain.town import Town
from bot.fetching import Fetcher
from bot.intake import Intake
from bot.learner import Learner, LiveTagger
from bot.papers import Papers
from bot.ports import CaseFilter, RawUpdate, Store
from bot.sweep import Sweep
from bot.tagging.tagger import TownTagger
from bot.usecases.papers import FIGURES
from bot.worker import Worker
from storage.filestore import FolderFiles
from storage.store import SqlStore, open_store
from tests.support.stores import KEYS, sqlite_store

CHANNEL = "local"
MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""A working Monday, ten in the morning in the town."""


class FakeClock:
    def __init__(self, now: datetime = MONDAY) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def push(self, **step: float) -> None:
        self._now += timedelta(**step)


class LocalTranslator:
    """Reads what `ChatClient` writes."""

    def translate(self, raw: str) -> Inbound:
        plain = json.loads(raw)
        files = tuple(File(FileKind(k), ref, unique) for k, ref, unique in plain.pop("files", ()))
        place = plain.pop("location", None)
        return Inbound(
            **plain
            | {"kind": InboundKind(plain["kind"]), "at": datetime.fromisoformat(plain["at"])}
            | {"files": files, "location": Location(*place) if place else None}
        )


@cache
def sample() -> tuple[Configuration, TownTagger]:
    """The sample town, read once: it is immutable, and the tagger's dictionaries take a second."""
    configuration = load_configuration(load_settings(SAMPLE_CONFIG, {}))
    return configuration, tagger_for(configuration.settings, configuration.town)


class LocalSource:
    """The channel's own files, as bytes by ref."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    async def fetch(self, ref: str, most: int) -> Fetched | TooLarge | Missing | RetryIn:
        data = self.files.get(ref)
        if data is None:
            return Missing("no such file")
        return TooLarge() if len(data) > most else Fetched(data)


@dataclass
class LocalTown:
    """A running sample town without a channel: what it says stays in the outbox."""

    store: Store
    town: Town
    clock: FakeClock
    worker: Worker
    sweep: Sweep
    desk_for: Desks
    learner: Learner
    source: LocalSource
    files: FolderFiles
    fetcher: Fetcher
    intake: Intake
    keys: "count[int]" = field(default_factory=lambda: count(1))
    pages: dict[str, Outgoing] = field(default_factory=dict)

    def client(self, account: str) -> "ChatClient":
        return ChatClient(self, account)

    async def drawn(self, message: Outgoing) -> Outgoing:
        """A page that was ordered, as it was at the first look; any other message as it is."""
        order = message.order
        if order is None or order.what != FIGURES:
            return message
        if order.key not in self.pages:
            page = await Papers(self.store, write_paper, self.desk_for, self.clock, patience=30.0)(order)
            assert isinstance(page, Outgoing), page
            self.pages[order.key] = page
        return self.pages[order.key]

    async def staff(self, account: str, *seats: str) -> "ChatClient":
        """Somebody who sits on these seats already."""
        async with self.store.begin() as tx:
            person = await tx.people.find(CHANNEL, account)
            person = person or await tx.people.add(CHANNEL, account, account, "zh-CN", self.clock.now())
            for seat in seats:
                await tx.people.appoint(seat, person.id, self.clock.now())
        return self.client(account)

    async def cases(self) -> list[Case]:
        """All cases, oldest first."""
        async with self.store.begin() as tx:
            return (await tx.cases.find(CaseFilter()))[::-1]

    async def events(self, case: Case) -> list[Event]:
        async with self.store.begin() as tx:
            return await tx.cases.events(case.id)


@dataclass
class ChatClient:
    """One person's chat. What they do is handled before the call returns."""

    place: LocalTown
    account: str
    seen: int = 0

    async def send(self, **fields: object) -> None:
        key = next(self.place.keys)
        plain = {
            "channel": CHANNEL,
            "account": self.account,
            "chat": self.account,
            "private": True,
            "kind": "message",
            "at": self.place.clock.now().isoformat(),
            "message_id": str(key),
        } | fields
        async with self.place.store.begin() as tx:
            update = RawUpdate(CHANNEL, key, str(plain["chat"]), json.dumps(plain, ensure_ascii=False))
            await tx.inbox.add([update], self.place.clock.now())
        await self.place.worker.drain()

    async def say(self, text: str, **more: object) -> None:
        await self.send(text=text, **more)

    async def photos(self, number: int = 1, text: str = "", album: str | None = None) -> None:
        """Photos as a channel delivers them: one update each, the words with the first."""
        group = album or (f"album-{next(self.place.keys)}" if number > 1 else None)
        for index in range(number):
            name = f"photo-{next(self.place.keys)}"
            await self.send(files=[["photo", name, name]], text="" if index else text, album=group)

    async def file(self, kind: str, data: bytes, text: str = "") -> str:
        """Send a file that has these bytes; returns its ref."""
        ref = f"{kind}-{next(self.place.keys)}"
        self.place.source.files[ref] = data
        await self.send(files=[[kind, ref, ref]], text=text)
        return ref

    async def voice(self) -> None:
        await self.send(files=[["voice", "voice-1", "voice-1"]])

    async def press(self, data: str, message_id: str = "0") -> None:
        await self.send(kind="press", press=data, press_id=f"press-{next(self.place.keys)}", message_id=message_id)

    async def tap(self, label: str) -> None:
        """Tap the newest button whose label contains these words."""
        await self.press(await self.button(label))

    async def button(self, label: str) -> str:
        for message in reversed(await self.all()):
            for row in message.buttons:
                for button in row:
                    if label in button.label:
                        return button.data
        raise AssertionError(f"{self.account} sees no button {label!r}; last: {await self.last()}")

    async def all(self) -> list[Outgoing]:
        """Every message to this chat so far, sent or still to be sent."""
        async with self.place.store.begin() as tx:
            found = [row.message for row in await tx.outbox.rows(self.account)]
        return [await self.place.drawn(message) for message in found]

    async def news(self) -> list[str]:
        """Texts that came since the last call, without answers to presses."""
        messages = await self.all()
        new, self.seen = messages[self.seen :], len(messages)
        return [m.text for m in new if m.kind in (OutgoingKind.TEXT, OutgoingKind.FILES)]

    async def toasts(self) -> list[str]:
        return [m.text for m in await self.all() if m.kind is OutgoingKind.TOAST and m.text]

    async def last(self) -> str:
        texts = [m.text for m in await self.all() if m.kind is OutgoingKind.TEXT]
        return texts[-1] if texts else ""

    async def agree(self) -> None:
        """First use: start, and consent to the notice."""
        await self.say("/start")
        await self.tap("同意")

    async def submit(self, text: str, village: str | None = None) -> Case:
        """Bring a case in, the quick way; returns it."""
        await self.say(text)
        if "哪个村" in await self.last():
            await self.say(village or "石龙村")
        if "哪方面" in await self.last():
            await self.tap("说不清")
        if "有照片吗" in await self.last():
            await self.say("1")
        await self.say("1")
        return (await self.place.cases())[-1]


@asynccontextmanager
async def local_town(folder: Path, now: datetime = MONDAY, url: str | None = None) -> AsyncIterator[LocalTown]:
    """The sample town over a migrated database at `url`, else over a SQLite file of its own."""
    store = await open_store(url, KEYS) if url else await sqlite_store(folder / "town.sqlite")
    try:
        yield town_over(store, folder / "files", now)
    finally:
        await store.close()


def town_over(store: SqlStore, files_at: Path, now: datetime = MONDAY) -> LocalTown:
    """The sample town over a store that is open; the caller closes it."""
    configuration, tagger = sample()
    clock, reader = FakeClock(now), LiveTagger(tagger)
    desk_for = Desks(configuration, reader, "test_bot")
    worker = Worker(store, {CHANNEL: LocalTranslator()}, desk_for, clock)
    sweep, learner = Sweep(store, desk_for, clock), Learner(store, reader, clock)
    source, files = LocalSource(), store.files_in(files_at)
    fetcher = Fetcher(store, CHANNEL, source, files, desk_for, clock, most_bytes=1_000_000)
    intake, town = Intake(store, CHANNEL, source, read_handed_in, desk_for, clock), configuration.town
    return LocalTown(store, town, clock, worker, sweep, desk_for, learner, source, files, fetcher, intake)
