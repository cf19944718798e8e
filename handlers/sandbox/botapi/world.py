"""The world that the sandbox plays: people, chats, the messages in them, and who may reach whom."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handlers.sandbox.botapi.errors import bad, forbidden

__all__ = ["BOT_ID", "Chat", "Json", "Person", "Post", "World", "quoted"]

Json = dict[str, Any]

BOT_ID = 4242


@dataclass(frozen=True)
class Person:
    """Somebody with a phone."""

    id: int
    first_name: str
    language_code: str

    def user(self) -> Json:
        """The User object."""
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.first_name,
            "language_code": self.language_code,
        }


@dataclass
class Post:
    """One message in a chat: what the bot sees of it, and what only phones see."""

    body: Json
    reply_keyboard: Json | None = None
    data_shown: set[str] = field(default_factory=set)
    reaction: str | None = None

    @property
    def id(self) -> int:
        return int(self.body["message_id"])

    @property
    def by_bot(self) -> bool:
        return bool(self.body.get("from", {}).get("is_bot"))


@dataclass
class Chat:
    """A chat of the bot with one person, or a group. `migrated_to` is the supergroup that replaced it."""

    id: int
    kind: str
    title: str = ""
    members: list[int] = field(default_factory=list)
    started: bool = False
    blocked: bool = False
    migrated_to: int | None = None
    posts: dict[int, Post] = field(default_factory=dict)

    @property
    def private(self) -> bool:
        return self.kind == "private"


class World:
    """Everybody and everything, in memory. `clock` gives the time that messages carry."""

    def __init__(self, clock: Callable[[], datetime], username: str) -> None:
        self.clock = clock
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.bot: Json = {"id": BOT_ID, "is_bot": True, "first_name": "乡音", "username": username}
        self._albums = 13_800_000_000_000_000
        self._message_ids = 0

    def now(self) -> int:
        """Unix time by the sandbox's clock."""
        return int(self.clock().timestamp())

    def add_person(self, user_id: int, first_name: str, language_code: str) -> Person:
        """A person and their (not yet started) chat with the bot."""
        person = Person(user_id, first_name, language_code)
        self.people[user_id] = person
        self.chats.setdefault(user_id, Chat(user_id, "private", members=[user_id]))
        return person

    def add_group(self, title: str, members: list[int], kind: str = "group") -> Chat:
        """A group or supergroup with the bot in it; its id is negative."""
        base = -1_001_000_000_000 if kind == "supergroup" else -500_000
        chat_id = next(base - n for n in range(1, 10**6) if base - n not in self.chats)
        chat = Chat(chat_id, kind, title=title, members=list(members), started=True)
        self.chats[chat_id] = chat
        return chat

    def chat_json(self, chat: Chat) -> Json:
        """The Chat object."""
        if chat.private:
            return {"id": chat.id, "first_name": self.people[chat.id].first_name, "type": "private"}
        return {"id": chat.id, "title": chat.title, "type": chat.kind}

    def find(self, ref: int | str) -> Chat:
        """The chat that the bot names. Raises "chat not found", or where a group became a supergroup says which."""
        chat = self.chats.get(ref) if isinstance(ref, int) else None
        if chat is None:
            raise bad("chat not found")
        if chat.migrated_to is not None:
            raise bad("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
        return chat

    def reachable(self, ref: int | str) -> Chat:
        """The chat, if the bot may write there now. Raises 400 or 403."""
        chat = self.find(ref)
        if chat.private and chat.blocked:
            raise forbidden("bot was blocked by the user")
        if chat.private and not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        if not chat.private and chat.blocked:
            raise forbidden(f"bot was kicked from the {chat.kind} chat")
        return chat

    def next_message_id(self, chat: Chat) -> int:
        """Private chats and groups share one count, a supergroup has its own."""
        if chat.kind == "supergroup":
            return max(chat.posts, default=0) + 1
        self._message_ids += 1
        return self._message_ids

    def next_album_id(self) -> str:
        """A media_group_id."""
        self._albums += 1
        return str(self._albums)

    def new_post(self, chat: Chat, sender: Json, content: Json) -> Post:
        """Put a message into a chat; `content` are the fields beside id, from, chat and date."""
        body = {
            "message_id": self.next_message_id(chat),
            "from": sender,
            "chat": self.chat_json(chat),
            "date": self.now(),
            **content,
        }
        post = Post(body)
        chat.posts[post.id] = post
        return post

    def chats_of(self, user_id: int) -> Iterator[Chat]:
        """The chats that a person sees."""
        return (chat for chat in self.chats.values() if user_id in chat.members)


def quoted(post: Post) -> Json:
    """A message as another one's reply_to_message: without its own."""
    return {key: value for key, value in post.body.items() if key != "reply_to_message"}
