"""Runs one call of the Bot API: reads the request, checks it against the table, carries it out, notes all of it."""

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import BodyPartReader, MultipartReader, web

from handlers.sandbox.botapi import asking, copying, editing, profile, sending
from handlers.sandbox.botapi.errors import ApiError, violation
from handlers.sandbox.botapi.faults import CARRIED_OUT, Fault
from handlers.sandbox.botapi.hub import Hub
from handlers.sandbox.botapi.journal import plain
from handlers.sandbox.botapi.kinds import Fields, Upload, decode
from handlers.sandbox.botapi.methods import METHODS
from handlers.sandbox.botapi.world import Json

__all__ = ["PLAYED", "Calls", "read_parts"]

_Play = Callable[[Hub, Json], Any]


async def _get_updates(hub: Hub, params: Json) -> list[Json]:
    if hub.webhook.url:
        description = (
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the "
            "webhook first"
        )
        raise ApiError(409, description)
    return await hub.updates.poll(params)


async def _set_webhook(hub: Hub, params: Json) -> bool:
    return await hub.webhook.set(params)


async def _delete_webhook(hub: Hub, params: Json) -> bool:
    return await hub.webhook.unset(params.get("drop_pending_updates", False))


def _webhook_info(hub: Hub, _params: Json) -> Json:
    return hub.webhook.info()


PLAYED: Mapping[str, _Play] = {
    "getUpdates": _get_updates,
    "setWebhook": _set_webhook,
    "deleteWebhook": _delete_webhook,
    "getWebhookInfo": _webhook_info,
    "getMe": asking.get_me,
    "close": asking.yes,
    "logOut": asking.yes,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_file("photo"),
    "sendVoice": sending.send_file("voice"),
    "sendAudio": sending.send_file("audio"),
    "sendVideo": sending.send_file("video"),
    "sendAnimation": sending.send_file("animation"),
    "sendVideoNote": sending.send_file("video_note"),
    "sendDocument": sending.send_file("document"),
    "sendSticker": sending.send_file("sticker"),
    "sendLocation": sending.send_location,
    "sendContact": sending.send_contact,
    "sendMediaGroup": sending.send_media_group,
    "sendChatAction": asking.send_chat_action,
    "copyMessage": copying.copy_message,
    "copyMessages": copying.copy_messages,
    "forwardMessage": copying.forward_message,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "answerCallbackQuery": editing.answer_callback_query,
    "setMessageReaction": editing.set_message_reaction,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "setMyName": profile.set_text("name"),
    "getMyName": profile.get_text("name"),
    "setMyDescription": profile.set_text("description"),
    "getMyDescription": profile.get_text("description"),
    "setMyShortDescription": profile.set_text("short_description"),
    "getMyShortDescription": profile.get_text("short_description"),
    "setChatMenuButton": profile.set_chat_menu_button,
    "getChatMenuButton": profile.get_chat_menu_button,
    "getFile": asking.get_file,
    "getChat": asking.get_chat,
    "getChatMember": asking.get_chat_member,
    "leaveChat": asking.leave_chat,
}
# As with Telegram, methods are found whatever the case of their letters.
_NAMES = {name.lower(): name for name in METHODS}
_NOT_IN_REPLIES = frozenset(("getUpdates", "setWebhook", "deleteWebhook"))


