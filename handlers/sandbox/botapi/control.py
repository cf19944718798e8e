"""The control API: what the phones on the page and the tests do, and what they may look at."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from handlers.sandbox.botapi.calls import read_parts
from handlers.sandbox.botapi.faults import Fault
from handlers.sandbox.botapi.files import StoredFile
from handlers.sandbox.botapi.hub import Hub
from handlers.sandbox.botapi.kinds import Upload
from handlers.sandbox.botapi.people import Impossible, People
from handlers.sandbox.botapi.world import Json

__all__ = ["control_routes"]

LONGEST_WAIT = 25.0  # seconds

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def control_routes(hub: Hub, people: People, stopping: asyncio.Event) -> list[web.AbstractRouteDef]:
    """The routes of `/phones`, `/groups`, `/faults`, `/log` and `/violations`."""
    control = _Control(hub, people, stopping)
    phone = "/phones/{user_id:\\d+}"
    return [
        web.get(f"{phone}/events", _safely(control.events)),
        web.post(f"{phone}/send", _safely(control.send)),
        web.post(f"{phone}/press", _safely(control.press)),
        web.post(f"{phone}/edit", _safely(control.edit)),
        web.post(f"{phone}/start", _safely(control.start)),
        web.post(f"{phone}/{{way:block|unblock}}", _safely(control.block)),
        web.get(f"{phone}/files/{{file_id}}", _safely(control.file)),
        web.post("/groups", _safely(control.make_group)),
        web.post("/groups/{chat_id:-?\\d+}/migrate", _safely(control.migrate)),
        web.post("/faults", _safely(control.add_fault)),
        web.get("/faults", _safely(control.faults)),
        web.get("/log", _safely(control.log)),
        web.get("/violations", _safely(control.violations)),
    ]


def _safely(handler: _Handler) -> _Handler:
    """Answer what a phone cannot do, and what was wrongly asked, with a JSON error."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except Impossible as error:
            return web.json_response({"error": str(error)}, status=error.status)
        except (KeyError, TypeError, ValueError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)

    return handle


class _Control:
    def __init__(self, hub: Hub, people: People, stopping: asyncio.Event) -> None:
        self._hub, self._people, self._stopping = hub, people, stopping

    async def events(self, request: web.Request) -> web.Response:
        user_id = self._people.person(_user(request)).id
        after = int(request.query.get("after", 0))
        seconds = min(float(request.query.get("wait", 0)), LONGEST_WAIT)
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while not (events := self._hub.feeds.after(user_id, after)):
            left = until - loop.time()
            if left <= 0 or self._stopping.is_set():
                break
            await self._hub.feeds.wait(left)
        return web.json_response({"events": events, "last": events[-1]["seq"] if events else after})

    async def send(self, request: web.Request) -> web.Response:
        if request.content_type != "multipart/form-data":
            ids = self._people.send(_user(request), await _json(request))
            return web.json_response({"message_ids": ids})
        parts = await read_parts(request)
        uploads = [value for name, value in parts if name == "file" and isinstance(value, Upload)]
        fields = {name: value for name, value in parts if isinstance(value, str)}
        chat_id = int(fields["chat_id"]) if fields.get("chat_id") else None
        ids = self._people.send_files(
            _user(request), fields.get("kind", ""), uploads, fields.get("caption", ""), chat_id
        )
        return web.json_response({"message_ids": ids})

    async def press(self, request: web.Request) -> web.Response:
        wish = await _json(request)
        query = self._people.press(_user(request), int(wish["message_id"]), wish["data"], wish.get("chat_id"))
        return web.json_response({"callback_id": query})

    async def edit(self, request: web.Request) -> web.Response:
        wish = await _json(request)
        self._people.edit(_user(request), int(wish["message_id"]), wish["text"], wish.get("chat_id"))
        return web.json_response({})

    async def start(self, request: web.Request) -> web.Response:
        ids = self._people.start(_user(request), (await _json(request)).get("payload"))
        return web.json_response({"message_ids": ids})

    async def block(self, request: web.Request) -> web.Response:
        self._people.block(_user(request), request.match_info["way"] == "block")
        return web.json_response({})

    async def file(self, request: web.Request) -> web.Response:
        self._people.person(_user(request))
        file = self._hub.files.find(request.match_info["file_id"])
        if file is None:
            raise web.HTTPNotFound
        return web.Response(body=file.data, headers={"Content-Type": _harmless_type(file)})

    async def make_group(self, request: web.Request) -> web.Response:
        wish = await _json(request)
        chat = self._people.make_group(str(wish["title"]), [int(member) for member in wish["members"]])
        return web.json_response({"chat_id": chat.id})

    async def migrate(self, request: web.Request) -> web.Response:
        return web.json_response({"chat_id": self._people.migrate(int(request.match_info["chat_id"])).id})

    async def add_fault(self, request: web.Request) -> web.Response:
        wish = await _json(request)
        self._hub.faults.left.append(Fault(**(wish | {"kind": str(wish["kind"])})))
        return await self.faults(request)

    async def faults(self, _request: web.Request) -> web.Response:
        return web.json_response({"faults": [fault.json() for fault in self._hub.faults.left]})

    async def log(self, request: web.Request) -> web.Response:
        entries = self._hub.journal.entries
        after = max(int(request.query.get("after", 0)), 0)
        return web.json_response({"log": entries[after:], "last": len(entries)})

    async def violations(self, _request: web.Request) -> web.Response:
        return web.json_response({"violations": self._hub.journal.violations})


def _harmless_type(file: StoredFile) -> str:
    """What a browser may show or play; anything else, such as a page, is only to be saved."""
    if file.mime_type.startswith(("image/", "audio/", "video/")) and "svg" not in file.mime_type:
        return file.mime_type
    shown = {"photo": "image/jpeg", "voice": "audio/ogg", "sticker": "image/webp", "video": "video/mp4"}
    return shown.get(file.kind, "application/octet-stream")


def _user(request: web.Request) -> int:
    return int(request.match_info["user_id"])


async def _json(request: web.Request) -> Json:
    text = await request.text()
    body: Any = json.loads(text) if text.strip() else {}
    if not isinstance(body, dict):
        raise Impossible("the request must be a JSON object")
    return body
