"""The table of every method that the sandbox serves: its parameters, their kinds, and which are required."""

from handlers.sandbox.botapi import shapes
from handlers.sandbox.botapi.kinds import (
    Fields,
    array,
    boolean,
    chat_ref,
    file_or_id,
    integer,
    number,
    string,
    upload,
)

__all__ = ["METHODS"]

_CHAT: Fields = {"chat_id": chat_ref.needed}
_THREAD: Fields = {"message_thread_id": integer, "direct_messages_topic_id": integer}
_WHERE: Fields = {**_CHAT, "business_connection_id": string, **_THREAD}
_MANNER: Fields = {"disable_notification": boolean, "protect_content": boolean}
_PAID: Fields = {"allow_paid_broadcast": boolean, "message_effect_id": string}
_OLD_REPLY: Fields = {"allow_sending_without_reply": boolean, "reply_to_message_id": integer}
_REPLY: Fields = {
    "suggested_post_parameters": shapes.suggested_post,
    "reply_parameters": shapes.reply_parameters,
    "reply_markup": shapes.reply_markup,
    **_OLD_REPLY,
}
_EPHEMERAL: Fields = {
    "ephemeral_message_parameters": shapes.ephemeral,
    "receiver_user_id": integer,
    "callback_query_id": string,
}
_SEND: Fields = {**_WHERE, **_MANNER, **_PAID, **_REPLY, **_EPHEMERAL}
_CAPTION: Fields = {"caption": string, "parse_mode": string, "caption_entities": shapes.entities}
_ABOVE: Fields = {"show_caption_above_media": boolean}
_SPOILER: Fields = {"has_spoiler": boolean}
_PREVIEW: Fields = {"link_preview_options": shapes.link_preview, "disable_web_page_preview": boolean}
_FROM: Fields = {"from_chat_id": chat_ref.needed, "message_id": integer.needed}
_EDITED: Fields = {
    "business_connection_id": string,
    "chat_id": chat_ref,
    "message_id": integer,
    "inline_message_id": string,
    "reply_markup": shapes.inline_markup,
}
_LANGUAGE: Fields = {"language_code": string}
_SCOPE: Fields = {"scope": shapes.scope, **_LANGUAGE}

METHODS: dict[str, Fields] = {
    "getUpdates": {
        "offset": integer,
        "limit": integer,
        "timeout": integer,
        "allowed_updates": array(string),
    },
    "setWebhook": {
        "url": string,
        "certificate": upload,
        "ip_address": string,
        "max_connections": integer,
        "allowed_updates": array(string),
        "drop_pending_updates": boolean,
        "secret_token": string,
    },
    "deleteWebhook": {"drop_pending_updates": boolean},
    "getWebhookInfo": {},
    "getMe": {},
    "close": {},
    "logOut": {},
    "sendMessage": {
        **_SEND,
        **_PREVIEW,
        "text": string.needed,
        "parse_mode": string,
        "entities": shapes.entities,
    },
    "sendPhoto": {**_SEND, **_CAPTION, **_ABOVE, **_SPOILER, "photo": file_or_id.needed},
    "sendVoice": {**_SEND, **_CAPTION, "voice": file_or_id.needed, "duration": integer},
    "sendAudio": {
        **_SEND,
        **_CAPTION,
        "audio": file_or_id.needed,
        "duration": integer,
        "performer": string,
        "title": string,
        "thumbnail": upload,
    },
    "sendVideo": {
        **_SEND,
        **_CAPTION,
        **_ABOVE,
        **_SPOILER,
        "video": file_or_id.needed,
        "duration": integer,
        "width": integer,
        "height": integer,
        "thumbnail": upload,
        "cover": file_or_id,
        "start_timestamp": integer,
        "supports_streaming": boolean,
    },
    "sendAnimation": {
        **_SEND,
        **_CAPTION,
        **_ABOVE,
        **_SPOILER,
        "animation": file_or_id.needed,
        "duration": integer,
        "width": integer,
        "height": integer,
        "thumbnail": upload,
    },
    "sendVideoNote": {
        **_SEND,
        "video_note": file_or_id.needed,
        "duration": integer,
        "length": integer,
        "thumbnail": upload,
    },
    "sendDocument": {
        **_SEND,
        **_CAPTION,
        "document": file_or_id.needed,
        "thumbnail": upload,
        "disable_content_type_detection": boolean,
    },
    "sendLocation": {
        **_SEND,
        "latitude": number.needed,
        "longitude": number.needed,
        "horizontal_accuracy": number,
        "live_period": integer,
        "heading": integer,
        "proximity_alert_radius": integer,
    },
    "sendContact": {
        **_SEND,
        "phone_number": string.needed,
        "first_name": string.needed,
        "last_name": string,
        "vcard": string,
    },
    "sendSticker": {**_SEND, "sticker": file_or_id.needed, "emoji": string},
    "sendMediaGroup": {
        **_WHERE,
        **_MANNER,
        **_PAID,
        **_OLD_REPLY,
        "media": shapes.media_album.needed,
        "reply_parameters": shapes.reply_parameters,
    },
    "copyMessage": {
        **_CHAT,
        **_THREAD,
        **_FROM,
        **_MANNER,
        **_PAID,
        **_REPLY,
        **_CAPTION,
        **_ABOVE,
        "video_start_timestamp": integer,
    },
    "copyMessages": {
        **_CHAT,
        **_THREAD,
        **_MANNER,
        "from_chat_id": chat_ref.needed,
        "message_ids": array(integer).needed,
        "remove_caption": boolean,
    },
    "forwardMessage": {
        **_CHAT,
        **_THREAD,
        **_FROM,
        **_MANNER,
        "message_effect_id": string,
        "suggested_post_parameters": shapes.suggested_post,
        "video_start_timestamp": integer,
    },
    "editMessageText": {
        **_EDITED,
        **_PREVIEW,
        "text": string,
        "parse_mode": string,
        "entities": shapes.entities,
        "rich_message": shapes.rich_message,
    },
    "editMessageCaption": {**_EDITED, **_CAPTION, **_ABOVE},
    "editMessageReplyMarkup": _EDITED,
    "deleteMessage": {**_CHAT, "message_id": integer.needed},
    "deleteMessages": {**_CHAT, "message_ids": array(integer).needed},
    "answerCallbackQuery": {
        "callback_query_id": string.needed,
        "text": string,
        "show_alert": boolean,
        "url": string,
        "cache_time": integer,
    },
    "sendChatAction": {
        **_CHAT,
        "action": string.needed,
        "business_connection_id": string,
        "message_thread_id": integer,
    },
    "setMessageReaction": {
        **_CHAT,
        "message_id": integer.needed,
        "reaction": shapes.reactions,
        "is_big": boolean,
    },
    "setMyCommands": {**_SCOPE, "commands": array(shapes.command).needed},
    "getMyCommands": _SCOPE,
    "deleteMyCommands": _SCOPE,
    "setMyName": {**_LANGUAGE, "name": string},
    "getMyName": _LANGUAGE,
    "setMyDescription": {**_LANGUAGE, "description": string},
    "getMyDescription": _LANGUAGE,
    "setMyShortDescription": {**_LANGUAGE, "short_description": string},
    "getMyShortDescription": _LANGUAGE,
    "setChatMenuButton": {"chat_id": integer, "menu_button": shapes.menu_button},
    "getChatMenuButton": {"chat_id": integer},
    "getFile": {"file_id": string.needed},
    "getChat": _CHAT,
    "getChatMember": {**_CHAT, "user_id": integer.needed},
    "leaveChat": _CHAT,
}
