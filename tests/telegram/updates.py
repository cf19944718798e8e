"""Updates as the Bot API documents them, for tests."""

import json
from typing import Any

FEN: dict[str, Any] = {"id": 1001, "is_bot": False, "first_name": "阿芬", "language_code": "zh-hans"}
BOT: dict[str, Any] = {"id": 900, "is_bot": True, "first_name": "乡音", "username": "XiangyinBot"}
PRIVATE: dict[str, Any] = {"id": 1001, "type": "private", "first_name": "阿芬"}
GROUP: dict[str, Any] = {"id": -500, "type": "group", "title": "村民群"}
CHANNEL: dict[str, Any] = {"id": -1009, "type": "channel", "title": "公告"}
DATE = 1_795_000_000

PLACE = {"latitude": 21.6, "longitude": 110.9}
FILE = {"file_id": "F1", "file_unique_id": "U1"}
VIDEO = {**FILE, "width": 640, "height": 480, "duration": 3}
PHOTO = [
    {"file_id": "small", "file_unique_id": "s", "width": 90, "height": 67},
    {"file_id": "large", "file_unique_id": "l", "width": 1280, "height": 960},
    {"file_id": "medium", "file_unique_id": "m", "width": 320, "height": 240},
]


def update(**parts: Any) -> str:
    return json.dumps({"update_id": 7, **parts}, ensure_ascii=False)


def message(**parts: Any) -> dict[str, Any]:
    return {"message_id": 31, "date": DATE, "chat": PRIVATE, "from": FEN, **parts}


def said(**parts: Any) -> str:
    """An update that brings a new message."""
    return update(message=message(**parts))


def edited(**parts: Any) -> str:
    return update(edited_message=message(edit_date=DATE + 60, **parts))


def member(user: dict[str, Any], status: str) -> dict[str, Any]:
    more = {"kicked": {"until_date": 0}, "banned": {"until_date": 0}}.get(status, {})
    return {"user": user, "status": status, **more}


def membership(chat: dict[str, Any], old: str, new: str) -> str:
    """What became of the bot in `chat`."""
    return update(
        my_chat_member={
            "chat": chat,
            "from": FEN,
            "date": DATE,
            "old_chat_member": member(BOT, old),
            "new_chat_member": member(BOT, new),
        }
    )


def pressed(**parts: Any) -> str:
    """A press on a button under the bot's message 30."""
    under = message(message_id=30, text="请选择", **{"from": BOT})
    query = {"id": "4711", "from": FEN, "chat_instance": "x", "message": under, "data": "village:3", **parts}
    return update(callback_query={name: value for name, value in query.items() if value is not None})
