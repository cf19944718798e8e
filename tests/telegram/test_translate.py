"""Every kind of update becomes the Inbound that it means, and what is malformed says so."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.messages import File, FileKind, InboundKind, Location
from handlers.telegram.translate import TelegramTranslator
from tests.telegram.updates import (
    BOT,
    CHANNEL,
    DATE,
    FILE,
    GROUP,
    PHOTO,
    PLACE,
    PRIVATE,
    VIDEO,
    edited,
    member,
    membership,
    message,
    pressed,
    said,
    update,
)

TRANSLATOR = TelegramTranslator("XiangyinBot")
AT = datetime.fromtimestamp(DATE, UTC)


def test_a_text_tells_who_said_what_where_and_when() -> None:
    found = TRANSLATOR.translate(said(text="水管爆了"))
    assert (found.kind, found.text) == (InboundKind.MESSAGE, "水管爆了")
    assert (found.channel, found.account, found.chat, found.private) == ("telegram", "1001", "1001", True)
    assert (found.at, found.message_id, found.language) == (AT, "31", "zh-hans")
    assert (found.files, found.location, found.album, found.forwarded) == ((), None, None, False)


def test_a_message_in_a_group_is_answered_there_and_is_not_private() -> None:
    found = TRANSLATOR.translate(said(chat=GROUP, text="在吗"))
    assert (found.chat, found.account, found.private) == ("-500", "1001", False)


def test_of_a_photo_the_largest_size_is_taken_with_its_caption() -> None:
    found = TRANSLATOR.translate(said(photo=PHOTO, caption="路灯坏了"))
    assert found.files == (File(FileKind.PHOTO, "large", "l"),)
    assert (found.kind, found.text) == (InboundKind.MESSAGE, "路灯坏了")


def test_photos_of_an_album_carry_its_id() -> None:
    assert TRANSLATOR.translate(said(photo=PHOTO, media_group_id="77")).album == "77"


@pytest.mark.parametrize(
    ("content", "file"),
    [
        ({"voice": {**FILE, "duration": 3}}, File(FileKind.VOICE, "F1", "U1")),
        ({"audio": {**FILE, "duration": 3}}, File(FileKind.AUDIO, "F1", "U1")),
        ({"video": VIDEO}, File(FileKind.VIDEO, "F1", "U1")),
        ({"document": FILE}, File(FileKind.DOCUMENT, "F1", "U1")),
        ({"video_note": {**FILE, "length": 240, "duration": 3}}, File(FileKind.VIDEO, "video_note:F1", "U1")),
        ({"animation": VIDEO, "document": FILE}, File(FileKind.VIDEO, "animation:F1", "U1")),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else value.kind,
)
def test_a_file_is_kept_by_its_kind(content: dict[str, Any], file: File) -> None:
    found = TRANSLATOR.translate(said(**content))
    assert (found.kind, found.files) == (InboundKind.MESSAGE, (file,))


def test_a_location_is_a_message() -> None:
    found = TRANSLATOR.translate(said(location=PLACE))
    assert (found.kind, found.location) == (InboundKind.MESSAGE, Location(21.6, 110.9))


def test_a_venue_is_a_location_with_its_name() -> None:
    venue = {"location": PLACE, "title": "文昌阁", "address": "镇隆镇"}
    found = TRANSLATOR.translate(said(venue=venue, location=PLACE))
    assert (found.text, found.location) == ("文昌阁 镇隆镇", Location(21.6, 110.9))


@pytest.mark.parametrize(
    "content",
    [
        {"sticker": {**FILE, "type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}},
        {"contact": {"phone_number": "1", "first_name": "a"}},
        {"dice": {"emoji": "🎲", "value": 3}},
        {
            "poll": {
                "id": "1",
                "question": "?",
                "options": [],
                "total_voter_count": 0,
                "is_closed": False,
                "is_anonymous": True,
                "type": "regular",
                "allows_multiple_answers": False,
                "allows_revoting": False,
                "members_only": False,
            }
        },
        {"game": {"title": "t", "description": "d", "photo": PHOTO}},
        {"story": {"chat": PRIVATE, "id": 1}},
    ],
    ids=lambda content: next(iter(content)),
)
def test_what_says_nothing_here_is_a_sticker(content: dict[str, Any]) -> None:
    assert TRANSLATOR.translate(said(**content)).kind is InboundKind.STICKER


@pytest.mark.parametrize(
    "origin",
    [
        {"type": "user", "date": DATE, "sender_user": BOT},
        {"type": "hidden_user", "date": DATE, "sender_user_name": "某人"},
        {"type": "chat", "date": DATE, "sender_chat": GROUP},
        {"type": "channel", "date": DATE, "chat": CHANNEL, "message_id": 5},
    ],
    ids=lambda origin: str(origin["type"]),
)
def test_a_forwarded_message_says_so(origin: dict[str, Any]) -> None:
    found = TRANSLATOR.translate(said(text="转", forward_origin=origin))
    assert (found.kind, found.forwarded) == (InboundKind.MESSAGE, True)


def test_an_edited_text_is_an_edit_of_that_message_at_the_time_of_the_change() -> None:
    found = TRANSLATOR.translate(edited(text="改了"))
    assert (found.kind, found.text, found.message_id) == (InboundKind.EDIT, "改了", "31")
    assert (found.at - AT).total_seconds() == 60


def test_an_edited_caption_is_an_edit() -> None:
    found = TRANSLATOR.translate(edited(photo=PHOTO, caption="新"))
    assert (found.kind, found.text) == (InboundKind.EDIT, "新")


def test_a_live_location_that_moves_is_ignored() -> None:
    assert TRANSLATOR.translate(edited(location={**PLACE, "live_period": 900})).kind is InboundKind.IGNORED


def test_a_press_tells_the_button_and_the_message_it_stood_under() -> None:
    found = TRANSLATOR.translate(pressed())
    assert (found.kind, found.press, found.press_id) == (InboundKind.PRESS, "village:3", "4711")
    assert (found.account, found.chat, found.message_id, found.private) == ("1001", "1001", "30", True)


def test_a_press_under_a_message_too_old_to_be_shown_is_still_a_press() -> None:
    found = TRANSLATOR.translate(pressed(message={"message_id": 30, "chat": GROUP, "date": 0}))
    assert (found.kind, found.message_id, found.chat) == (InboundKind.PRESS, "30", "-500")


@pytest.mark.parametrize(
    "parts",
    [{"message": None, "inline_message_id": "i"}, {"data": None, "game_short_name": "g"}],
    ids=["inline", "game"],
)
def test_a_press_under_an_inline_message_or_a_game_is_ignored(parts: dict[str, Any]) -> None:
    assert TRANSLATOR.translate(pressed(**parts)).kind is InboundKind.IGNORED


@pytest.mark.parametrize(
    ("chat", "old", "new", "kind"),
    [
        (PRIVATE, "member", "kicked", InboundKind.BLOCKED),
        (PRIVATE, "kicked", "member", InboundKind.UNBLOCKED),
        (GROUP, "left", "member", InboundKind.ADDED),
        (GROUP, "kicked", "member", InboundKind.ADDED),
        (GROUP, "member", "left", InboundKind.IGNORED),
        (GROUP, "member", "kicked", InboundKind.IGNORED),
        (CHANNEL, "left", "member", InboundKind.IGNORED),
    ],
)
def test_what_becomes_of_the_bot_in_a_chat(chat: dict[str, Any], old: str, new: str, kind: InboundKind) -> None:
    found = TRANSLATOR.translate(membership(chat, old, new))
    assert (found.kind, found.chat, found.at) == (kind, str(chat["id"]), AT)


def test_a_promotion_in_a_group_is_no_second_welcome() -> None:
    rights = dict.fromkeys(
        (
            "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
            "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users",
            "can_post_stories", "can_edit_stories", "can_delete_stories",
        ),
        False,
    )  # fmt: skip
    change = {
        "chat": GROUP,
        "from": BOT,
        "date": DATE,
        "old_chat_member": member(BOT, "member"),
        "new_chat_member": {**member(BOT, "administrator"), **rights},
    }
    assert TRANSLATOR.translate(update(my_chat_member=change)).kind is InboundKind.IGNORED


@pytest.mark.parametrize(
    ("chat", "parts"),
    [(GROUP, {"migrate_to_chat_id": -100500}), ({**GROUP, "id": -100500}, {"migrate_from_chat_id": -500})],
    ids=["said in the old chat", "said in the new chat"],
)
def test_a_group_that_migrates_tells_its_old_and_its_new_id(chat: dict[str, Any], parts: dict[str, int]) -> None:
    found = TRANSLATOR.translate(said(chat=chat, **parts))
    assert (found.kind, found.chat, found.text) == (InboundKind.MIGRATED, "-500", "-100500")


@pytest.mark.parametrize(
    "raw",
    [
        update(channel_post=message(chat=CHANNEL, text="公告")),
        update(edited_channel_post=message(chat=CHANNEL, text="公告")),
        update(inline_query={"id": "1", "from": BOT, "query": "q", "offset": ""}),
        update(poll_answer={"poll_id": "1", "option_ids": [], "option_persistent_ids": [], "user": BOT}),
        update(something_new={"id": 5}),
        update(),
        said(new_chat_title="新名"),
        said(chat=GROUP, new_chat_members=[BOT]),
        said(chat=GROUP, sender_chat=GROUP, text="匿名"),
        said(**{"from": BOT}, text="机器人"),
        said(text="/help@OtherBot"),
    ],
)
def test_what_is_not_for_us_is_ignored(raw: str) -> None:
    assert TRANSLATOR.translate(raw).kind is InboundKind.IGNORED


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("/start@XiangyinBot join-1", "/start join-1"),
        ("/start@xiangyinbot", "/start"),
        ("/start abc", "/start abc"),
        ("see /start@OtherBot", "see /start@OtherBot"),
        ("me@XiangyinBot", "me@XiangyinBot"),
    ],
)
def test_a_command_loses_the_bots_own_name(text: str, read: str) -> None:
    assert TRANSLATOR.translate(said(text=text)).text == read


def test_characters_that_databases_refuse_are_taken_out() -> None:
    raw = said(text="TEXT").replace("TEXT", r"a\u0000b\ud83dc")
    assert TRANSLATOR.translate(raw).text == "ab\ufffdc"


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "{",
        "null",
        "[]",
        "5",
        "{}",
        '{"message": {}}',
        json.dumps({"update_id": 1, "message": 5}),
        json.dumps({"update_id": 1, "message": {"text": "no chat"}}),
        said(text=5),
        said(photo=[{}]),
        said(date="yesterday"),
        said(location={"latitude": 1}),
        update(callback_query={"id": "1"}),
        update(my_chat_member={"chat": PRIVATE, "from": BOT, "date": DATE}),
        "[" * 100_000,
    ],
)
def test_what_is_malformed_raises_value_error(raw: str) -> None:
    with pytest.raises(ValueError, match="not a Telegram update"):
        TRANSLATOR.translate(raw)
