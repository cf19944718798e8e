"""Turns a raw Telegram update into the channel-neutral Inbound."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

from telegram import (
    CallbackQuery,
    Chat,
    ChatMember,
    ChatMemberUpdated,
    InaccessibleMessage,
    Message,
    Update,
    User,
)

from bot.domain.messages import File, FileKind, Inbound, InboundKind, Location
from handlers.telegram.files import ANIMATION, VIDEO_NOTE, tagged
from handlers.telegram.raw import CHANNEL

# Shown in a chat, but saying nothing that we can use.
_SAYS_NOTHING = (
    "sticker", "contact", "poll", "dice", "game", "story", "checklist", "paid_media", "giveaway", "invoice",
    "gift", "unique_gift",
)  # fmt: skip
_GONE = {ChatMember.LEFT, ChatMember.BANNED}
_COMMAND_FOR = re.compile(r"^(/\w+)@(\w+)")


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
            return self._update(Update.de_json(plain, None))
        except Exception as error:  # python-telegram-bot trips over malformed updates in many ways
            raise ValueError(f"not a Telegram update: {type(error).__name__}") from error

    def _update(self, update: Update) -> Inbound:
        if update.message:
            return self._message(update.message)
        if update.edited_message:
            return self._edit(update.edited_message)
        if update.callback_query:
            return self._press(update.callback_query)
        if update.my_chat_member:
            return self._membership(update.my_chat_member)
        chat = update.effective_chat
        nobody = Inbound(CHANNEL, "", "", False, InboundKind.IGNORED, datetime.fromtimestamp(0, UTC))
        return _from(None, chat, nobody.at) if chat else nobody

    def _message(self, message: Message) -> Inbound:
        base = _from(message.from_user, message.chat, message.date, message.message_id)
        if message.migrate_to_chat_id or message.migrate_from_chat_id:
            # Telegram says it twice, in the old chat and in the new one: both become the same news.
            old, new = message.migrate_from_chat_id, message.migrate_to_chat_id
            return replace(
                base,
                kind=InboundKind.MIGRATED,
                chat=str(old or message.chat.id),
                text=str(new or message.chat.id),
            )
        if _nobody_to_answer(message):
            return base
        text = self._words(message)
        files = _files(message)
        location = _location(message)
        if text is None:
            return base
        if not (text or files or location):
            silent = any(getattr(message, name) for name in _SAYS_NOTHING)
            return replace(base, kind=InboundKind.STICKER) if silent else base
        return replace(
            base,
            kind=InboundKind.MESSAGE,
            text=text,
            files=files,
            album=message.media_group_id,
            location=location,
            forwarded=message.forward_origin is not None,
        )

    def _edit(self, message: Message) -> Inbound:
        base = _from(message.from_user, message.chat, message.edit_date or message.date, message.message_id)
        text, files = self._words(message), _files(message)
        # A live location "edits" its message each time it moves; that changes no words.
        if _nobody_to_answer(message) or not (text or files):
            return base
        return replace(base, kind=InboundKind.EDIT, text=text or "", files=files, album=message.media_group_id)

    def _press(self, query: CallbackQuery) -> Inbound:
        message = query.message
        if message is None or query.data is None:  # under an inline message, or a game
            return _from(query.from_user, None, datetime.fromtimestamp(0, UTC))
        at = datetime.fromtimestamp(0, UTC) if isinstance(message, InaccessibleMessage) else message.date
        base = _from(query.from_user, message.chat, at, message.message_id)
        return replace(base, kind=InboundKind.PRESS, press=_clean(query.data), press_id=query.id)

    def _membership(self, change: ChatMemberUpdated) -> Inbound:
        base = _from(change.from_user, change.chat, change.date)
        was, now = change.old_chat_member.status in _GONE, change.new_chat_member.status in _GONE
        if change.chat.type == Chat.PRIVATE:
            return replace(base, kind=InboundKind.BLOCKED if now else InboundKind.UNBLOCKED)
        if was and not now and change.chat.type != Chat.CHANNEL:
            return replace(base, kind=InboundKind.ADDED)
        return base

    def _words(self, message: Message) -> str | None:
        """What the person wrote, or the name of a place they sent. None for another bot's command."""
        text = _clean(message.text or message.caption or "")
        if message.venue:
            text = _clean(f"{message.venue.title} {message.venue.address}".strip())
        if self._username and (match := _COMMAND_FOR.match(text)):
            if match[2].lower() != self._username:
                return None
            return match[1] + text[match.end() :]
        return text


def _from(person: User | None, chat: Chat | None, at: datetime, message_id: int | None = None) -> Inbound:
    """Who, where and when; IGNORED until more is known."""
    account = str(person.id) if person else ""
    return Inbound(
        channel=CHANNEL,
        account=account,
        chat=str(chat.id) if chat else account,
        private=chat is None or chat.type == Chat.PRIVATE,
        kind=InboundKind.IGNORED,
        at=at,
        message_id="" if message_id is None else str(message_id),
        language=(person.language_code or "") if person else "",
    )


def _nobody_to_answer(message: Message) -> bool:
    """Channels' posts, groups that speak as themselves, other bots: no person stands behind them."""
    person = message.from_user
    return person is None or person.is_bot or message.sender_chat is not None


def _files(message: Message) -> tuple[File, ...]:
    if message.photo:
        best = max(message.photo, key=lambda size: size.width * size.height)
        return (File(FileKind.PHOTO, best.file_id, best.file_unique_id),)
    if note := message.video_note:
        return (File(FileKind.VIDEO, tagged(VIDEO_NOTE, note.file_id), note.file_unique_id),)
    if moving := message.animation:  # a video without sound; Telegram sets `document` beside it
        return (File(FileKind.VIDEO, tagged(ANIMATION, moving.file_id), moving.file_unique_id),)
    media = (
        (FileKind.VOICE, message.voice),
        (FileKind.AUDIO, message.audio),
        (FileKind.VIDEO, message.video),
        (FileKind.DOCUMENT, message.document),
    )
    return tuple(File(kind, file.file_id, file.file_unique_id) for kind, file in media if file)


def _location(message: Message) -> Location | None:
    place = message.venue.location if message.venue else message.location
    return Location(place.latitude, place.longitude) if place else None


def _clean(text: str) -> str:
    """Text that any database takes: no NUL, no half of a surrogate pair."""
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
