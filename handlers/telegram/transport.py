"""Delivers Outgoing messages by Bot API calls, and says how each one went."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from telegram import (
    Bot,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    LinkPreviewOptions,
    Message,
)
from telegram.error import TelegramError

from bot.domain.channel import Draw, NoPaper, Outcome, Paper, Refused, RetryIn, Sent
from bot.domain.files import STORED
from bot.domain.messages import FileKind, Outgoing, OutgoingKind
from bot.media.check import ENDINGS, type_of
from bot.ports.files import BrokenFileError, FileStore
from handlers.documents.slip import draw_slip
from handlers.telegram.errors import Judge
from handlers.telegram.files import ANIMATION, VIDEO_NOTE, untagged
from handlers.telegram.plan import (
    TOAST_UNITS,
    AlbumPart,
    Buttons,
    FilePart,
    Part,
    PlacePart,
    TextPart,
    cut,
    parts_of,
)

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_ALBUM_MEDIA = {
    FileKind.PHOTO: InputMediaPhoto,
    FileKind.VIDEO: InputMediaVideo,
    FileKind.DOCUMENT: InputMediaDocument,
    FileKind.AUDIO: InputMediaAudio,
}


class TelegramTransport:
    """A message that takes several calls is taken up, on a retry, at the call that failed.

    That memory is this process's own: after a restart, or on another replica, such a message is sent from its start.
    """

    def __init__(
        self,
        bot: Bot,
        now: Callable[[], float] = time.monotonic,
        *,
        files: FileStore | None = None,
        draw: Draw | None = None,
    ) -> None:
        """`files` has what is sent from our own store, `draw` draws up what was ordered."""
        self._bot = bot
        self._files = files
        self._draw = draw
        self._judge = Judge(now)
        self._begun: dict[str, tuple[Outgoing, list[Part]]] = {}

    async def send(self, message: Outgoing) -> Outcome:
        """See Transport. Raises TokenRejectedError, for then nothing can be sent at all."""
        try:
            outcome = await self._calls(message)
        except TelegramError as error:
            return self._judge.outcome(error, message.chat)
        except (FileNotFoundError, BrokenFileError) as error:
            return Refused(f"the file is no longer kept ({type(error).__name__})")
        if not isinstance(outcome, RetryIn):  # of a document that is not drawn up yet nothing was sent
            self._judge.went_well(message.chat)
        return outcome

    async def _calls(self, message: Outgoing) -> Outcome:
        match message.kind:
            case OutgoingKind.TOAST:
                await self._bot.answer_callback_query(
                    message.press_id, cut(message.text, TOAST_UNITS) or None, show_alert=message.alert or None
                )
                return Sent()
            case OutgoingKind.STRIP:
                await self._bot.edit_message_reply_markup(int(message.chat), int(message.message_id))
                return Sent(message.message_id)
            case OutgoingKind.SLIP:
                if message.slip is None:
                    return Refused("a slip without its content")
                picture = await asyncio.to_thread(draw_slip, message.slip)
                sent = await self._bot.send_photo(int(message.chat), picture, caption=message.text or None)
                return Sent(str(sent.message_id))
            case OutgoingKind.PAPER:
                return await self._paper(message)
            case OutgoingKind.MENU:
                scope = BotCommandScopeChat(int(message.chat))
                if message.commands:
                    await self._bot.set_my_commands(message.commands, scope)
                else:
                    await self._bot.delete_my_commands(scope)
                return Sent()
            case _:
                return await self._parts(message)

    async def _paper(self, message: Outgoing) -> Outcome:
        """The document or message that was ordered, or in words why there is none."""
        if message.order is None or self._draw is None:
            return Refused("an order that nobody draws up")
        chat = int(message.chat)
        match await self._draw(message.order):
            case Paper(name, data):
                sent = await self._bot.send_document(chat, InputFile(data, name), caption=message.text or None)
            case Outgoing() as drawn:
                return await self._calls(drawn)
            case NoPaper(words, fault):
                sent = await self._bot.send_message(chat, words)
                if fault:
                    return Refused(fault)
            case later:
                return later
        return Sent(str(sent.message_id))

    async def _parts(self, message: Outgoing) -> Outcome:
        begun, left = self._begun.pop(message.chat, (None, []))
        if begun != message:
            try:
                left = parts_of(message)
            except ValueError as error:
                return Refused(str(error))
        whole = len(left)
        sent = None
        while left:
            try:
                sent = await self._part(int(message.chat), left[0])
            except BaseException:  # also when the sender runs out of patience and cancels
                if begun == message or len(left) < whole:
                    self._begun[message.chat] = (message, left)
                raise
            left = left[1:]
        return Sent(None if sent is None else str(sent.message_id))

    async def _part(self, chat: int, part: Part) -> Message:
        match part:
            case TextPart():
                return await self._bot.send_message(
                    chat, part.text, reply_markup=_keyboard(part.buttons), link_preview_options=_NO_PREVIEW
                )
            case PlacePart():
                return await self._bot.send_location(
                    chat, part.latitude, part.longitude, reply_markup=_keyboard(part.buttons)
                )
            case AlbumPart():
                media = [_ALBUM_MEDIA[file.kind](file.ref) for file in part.files]
                return (await self._bot.send_media_group(chat, media, caption=part.caption or None))[-1]
            case FilePart():
                return await self._file(chat, part)

    async def _file(self, chat: int, part: FilePart) -> Message:
        file: str | InputFile
        kind, file = untagged(part.file.ref)
        if part.file.ref.startswith(STORED):
            kind, file = "", await self._kept(file)
        keyboard = _keyboard(part.buttons)
        if kind == VIDEO_NOTE:
            return await self._bot.send_video_note(chat, file, reply_markup=keyboard)
        methods: dict[str, Callable[..., Awaitable[Message]]] = {
            ANIMATION: self._bot.send_animation,
            FileKind.PHOTO: self._bot.send_photo,
            FileKind.VOICE: self._bot.send_voice,
            FileKind.AUDIO: self._bot.send_audio,
            FileKind.VIDEO: self._bot.send_video,
            FileKind.DOCUMENT: self._bot.send_document,
        }
        send = methods[kind or part.file.kind]
        return await send(chat, file, caption=part.caption or None, reply_markup=keyboard)

    async def _kept(self, name: str) -> InputFile:
        """A file of our own store, to upload. Raises FileNotFoundError, BrokenFileError."""
        if self._files is None:
            raise FileNotFoundError(name)
        data = await self._files.get(name)
        return InputFile(data, f"{name[:8]}.{ENDINGS.get(type_of(data) or '', 'jpg')}")


def _keyboard(buttons: Buttons) -> InlineKeyboardMarkup | None:
    if not buttons:
        return None
    rows: Sequence[Sequence[Any]] = [
        [InlineKeyboardButton(b.label, callback_data=b.data or None, url=b.url or None) for b in row] for row in buttons
    ]
    return InlineKeyboardMarkup(rows)
