"""Updates of the local channel, for tests that fill the inbox past the chat client."""

import json

from bot.ports import RawUpdate
from tests.support.chat import CHANNEL, LocalTown


def lamp(place: LocalTown, chat: int, number: int) -> str:
    """A matter in a village of the chat's own: alike ones of one village would be offered to be joined."""
    return f"{place.town.villages[chat].name}第{number}盏路灯坏了"


def update_of(place: LocalTown, account: str, text: str) -> RawUpdate:
    """A private message with these words."""
    key = next(place.keys)
    plain = {
        "channel": CHANNEL, "account": account, "chat": account, "private": True, "kind": "message",
        "at": place.clock.now().isoformat(), "message_id": str(key), "text": text,
    }  # fmt: skip
    return RawUpdate(CHANNEL, key, account, json.dumps(plain, ensure_ascii=False))
