"""What people do with their phones and groups: send, press, edit, start, block."""

import re
from dataclasses import replace
from typing import Any

from handlers.sandbox.botapi.asking import bot_member
from handlers.sandbox.botapi.entities import finish
from handlers.sandbox.botapi.files import bare
from handlers.sandbox.botapi.hub import Hub, Query
from handlers.sandbox.botapi.kinds import Upload
from handlers.sandbox.botapi.media import describe
from handlers.sandbox.botapi.texts import CAPTION_LIMIT, TEXT_LIMIT
from handlers.sandbox.botapi.world import Chat, Json, Person, Post, quoted

__all__ = ["Impossible", "People"]

_UPLOADS = ("photo", "voice", "document", "video", "audio")
_ALBUM = 10
_PICTURE = b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"


class Impossible(Exception):
    """A phone cannot do that; the text says why. `status` is the HTTP status for it."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


class People:
    """Acts in the name of the persons who were added."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._next_query = 5_100_000_000_000_000_001

    def person(self, user_id: int) -> Person:
        """Raises Impossible for somebody unknown."""
        if user_id not in self._hub.world.people:
            raise Impossible(f"there is no phone {user_id}", 404)
        return self._hub.world.people[user_id]

    def chat(self, person: Person, chat_id: int | None) -> Chat:
        """The person's chat with the bot, or a group they are in. Raises Impossible."""
        chat = self._hub.world.chats.get(person.id if chat_id is None else chat_id)
        if chat is None or person.id not in chat.members:
            raise Impossible("this phone is not in that chat", 404)
        if chat.migrated_to is not None:
            raise Impossible(f"the group has become {chat.migrated_to}", 409)
        return chat

    def send(self, user_id: int, wish: Json) -> list[int]:
        """A text (split where it is too long), place, sticker or contact; the message ids."""
        person = self.person(user_id)
        chat = self._open(person, wish.get("chat_id"))
        more = self._reply(chat, wish.get("reply_to")) | self._forwarded(wish.get("forward_from"))
        if isinstance(text := wish.get("text"), str) and text.strip():
            pieces = [text[start : start + TEXT_LIMIT] for start in range(0, len(text), TEXT_LIMIT)]
            contents = [_text(piece) for piece in pieces if piece.strip()]
        elif isinstance(place := wish.get("location"), dict):
            contents = [{"location": _place(place)}]
        elif isinstance(emoji := wish.get("sticker"), str) and emoji:
            file = self._hub.files.add("sticker", Upload(_PICTURE, "sticker.webp", "image/webp"))
            contents = [describe(file, self._hub.files, {"emoji": emoji})]
        elif isinstance(contact := wish.get("contact"), dict):
            known = {"phone_number": "+8613800000000", "first_name": person.first_name, "user_id": person.id}
            contents = [{"contact": known | contact}]
        else:
            raise Impossible("nothing to send: give text, location, sticker or contact")
        return [self._hub.post_from_person(chat, person, more | content).id for content in contents]

    def send_files(
        self, user_id: int, kind: str, uploads: list[Upload], caption: str = "", chat_id: int | None = None
    ) -> list[int]:
        """Files of one kind; several photos (or videos, documents) become one album."""
        person = self.person(user_id)
        chat = self._open(person, chat_id)
        if kind not in _UPLOADS or not 1 <= len(uploads) <= _ALBUM:
            raise Impossible(f"kind must be one of {', '.join(_UPLOADS)}, with 1-{_ALBUM} files")
        if len(caption) > CAPTION_LIMIT:
            raise Impossible(f"a caption has at most {CAPTION_LIMIT} characters")
        album: Json = {}
        if len(uploads) > 1 and kind != "voice":
            album = {"media_group_id": self._hub.world.next_album_id()}
        ids = []
        for index, upload in enumerate(uploads):
            if kind == "photo":
                upload = replace(upload, data=bare(upload.data))
            file = self._hub.files.add(kind, upload)
            said = _caption(caption) if index == 0 and caption.strip() else {}
            content = album | describe(file, self._hub.files, {}) | said
            ids.append(self._hub.post_from_person(chat, person, content).id)
        return ids

    def start(self, user_id: int, payload: str | None = None) -> list[int]:
        """Open t.me/<bot>?start=payload and press START."""
        if payload is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", payload):
            raise Impossible("a start payload has 1-64 characters A-Z a-z 0-9 _ -")
        return self.send(user_id, {"text": f"/start {payload}" if payload else "/start"})

    def press(self, user_id: int, message_id: int, data: str, chat_id: int | None = None) -> str:
        """Press an inline button (also one that an edit has taken away, as an old screen allows); the query's id."""
        person = self.person(user_id)
        chat = self._open(person, chat_id)
        post = chat.posts.get(message_id)
        if post is None or data not in post.data_shown:
            raise Impossible("there is no such button", 404)
        query = Query(str(self._next_query), person.id, self._hub.world.now())
        self._next_query += 1
        self._hub.queries[query.id] = query
        body: Json = {
            "id": query.id,
            "from": person.user(),
            "message": post.body,
            "chat_instance": str(7_000_000_000_000_000_000 + abs(chat.id)),
            "data": data,
        }
        self._hub.emit("callback_query", body, chat.id)
        return query.id

    def edit(self, user_id: int, message_id: int, text: str, chat_id: int | None = None) -> None:
        """Change the text, or the caption, of an own message."""
        person = self.person(user_id)
        chat = self._open(person, chat_id)
        post = chat.posts.get(message_id)
        if post is None or post.body.get("from", {}).get("id") != person.id:
            raise Impossible("only an own message can be edited", 404)
        field, entities = ("text", "entities") if "text" in post.body else ("caption", "caption_entities")
        limit = TEXT_LIMIT if field == "text" else CAPTION_LIMIT
        if not isinstance(text, str) or not text.strip() or len(text) > limit:
            raise Impossible(f"a {field} has 1-{limit} characters")
        content = _text(text) if field == "text" else _caption(text)
        kept = {name: value for name, value in post.body.items() if name not in (field, entities)}
        post.body = kept | content | {"edit_date": self._hub.world.now()}
        self._hub.feeds.tell_post(chat, "edited", post)
        if self._hub.bot_sees(chat, post):
            self._hub.emit("edited_message", post.body, chat.id)

    def block(self, user_id: int, blocked: bool) -> None:
        """Block the bot, or let it write again."""
        person = self.person(user_id)
        chat = self.chat(person, None)
        if chat.blocked == blocked:
            return
        old = bot_member(self._hub, chat)
        chat.blocked = blocked
        self._hub.emit("my_chat_member", self._membership(chat, person, old), chat.id)

    def make_group(self, title: str, members: list[int]) -> Chat:
        """A group of these people and the bot; the first one made it."""
        people = [self.person(member) for member in members]
        if not people or not title.strip():
            raise Impossible("a group has a title and at least one member")
        chat = self._hub.world.add_group(title, members)
        old = {"status": "left", "user": self._hub.world.bot}
        self._hub.emit("my_chat_member", self._membership(chat, people[0], old), chat.id)
        self._hub.post_from_person(chat, people[0], {"group_chat_created": True})
        return chat

    def migrate(self, chat_id: int) -> Chat:
        """Make a group a supergroup: another id, and a service message in both."""
        old = self._hub.world.chats.get(chat_id)
        if old is None or old.kind != "group" or old.migrated_to is not None:
            raise Impossible("only a group can become a supergroup", 404)
        new = self._hub.world.add_group(old.title, old.members, kind="supergroup")
        maker = self._hub.world.people[old.members[0]]
        self._hub.post_from_person(old, maker, {"migrate_to_chat_id": new.id})
        old.migrated_to = new.id
        self._hub.post_from_person(new, maker, {"migrate_from_chat_id": old.id})
        return new

    def _open(self, person: Person, chat_id: int | None) -> Chat:
        chat = self.chat(person, chat_id)
        if chat.private and chat.blocked:
            raise Impossible("this phone has blocked the bot", 409)
        return chat

    def _membership(self, chat: Chat, person: Person, old: Json) -> Json:
        return {
            "chat": self._hub.world.chat_json(chat),
            "from": person.user(),
            "date": self._hub.world.now(),
            "old_chat_member": old,
            "new_chat_member": bot_member(self._hub, chat),
        }

    def _reply(self, chat: Chat, message_id: Any) -> Json:
        if message_id is None:
            return {}
        post: Post | None = chat.posts.get(message_id)
        if post is None:
            raise Impossible("the message to reply to is gone", 404)
        return {"reply_to_message": quoted(post)}

    def _forwarded(self, name: Any) -> Json:
        if not name:
            return {}
        origin = {"type": "hidden_user", "date": self._hub.world.now(), "sender_user_name": str(name)}
        return {"forward_origin": origin}


def _text(text: str) -> Json:
    formatted = finish(text, [])
    entities = {"entities": formatted.entities} if formatted.entities else {}
    return {"text": formatted.text} | entities


def _caption(text: str) -> Json:
    formatted = finish(text, [])
    entities = {"caption_entities": formatted.entities} if formatted.entities else {}
    return {"caption": formatted.text} | entities


def _place(place: Json) -> Json:
    try:
        latitude, longitude = float(place["latitude"]), float(place["longitude"])
    except (KeyError, TypeError, ValueError):
        raise Impossible("a location has latitude and longitude") from None
    if not -90 <= latitude <= 90 or not -180 <= longitude <= 180:
        raise Impossible("latitude or longitude is out of range")
    return {"latitude": latitude, "longitude": longitude}