class Calls:
    """Answers `/bot<token>/<method>`."""

    def __init__(self, hub: Hub, token: str, stopping: asyncio.Event) -> None:
        self._hub, self._token, self._stopping = hub, token, stopping
        hub.webhook.on_reply = self.run_webhook_reply

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One request over HTTP."""
        if request.match_info["token"] != self._token:
            return _response(ApiError(401, "Unauthorized").answer())
        raw, as_text = await _read(request)
        name = request.match_info["method"]
        method = _NAMES.get(name.lower(), name)
        fault = self._hub.faults.take(method, _chat_id(raw))
        if fault is not None and fault.kind not in CARRIED_OUT:
            return await self._fail(request, method, raw, fault)
        answer = await self.run(method, raw, as_text, fault.kind if fault else None)
        if fault is None:
            return _response(answer)
        if fault.kind == "half":
            return await _half(request, answer)
        await _wait_for(self._stopping, fault.hold)
        return _hang_up(request)

    async def _fail(self, request: web.Request, method: str, raw: Json, fault: Fault) -> web.StreamResponse:
        """Do not carry the call out."""
        if fault.kind not in ("drop", "reset", "hang"):
            answer = fault.error().answer()
            self._note_fault(method, raw, fault, answer)
            return _response(answer)
        self._note_fault(method, raw, fault)
        if fault.kind == "hang":
            await _wait_for(self._stopping, fault.hold)
        return _hang_up(request, torn=fault.kind == "reset")

    async def run(self, method: str, raw: Mapping[str, Any], as_text: bool, fault: str | None = None) -> Json:
        """Carry out one call; the answer with `ok`, noted in the journal."""
        hub = self._hub
        entry = hub.journal.call(method, raw, hub.world.now())
        if fault:
            entry["fault"] = fault
        try:
            if method not in METHODS:
                raise ApiError(404, "Not Found", "unknown_method")
            params = _attach(raw, decode(raw, METHODS[method], as_text), METHODS[method])
            entry["params"] = plain(params)
            result = PLAYED[method](hub, params)
            if isinstance(result, Awaitable):
                result = await result
            # A deep copy: the journal keeps what was said then, whatever becomes of the message.
            answer: Json = {"ok": True, "result": json.loads(json.dumps(result))}
        except ApiError as error:
            answer = error.answer()
            if error.rule is not None:
                hub.journal.violation(entry, error)
        hub.journal.answer(entry, answer.get("error_code", 200), answer)
        return answer

    async def run_webhook_reply(self, reply: Json) -> None:
        """A call that the bot made by answering an update; nobody hears its result."""
        method = _NAMES.get(str(reply["method"]).lower(), str(reply["method"]))
        if method not in _NOT_IN_REPLIES:
            await self.run(method, {k: v for k, v in reply.items() if k != "method"}, as_text=False)

    def _note_fault(self, method: str, raw: Json, fault: Fault, answer: Json | None = None) -> None:
        entry = self._hub.journal.call(method, raw, self._hub.world.now())
        entry["fault"] = fault.kind
        if answer is not None:
            self._hub.journal.answer(entry, answer["error_code"], answer)


def _attach(raw: Mapping[str, Any], params: Json, fields: Fields) -> Json:
    """Put uploads where `attach://name` stands. Raises for a name without a file, and a file without a name."""
    spare = {key: value for key, value in raw.items() if isinstance(value, Upload) and key not in fields}
    used: set[str] = set()

    def filled(value: Any) -> Any:
        if isinstance(value, str) and value.startswith("attach://"):
            name = value.removeprefix("attach://")
            if name not in spare:
                raise violation("attach", f"can't find field with file {name}")
            used.add(name)
            return spare[name]
        if isinstance(value, dict):
            return {key: filled(each) for key, each in value.items()}
        return [filled(each) for each in value] if isinstance(value, list) else value

    # A text that merely begins with attach:// is a text.
    texts = {"text", "caption", "url"}
    params = {key: value if key in texts else filled(value) for key, value in params.items()}
    if unused := sorted(set(spare) - used):
        raise violation("unknown_parameter", f"unknown parameters: {', '.join(unused)}")
    return params


def _chat_id(raw: Mapping[str, Any]) -> object:
    value = raw.get("chat_id")
    return int(value) if isinstance(value, str) and value.lstrip("-").isdigit() else value


async def _read(request: web.Request) -> tuple[Json, bool]:
    """The parameters, and whether they came as texts (query, form) or as JSON."""
    raw: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            body = {}
        return (raw | body, bool(raw)) if isinstance(body, dict) else (raw, True)
    if request.content_type == "multipart/form-data":
        for name, value in await read_parts(request):
            raw[name] = value
    elif request.method == "POST":
        raw |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    return raw, True


async def read_parts(request: web.Request) -> list[tuple[str, str | Upload]]:
    """The parts of a multipart request, by name; files whatever their size."""
    parts: list[tuple[str, str | Upload]] = []
    # Not request.multipart(), which stops at the size that the application allows for one request.
    reader = MultipartReader(request.headers, request.content)
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        data = bytes(await part.read(decode=True))
        if part.filename is None:
            parts.append((part.name, data.decode(errors="replace")))
        else:
            mime_type = part.headers.get("Content-Type", "application/octet-stream")
            parts.append((part.name, Upload(data, part.filename, mime_type)))
    return parts


async def _wait_for(event: asyncio.Event, seconds: float) -> None:
    task = asyncio.create_task(event.wait())
    await asyncio.wait([task], timeout=seconds)
    task.cancel()


def _hang_up(request: web.Request, *, torn: bool = False) -> web.StreamResponse:
    """Close the connection without an answer; `torn`: in the manner of a line that breaks (RST)."""
    transport = request.transport
    if transport is not None and torn:
        line = transport.get_extra_info("socket")
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    elif transport is not None:
        transport.close()
    return web.Response(status=500)


async def _half(request: web.Request, answer: Json) -> web.StreamResponse:
    """The first half of an answer, then nothing."""
    body = json.dumps(answer).encode()
    response = web.StreamResponse(status=answer.get("error_code", 200))
    response.content_type, response.content_length = "application/json", len(body)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    _hang_up(request)
    return response


def _response(answer: Json) -> web.Response:
    return web.json_response(answer, status=answer.get("error_code", 200))
