"""An update is stored under its id and in its chat's order, whatever else is wrong with it."""

import json
from typing import Any

import pytest

from bot.ports import RawUpdate
from handlers.telegram.raw import raw_update
from tests.telegram.updates import CHANNEL, GROUP, edited, membership, message, pressed, said, update


@pytest.mark.parametrize(
    ("raw", "chat"),
    [
        (said(text="a"), "1001"),
        (said(text="a", chat=GROUP), "-500"),
        (edited(text="a", chat=GROUP), "-500"),
        (pressed(), "1001"),
        (pressed(message=message(chat=GROUP)), "-500"),
        (pressed(message=None), "1001"),
        (membership(GROUP, "left", "member"), "-500"),
        (update(channel_post=message(chat=CHANNEL)), "-1009"),
        (update(poll_answer={"user": {"id": 5}}), "5"),
        (update(something_new=[1]), ""),
        (update(message={"chat": 5}), ""),
        (update(message=[]), ""),
    ],
)
def test_the_chat_is_found_without_a_closer_look(raw: str, chat: str) -> None:
    assert raw_update(json.loads(raw)).chat == chat


def test_what_is_stored_reads_back_as_it_came_and_is_plain_ascii() -> None:
    plain = json.loads(said(text="STRAY 水").replace("STRAY", r"\ud83d\u0000"))
    stored = raw_update(plain)
    assert stored == RawUpdate("telegram", 7, "1001", stored.raw)
    assert json.loads(stored.raw) == plain
    assert stored.raw.isascii()


@pytest.mark.parametrize(
    "plain", [None, 5, "x", [], {}, *({"update_id": bad} for bad in (None, "7", 7.0, True, -1, 2**63))]
)
def test_without_a_usable_update_id_it_is_no_update(plain: Any) -> None:
    with pytest.raises(ValueError, match="update"):
        raw_update(plain)
