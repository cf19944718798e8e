"""What each phone hears: numbered events, kept, and waited for by long poll."""

from collections.abc import Iterable
from typing import Any

from handlers.sandbox.botapi.waking import Signal
from handlers.sandbox.botapi.world import Chat, Json, Post

__all__ = ["Feeds", "seen_on_phone"]

_MEDIA = ("voice", "audio", "video", "document", "sticker", "animation", "video_note")


class Feeds:
    """The events of every phone by user id; `seq` counts from 1 on each phone."""

    def __init__(self) -> None:
        self._events: dict[int, list[Json]] = {}
        self._signal = Signal()

    def tell(self, user_ids: Iterable[int], kind: str, content: Json) -> None:
        """Add an event on these phones."""
        for user_id in user_ids:
            events = self._events.setdefault(user_id, [])
            events.append({"seq": len(events) + 1, "type": kind, **content})
        self._signal.notify()

    def tell_post(self, chat: Chat, kind: str, post: Post) -> None:
        """Show a message (or its edited form) on the phones of everybody in the chat."""
        for user_id in chat.members:
            message = seen_on_phone(post, user_id)
            content: Json = {"chat_id": chat.id, "message": message}
            if "reply_keyboard" in message:
                content["reply_keyboard"] = message["reply_keyboard"]
            self.tell([user_id], kind, content)

    def after(self, user_id: int, seq: int) -> list[Json]:
        """The events of a phone later than number `seq`."""
        return self._events.get(user_id, [])[max(seq, 0) :]

    async def wait(self, seconds: float) -> None:
        """Until something happens on any phone."""
        await self._signal.wait(seconds)

    def wake(self) -> None:
        """End every wait, because the server stops."""
        self._signal.notify()


def seen_on_phone(post: Post, user_id: int) -> Json:
    """A message as a phone shows it; media carry the `url` to load them from."""
    body = post.body
    message: Json = {"message_id": post.id, "date": body["date"], "from_bot": post.by_bot}
    if "from" in body:
        message["from"] = {"id": body["from"]["id"], "name": body["from"]["first_name"]}
    for name in ("text", "caption", "location", "contact", "media_group_id"):
        if name in body:
            message[name] = body[name]
    if entities := body.get("entities") or body.get("caption_entities"):
        message["entities"] = entities
    if "photo" in body:
        message["photo"] = _with_url(body["photo"][-1], user_id)
    for name in _MEDIA:
        if name in body:
            message[name] = _with_url(body[name], user_id)
    if "reply_to_message" in body:
        message["reply_to"] = body["reply_to_message"]["message_id"]
    if "forward_origin" in body:
        message["forward"] = True
    if "edit_date" in body:
        message["edited"] = True
    for name in ("group_chat_created", "migrate_to_chat_id", "migrate_from_chat_id"):
        if name in body:
            message["service"] = name
    if "reply_markup" in body:
        message["inline_keyboard"] = [
            [_button(button) for button in row] for row in body["reply_markup"]["inline_keyboard"]
        ]
    if (keyboard := _reply_keyboard(post.reply_keyboard)) is not None:
        message["reply_keyboard"] = keyboard
    return message


def _with_url(media: Json, user_id: int) -> Json:
    return media | {"url": f"/phones/{user_id}/files/{media['file_id']}"}


def _button(button: Json) -> Json:
    shown: Json = {"text": button["text"]}
    if "callback_data" in button:
        shown["data"] = button["callback_data"]
    if "url" in button:
        shown["url"] = button["url"]
    if "copy_text" in button:
        shown["copy"] = button["copy_text"]["text"]
    return shown


def _reply_keyboard(markup: Json | None) -> Any:
    if markup is None:
        return None
    if "remove_keyboard" in markup:
        return "remove"
    if "keyboard" not in markup:
        return None
    return {
        "rows": [[button["text"] for button in row] for row in markup["keyboard"]],
        "one_time": markup.get("one_time_keyboard", False),
    }
