"""Turns a raw Telegram update into the channel-neutral Inbound.

It reads the JSON itself: python-telegram-bot would first build every object of it, which takes ten times as long.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from bot.domain.messages import File, FileKind, Inbound, InboundKind, Location
from handlers.telegram.files import ANIMATION, VIDEO_NOTE, tagged
from handlers.telegram.raw import CHANNEL

# Shown in a chat, but saying nothing that we can use.
_SAYS_NOTHING = (
    "sticker", "contact", "poll", "dice", "game", "story", "checklist", "paid_media", "giveaway", "invoice",
    "gift", "unique_gift",
)  # fmt: skip
_MEDIA = (FileKind.VOICE, FileKind.AUDIO, FileKind.VIDEO, FileKind.DOCUMENT)  # Telegram calls them the same
_GONE = {"left", "kicked"}
_COMMAND_FOR = re.compile(r"^(/\w+)@(\w+)")
_LONG_AGO = datetime.fromtimestamp(0, UTC)

Json = Mapping[str, Any]


class TelegramTranslator:
    """`username` is the bot's own, without @: `/help@it` is then read as `/help`, `/help@other` ignored."""

    def __init__(self, username: str = "") -> None:
        self._username = username.lower()

    def translate(self, raw: str) -> Inbound:
        """One raw update, JSON. Raises ValueError on what is not a Telegram update.

        A press carries no time of its own: `at` is that of the message pressed on (1970 where it is too old).
        """
        try:
            plain = json.loads(raw)
            plain["update_id"]
            return self._update(plain)
        except Exception as error:  # it may be malformed in any way
            raise ValueError(f"not a Telegram update: {type(error).__name__}") from error

    def _update(self, update: Json) -> Inbound:
        if message := update.get("message"):
            return self._message(message)
        if message := update.get("edited_message"):
            return self._edit(message)
        if query := update.get("callback_query"):
            return self._press(query)
        if change := update.get("my_chat_member"):
            return self._membership(change)
        return Inbound(CHANNEL, "", "", False, InboundKind.IGNORED, _LONG_AGO)

    def _message(self, message: Json) -> Inbound:
        base = partial(_from, message.get("from"), message["chat"], message["date"], message["message_id"])
        old, new = message.get("migrate_from_chat_id"), message.get("migrate_to_chat_id")
        if old or new:
            # Telegram says it twice, in the old chat and in the new one: both become the same news.
            here = message["chat"]["id"]
            return replace(base(), kind=InboundKind.MIGRATED, chat=str(old or here), text=str(new or here))
        if _nobody_to_answer(message):
            return base()
        text = self._words(message)
        files = _files(message)
        location = _location(message)
        if text is None:
            return base()
        if not (text or files or location):
            silent = any(message.get(name) for name in _SAYS_NOTHING)
            return base(kind=InboundKind.STICKER) if silent else base()
        return base(
            kind=InboundKind.MESSAGE,
            text=text,
            files=files,
            album=message.get("media_group_id"),
            location=location,
            forwarded="forward_origin" in message,
        )

    def _edit(self, message: Json) -> Inbound:
        at = message.get("edit_date") or message["date"]
        base = _from(message.get("from"), message["chat"], at, message["message_id"])
        text, files = self._words(message), _files(message)
        # A live location "edits" its message each time it moves; that changes no words.
        if _nobody_to_answer(message) or not (text or files):
            return base
        album = message.get("media_group_id")
        return replace(base, kind=InboundKind.EDIT, text=text or "", files=files, album=album)

    def _press(self, query: Json) -> Inbound:
        message, data = query.get("message"), query.get("data")
        if message is None or data is None:  # under an inline message, or a game
            return _from(query["from"], None, 0)
        base = _from(query["from"], message["chat"], message["date"], message["message_id"])
        return replace(base, kind=InboundKind.PRESS, press=_clean(data), press_id=query["id"])

    def _membership(self, change: Json) -> Inbound:
        base = _from(change["from"], change["chat"], change["date"])
        was, now = change["old_chat_member"]["status"] in _GONE, change["new_chat_member"]["status"] in _GONE
        if base.private:
            return replace(base, kind=InboundKind.BLOCKED if now else InboundKind.UNBLOCKED)
        if was and not now and change["chat"]["type"] != "channel":
            return replace(base, kind=InboundKind.ADDED)
        return base

    def _words(self, message: Json) -> str | None:
        """What the person wrote, or the name of a place they sent. None for another bot's command."""
        text = _clean(message.get("text") or message.get("caption") or "")
        if venue := message.get("venue"):
            text = _clean(f"{venue['title']} {venue['address']}".strip())
        if self._username and (match := _COMMAND_FOR.match(text)):
            if match[2].lower() != self._username:
                return None
            return match[1] + text[match.end() :]
        return text


def _from(
    person: Json | None,
    chat: Json | None,
    at: int,
    message_id: int | None = None,
    *,
    kind: InboundKind = InboundKind.IGNORED,
    **said: Any,
) -> Inbound:
    """Who, where and when; what was `said` beside that, where it is known already."""
    account = str(person["id"]) if person else ""
    return Inbound(
        channel=CHANNEL,
        account=account,
        chat=str(chat["id"]) if chat else account,
        private=chat is None or chat["type"] == "private",
        kind=kind,
        at=datetime.fromtimestamp(at, UTC),
        message_id="" if message_id is None else str(message_id),
        language=person.get("language_code") or "" if person else "",
        **said,
    )


def _nobody_to_answer(message: Json) -> bool:
    """Channels' posts, groups that speak as themselves, other bots: no person stands behind them."""
    person = message.get("from")
    return person is None or person["is_bot"] or "sender_chat" in message


def _files(message: Json) -> tuple[File, ...]:
    if sizes := message.get("photo"):
        return (_file(FileKind.PHOTO, max(sizes, key=lambda size: size["width"] * size["height"])),)
    if note := message.get("video_note"):
        return (_file(FileKind.VIDEO, note, VIDEO_NOTE),)
    if moving := message.get("animation"):  # a video without sound; Telegram sets `document` beside it
        return (_file(FileKind.VIDEO, moving, ANIMATION),)
    return tuple(_file(kind, message[kind]) for kind in _MEDIA if message.get(kind))


def _file(kind: FileKind, file: Json, tag: str = "") -> File:
    ref = file["file_id"]
    return File(kind, tagged(tag, ref) if tag else ref, file["file_unique_id"])


def _location(message: Json) -> Location | None:
    place = message["venue"]["location"] if message.get("venue") else message.get("location")
    return Location(place["latitude"], place["longitude"]) if place else None


def _clean(text: str) -> str:
    """Text that any database takes: no NUL, no half of a surrogate pair."""
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
