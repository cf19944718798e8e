"""The methods that repeat a message elsewhere: copies (without a trace) and forwards (with one)."""

from handlers.sandbox.botapi.errors import bad, violation
from handlers.sandbox.botapi.hub import Hub
from handlers.sandbox.botapi.media import FILE_KINDS
from handlers.sandbox.botapi.texts import read_caption
from handlers.sandbox.botapi.world import Json, Post

__all__ = ["copy_message", "copy_messages", "forward_message"]

_TEXT = ("text", "entities", "link_preview_options")
_CAPTION = ("caption", "caption_entities", "show_caption_above_media")
_CONTENT = (*_TEXT, *_CAPTION, *FILE_KINDS, "location", "contact", "has_media_spoiler")
_AT_ONCE = 100


def copy_message(hub: Hub, params: Json) -> Json:
    """copyMessage: {"message_id": …}."""
    source = _source(hub, params["from_chat_id"], params["message_id"], "copied", "copy")
    content = _content(source)
    if "caption" in params or "caption_entities" in params:
        content = {name: value for name, value in content.items() if name not in _CAPTION}
        if "text" not in content:
            content |= read_caption(params, hub.world)
    chat = hub.target(params)
    return {"message_id": hub.post_from_bot(chat, params, content).id}


def copy_messages(hub: Hub, params: Json) -> list[Json]:
    """copyMessages: those that exist, albums kept together."""
    ids = params["message_ids"]
    if not 1 <= len(ids) <= _AT_ONCE:
        raise violation("message_ids", "message_ids must have 1-100 items")
    if ids != sorted(set(ids)):
        raise violation("message_ids", "message identifiers must be in a strictly increasing order")
    origin = hub.world.find(params["from_chat_id"])
    sources = [origin.posts[each] for each in ids if each in origin.posts and _content(origin.posts[each])]
    if not sources:
        raise bad("there are no messages to copy")
    chat = hub.target(params, len(sources))
    albums: dict[str, str] = {}
    copies = []
    for source in sources:
        content = _content(source)
        if params.get("remove_caption"):
            content = {name: value for name, value in content.items() if name not in _CAPTION}
        if album := source.body.get("media_group_id"):
            content["media_group_id"] = albums.setdefault(album, hub.world.next_album_id())
        copies.append({"message_id": hub.post_from_bot(chat, params, content).id})
    return copies


def forward_message(hub: Hub, params: Json) -> Json:
    """forwardMessage: the copy names who wrote the original."""
    source = _source(hub, params["from_chat_id"], params["message_id"], "forwarded", "forward")
    chat = hub.target(params)
    body = source.body
    origin = body.get("forward_origin") or {
        "type": "user",
        "date": body["date"],
        "sender_user": body["from"],
    }
    return hub.post_from_bot(chat, params, {"forward_origin": origin} | _content(source)).body


def _source(hub: Hub, chat_id: int | str, message_id: int, done: str, doing: str) -> Post:
    post = hub.world.find(chat_id).posts.get(message_id)
    if post is None:
        raise bad(f"message to {doing} not found")
    if not _content(post) or post.body.get("has_protected_content"):
        raise bad(f"the message can't be {done}")
    return post


def _content(post: Post) -> Json:
    return {name: post.body[name] for name in _CONTENT if name in post.body}
