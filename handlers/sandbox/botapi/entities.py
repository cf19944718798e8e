"""Message entities with their UTF-16 offsets: finding commands and links, putting marks in order, trimming."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from handlers.sandbox.botapi.errors import violation

__all__ = ["TYPES", "Formatted", "clean_url", "finish", "units"]

Entity = dict[str, Any]

_TYPES_WORDS = (
    "mention hashtag cashtag bot_command url email phone_number bold italic underline strikethrough "
    "spoiler blockquote expandable_blockquote code pre text_link text_mention custom_emoji date_time"
)
TYPES = frozenset(_TYPES_WORDS.split())
# Those that a client finds by itself, and that a bot need not send.
_FOUND = re.compile(
    r"(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]{3,32})?(?![\w/]))"
    r"|(?P<email>(?<![\w.+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,24}(?!\w))"
    r"|(?P<mention>(?<![\w@])@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w))"
    r"|(?P<url>(?<![\w@/])(?:https?|tg)://[^\s<>\"，。；！？、（）《》]+[^\s<>\"，。；！？、（）《》.,:;!?'])"
    r"|(?P<hashtag>(?<![\w#])#(?=\w*[^\W\d])\w{1,256})"
)
_TRIMMED = " \t\n\r\v\f"  # not the wide space, with which Chinese paragraphs begin
_WHOLE = frozenset(("code", "pre"))  # nothing else stands inside


@dataclass
class Formatted:
    """A text and its entities, offsets and lengths in UTF-16 code units."""

    text: str
    entities: list[Entity] = field(default_factory=list)


def units(text: str) -> int:
    """The length in UTF-16 code units, by which Telegram counts offsets."""
    return len(text) + sum(character > "\uffff" for character in text)


def clean_url(url: str) -> str | None:
    """The address as Telegram keeps it; None where it is none."""
    url = url.strip()
    if url and "://" not in url and not url.startswith(("mailto:", "tel:")):
        url = f"http://{url}"
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme in ("mailto", "tel") and parts.path:
        return url
    if parts.scheme == "tg" and (parts.netloc or parts.path):
        return url
    if parts.scheme not in ("http", "https") or not host or re.search(r"\s", url):
        return None
    if "." not in host.strip(".") and host != "localhost" and ":" not in host:
        return None
    return url if parts.path or parts.query or parts.fragment else f"{url}/"


def finish(text: str, entities: list[Entity]) -> Formatted:
    """Trim the text as Telegram does, keep what of the entities is left, and add those that clients find.

    Raises a violation where an entity lies outside the text or has an unknown type.
    """
    total = units(text)
    for entity in entities:
        if entity["type"] not in TYPES:
            raise violation("entities", f"can't parse MessageEntity: unknown type {entity['type']}")
        if entity["offset"] < 0 or entity["length"] <= 0 or entity["offset"] + entity["length"] > total:
            raise violation("entities", "entity lies outside the text")
    left = units(text) - units(text.lstrip(_TRIMMED))
    trimmed = text.strip(_TRIMMED)
    end = units(trimmed)
    kept: list[Entity] = []
    for entity in entities:
        start = max(entity["offset"] - left, 0)
        stop = min(entity["offset"] + entity["length"] - left, end)
        if stop > start:
            kept.append(entity | {"offset": start, "length": stop - start})
    kept = _outside_code(kept)
    return Formatted(trimmed, sorted(kept + _found(trimmed, kept), key=_order))


def _order(entity: Entity) -> tuple[int, int, str]:
    return entity["offset"], -entity["length"], entity["type"]


def _span(entity: Entity) -> tuple[int, int]:
    return entity["offset"], entity["offset"] + entity["length"]


def _outside_code(entities: list[Entity]) -> list[Entity]:
    whole = [_span(entity) for entity in entities if entity["type"] in _WHOLE]

    def stands(entity: Entity) -> bool:
        start, stop = _span(entity)
        if entity["type"] in _WHOLE or entity["type"].endswith("blockquote"):
            return True
        return not any(first <= start and stop <= last for first, last in whole)

    return [entity for entity in entities if stands(entity)]


def _found(text: str, marked: list[Entity]) -> list[Entity]:
    closed = [_span(entity) for entity in marked if entity["type"] in _WHOLE | {"text_link", "text_mention"}]
    found: list[Entity] = []
    for match in _FOUND.finditer(text):
        start = units(text[: match.start()])
        stop = start + units(match.group())
        if not any(first < stop and start < last for first, last in closed):
            found.append({"type": str(match.lastgroup), "offset": start, "length": stop - start})
    return found
