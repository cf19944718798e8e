"""The shapes of the objects inside parameters: keyboards, entities, media of an album, scopes and their like."""

from typing import Any

from handlers.sandbox.botapi.errors import violation
from handlers.sandbox.botapi.kinds import (
    Fields,
    Kind,
    array,
    boolean,
    chat_ref,
    file_or_id,
    integer,
    obj,
    string,
    tagged,
    upload,
)

__all__ = [
    "INPUT_MEDIA",
    "MARKUPS",
    "OBJECTS",
    "SCOPES",
    "command",
    "entities",
    "ephemeral",
    "inline_markup",
    "link_preview",
    "media_album",
    "menu_button",
    "reactions",
    "reply_markup",
    "reply_parameters",
    "rich_message",
    "scope",
    "suggested_post",
]

_WEB_APP: Fields = {"url": string.needed}
_USER: Fields = {
    "id": integer.needed,
    "is_bot": boolean.needed,
    "first_name": string.needed,
    "last_name": string,
    "username": string,
    "language_code": string,
    "is_premium": boolean,
}
_ENTITY: Fields = {
    "type": string.needed,
    "offset": integer.needed,
    "length": integer.needed,
    "url": string,
    "user": obj("User", _USER),
    "language": string,
    "custom_emoji_id": string,
    "unix_time": integer,
    "date_time_format": string,
}
entities = array(obj("MessageEntity", _ENTITY))

_LOGIN_URL: Fields = {
    "url": string.needed,
    "forward_text": string,
    "bot_username": string,
    "request_write_access": boolean,
}
_CHOSEN_CHAT: Fields = {
    "query": string,
    "allow_user_chats": boolean,
    "allow_bot_chats": boolean,
    "allow_group_chats": boolean,
    "allow_channel_chats": boolean,
}


