"""A phone in a test's hand: sends to the bot through the control API and reads the chat as its owner would."""

import asyncio
from collections.abc import Callable
from io import BytesIO
from typing import Any

import aiohttp

from handlers.sandbox.botapi.world import Json

__all__ = ["Phone"]

Wanted = str | Callable[[Json], object]


class Phone:
    """One person's phone. `base_url` is http://HOST:PORT, as `BotApiServer.start` returns it.

    What the person sees is in `messages`, which `refresh` and `wait_for` bring up to date. A refusal by the control
    API raises RuntimeError with its reason.
    """

    def __init__(self, base_url: str, user_id: int, session: aiohttp.ClientSession) -> None:
        self._base = base_url.rstrip("/")
        self._url = f"{self._base}/phones/{user_id}"
        self._session = session
        self._events: list[Json] = []
        self._chats: dict[int, dict[int, Json]] = {}
        self._passed = 0
        self.user_id = user_id
        self.commands: list[Json] = []
        self.toasts: list[Json] = []
        self.reply_keyboard: Any = None

    @property
    def messages(self) -> list[Json]:
        """The chat with the bot as the phone shows it now, oldest first."""
        return list(self._chats.get(self.user_id, {}).values())

    def messages_in(self, chat_id: int) -> list[Json]:
        """A group as the phone shows it now, oldest first."""
        return list(self._chats.get(chat_id, {}).values())

    async def send_text(self, text: str, **more: Any) -> list[int]:
        """Send a text; `more` may be chat_id, reply_to, forward_from. The message ids: several for a long text."""
        return await self._send({"text": text} | more)

    async def send_location(self, latitude: float = 21.93, longitude: float = 110.85, **more: Any) -> list[int]:
        """Send a place, in degrees."""
        return await self._send({"location": {"latitude": latitude, "longitude": longitude}} | more)

    async def send_sticker(self, emoji: str = "👍", **more: Any) -> list[int]:
        """Send a sticker."""
        return await self._send({"sticker": emoji} | more)

    async def send_contact(self, phone_number: str = "+8613800000000", **more: Any) -> list[int]:
        """Send one's own contact."""
        return await self._send({"contact": {"phone_number": phone_number}} | more)

    async def send_photos(self, photos: list[bytes], caption: str | None = None, **more: Any) -> list[int]:
        """Send photos; two to ten become an album."""
        return await self.send_files("photo", photos, caption, **more)

    async def send_voice(self, data: bytes = b"OggS", caption: str | None = None, **more: Any) -> list[int]:
        """Send a voice message."""
        return await self.send_files("voice", [data], caption, **more)

    async def send_files(
        self,
        kind: str,
        files: list[bytes],
        caption: str | None = None,
        file_name: str | None = None,
        chat_id: int | None = None,
    ) -> list[int]:
        """Send files of kind photo, voice, video, audio or document."""
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("kind", kind)
        if caption is not None:
            form.add_field("caption", caption)
        if chat_id is not None:
            form.add_field("chat_id", str(chat_id))
        name, mime_type = {
            "photo": ("photo.jpg", "image/jpeg"),
            "voice": ("voice.oga", "audio/ogg"),
            "video": ("video.mp4", "video/mp4"),
            "audio": ("audio.mp3", "audio/mpeg"),
        }.get(kind, ("file.bin", "application/octet-stream"))
        for data in files:
            form.add_field("file", BytesIO(data), filename=file_name or name, content_type=mime_type)
        return self._ids(await self._call("POST", f"{self._url}/send", data=form))

    async def start(self, payload: str | None = None) -> list[int]:
        """Press START, perhaps on a link with a payload."""
        body = {"payload": payload} if payload is not None else {}
        return self._ids(await self._call("POST", f"{self._url}/start", json=body))

    async def press(self, message_id: int, data: str, chat_id: int | None = None) -> str:
        """Press an inline button by its callback data; the callback query's id."""
        body: Json = {"message_id": message_id, "data": data}
        if chat_id is not None:
            body["chat_id"] = chat_id
        return str((await self._call("POST", f"{self._url}/press", json=body))["callback_id"])

    async def press_label(self, label: str) -> str:
        """Press the button whose label contains `label` on the newest message that has such a button.

        Raises LookupError where no message shows one, with the labels that there are.
        """
        await self.refresh()
        for message in reversed(self.messages):
            for button in (button for row in message.get("inline_keyboard", []) for button in row):
                if label in button["text"] and "data" in button:
                    return await self.press(message["message_id"], button["data"])
        raise LookupError(f"no button {label!r}; there are {self.labels}")

    @property
    def labels(self) -> list[str]:
        """The labels of the inline buttons on the newest message that has any."""
        for message in reversed(self.messages):
            if rows := message.get("inline_keyboard"):
                return [button["text"] for row in rows for button in row]
        return []

    async def edit(self, message_id: int, text: str, chat_id: int | None = None) -> None:
        """Change an own message."""
        body: Json = {"message_id": message_id, "text": text}
        await self._call("POST", f"{self._url}/edit", json=body | ({"chat_id": chat_id} if chat_id is not None else {}))

    async def block(self) -> None:
        """Block the bot."""
        await self._call("POST", f"{self._url}/block")

    async def unblock(self) -> None:
        """Let the bot write again."""
        await self._call("POST", f"{self._url}/unblock")

    async def download(self, media: Json) -> bytes:
        """The bytes of a photo, voice or other file in a message."""
        async with self._session.get(self._base + media["url"]) as response:
            response.raise_for_status()
            return await response.read()

    async def events(self) -> list[Json]:
        """Everything that the phone has heard so far."""
        await self.refresh()
        return list(self._events)

    async def refresh(self, wait: float = 0) -> None:
        """Fetch what is new, waiting for it up to `wait` seconds."""
        after = self._events[-1]["seq"] if self._events else 0
        query = {"after": str(after), "wait": str(wait)}
        answer = await self._call("GET", f"{self._url}/events", params=query)
        # Two refreshes may have been under way at once; what is known already is passed over.
        for event in answer["events"]:
            if not self._events or event["seq"] > self._events[-1]["seq"]:
                self._events.append(event)
                self._apply(event)

    async def wait_for(self, wanted: Wanted, timeout: float = 10.0) -> Json:
        """The next message from the bot that was new or edited since the last call and fits.

        `wanted` is a part of its text or caption, or a test of the message. Waits up to `timeout` real seconds;
        then raises TimeoutError which shows the chat.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + timeout
        while True:
            for index in range(self._passed, len(self._events)):
                event = self._events[index]
                if event["type"] in ("message", "edited") and _fits(event["message"], wanted):
                    self._passed = index + 1
                    return dict(event["message"])
            left = until - loop.time()
            if left <= 0:
                chat = "\n".join(_line(message) for message in self.messages[-8:])
                raise TimeoutError(f"{wanted!r} did not come; phone {self.user_id} shows:\n{chat}")
            await self.refresh(min(left, 20.0))

    async def _send(self, body: Json) -> list[int]:
        return self._ids(await self._call("POST", f"{self._url}/send", json=body))

    def _ids(self, answer: Json) -> list[int]:
        return list(answer["message_ids"])

    async def _call(self, verb: str, url: str, **more: Any) -> Json:
        async with self._session.request(verb, url, **more) as response:
            answer: Json = await response.json()
            if response.status >= 400:
                raise RuntimeError(answer.get("error", str(answer)))
            return answer

    def _apply(self, event: Json) -> None:
        kind = event["type"]
        if kind in ("message", "edited"):
            message = event["message"]
            self._chats.setdefault(event["chat_id"], {})[message["message_id"]] = message
            if kind == "message" and "reply_keyboard" in event:
                keyboard = event["reply_keyboard"]
                self.reply_keyboard = None if keyboard == "remove" else keyboard
        elif kind == "deleted":
            self._chats.get(event["chat_id"], {}).pop(event["message_id"], None)
        elif kind == "toast":
            self.toasts.append(event)
        elif kind == "commands":
            self.commands = event["commands"]


def _fits(message: Json, wanted: Wanted) -> bool:
    if not message["from_bot"]:
        return False
    if isinstance(wanted, str):
        return wanted in (message.get("text") or message.get("caption") or "")
    return bool(wanted(message))


def _line(message: Json) -> str:
    text = message.get("text") or message.get("caption") or "…"
    labels = [button["text"] for row in message.get("inline_keyboard", []) for button in row]
    return f"{'bot' if message['from_bot'] else 'me '} {message['message_id']}: {text[:200]!r} {labels or ''}"
