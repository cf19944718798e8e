"""The sandbox's parts in one hand, and what all calls share: posting a message, telling the bot and the phones."""

from dataclasses import dataclass, field

from handlers.sandbox.botapi.errors import bad, violation
from handlers.sandbox.botapi.faults import Faults
from handlers.sandbox.botapi.feeds import Feeds
from handlers.sandbox.botapi.files import Files
from handlers.sandbox.botapi.journal import Journal
from handlers.sandbox.botapi.keyboards import check_markup
from handlers.sandbox.botapi.limits import Limiter
from handlers.sandbox.botapi.updates import Updates
from handlers.sandbox.botapi.webhook import Webhook
from handlers.sandbox.botapi.world import Chat, Json, Person, Post, World, quoted

__all__ = ["Hub", "Query", "Settings", "refuse_unplayed", "remember_buttons"]

# Parts of Telegram that the sandbox does not play: real parameters, but nothing here stands behind them.
_UNPLAYED = (
    "business_connection_id",
    "message_thread_id",
    "direct_messages_topic_id",
    "suggested_post_parameters",
    "message_effect_id",
    "ephemeral_message_parameters",
    "receiver_user_id",
    "callback_query_id",
    "inline_message_id",
    "rich_message",
)


@dataclass
class Query:
    """A pressed button that waits for its answer."""

    id: str
    user_id: int
    at: int


@dataclass
class Settings:
    """What the bot set about itself: commands by (scope, language), texts by (which, language), menu buttons."""

    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_buttons: dict[int | None, Json] = field(default_factory=dict)


@dataclass
class Hub:
    """One sandbox."""

    world: World
    files: Files
    updates: Updates
    webhook: Webhook
    journal: Journal
    feeds: Feeds
    faults: Faults
    limiter: Limiter | None
    queries: dict[str, Query] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)

    def emit(self, kind: str, body: Json, lane: int) -> None:
        """An update for the bot, in the lane of its chat."""
        if self.updates.add(kind, body, lane):
            self.webhook.kick()

    def charge(self, chat: Chat, messages: int = 1) -> None:
        """Count against the flood limits, where there are any. Raises 429."""
        if self.limiter is not None:
            self.limiter.charge(chat.id, not chat.private, messages)

    def target(self, params: Json, messages: int = 1) -> Chat:
        """The chat of a sending call, after everything that could forbid it. Raises 400, 403, 429."""
        refuse_unplayed(params)
        if "reply_markup" in params:
            private = isinstance(params["chat_id"], int) and params["chat_id"] > 0
            check_markup(params["reply_markup"], private)
        chat = self.world.reachable(params["chat_id"])
        self.charge(chat, messages)
        return chat

    def post_from_bot(self, chat: Chat, params: Json, content: Json) -> Post:
        """Put a message of the bot's into a chat and on the phones there. Raises where its reply has no target."""
        content = self._reply(chat, params) | content
        markup = params.get("reply_markup")
        if markup and markup.get("inline_keyboard"):
            content["reply_markup"] = {"inline_keyboard": markup["inline_keyboard"]}
        if params.get("protect_content"):
            content["has_protected_content"] = True
        post = self.world.new_post(chat, self.world.bot, content)
        if markup and "inline_keyboard" not in markup:
            post.reply_keyboard = markup
        remember_buttons(post)
        self.feeds.tell_post(chat, "message", post)
        return post

    def post_from_person(self, chat: Chat, person: Person, content: Json) -> Post:
        """Put a person's message into a chat, on the phones there, and before the bot if it may see it."""
        chat.started = True
        post = self.world.new_post(chat, person.user(), content)
        self.feeds.tell_post(chat, "message", post)
        if self.bot_sees(chat, post):
            self.emit("message", post.body, chat.id)
        return post

    def bot_sees(self, chat: Chat, post: Post) -> bool:
        """In groups a bot in privacy mode gets commands, replies to it, mentions of it and service messages."""
        if chat.private or chat.blocked:
            return chat.private
        body = post.body
        entities = body.get("entities") or body.get("caption_entities") or []
        text = body.get("text") or body.get("caption") or ""
        if any(entity["type"] == "bot_command" for entity in entities):
            return True
        replied = body.get("reply_to_message", {}).get("from", {}).get("id")
        if replied == self.world.bot["id"] or f"@{self.world.bot['username']}" in text:
            return True
        return any(name in body for name in ("group_chat_created", "migrate_to_chat_id", "migrate_from_chat_id"))

    def _reply(self, chat: Chat, params: Json) -> Json:
        wanted = dict(params.get("reply_parameters") or {})
        if "reply_to_message_id" in params:
            wanted.setdefault("message_id", params["reply_to_message_id"])
        if not wanted:
            return {}
        if "message_id" not in wanted or wanted.get("chat_id", chat.id) != chat.id:
            raise violation("reply_parameters", "the sandbox replies only to messages of the same chat")
        anyway = wanted.get("allow_sending_without_reply") or params.get("allow_sending_without_reply")
        post = chat.posts.get(wanted["message_id"])
        if post is None:
            if anyway:
                return {}
            raise bad("message to be replied not found")
        return {"reply_to_message": quoted(post)}


def remember_buttons(post: Post) -> None:
    """An old phone may still show these buttons after an edit, so they can be pressed later."""
    for row in post.body.get("reply_markup", {}).get("inline_keyboard", []):
        post.data_shown |= {button["callback_data"] for button in row if "callback_data" in button}


def refuse_unplayed(params: Json) -> None:
    """Raise where a call wants a part of Telegram that does not exist here."""
    if wanted := [name for name in _UNPLAYED if name in params]:
        raise violation("not_in_sandbox", f"the sandbox does not play {', '.join(wanted)}")
