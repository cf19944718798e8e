"""The judge finds what is wrong: without this its silence would prove nothing."""

import copy
from typing import Any

import pytest

from handlers.sandbox.botapi import BotApiServer, Phone
from tests.sandbox.botapi.conftest import VILLAGER, Raw
from tests.sandbox.botapi.judge import check_log, problems_in


@pytest.fixture
async def log(server: BotApiServer, raw: Raw, villager: Phone) -> list[dict[str, Any]]:
    """sendMessage, a refusal, getUpdates."""
    await villager.start()
    await raw("sendMessage", chat_id=VILLAGER, text="喂", reply_markup={"remove_keyboard": True})
    await raw("sendMessage", chat_id=404, text="喂")
    await raw("getUpdates")
    return copy.deepcopy(server.log)


async def test_a_clean_log_passes(log: list[dict[str, Any]]) -> None:
    assert len(log) == 3
    check_log(log)


@pytest.mark.parametrize(
    ("index", "path", "value", "words"),
    [
        (0, ("params", "colour"), "red", "unknown parameter colour"),
        (0, ("params", "text"), None, "params.text"),
        (0, ("params", "reply_markup", "colour"), "red", "colour"),
        (0, ("answer", "result", "smell"), "fishy", "result.smell is no field of Message"),
        (0, ("answer", "result", "chat", "smell"), "fishy", "result.chat.smell is no field of Chat"),
        (0, ("answer", "result", "date"), "1763856000", "result.date is '1763856000'"),
        (0, ("answer", "result", "message_id"), "2", "result.message_id is '2'"),
        (0, ("answer", "extra"), 1, "the answer's fields"),
        (0, ("status",), 201, "status 201"),
        (1, ("answer", "error_code"), 403, "error_code is not the HTTP status"),
        (1, ("answer", "parameters"), {"wait": 3}, "parameters.wait is no field of ResponseParameters"),
        (2, ("answer", "result", 0, "message", "entities", 0, "smell"), 1, "is no field of MessageEntity"),
        (2, ("answer", "result", 0, "edited_message"), {}, "update: edited_message"),
        (2, ("answer", "result", 0, "message", "from", "is_bot"), 0, "is_bot is 0"),
    ],
)
async def test_one_wrong_value_is_found(
    index: int, path: tuple[str | int, ...], value: Any, words: str, log: list[dict[str, Any]]
) -> None:
    place: Any = log[index]
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    problems = problems_in(log)
    assert problems
    assert words in "\n".join(problems) or words.removeprefix("params.") in "\n".join(problems)
    with pytest.raises(AssertionError):
        check_log(log)
