"""Every documented limit: refused, with Telegram's words, and noted among the violations."""

import json
from io import BytesIO
from typing import Any

import aiohttp
import pytest

from handlers.sandbox.botapi import BotApiServer, Phone
from tests.sandbox.botapi.conftest import VILLAGER, Raw
from tests.sandbox.botapi.samples import png


def inline(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"text": "?", "reply_markup": {"inline_keyboard": list(rows)}}


def data(value: str = "x") -> dict[str, Any]:
    return {"text": "钮", "callback_data": value}


def reply(*rows: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"text": "?", "reply_markup": {"keyboard": list(rows), **more}}


def commands(*pairs: tuple[str, str]) -> dict[str, Any]:
    return {"commands": [{"command": name, "description": words} for name, words in pairs]}


ALLOWED: list[tuple[str, dict[str, Any]]] = [
    ("sendMessage", {"text": "讲" * 4096}),
    ("sendMessage", {"text": f"<b>{'讲' * 4096}</b>", "parse_mode": "HTML"}),
    ("sendMessage", inline([data("x" * 64)])),
    ("sendMessage", inline([data("讲" * 21)])),
    ("sendMessage", inline([data(str(n)) for n in range(8)])),
    ("sendMessage", inline(*[[data(str(n))] for n in range(100)])),
    ("sendMessage", inline([{"text": "网", "url": "https://example.com"}])),
    ("sendMessage", inline()),
    ("sendMessage", reply([{"text": "位置", "request_location": True}], input_field_placeholder="字" * 64)),
    ("sendMessage", {"text": "?", "entities": [{"type": "bold", "offset": 0, "length": 1}]}),
    ("sendLocation", {"latitude": 21, "longitude": 110.5}),
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "字" * 200}),
    ("setMyCommands", commands(*[(f"c{n}", "说明") for n in range(100)])),
    ("setMyCommands", commands(("a" * 32, "字" * 256))),
    ("setMyName", {"name": "名" * 64}),
    ("sendChatAction", {"action": "upload_voice"}),
]

REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("sendMessage", {}, "missing_parameter", "message text is empty"),
    ("sendMessage", {"text": " \n　"}, "text_length", "text must be non-empty"),
    ("sendMessage", {"text": "讲" * 4097}, "text_length", "message is too long"),
    ("sendMessage", {"text": "<b></b>", "parse_mode": "HTML"}, "text_length", "text must be non-empty"),
    ("sendMessage", {"text": 5}, "parameter_type", "can't parse text: expected a string"),
    ("sendMessage", {"text": "?", "colour": "red"}, "unknown_parameter", "unknown parameters: colour"),
    ("sendMessage", {"text": "?", "disable_notification": "yes"}, "parameter_type", "true or false"),
    ("sendMessage", {"text": "?", "parse_mode": "Markdown"}, "parse_mode", "unsupported parse_mode"),
    ("sendMessage", {"text": "?", "business_connection_id": "b"}, "not_in_sandbox", "does not play"),
    ("sendMessage", {"text": "?", "entities": [{"type": "bold", "offset": 0, "length": 2}]}, "entities", "outside"),
    ("sendMessage", {"text": "?", "entities": [{"type": "loud", "offset": 0, "length": 1}]}, "entities", "unknown"),
    ("sendMessage", {"text": "?", "parse_mode": "HTML", "entities": []}, "parse_mode", "exclude each other"),
    ("sendMessage", inline([data("x" * 65)]), "callback_data", "BUTTON_DATA_INVALID"),
    ("sendMessage", inline([data("讲" * 22)]), "callback_data", "BUTTON_DATA_INVALID"),
    ("sendMessage", inline([data("")]), "callback_data", "BUTTON_DATA_INVALID"),
    ("sendMessage", inline([{"text": "?"}]), "button_action", "text buttons are unallowed"),
    ("sendMessage", inline([data() | {"url": "https://a.cn"}]), "button_action", "one action"),
    ("sendMessage", inline([data() | {"text": " "}]), "button_text", "non-empty"),
    ("sendMessage", inline([{"text": "网", "url": "not a link"}]), "button_url", "is invalid"),
    ("sendMessage", inline([data(str(n)) for n in range(9)]), "keyboard_size", "reply markup is too long"),
    ("sendMessage", inline(*[[data(str(n))] for n in range(101)]), "keyboard_size", "too long"),
    ("sendMessage", inline([data()], []), "keyboard_shape", "rows must not be empty"),
    ("sendMessage", inline([data() | {"colour": "red"}]), "unknown_parameter", "unknown fields: colour"),
    ("sendMessage", reply(), "keyboard_shape", "at least one button"),
    ("sendMessage", reply([{"text": "字"}] * 13), "keyboard_size", "too long"),
    ("sendMessage", reply([{"text": "字"}], input_field_placeholder="字" * 65), "keyboard_placeholder", "1-64"),
    ("sendMessage", {"text": "?", "reply_markup": {"remove_keyboard": False}}, "keyboard_shape", "must be true"),
    ("sendMessage", {"text": "?", "reply_markup": [1]}, "parameter_type", "object expected as reply markup"),
    ("sendPhoto", {"photo": "x", "caption": "讲" * 1025}, "caption_length", "message caption is too long"),
    ("sendLocation", {"latitude": 91, "longitude": 0}, "location", "out of range"),
    ("sendLocation", {"latitude": 1}, "missing_parameter", "parameter longitude is missing"),
    ("sendLocation", {"latitude": 1, "longitude": 1, "live_period": 60}, "not_in_sandbox", "live_period"),
    ("sendMediaGroup", {"media": [{"type": "photo", "media": "x"}]}, "album", "2-10 items"),
    ("sendMediaGroup", {"media": [{"type": "photo", "media": "x"}] * 11}, "album", "2-10 items"),
    (
        "sendMediaGroup",
        {"media": [{"type": "photo", "media": "x"}, {"type": "document", "media": "y"}]},
        "album",
        "can't be mixed",
    ),
    ("sendMediaGroup", {"media": [{"type": "voice", "media": "x"}] * 2}, "parameter_type", "one of photo, video"),
    ("sendMediaGroup", {"media": [{"type": "photo", "media": "attach://a"}] * 2}, "attach", "file a"),
    ("sendChatAction", {"action": "dancing"}, "chat_action", "wrong parameter action"),
    ("copyMessages", {"from_chat_id": VILLAGER, "message_ids": [2, 1]}, "message_ids", "strictly increasing"),
    ("copyMessages", {"from_chat_id": VILLAGER, "message_ids": list(range(101))}, "message_ids", "1-100 items"),
    ("deleteMessages", {"message_ids": []}, "message_ids", "1-100 items"),
    ("editMessageText", {"text": "?"}, "missing_parameter", "message identifier is not specified"),
    ("setMessageReaction", {"message_id": 1, "reaction": [{"type": "emoji", "emoji": "房"}]}, "reaction", "INVALID"),
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "字" * 201}, "callback_answer", "MESSAGE_TOO_LONG"),
    ("setMyCommands", commands(("Help", "说明")), "commands", "BOT_COMMAND_INVALID"),
    ("setMyCommands", commands(("a" * 33, "说明")), "commands", "BOT_COMMAND_INVALID"),
    ("setMyCommands", commands(("help", "")), "commands", "BOT_COMMAND_DESCRIPTION_INVALID"),
    ("setMyCommands", commands(("help", "字" * 257)), "commands", "BOT_COMMAND_DESCRIPTION_INVALID"),
    ("setMyCommands", commands(*[(f"c{n}", "说明") for n in range(101)]), "commands", "BOT_COMMANDS_TOO_MUCH"),
    ("setMyCommands", commands(("a", "b")) | {"language_code": "zh-hans"}, "language_code", "two-letter"),
    ("setMyCommands", commands(("a", "b")) | {"scope": {"type": "planet"}}, "parameter_type", "whose type is one of"),
    ("setMyName", {"name": "名" * 65}, "profile", "at most 64"),
    ("setMyDescription", {"description": "述" * 513}, "profile", "at most 512"),
    ("setMyShortDescription", {"short_description": "述" * 121}, "profile", "at most 120"),
    ("getUpdates", {"limit": 101}, "limit", "between 1 and 100"),
    ("getUpdates", {"timeout": 51}, "timeout", "between 0 and 50"),
    ("getUpdates", {"allowed_updates": ["letters"]}, "allowed_updates", "unknown update types: letters"),
    ("getUpdates", {"offset": "soon"}, "parameter_type", "an integer"),
    ("setWebhook", {"url": "http://example.com/"}, "webhook_url", "An HTTPS URL must be provided"),
    ("setWebhook", {"url": "https://example.com:444/"}, "webhook_url", "only on ports 80, 88, 443 or 8443"),
    ("setWebhook", {"url": "", "secret_token": "no spaces"}, "secret_token", "unallowed characters"),
    ("setWebhook", {"url": "", "secret_token": "x" * 257}, "secret_token", "unallowed characters"),
    ("setWebhook", {"url": "", "max_connections": 101}, "max_connections", "between 1 and 100"),
]
_WITHOUT_CHAT = ("answerCallbackQuery", "setMy", "getUpdates", "setWebhook")


def addressed(method: str, params: dict[str, Any]) -> dict[str, Any]:
    return params if method.startswith(_WITHOUT_CHAT) else {"chat_id": VILLAGER, **params}


