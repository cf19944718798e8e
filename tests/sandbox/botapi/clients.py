"""Two real Telegram libraries behind one small face, so that each scenario runs with both."""

import os
import re
from typing import Any, ClassVar, Protocol

import aiogram
import aiogram.exceptions as aio_errors
import aiogram.types as aio
import telegram
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from pydantic import BaseModel
from telegram import error as ptb_errors

from handlers.sandbox.botapi import BotApiServer

# python-telegram-bot reads it each time; without it RetryAfter warns of its own change to come.
os.environ["PTB_TIMEDELTA"] = "1"

Json = dict[str, Any]


class Refused(Exception):
    """The server said no; `description` is in lower case and without "Bad Request:" and the like."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        self.code = code
        self.description = re.sub(r"^(bad request|forbidden|conflict|too many requests): ", "", description.lower())
        super().__init__(f"{code} {self.description}")
        self.parameters = parameters


class Client(Protocol):
    """`call("send_message", chat_id=…)` with plain values; results as plain values, refusals as Refused."""

    async def open(self) -> None: ...

    async def call(self, method: str, **params: Any) -> Any: ...

    async def download(self, file_id: str) -> bytes: ...

    async def close(self) -> None: ...


class PtbClient:
    """python-telegram-bot."""

    _MARKUPS: ClassVar[dict[str, Any]] = {
        "inline_keyboard": telegram.InlineKeyboardMarkup,
        "keyboard": telegram.ReplyKeyboardMarkup,
        "remove_keyboard": telegram.ReplyKeyboardRemove,
        "force_reply": telegram.ForceReply,
    }
    _MEDIA: ClassVar[dict[str, Any]] = {
        "photo": telegram.InputMediaPhoto,
        "video": telegram.InputMediaVideo,
        "audio": telegram.InputMediaAudio,
        "document": telegram.InputMediaDocument,
    }

    def __init__(self, server: BotApiServer) -> None:
        self.bot = telegram.Bot(server.token, base_url=server.base_url, base_file_url=server.base_file_url)

    async def open(self) -> None:
        await self.bot.initialize()

    async def call(self, method: str, **params: Any) -> Any:
        params = {key: self._value(key, value) for key, value in params.items()}
        try:
            return self._plain(await getattr(self.bot, method)(**params))
        except ptb_errors.RetryAfter as error:
            raise Refused(429, str(error), **self._wait(error)) from error
        except ptb_errors.ChatMigrated as error:
            described = "group chat was upgraded to a supergroup chat"
            raise Refused(400, described, migrate_to_chat_id=error.new_chat_id) from error
        except ptb_errors.Conflict as error:
            raise Refused(409, error.message) from error
        except ptb_errors.Forbidden as error:
            raise Refused(403, error.message) from error
        except ptb_errors.InvalidToken as error:
            raise Refused(404, error.message) from error
        except ptb_errors.BadRequest as error:
            raise Refused(400, error.message) from error

    @staticmethod
    def _wait(error: ptb_errors.RetryAfter) -> dict[str, int]:
        wait = error.retry_after
        return {"retry_after": wait if isinstance(wait, int) else int(wait.total_seconds())}

    async def download(self, file_id: str) -> bytes:
        return bytes(await (await self.bot.get_file(file_id)).download_as_bytearray())

    async def close(self) -> None:
        await self.bot.shutdown()

    def _value(self, key: str, value: Any) -> Any:
        if key == "reply_markup" and value is not None:
            return next(kind for tag, kind in self._MARKUPS.items() if tag in value).de_json(value, self.bot)
        if key == "media":
            return [
                self._MEDIA[item["type"]](**{name: each for name, each in item.items() if name != "type"})
                for item in value
            ]
        kinds: dict[str, Any] = {
            "scope": telegram.BotCommandScope,
            "menu_button": telegram.MenuButton,
            "reply_parameters": telegram.ReplyParameters,
            "link_preview_options": telegram.LinkPreviewOptions,
        }
        lists: dict[str, Any] = {
            "commands": telegram.BotCommand,
            "reaction": telegram.ReactionType,
            "entities": telegram.MessageEntity,
        }
        if key in kinds:
            return kinds[key].de_json(value, self.bot)
        return lists[key].de_list(value, self.bot) if key in lists else value

    def _plain(self, value: Any) -> Any:
        if isinstance(value, telegram.TelegramObject):
            return value.to_dict()
        return [self._plain(each) for each in value] if isinstance(value, tuple | list) else value


class AiogramClient:
    """aiogram."""

    _MARKUPS: ClassVar[dict[str, Any]] = {
        "inline_keyboard": aio.InlineKeyboardMarkup,
        "keyboard": aio.ReplyKeyboardMarkup,
        "remove_keyboard": aio.ReplyKeyboardRemove,
        "force_reply": aio.ForceReply,
    }
    _MEDIA: ClassVar[dict[str, Any]] = {
        "photo": aio.InputMediaPhoto,
        "video": aio.InputMediaVideo,
        "audio": aio.InputMediaAudio,
        "document": aio.InputMediaDocument,
    }
    _SCOPES: ClassVar[dict[str, Any]] = {
        "default": aio.BotCommandScopeDefault,
        "all_private_chats": aio.BotCommandScopeAllPrivateChats,
        "all_group_chats": aio.BotCommandScopeAllGroupChats,
        "chat": aio.BotCommandScopeChat,
        "chat_member": aio.BotCommandScopeChatMember,
    }

    def __init__(self, server: BotApiServer) -> None:
        url = server.base_url.removesuffix("/bot")
        session = AiohttpSession(api=TelegramAPIServer.from_base(url))
        self.bot = aiogram.Bot(server.token, session=session)

    async def open(self) -> None:
        await self.bot.get_me()

    async def call(self, method: str, **params: Any) -> Any:
        if method == "get_updates" and params.get("timeout"):
            params["request_timeout"] = params["timeout"] + 10
        params = {key: self._value(key, value) for key, value in params.items()}
        try:
            return self._plain(await getattr(self.bot, method)(**params))
        except aio_errors.TelegramRetryAfter as error:
            raise Refused(429, error.message, retry_after=error.retry_after) from error
        except aio_errors.TelegramMigrateToChat as error:
            described = "group chat was upgraded to a supergroup chat"
            raise Refused(400, described, migrate_to_chat_id=error.migrate_to_chat_id) from error
        except aio_errors.TelegramConflictError as error:
            raise Refused(409, error.message) from error
        except aio_errors.TelegramForbiddenError as error:
            raise Refused(403, error.message) from error
        except (aio_errors.TelegramNotFound, aio_errors.TelegramUnauthorizedError) as error:
            raise Refused(404, error.message) from error
        except aio_errors.TelegramBadRequest as error:
            raise Refused(400, error.message) from error

    async def download(self, file_id: str) -> bytes:
        stream = await self.bot.download(file_id)
        assert stream is not None
        return stream.read()

    async def close(self) -> None:
        await self.bot.session.close()

    def _value(self, key: str, value: Any) -> Any:
        if isinstance(value, bytes):
            return aio.BufferedInputFile(value, "file.bin")
        if key == "reply_markup" and value is not None:
            return next(kind for tag, kind in self._MARKUPS.items() if tag in value).model_validate(value)
        if key == "media" and isinstance(value, list):
            return [
                self._MEDIA[item["type"]](**{name: self._value(name, each) for name, each in item.items()})
                for item in value
            ]
        kinds: dict[str, Any] = {
            "reply_parameters": aio.ReplyParameters,
            "link_preview_options": aio.LinkPreviewOptions,
        }
        lists: dict[str, Any] = {
            "commands": aio.BotCommand,
            "reaction": aio.ReactionTypeEmoji,
            "entities": aio.MessageEntity,
        }
        if key == "scope":
            return self._SCOPES[value["type"]].model_validate(value)
        if key == "menu_button":
            return aio.MenuButtonCommands()
        if key in kinds:
            return kinds[key].model_validate(value)
        return [lists[key].model_validate(each) for each in value] if key in lists else value

    def _plain(self, value: Any) -> Any:
        if isinstance(value, BaseModel):
            return value.model_dump(exclude_none=True, mode="json", by_alias=True)
        return [self._plain(each) for each in value] if isinstance(value, list) else value
