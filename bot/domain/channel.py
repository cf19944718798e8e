"""What a channel promises: to translate what comes in, and to deliver what goes out."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.domain.messages import Inbound, Order, Outgoing


@dataclass(frozen=True, slots=True)
class Sent:
    """Delivered; `message_id` is the channel's id of it, where it has one."""

    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class RetryIn:
    """Not now: try again after `delay`. `all_chats` holds the whole channel, else this chat only."""

    delay: timedelta
    error: str
    all_chats: bool = False


@dataclass(frozen=True, slots=True)
class Unreachable:
    """This person blocked us or is gone: nothing more to this chat until they write again."""

    error: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The channel will never take this message (400)."""

    error: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat has a new id: send again there."""

    chat: str


Outcome = Sent | RetryIn | Unreachable | Refused | Moved


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that was drawn up: the name of its file, and what is in it."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class NoPaper:
    """Why there is none, for who ordered it to read; `fault`: what went wrong here, empty where nothing did."""

    words: str
    fault: str = ""


Drawn = Paper | Outgoing | NoPaper | RetryIn


class Draw(Protocol):
    async def __call__(self, order: Order) -> Drawn:
        """Draw up what was ordered, a document or a message, within a few seconds, else RetryIn: it goes on meanwhile.
        Raises nothing.
        """
        ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that people sent, whole."""

    data: bytes


@dataclass(frozen=True, slots=True)
class TooLarge:
    """Larger than asked for, or than the channel gives out."""


@dataclass(frozen=True, slots=True)
class Missing:
    """The channel has it no longer."""

    error: str


class Source(Protocol):
    async def fetch(self, ref: str, most: int) -> Fetched | TooLarge | Missing | RetryIn:
        """A file that the channel keeps, of at most `most` bytes. Raises nothing for what goes wrong with it."""
        ...


class Translator(Protocol):
    """Pure: raises ValueError on an update that it cannot make sense of (the row is then parked)."""

    def translate(self, raw: str) -> Inbound: ...


class Transport(Protocol):
    async def send(self, message: Outgoing) -> Outcome:
        """Deliver. Never raises for what the network or the channel does to one message; only what stops the whole
        channel until a human mends it (`bot.delivery.ChannelError`) and cancellation pass."""
        ...
