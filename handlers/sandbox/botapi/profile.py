"""The methods by which the bot describes itself: commands, names, descriptions, the menu button."""

import re
from collections.abc import Callable
from typing import Any

from handlers.sandbox.botapi.errors import bad, violation
from handlers.sandbox.botapi.hub import Hub
from handlers.sandbox.botapi.world import Chat, Json, Person

__all__ = [
    "commands_for",
    "delete_my_commands",
    "get_chat_menu_button",
    "get_my_commands",
    "get_text",
    "set_chat_menu_button",
    "set_my_commands",
    "set_text",
]

_LIMITS = {"name": 64, "description": 512, "short_description": 120}


def set_my_commands(hub: Hub, params: Json) -> bool:
    """setMyCommands: the menu for a scope and a language."""
    key = _key(hub, params)
    commands = params["commands"]
    if len(commands) > 100:
        raise violation("commands", "BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
            raise violation("commands", "BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise violation("commands", "BOT_COMMAND_DESCRIPTION_INVALID")
    names = [command["command"] for command in commands]
    if len(set(names)) < len(names):
        raise violation("commands", "BOT_COMMAND_INVALID")
    return _replace_commands(hub, key, commands)


def delete_my_commands(hub: Hub, params: Json) -> bool:
    """deleteMyCommands: phones fall back to a wider scope."""
    return _replace_commands(hub, _key(hub, params), [])


def get_my_commands(hub: Hub, params: Json) -> list[Json]:
    """getMyCommands: exactly those set for the scope and the language."""
    return hub.settings.commands.get(_key(hub, params), [])


def _replace_commands(hub: Hub, key: tuple[str, str], commands: list[Json]) -> bool:
    before = {person.id: commands_for(hub, person) for person in hub.world.people.values()}
    if commands:
        hub.settings.commands[key] = commands
    else:
        hub.settings.commands.pop(key, None)
    for person in hub.world.people.values():
        menu = commands_for(hub, person)
        if menu != before[person.id]:
            hub.feeds.tell([person.id], "commands", {"commands": menu})
    return True


def commands_for(hub: Hub, person: Person) -> list[Json]:
    """The menu on a person's phone in their chat with the bot: the narrowest scope that has one."""
    language = person.language_code.split("-")[0]
    for scope in (f"chat:{person.id}", "all_private_chats", "default"):
        for spoken in (language, ""):
            if commands := hub.settings.commands.get((scope, spoken)):
                return commands
    return []


def _key(hub: Hub, params: Json) -> tuple[str, str]:
    scope = params.get("scope", {"type": "default"})
    name = str(scope["type"])
    if "chat_id" in scope:
        chat = hub.world.find(scope["chat_id"])
        if chat.private and name != "chat":
            raise bad("chat_administrators and chat_member scopes need a group")
        name += f":{chat.id}"
    if "user_id" in scope:
        name += f":{scope['user_id']}"
    return name, _language(params)


def _language(params: Json) -> str:
    code = str(params.get("language_code", ""))
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise violation("language_code", "language_code must be a two-letter ISO 639-1 code")
    return code


def set_text(which: str) -> Callable[[Hub, Json], bool]:
    """setMyName, setMyDescription, setMyShortDescription."""

    def set_it(hub: Hub, params: Json) -> bool:
        text = params.get(which, "")
        if len(text) > _LIMITS[which]:
            raise violation("profile", f"{which} must have at most {_LIMITS[which]} characters")
        key = which, _language(params)
        if text:
            hub.settings.texts[key] = text
        else:
            hub.settings.texts.pop(key, None)
        if which == "name" and not key[1] and text:
            hub.world.bot["first_name"] = text
        return True

    return set_it


def get_text(which: str) -> Callable[[Hub, Json], Json]:
    """getMyName, getMyDescription, getMyShortDescription; a language without its own text shows the common one."""

    def get_it(hub: Hub, params: Json) -> Json:
        texts = hub.settings.texts
        default = hub.world.bot["first_name"] if which == "name" else ""
        common = texts.get((which, ""), default)
        return {which: texts.get((which, _language(params)), common)}

    return get_it


def set_chat_menu_button(hub: Hub, params: Json) -> bool:
    """setChatMenuButton, for one private chat or for all."""
    button = params.get("menu_button", {"type": "default"})
    if button["type"] == "web_app" and not button["web_app"]["url"].startswith("https://"):
        raise violation("menu_button", "BUTTON_URL_INVALID")
    hub.settings.menu_buttons[_private(hub, params)] = button
    return True


def get_chat_menu_button(hub: Hub, params: Json) -> Json:
    """getChatMenuButton."""
    buttons = hub.settings.menu_buttons
    common: Any = buttons.get(None, {"type": "commands"})
    return dict(buttons.get(_private(hub, params), common))


def _private(hub: Hub, params: Json) -> int | None:
    if "chat_id" not in params:
        return None
    chat: Chat = hub.world.find(params["chat_id"])
    if not chat.private:
        raise bad("chat must be a private chat")
    return chat.id
