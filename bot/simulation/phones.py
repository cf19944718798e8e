"""Everybody's phones: what they show, which buttons they offer, and a count of all that went in and out."""

import json
from collections import Counter, OrderedDict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.channel import Outcome, Sent, Unreachable
from bot.domain.messages import Button, File, FileKind, Inbound, InboundKind, Location, Outgoing, OutgoingKind

CHANNEL = "simulated"
"""No bot that runs ever sends on this channel, so nobody is written to from a simulated town's database."""

REMEMBERED = 40
"""Messages with buttons that a phone keeps in order; an older one's buttons can still be pressed, not taken off."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A message on a phone's screen."""

    id: str
    text: str
    buttons: tuple[Button, ...]


@dataclass
class Phone:
    """One chat. `offered`: a button's data -> the newest message that has it. `alert`: why a press was refused."""

    role: str
    newest: "deque[Shown]" = field(default_factory=lambda: deque(maxlen=8))
    offered: dict[str, str] = field(default_factory=dict)
    alert: str = ""
    blocked: bool = False
    _with_buttons: "OrderedDict[str, tuple[Button, ...]]" = field(default_factory=OrderedDict)

    def show(self, shown: Shown) -> None:
        self.newest.append(shown)
        if not shown.buttons:
            return
        self.offered |= {button.data: shown.id for button in shown.buttons}
        self._with_buttons[shown.id] = shown.buttons
        if len(self._with_buttons) > REMEMBERED:
            self._with_buttons.popitem(last=False)

    def strip(self, message_id: str) -> None:
        for button in self._with_buttons.pop(message_id, ()):
            if self.offered.get(button.data) == message_id:
                del self.offered[button.data]

    @property
    def question(self) -> tuple[Button, ...]:
        """The buttons of what the bot asks just now: the newest step of a guided chat, and what was said last."""
        steps = (row for row in reversed(self._with_buttons.values()) if any(b.data.startswith("d:") for b in row))
        return (*(self.newest[-1].buttons if self.newest else ()), *next(steps, ()))

    @property
    def buttons(self) -> Iterator[Button]:
        """All that were not taken off, newest message first."""
        return (button for row in reversed(self._with_buttons.values()) for button in row)

    @property
    def text(self) -> str:
        """What was said last."""
        return self.newest[-1].text if self.newest else ""

    def since(self, message_id: str) -> list[Shown]:
        """What came after this message."""
        return [shown for shown in self.newest if int(shown.id) > int(message_id or 0)]


class Phones:
    """The channel of the simulation: implements `Transport` and `Translator`."""

    def __init__(self) -> None:
        self.received: Counter[tuple[str, str]] = Counter()  # (kind, role) of what people sent in
        self.sent: Counter[tuple[str, str]] = Counter()  # of what they got
        self._phones: dict[str, Phone] = {}
        self._messages = 0

    def add(self, account: str, role: str) -> Phone:
        self._phones[account] = phone = Phone(role)
        return phone

    def __getitem__(self, account: str) -> Phone:
        return self._phones[account]

    async def send(self, message: Outgoing) -> Outcome:
        phone = self._phones[message.chat]
        if phone.blocked:
            return Unreachable("blocked")
        self.sent[message.kind, phone.role] += 1
        self._messages += 1
        number = str(self._messages)
        match message.kind:
            case OutgoingKind.TOAST:
                phone.alert = message.text if message.alert else ""
            case OutgoingKind.STRIP:
                phone.strip(message.message_id)
            case OutgoingKind.TEXT | OutgoingKind.FILES:
                phone.show(Shown(number, message.text, tuple(button for row in message.buttons for button in row)))
        return Sent(number)

    def raw(self, account: str, key: int, at: datetime, fields: Mapping[str, object]) -> str:
        """An update as this channel stores it; counted."""
        files = fields.get("files")
        kind = files[0][0] if isinstance(files, list) else str(fields.get("kind", "text"))
        self.received[kind, self._phones[account].role] += 1
        plain = {"account": account, "at": at.isoformat(), "message_id": f"in{key}", **fields}
        return json.dumps(plain, ensure_ascii=False)

    def translate(self, raw: str) -> Inbound:
        plain = json.loads(raw)
        files = tuple(File(FileKind(kind), ref, ref) for kind, ref in plain.pop("files", ()))
        place = plain.pop("location", None)
        return Inbound(
            channel=CHANNEL,
            chat=plain["account"],
            private=True,
            kind=InboundKind(plain.pop("kind", InboundKind.MESSAGE)),
            at=datetime.fromisoformat(plain.pop("at")),
            files=files,
            location=Location(*place) if place else None,
            **plain,
        )
