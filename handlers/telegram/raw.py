"""Reads from a raw update just enough to store it: its id and whose turn it is in."""

import json
from typing import Any

from bot.ports import RawUpdate

CHANNEL = "telegram"

# What the bot asks Telegram for; all else never leaves Telegram's servers.
WANTED = ("message", "edited_message", "callback_query", "my_chat_member")

_LARGEST_KEY = 2**63 - 1


def raw_update(update: Any) -> RawUpdate:
    """The inbox's view of one parsed update. Raises ValueError where it has no usable `update_id`.

    Nothing else is looked at closely: what makes no sense is parked by the worker, not lost here. The JSON is
    pure ASCII, so that stray surrogates and NULs pass every database.
    """
    if not isinstance(update, dict):
        raise ValueError("an update must be a JSON object")
    key = update.get("update_id")
    if not isinstance(key, int) or isinstance(key, bool) or not 0 <= key <= _LARGEST_KEY:
        raise ValueError("an update must have a whole update_id")
    return RawUpdate(channel=CHANNEL, key=key, chat=_chat(update), raw=json.dumps(update))


def _chat(update: dict[str, Any]) -> str:
    """The id of the chat, else of the person (the same in private), else the empty string."""
    for name, part in update.items():
        if name != "update_id" and isinstance(part, dict):
            for path in (("chat",), ("message", "chat"), ("from",), ("user",)):
                found: Any = part
                for step in (*path, "id"):
                    found = found.get(step) if isinstance(found, dict) else None
                if isinstance(found, int | str):
                    return str(found)[:64]
    return ""
