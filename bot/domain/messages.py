"""What comes in and what goes out, in no channel's own words."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class FileKind(StrEnum):
    PHOTO = "photo"
    VOICE = "voice"
    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"


CHECKED_FIRST = frozenset({FileKind.DOCUMENT, FileKind.VIDEO, FileKind.AUDIO})
"""Files that may tell more than they show, such as where they were made. Staff get them as we keep them, once they are
checked. Photos and voice notes are made by the channel itself, and are re-sent at once.
"""


@dataclass(frozen=True, slots=True)
class File:
    """A file that a channel keeps: `ref` fetches or re-sends it there, `unique` is the same for the same file.

    `channel` is the one that brought it just now; empty for a file that was checked and chosen for who gets it.
    """

    kind: FileKind
    ref: str
    unique: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Location:
    latitude: float
    longitude: float


class InboundKind(StrEnum):
    MESSAGE = "message"  # any of text, files, location
    EDIT = "edit"  # the text of an earlier message, changed
    PRESS = "press"  # a button
    STICKER = "sticker"  # or anything else that says nothing here: poll, dice, contact …
    BLOCKED = "blocked"  # the person blocked the bot
    UNBLOCKED = "unblocked"
    MIGRATED = "migrated"  # a group got a new id, in `text`
    ADDED = "added"  # the bot was put into a group
    IGNORED = "ignored"  # nothing for us


@dataclass(frozen=True, slots=True)
class Inbound:
    """One update from a channel. `account` is the sender's id there, `chat` where to answer."""

    channel: str
    account: str
    chat: str
    private: bool
    kind: InboundKind
    at: datetime
    message_id: str = ""
    text: str = ""
    files: tuple[File, ...] = ()
    album: str | None = None
    location: Location | None = None
    forwarded: bool = False
    press: str = ""  # what the button carries
    press_id: str = ""  # to answer the press with
    language: str = ""  # as the person's app says, IETF tag


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: `data` (at most 64 bytes of UTF-8) or a `url`."""

    label: str
    data: str = ""
    url: str = ""


class OutgoingKind(StrEnum):
    TEXT = "text"  # text + buttons
    FILES = "files"  # 1-10 files of the same channel, `text` as caption
    LOCATION = "location"
    TOAST = "toast"  # answer to a press: `press_id`, `text` (at most 200 characters), `alert`
    STRIP = "strip"  # take the buttons off message `message_id`
    MENU = "menu"  # set the chat's command menu: `commands`
    SLIP = "slip"  # a picture of `slip`, `text` as caption
    PAPER = "paper"  # a document, drawn up when it is sent as `order` says, `text` as caption


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip of paper as a picture: `head` above, a QR code of `link` beside `large` in large type, `foot` below."""

    link: str
    large: str
    head: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """What a person asked to be drawn up: `what` (`bot.usecases.papers`), `of` which station, seat, topic or register
    (empty: the town's), for a `period` as `Period.parse` reads it, and `why`. `key` is this order's alone.
    """

    key: str
    person: int
    what: str
    period: str
    of: str
    why: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to send. Texts are ready to read: plain text, no markup. What a `secret` one says is forgotten once
    it was sent or given up."""

    kind: OutgoingKind
    chat: str
    text: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    files: tuple[File, ...] = ()
    location: Location | None = None
    press_id: str = ""
    alert: bool = False
    message_id: str = ""
    commands: tuple[tuple[str, str], ...] = ()
    slip: Slip | None = None
    order: Order | None = None
    secret: bool = False

    def to_json(self) -> dict[str, Any]:
        """A plain mapping that `from_json` reads back; empty fields are left out."""
        plain: dict[str, Any] = {"kind": self.kind, "chat": self.chat}
        for name in ("text", "press_id", "alert", "message_id", "secret"):
            if value := getattr(self, name):
                plain[name] = value
        if self.buttons:
            plain["buttons"] = [[[b.label, b.data, b.url] for b in row] for row in self.buttons]
        if self.files:
            plain["files"] = [[f.kind, f.ref, f.unique] for f in self.files]
        if self.location:
            plain["location"] = [self.location.latitude, self.location.longitude]
        if self.commands:
            plain["commands"] = [list(pair) for pair in self.commands]
        if self.slip:
            plain["slip"] = [self.slip.link, self.slip.large, list(self.slip.head), list(self.slip.foot)]
        if self.order:
            plain["order"] = list(astuple(self.order))
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "Outgoing":
        return cls(
            kind=OutgoingKind(plain["kind"]),
            chat=plain["chat"],
            text=plain.get("text", ""),
            buttons=tuple(tuple(Button(*b) for b in row) for row in plain.get("buttons", ())),
            files=tuple(File(FileKind(k), ref, unique) for k, ref, unique in plain.get("files", ())),
            location=Location(*plain["location"]) if "location" in plain else None,
            press_id=plain.get("press_id", ""),
            alert=plain.get("alert", False),
            message_id=plain.get("message_id", ""),
            commands=tuple((c, d) for c, d in plain.get("commands", ())),
            slip=_slip(*plain["slip"]) if "slip" in plain else None,
            order=Order(*plain["order"]) if "order" in plain else None,
            secret=plain.get("secret", False),
        )


def _slip(link: str, large: str, head: list[str], foot: list[str]) -> Slip:
    return Slip(link, large, tuple(head), tuple(foot))
