"""What keyboards may hold: sizes, labels, and one action to a button."""

from typing import Any

from handlers.sandbox.botapi.entities import clean_url
from handlers.sandbox.botapi.errors import violation

__all__ = ["check_markup"]

_ACTIONS_WORDS = (
    "url callback_data web_app login_url switch_inline_query switch_inline_query_current_chat "
    "switch_inline_query_chosen_chat copy_text callback_game pay disabled"
)
_ACTIONS = _ACTIONS_WORDS.split()
_REQUESTS_WORDS = (
    "request_users request_chat request_managed_bot request_contact request_location request_poll web_app request_user"
)
_REQUESTS = _REQUESTS_WORDS.split()
_PRIVATE_ONLY = frozenset(("request_contact", "request_location", "request_poll", "web_app"))
INLINE_IN_ROW, INLINE_IN_ALL = 8, 100
REPLY_IN_ROW, REPLY_IN_ALL = 12, 300
DATA_BYTES = 64


def check_markup(markup: dict[str, Any], private: bool) -> None:
    """Raise the violation in a reply markup, if there is one; `private` for a chat with one person."""
    if "inline_keyboard" in markup:
        _check_rows(markup["inline_keyboard"], INLINE_IN_ROW, INLINE_IN_ALL, may_be_empty=True)
        for button in _buttons(markup["inline_keyboard"]):
            _check_inline_button(button)
    elif "keyboard" in markup:
        _check_rows(markup["keyboard"], REPLY_IN_ROW, REPLY_IN_ALL, may_be_empty=False)
        for button in _buttons(markup["keyboard"]):
            _check_reply_button(button, private)
    elif not markup.get("remove_keyboard", True) or not markup.get("force_reply", True):
        raise violation("keyboard_shape", "remove_keyboard and force_reply must be true")
    placeholder = markup.get("input_field_placeholder")
    if placeholder is not None and not 1 <= len(placeholder) <= 64:
        raise violation("keyboard_placeholder", "input_field_placeholder must have 1-64 characters")


def _buttons(rows: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [button for row in rows for button in row]


def _check_rows(rows: list[list[dict[str, Any]]], in_row: int, in_all: int, may_be_empty: bool) -> None:
    if not may_be_empty and not _buttons(rows):
        raise violation("keyboard_shape", "reply keyboard must have at least one button")
    if any(not row for row in rows):
        raise violation("keyboard_shape", "keyboard rows must not be empty")
    if any(len(row) > in_row for row in rows) or len(_buttons(rows)) > in_all:
        raise violation("keyboard_size", "reply markup is too long")


def _check_inline_button(button: dict[str, Any]) -> None:
    if not button["text"].strip():
        raise violation("button_text", "inline keyboard button text must be non-empty")
    actions = [action for action in _ACTIONS if action in button]
    if not actions:
        raise violation("button_action", "text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise violation("button_action", f"inline keyboard button must have one action, not {', '.join(actions)}")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= DATA_BYTES:
        raise violation("callback_data", "BUTTON_DATA_INVALID")
    if "url" in button and clean_url(button["url"]) is None:
        raise violation("button_url", f"inline keyboard button URL '{button['url']}' is invalid")
    for name in ("web_app", "login_url"):
        if name in button and not button[name]["url"].startswith("https://"):
            raise violation("button_url", f"inline keyboard button {name} needs an https address")
    if "copy_text" in button and not 1 <= len(button["copy_text"]["text"]) <= 256:
        raise violation("button_copy_text", "copy_text must have 1-256 characters")


def _check_reply_button(button: dict[str, Any], private: bool) -> None:
    if not button["text"].strip():
        raise violation("button_text", "keyboard button text must be non-empty")
    requests = [name for name in _REQUESTS if button.get(name)]
    if len(requests) > 1:
        raise violation("button_action", "keyboard button must have one action at most")
    if not private and _PRIVATE_ONLY.intersection(requests):
        raise violation("button_action", f"{requests[0]} can be requested in private chats only")