@pytest.mark.parametrize(("method", "params"), ALLOWED)
async def test_what_is_just_within_a_limit_passes(
    method: str, params: dict[str, Any], raw: Raw, villager: Phone, server: BotApiServer
) -> None:
    await villager.start()
    await raw(method, **addressed(method, params))
    assert server.violations == []


@pytest.mark.parametrize(("method", "params", "rule", "words"), REFUSED)
async def test_what_breaks_a_rule_is_refused_and_noted(
    method: str, params: dict[str, Any], rule: str, words: str, raw: Raw, villager: Phone, server: BotApiServer
) -> None:
    await villager.start()
    before = len(server.events_of(VILLAGER))
    status, answer = await raw(method, **addressed(method, params))
    assert (status, answer["ok"], answer["error_code"]) == (400, False, 400)
    assert words in answer["description"]
    assert [(note["method"], note["rule"]) for note in server.violations] == [(method, rule)]
    assert len(server.events_of(VILLAGER)) == before


async def test_a_method_that_the_bot_api_does_not_have_is_not_found(raw: Raw, server: BotApiServer) -> None:
    assert await raw("sendSmell", chat_id=1) == (
        404,
        {"ok": False, "error_code": 404, "description": "Not Found"},
    )
    assert server.violations[0]["rule"] == "unknown_method"


async def test_a_wrong_token_is_unauthorized(url: str, session: aiohttp.ClientSession) -> None:
    async with session.get(f"{url}/bot1:wrong/getMe") as response:
        assert response.status == 401
        assert (await response.json())["description"] == "Unauthorized"
    async with session.get(f"{url}/file/bot1:wrong/photos/file_0.jpg") as response:
        assert response.status == 404


async def test_methods_are_found_whatever_the_case_and_take_query_parameters(raw: Raw, villager: Phone) -> None:
    await villager.start()
    markup = json.dumps({"inline_keyboard": [[data()]]})
    status, answer = await raw.get("SENDmessage", chat_id=str(VILLAGER), text="123", reply_markup=markup)
    assert status == 200
    assert answer["result"]["text"] == "123"


@pytest.mark.parametrize(
    ("photo", "words"),
    [
        (b"no picture at all", "IMAGE_PROCESS_FAILED"),
        (png(9_000, 1_001), "PHOTO_INVALID_DIMENSIONS"),
        (png(2_100, 100), "PHOTO_INVALID_DIMENSIONS"),
        (png() + bytes(10 * 2**20), "too big for a photo"),
        (b"", "file must be non-empty"),
    ],
)
async def test_a_photo_that_telegram_could_not_use_is_refused(
    photo: bytes, words: str, raw: Raw, villager: Phone
) -> None:
    await villager.start()
    form = aiohttp.FormData({"chat_id": str(VILLAGER)})
    form.add_field("photo", BytesIO(photo), filename="p")
    status, answer = await raw.form("sendPhoto", form)
    assert status == 400
    assert words in answer["description"]


async def test_a_file_that_no_parameter_names_is_refused(raw: Raw, villager: Phone, server: BotApiServer) -> None:
    await villager.start()
    form = aiohttp.FormData({"chat_id": str(VILLAGER), "text": "?"})
    form.add_field("spare", b"x", filename="spare.bin")
    status, _ = await raw.form("sendMessage", form)
    assert status == 400
    assert server.violations[0]["rule"] == "unknown_parameter"


async def test_a_file_is_sent_again_only_as_what_it_was(raw: Raw, villager: Phone) -> None:
    await villager.send_voice()
    _, updates = await raw("getUpdates")
    voice = updates["result"][0]["message"]["voice"]["file_id"]
    status, answer = await raw("sendDocument", chat_id=VILLAGER, document=voice)
    assert (status, answer["description"]) == (400, "Bad Request: can't use file of type Voice as Document")
    status, answer = await raw("sendVoice", chat_id=VILLAGER, voice=voice)
    assert status == 200


async def test_files_over_20_mb_are_not_given_out(raw: Raw, villager: Phone) -> None:
    await villager.send_files("document", [bytes(20 * 2**20 + 1)])
    _, updates = await raw("getUpdates")
    file_id = updates["result"][0]["message"]["document"]["file_id"]
    status, answer = await raw("getFile", file_id=file_id)
    assert (status, answer["description"]) == (400, "Bad Request: file is too big")


async def test_files_over_50_mb_are_not_taken(raw: Raw, villager: Phone) -> None:
    await villager.start()
    form = aiohttp.FormData({"chat_id": str(VILLAGER)})
    form.add_field("document", BytesIO(bytes(50 * 2**20 + 1)), filename="large.bin")
    status, answer = await raw.form("sendDocument", form)
    assert (status, answer["description"]) == (413, "Request Entity Too Large")
