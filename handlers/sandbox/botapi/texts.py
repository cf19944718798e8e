"""Reads the text or the caption out of a call: parse mode or entities, then the limits on length."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from handlers.sandbox.botapi.entities import Formatted, finish
from handlers.sandbox.botapi.errors import bad, violation
from handlers.sandbox.botapi.markup_html import parse_html
from handlers.sandbox.botapi.markup_markdown import parse_markdown
from handlers.sandbox.botapi.world import Json, World

__all__ = ["CAPTION_LIMIT", "TEXT_LIMIT", "read_caption", "read_text"]

TEXT_LIMIT = 4096  # code points, after the markup is gone
CAPTION_LIMIT = 1024
_PARSERS = {"html": parse_html, "markdownv2": parse_markdown}


def read_text(params: Json, world: World) -> Json:
    """The fields `text` and `entities` of a message. Raises 400 for bad markup, an empty or too long text."""
    formatted = _formatted(params.get("text", ""), params.get("parse_mode"), params.get("entities"), world)
    if not formatted.text.strip():
        raise violation("text_length", "text must be non-empty")
    if len(formatted.text) > TEXT_LIMIT:
        raise violation("text_length", "message is too long")
    return {"text": formatted.text} | ({"entities": formatted.entities} if formatted.entities else {})


def read_caption(params: Json, world: World) -> Json:
    """The fields `caption` and `caption_entities`; nothing where there is no caption."""
    formatted = _formatted(params.get("caption", ""), params.get("parse_mode"), params.get("caption_entities"), world)
    if len(formatted.text) > CAPTION_LIMIT:
        raise violation("caption_length", "message caption is too long")
    if not formatted.text.strip():
        return {}
    entities = {"caption_entities": formatted.entities} if formatted.entities else {}
    above = {"show_caption_above_media": True} if params.get("show_caption_above_media") else {}
    return {"caption": formatted.text} | entities | above


def _formatted(text: str, mode: str | None, given: Any, world: World) -> Formatted:
    if mode is not None and given is not None:
        raise violation("parse_mode", "parse_mode and entities exclude each other")
    entities = list(given or [])
    if mode is not None:
        if mode.lower() not in _PARSERS:
            raise violation("parse_mode", "unsupported parse_mode")
        text, entities = _PARSERS[mode.lower()](text)
    text = text.replace("\r", "").replace("\x00", "")
    return finish(text, [mended for entity in entities if (mended := _mention(entity, world))])


def _mention(entity: Json, world: World) -> Json | None:
    """A link to tg://user?id=… is a mention of a person that the bot knows, or nothing."""
    if entity.get("type") == "text_mention":
        person = world.people.get(entity.get("user", {}).get("id"))
    elif str(entity.get("url", "")).startswith("tg://user?"):
        number = parse_qs(urlsplit(entity["url"]).query).get("id", [""])[0]
        person = world.people.get(int(number)) if number.isdigit() else None
    else:
        if entity["type"] == "text_link" and "url" not in entity:
            raise bad("text_link entity without url")
        return entity
    if person is None:
        return None
    span = {"offset": entity["offset"], "length": entity["length"]}
    return {"type": "text_mention", **span, "user": person.user()}
