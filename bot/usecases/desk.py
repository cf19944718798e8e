"""What a use case works with: one transaction, the town, the rules and the time, and how it speaks to people."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import count
from typing import Protocol

from bot.config.configuration import Configuration
from bot.dialogue.matter import Limits
from bot.dialogue.submission import Reader
from bot.domain.cases import AnswerClass, Case
from bot.domain.clocks import Terms
from bot.domain.machine import Clock
from bot.domain.messages import CHECKED_FIRST, Button, File, FileKind, Location, Order, Outgoing, OutgoingKind, Slip
from bot.domain.people import Person
from bot.domain.text import Text
from bot.domain.topics import Limit
from bot.domain.town import Town
from bot.ports import Tx
from bot.tagging.likeness import Likeness
from bot.texts.catalogue import Catalogue

Buttons = Sequence[Sequence[tuple[Text, str]]]
"""Rows of (label, data); data that begins with https:// is a link."""


QUARTER = timedelta(days=91)
"""How often an answer of class B or C is followed up."""


class Calendar(Protocol):
    def deadline(self, start: datetime, limit: Limit) -> datetime:
        """The moment, aware UTC, at which the limit runs out."""
        ...

    def covers(self, year: int) -> bool:
        """Whether the year's holidays are known."""
        ...


@dataclass(frozen=True, slots=True)
class Notice:
    """What the privacy notice names. `version` changes when its meaning does: people are then asked again."""

    version: str
    controller: str
    contact: str
    retention_months: int


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings that use cases go by. Times of day are the town's."""

    limits: Mapping[Clock, Limit]
    default_limit: Limit
    silent: Limit  # of doing nothing about what is overdue, until the office hears of it
    terms: Terms
    alike: float  # from this likeness on, a villager is asked whether an open case is theirs too
    notice: Notice
    quiet_from: time
    quiet_until: time
    digest_at: time
    digest_weekday: int  # 0 = Monday: when those who want it once a week get it
    invite_valid: timedelta
    draft_kept: timedelta
    sizes: Limits
    bot_name: str = ""

    def start_link(self, payload: str) -> str:
        """The link that opens the chat and presses start with this payload."""
        return f"https://t.me/{self.bot_name}?start={payload}"


