"""The sandbox's own Telegram: a strict local Bot API server, and phones to talk to the bot with."""

from handlers.sandbox.botapi.limits import RateLimits
from handlers.sandbox.botapi.phone import Phone
from handlers.sandbox.botapi.server import BotApiServer

__all__ = ["BotApiServer", "Phone", "RateLimits"]
