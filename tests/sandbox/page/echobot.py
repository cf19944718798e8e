"""A small bot over plain HTTP: it echoes, shows buttons, and does on request what the page has to show."""

import asyncio
from typing import Any

import aiohttp

BUTTONS = {
    "inline_keyboard": [
        [{"text": "轻提示", "callback_data": "toast"}, {"text": "大提示", "callback_data": "alert"}],
        [{"text": "换一换", "callback_data": "edit"}, {"text": "删掉", "callback_data": "delete"}],
        [{"text": "复制编号", "copy_text": {"text": "ZJ-2026-000123"}}],
        [{"text": "看公开栏", "url": "https://example.org/board"}],
    ]
}
KEYBOARD = {"keyboard": [[{"text": "我要反映"}, {"text": "我的意见"}]], "one_time_keyboard": True}
COMMANDS = [{"command": "start", "description": "重新开始"}, {"command": "mine", "description": "我的意见"}]
KINDS = ("photo", "voice", "location", "sticker", "document", "video")
RICH = "<b>编号</b> <i>斜</i> <code>ZJ-1</code> <a href='https://example.org/x'>看这里</a> &lt;script&gt;"


class EchoBot:
    """Polls the Bot API at `base` (…/bot<token>) and answers until it is cancelled."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.heard: list[dict[str, Any]] = []

    async def run(self) -> None:
        offset = 0
        async with aiohttp.ClientSession() as self._http:
            await self._call("setMyCommands", commands=COMMANDS)
            while True:
                for update in await self._call("getUpdates", offset=offset, timeout=20):
                    offset = update["update_id"] + 1
                    self.heard.append(update)
                    await self._answer(update)

    async def _call(self, method: str, **arguments: object) -> Any:
        async with self._http.post(f"{self.base}/{method}", json=arguments) as answer:
            body = await answer.json()
        return body["result"] if body["ok"] else body  # a refusal (403 from a blocking user) is no news here

    async def _say(self, chat: int, text: str, **more: object) -> None:
        await self._call("sendMessage", chat_id=chat, text=text, **more)

    async def _answer(self, update: dict[str, Any]) -> None:
        if message := update.get("message"):
            await self._to_message(message["chat"]["id"], message)
        elif changed := update.get("edited_message"):
            await self._say(changed["chat"]["id"], f"改成了：{changed['text']}")
        elif pressed := update.get("callback_query"):
            await self._to_press(pressed)

    async def _to_message(self, chat: int, message: dict[str, Any]) -> None:
        text = message.get("text", "")
        if reply := message.get("reply_to_message"):
            await self._say(chat, f"您回复了第 {reply['message_id']} 条")
        elif text.startswith("/start"):
            await self._say(chat, "您好，我是乡音。", reply_markup=KEYBOARD)
        elif text == "按钮":
            await self._say(chat, "请选：", reply_markup=BUTTONS)
        elif text == "收起":
            await self._say(chat, "收起了", reply_markup={"remove_keyboard": True})
        elif text == "版式":
            await self._say(chat, RICH, parse_mode="HTML")
        elif text.startswith("告诉"):
            await self._say(int(text.removeprefix("告诉")), "有一件新意见")
        elif text == "慢":
            await self._call("sendChatAction", chat_id=chat, action="typing")
            await asyncio.sleep(0.5)
            await self._say(chat, "好了")
        elif text:
            await self._say(chat, f"听到：{text}")
        elif kind := next((kind for kind in KINDS if kind in message), None):
            await self._say(chat, f"收到 {kind} {message.get('caption', '')}")

    async def _to_press(self, pressed: dict[str, Any]) -> None:
        message = pressed["message"]
        here = {"chat_id": message["chat"]["id"], "message_id": message["message_id"]}
        answer: dict[str, object] = {"callback_query_id": pressed["id"]}
        match pressed["data"]:
            case "toast":
                answer["text"] = "选好了"
            case "alert":
                answer |= {"text": "请先核对", "show_alert": True}
            case "edit":
                markup = {"inline_keyboard": [[{"text": "提交", "callback_data": "toast"}]]}
                await self._call("editMessageText", text="核对一下", reply_markup=markup, **here)
            case "delete":
                await self._call("deleteMessage", **here)
        await self._call("answerCallbackQuery", **answer)