def _anything(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise violation("parameter_type", f"can't parse {where}: expected an object")
    return value


_open_object = Kind("an object", _anything)

_INLINE_BUTTON: Fields = {
    "text": string.needed,
    "icon_custom_emoji_id": string,
    "style": string,
    "url": string,
    "callback_data": string,
    "web_app": obj("WebAppInfo", _WEB_APP),
    "login_url": obj("LoginUrl", _LOGIN_URL),
    "switch_inline_query": string,
    "switch_inline_query_current_chat": string,
    "switch_inline_query_chosen_chat": obj("SwitchInlineQueryChosenChat", _CHOSEN_CHAT),
    "copy_text": obj("CopyTextButton", {"text": string.needed}),
    "callback_game": _open_object,
    "pay": boolean,
    "disabled": _open_object,
}
_REPLY_BUTTON: Fields = {
    "text": string.needed,
    "icon_custom_emoji_id": string,
    "style": string,
    "request_users": _open_object,
    "request_chat": _open_object,
    "request_managed_bot": _open_object,
    "request_contact": boolean,
    "request_location": boolean,
    "request_poll": _open_object,
    "web_app": obj("WebAppInfo", _WEB_APP),
    "request_user": _open_object,
}
MARKUPS: dict[str, tuple[str, Fields]] = {
    "inline_keyboard": (
        "InlineKeyboardMarkup",
        {
            "inline_keyboard": array(array(obj("InlineKeyboardButton", _INLINE_BUTTON))).needed,
            "force_reply": boolean,
        },
    ),
    "keyboard": (
        "ReplyKeyboardMarkup",
        {
            "keyboard": array(array(obj("KeyboardButton", _REPLY_BUTTON))).needed,
            "is_persistent": boolean,
            "resize_keyboard": boolean,
            "one_time_keyboard": boolean,
            "input_field_placeholder": string,
            "selective": boolean,
            "force_reply": boolean,
        },
    ),
    "remove_keyboard": ("ReplyKeyboardRemove", {"remove_keyboard": boolean.needed, "selective": boolean}),
    "force_reply": (
        "ForceReply",
        {"force_reply": boolean.needed, "input_field_placeholder": string, "selective": boolean},
    ),
}


def _markup(value: Any, where: str) -> dict[str, Any]:
    for key, (name, fields) in MARKUPS.items():
        if isinstance(value, dict) and key in value:
            return dict(obj(name, fields).check(value, where))
    raise violation("parameter_type", f"can't parse {where}: object expected as reply markup")


reply_markup = Kind("a reply markup", _markup)
inline_markup = obj("InlineKeyboardMarkup", MARKUPS["inline_keyboard"][1])

_REPLY: Fields = {
    "message_id": integer,
    "chat_id": chat_ref,
    "allow_sending_without_reply": boolean,
    "quote": string,
    "quote_parse_mode": string,
    "quote_entities": entities,
    "quote_position": integer,
    "checklist_task_id": integer,
    "poll_option_id": string,
    "ephemeral_message_id": integer,
}
reply_parameters = obj("ReplyParameters", _REPLY)
_PREVIEW: Fields = {
    "is_disabled": boolean,
    "url": string,
    "prefer_small_media": boolean,
    "prefer_large_media": boolean,
    "show_above_text": boolean,
}
link_preview = obj("LinkPreviewOptions", _PREVIEW)
_SUGGESTED: Fields = {
    "price": obj("SuggestedPostPrice", {"currency": string.needed, "amount": integer.needed}),
    "send_date": integer,
}
suggested_post = obj("SuggestedPostParameters", _SUGGESTED)
_EPHEMERAL: Fields = {
    "receiver_user_id": integer.needed,
    "callback_query_id": string,
    "replace_callback_query_message": boolean,
}
ephemeral = obj("EphemeralMessageParameters", _EPHEMERAL)
_RICH: Fields = {
    "html": string,
    "markdown": string,
    "is_rtl": boolean,
    "skip_entity_detection": boolean,
    "blocks": array(_open_object),
    "media": array(_open_object),
}
rich_message = obj("InputRichMessage", _RICH)

_CAPTION: Fields = {"caption": string, "parse_mode": string, "caption_entities": entities}
_SHOWN: Fields = {"show_caption_above_media": boolean, "has_spoiler": boolean}
INPUT_MEDIA: dict[str, Fields] = {
    "photo": {"media": file_or_id.needed, **_CAPTION, **_SHOWN},
    "video": {
        "media": file_or_id.needed,
        "thumbnail": upload,
        "cover": file_or_id,
        "start_timestamp": integer,
        "width": integer,
        "height": integer,
        "duration": integer,
        "supports_streaming": boolean,
        **_CAPTION,
        **_SHOWN,
    },
    "audio": {
        "media": file_or_id.needed,
        "thumbnail": upload,
        "duration": integer,
        "performer": string,
        "title": string,
        **_CAPTION,
    },
    "document": {
        "media": file_or_id.needed,
        "thumbnail": upload,
        "disable_content_type_detection": boolean,
        **_CAPTION,
    },
    "live_photo": {"media": file_or_id.needed, "photo": file_or_id.needed, **_CAPTION, **_SHOWN},
}
media_album = array(tagged("InputMedia", "type", INPUT_MEDIA))

command = obj("BotCommand", {"command": string.needed, "description": string.needed, "is_ephemeral": boolean})
SCOPES: dict[str, Fields] = {
    "default": {},
    "all_private_chats": {},
    "all_group_chats": {},
    "all_chat_administrators": {},
    "chat": {"chat_id": chat_ref.needed},
    "chat_administrators": {"chat_id": chat_ref.needed},
    "chat_member": {"chat_id": chat_ref.needed, "user_id": integer.needed},
}
scope = tagged("BotCommandScope", "type", SCOPES)
_MENU_BUTTONS: dict[str, Fields] = {
    "commands": {},
    "default": {},
    "web_app": {"text": string.needed, "web_app": obj("WebAppInfo", _WEB_APP).needed},
}
menu_button = tagged("MenuButton", "type", _MENU_BUTTONS)
_REACTIONS: dict[str, Fields] = {
    "emoji": {"emoji": string.needed},
    "custom_emoji": {"custom_emoji_id": string.needed},
    "paid": {},
}
reactions = array(tagged("ReactionType", "type", _REACTIONS))

# By Telegram's own names, for whoever wants to compare them with another description of the Bot API.
OBJECTS: dict[str, Fields] = {
    **dict(MARKUPS.values()),
    "InlineKeyboardButton": _INLINE_BUTTON,
    "KeyboardButton": _REPLY_BUTTON,
    "MessageEntity": _ENTITY,
    "LoginUrl": _LOGIN_URL,
    "SwitchInlineQueryChosenChat": _CHOSEN_CHAT,
    "ReplyParameters": _REPLY,
    "LinkPreviewOptions": _PREVIEW,
    "SuggestedPostParameters": _SUGGESTED,
    "EphemeralMessageParameters": _EPHEMERAL,
    "InputRichMessage": _RICH,
}
