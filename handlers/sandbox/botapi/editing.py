"""The methods that change or remove messages, and those that answer a pressed button."""

from handlers.sandbox.botapi.errors import bad, violation
from handlers.sandbox.botapi.hub import Hub, refuse_unplayed, remember_buttons
from handlers.sandbox.botapi.keyboards import check_markup
from handlers.sandbox.botapi.media import FILE_KINDS
from handlers.sandbox.botapi.texts import read_caption, read_text
from handlers.sandbox.botapi.world import Chat, Json, Post

__all__ = [
    "answer_callback_query",
    "delete_message",
    "delete_messages",
    "edit_message_caption",
    "edit_message_reply_markup",
    "edit_message_text",
    "set_message_reaction",
]

QUERY_LIFETIME = 15 * 60  # seconds
DELETE_WITHIN = 48 * 3600  # seconds
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
_REACTIONS_WORDS = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 "
    "🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ "
    "🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡"
)
_REACTIONS = frozenset(_REACTIONS_WORDS.split())


def edit_message_text(hub: Hub, params: Json) -> Json:
    """editMessageText."""
    if "text" not in params and "rich_message" not in params:
        raise violation("text_length", "message text is empty")
    refuse_unplayed(params)
    content = read_text(params, hub.world)
    if preview := params.get("link_preview_options"):
        content["link_preview_options"] = preview
    chat, post = _editable(hub, params)
    if "text" not in post.body:
        raise bad("there is no text in the message to edit")
    return _change(hub, chat, post, params, content, ("text", "entities", "link_preview_options"))


def edit_message_caption(hub: Hub, params: Json) -> Json:
    """editMessageCaption; without a caption it removes the old one."""
    content = read_caption(params, hub.world)
    chat, post = _editable(hub, params)
    if not any(kind in post.body for kind in FILE_KINDS):
        raise bad("there is no caption in the message to edit")
    return _change(hub, chat, post, params, content, ("caption", "caption_entities", "show_caption_above_media"))


def edit_message_reply_markup(hub: Hub, params: Json) -> Json:
    """editMessageReplyMarkup; without a keyboard it removes the old one."""
    chat, post = _editable(hub, params)
    return _change(hub, chat, post, params, {}, ())


def _editable(hub: Hub, params: Json) -> tuple[Chat, Post]:
    refuse_unplayed(params)
    if "chat_id" not in params:
        raise violation("missing_parameter", "chat_id is empty")
    if "message_id" not in params:
        raise violation("missing_parameter", "message identifier is not specified")
    if "reply_markup" in params:
        check_markup(params["reply_markup"], private=True)
    chat = hub.world.reachable(params["chat_id"])
    post = chat.posts.get(params["message_id"])
    if post is None:
        raise bad("message to edit not found")
    if not post.by_bot or post.reply_keyboard is not None or "forward_origin" in post.body:
        raise bad("message can't be edited")
    hub.charge(chat)
    return chat, post


def _change(hub: Hub, chat: Chat, post: Post, params: Json, content: Json, replaced: tuple[str, ...]) -> Json:
    rows = params.get("reply_markup", {}).get("inline_keyboard")
    markup = {"reply_markup": {"inline_keyboard": rows}} if rows else {}
    gone = (*replaced, "reply_markup", "edit_date")
    kept = {name: value for name, value in post.body.items() if name not in gone}
    changed = kept | content | markup
    if changed == {name: value for name, value in post.body.items() if name != "edit_date"}:
        raise bad(_NOT_MODIFIED)
    post.body = changed | {"edit_date": hub.world.now()}
    remember_buttons(post)
    hub.feeds.tell_post(chat, "edited", post)
    return post.body


def delete_message(hub: Hub, params: Json) -> bool:
    """deleteMessage, within 48 hours."""
    chat = hub.world.reachable(params["chat_id"])
    post = chat.posts.get(params["message_id"])
    if post is None:
        raise bad("message to delete not found")
    if not _deletable(hub, chat, post):
        raise bad("message can't be deleted for everyone")
    _delete(hub, chat, post)
    return True


def delete_messages(hub: Hub, params: Json) -> bool:
    """deleteMessages: those that can be found and deleted; the others are passed over."""
    if not 1 <= len(params["message_ids"]) <= 100:
        raise violation("message_ids", "message_ids must have 1-100 items")
    chat = hub.world.reachable(params["chat_id"])
    for post in [chat.posts[each] for each in params["message_ids"] if each in chat.posts]:
        if _deletable(hub, chat, post):
            _delete(hub, chat, post)
    return True


def _deletable(hub: Hub, chat: Chat, post: Post) -> bool:
    young = hub.world.now() - post.body["date"] <= DELETE_WITHIN
    return young and (chat.private or post.by_bot)


def _delete(hub: Hub, chat: Chat, post: Post) -> None:
    chat.posts.pop(post.id, None)
    hub.feeds.tell(chat.members, "deleted", {"chat_id": chat.id, "message_id": post.id})


def answer_callback_query(hub: Hub, params: Json) -> bool:
    """answerCallbackQuery: once, and not too late."""
    if len(params.get("text", "")) > 200:
        raise violation("callback_answer", "MESSAGE_TOO_LONG")
    if params.get("cache_time", 0) < 0:
        raise violation("callback_answer", "cache_time must not be negative")
    if "url" in params:
        raise violation("not_in_sandbox", "the sandbox does not play url in answers")
    query = hub.queries.pop(params["callback_query_id"], None)
    if query is None or hub.world.now() - query.at > QUERY_LIFETIME:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    text, alert = params.get("text"), params.get("show_alert", False)
    hub.feeds.tell([query.user_id], "toast", {"callback_id": query.id, "text": text, "alert": alert})
    return True


def set_message_reaction(hub: Hub, params: Json) -> bool:
    """setMessageReaction: at most one of the common emoji; none takes it away."""
    reactions = params.get("reaction", [])
    if len(reactions) > 1:
        raise violation("reaction", "REACTIONS_TOO_MANY")
    if any(each["type"] != "emoji" or each["emoji"] not in _REACTIONS for each in reactions):
        raise violation("reaction", "REACTION_INVALID")
    chat = hub.world.reachable(params["chat_id"])
    post = chat.posts.get(params["message_id"])
    if post is None:
        raise bad("message to react not found")
    post.reaction = reactions[0]["emoji"] if reactions else None
    content = {"chat_id": chat.id, "message_id": post.id, "emoji": post.reaction}
    hub.feeds.tell(chat.members, "reaction", content)
    return True