@dataclass
class Desk:
    """`source` names what set this off (an inbox row, a sweep): replies are keyed by it, so none is sent twice.

    Town, texts, rules, reader and calendar are those of one `configuration`, for as long as the work lasts.
    """

    tx: Tx
    town: Town
    texts: Catalogue
    reader: Reader
    calendar: Calendar
    rules: Rules
    now: datetime
    source: str
    new_code: Callable[[], str]
    likeness: Likeness
    configuration: Configuration
    _numbers: "count[int]" = field(default_factory=count)

    def render(self, person: Person, text: Text) -> str:
        return self.texts.render(person.lang, text)

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.town.zone)

    async def say(self, person: Person, text: Text, buttons: Buttons = (), *, secret: bool = False) -> None:
        """Answer the person who just did something: at once, at any hour. What is `secret` is not kept."""
        key = f"{self.source}:{next(self._numbers)}"
        message = self.written(person, text, buttons, secret=secret)
        await self._add(person, message, key, self.now, urgent=True)

    async def hand(self, person: Person, what: Slip | Order, caption: Text | None = None) -> None:
        """Answer with a slip to show or print, which is not kept, or with what is drawn up when it is sent."""
        words = self.render(person, caption) if caption else ""
        if isinstance(what, Slip):
            message = Outgoing(OutgoingKind.SLIP, person.chat, words, slip=what, secret=True)
        else:
            message = Outgoing(OutgoingKind.PAPER, person.chat, words, order=what)
        await self._add(person, message, f"{self.source}:{next(self._numbers)}", self.now, urgent=True)

    async def tell(
        self,
        person: Person,
        text: Text,
        buttons: Buttons = (),
        *,
        key: str,
        urgent: bool = False,
        batch: str | None = None,
    ) -> None:
        """Tell a person something they did not ask for: not in quiet hours unless urgent, once for each `key`."""
        message = self.written(person, text, buttons)
        await self._add(person, message, f"{key}:{person.id}", self.awake(urgent), urgent, batch)

    async def send_files(
        self, person: Person, files: Sequence[File], caption: Text, *, key: str, urgent: bool = False
    ) -> None:
        """Re-send files, never forwarded: photos and videos together, voice and documents one by one.

        What may tell too much waits until it was checked, a file from another channel until it is kept: see
        `attachments.arrived`.
        """
        at = self.awake(urgent)
        files = [f for f in files if not f.channel or (f.channel == person.channel and f.kind not in CHECKED_FIRST)]
        together = [f for f in files if f.kind in (FileKind.PHOTO, FileKind.VIDEO)]
        groups = [together[i : i + 10] for i in range(0, len(together), 10)]
        groups += [[f] for f in files if f not in together]
        for number, group in enumerate(groups):
            message = Outgoing(OutgoingKind.FILES, person.chat, self.render(person, caption), files=tuple(group))
            await self._add(person, message, f"{key}:{person.id}:f{number}", at, urgent)

    async def send_location(self, person: Person, location: Location, *, key: str, urgent: bool = False) -> None:
        message = Outgoing(OutgoingKind.LOCATION, person.chat, location=location)
        await self._add(person, message, f"{key}:{person.id}:place", self.awake(urgent), urgent)

    async def toast(self, person: Person, press_id: str, text: Text | None = None) -> None:
        """Answer a press, so that the button stops spinning; with a word where something was refused."""
        words = self.render(person, text) if text else ""
        message = Outgoing(OutgoingKind.TOAST, person.chat, words[:190], press_id=press_id, alert=text is not None)
        await self._add(person, message, f"toast:{person.channel}:{press_id}", self.now, urgent=True)

    async def strip(self, person: Person, message_id: str) -> None:
        """Take the buttons off a message whose question is answered."""
        message = Outgoing(OutgoingKind.STRIP, person.chat, message_id=message_id)
        await self._add(person, message, f"{self.source}:strip", self.now, urgent=True)

    async def menu(self, person: Person, commands: Sequence[tuple[str, Text]]) -> None:
        """Set the person's command menu."""
        rendered = tuple((name, self.render(person, text)) for name, text in commands)
        message = Outgoing(OutgoingKind.MENU, person.chat, commands=rendered)
        await self._add(person, message, f"{self.source}:menu:{person.id}", self.now, urgent=False)

    def awake(self, urgent: bool) -> datetime:
        """Now, or when the quiet hours end."""
        return self.now if urgent else after_quiet(self.local(self.now), self.rules)

    def due(self, clock: Clock, case: Case) -> datetime | None:
        """When this clock, started now, runs out for the case; None where nothing is due then."""
        if clock is Clock.STOPPED:
            return None
        if clock is Clock.FOLLOW:
            return self.now + QUARTER if case.answer_class in (AnswerClass.B, AnswerClass.C) else None
        subtopic = self.town.subtopic(case.subtopic)
        if clock is Clock.SUBTOPIC:
            limit = subtopic.limit if subtopic else self.rules.default_limit
        else:
            limit = self.rules.limits[clock]
        return self.calendar.deadline(self.now, limit)

    def written(self, person: Person, text: Text, buttons: Buttons, *, secret: bool = False) -> Outgoing:
        """The message as this person reads it; not sent."""
        rows = tuple(
            tuple(
                Button(self.render(person, label), url=data)
                if data.startswith("https://")
                else Button(self.render(person, label), data)
                for label, data in row
            )
            for row in buttons
            if row
        )
        return Outgoing(OutgoingKind.TEXT, person.chat, self.render(person, text), rows, secret=secret)

    async def _add(
        self, person: Person, message: Outgoing, key: str, at: datetime, urgent: bool, batch: str | None = None
    ) -> None:
        await self.tx.outbox.add(
            person.channel, message, key=key, at=self.now, send_after=at, urgent=urgent, batch=batch
        )


def after_quiet(local: datetime, rules: Rules) -> datetime:
    """The moment itself, or the end of the quiet hours that it falls into. Quiet hours may pass midnight."""
    clock, start, end = local.time(), rules.quiet_from, rules.quiet_until
    if start == end:
        return local
    quiet = start <= clock < end if start < end else clock >= start or clock < end
    if not quiet:
        return local
    day = local.date() + timedelta(days=1 if start > end and clock >= start else 0)
    return datetime.combine(day, end, tzinfo=local.tzinfo)


async def people_of(desk: Desk, ids: Sequence[int]) -> list[Person]:
    """The persons, those who can be reached."""
    found = [await desk.tx.people.get(person_id) for person_id in dict.fromkeys(ids)]
    return [person for person in found if person and person.reachable]
