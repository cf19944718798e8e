"""The methods by which the bot asks about itself, its chats and files, and the smaller signs it gives."""

from handlers.sandbox.botapi.errors import bad, violation
from handlers.sandbox.botapi.files import DOWNLOAD_LIMIT
from handlers.sandbox.botapi.hub import Hub, refuse_unplayed
from handlers.sandbox.botapi.world import Chat, Json

__all__ = [
    "bot_member",
    "get_chat",
    "get_chat_member",
    "get_file",
    "get_me",
    "leave_chat",
    "send_chat_action",
    "yes",
]

_ACTIONS_WORDS = (
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document "
    "choose_sticker find_location record_video_note upload_video_note"
)
_ACTIONS = frozenset(_ACTIONS_WORDS.split())
_RIGHTS_WORDS = (
    "can_send_messages can_send_audios can_send_documents can_send_photos can_send_videos "
    "can_send_video_notes can_send_voice_notes can_send_polls can_send_other_messages "
    "can_add_web_page_previews can_change_info can_invite_users can_pin_messages"
)
_RIGHTS = _RIGHTS_WORDS.split()


def get_me(hub: Hub, _params: Json) -> Json:
    """getMe."""
    return hub.world.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def yes(_hub: Hub, _params: Json) -> bool:
    """close and logOut: there is no other server to go to."""
    return True


def get_file(hub: Hub, params: Json) -> Json:
    """getFile, up to 20 MB."""
    file = hub.files.known(params["file_id"])
    if len(file.data) > DOWNLOAD_LIMIT:
        raise bad("file is too big")
    return {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": len(file.data),
        "file_path": file.path,
    }


def get_chat(hub: Hub, params: Json) -> Json:
    """getChat: ChatFullInfo."""
    chat = hub.world.find(params["chat_id"])
    if chat.private and not chat.started:
        raise bad("chat not found")
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    more: Json = {} if chat.private else {"permissions": dict.fromkeys(_RIGHTS, True)}
    return hub.world.chat_json(chat) | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, chat.private),
        **more,
    }


def get_chat_member(hub: Hub, params: Json) -> Json:
    """getChatMember: the first in a group's list made it."""
    chat = hub.world.find(params["chat_id"])
    if params["user_id"] == hub.world.bot["id"]:
        return bot_member(hub, chat)
    person = hub.world.people.get(params["user_id"])
    if person is None:
        raise bad("PARTICIPANT_ID_INVALID")
    user = person.user()
    if person.id not in chat.members:
        return {"status": "left", "user": user}
    if not chat.private and chat.members[0] == person.id:
        return {"status": "creator", "user": user, "is_anonymous": False}
    return {"status": "member", "user": user}


def bot_member(hub: Hub, chat: Chat) -> Json:
    """The bot as a ChatMember of a chat."""
    if not chat.blocked:
        return {"status": "member", "user": hub.world.bot}
    if chat.private:
        return {"status": "kicked", "user": hub.world.bot, "until_date": 0}
    return {"status": "left", "user": hub.world.bot}


def leave_chat(hub: Hub, params: Json) -> bool:
    """leaveChat, for groups."""
    chat = hub.world.reachable(params["chat_id"])
    if chat.private:
        raise bad("chat member status can't be changed in private chats")
    chat.blocked = True
    return True


def send_chat_action(hub: Hub, params: Json) -> bool:
    """sendChatAction: "is typing…" on the phones."""
    if params["action"] not in _ACTIONS:
        raise violation("chat_action", "wrong parameter action in request")
    refuse_unplayed(params)
    chat = hub.world.reachable(params["chat_id"])
    hub.feeds.tell(chat.members, "typing", {"chat_id": chat.id, "action": params["action"]})
    return True
