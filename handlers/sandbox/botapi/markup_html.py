"""parse_mode=HTML: Telegram's small set of tags, refused as Telegram refuses what is badly nested or unknown."""

import re
from dataclasses import dataclass
from typing import Any

from handlers.sandbox.botapi.entities import clean_url, units
from handlers.sandbox.botapi.errors import ApiError, violation

__all__ = ["parse_html"]

_PLAIN = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
}
_TAGS = frozenset((*_PLAIN, "a", "span", "blockquote", "tg-emoji", "tg-time"))
_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)"
    r"(?P<attributes>(?:\s+[^\s=>/\"'<]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>\"'<]+))?)*)\s*>"
)
_ATTRIBUTE = re.compile(r"\s+([^\s=>/\"'<]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"'<]+)))?")
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6})|(lt|gt|amp|quot));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}


@dataclass
class _Open:
    name: str
    offset: int
    attributes: dict[str, str]
    at: int


def parse_html(source: str) -> tuple[str, list[dict[str, Any]]]:
    """The text without tags and its entities, in UTF-16 units. Raises "can't parse entities: …"."""
    text: list[str] = []
    length = 0
    stack: list[_Open] = []
    entities: list[dict[str, Any]] = []
    position = 0
    while position < len(source):
        if source[position] != "<":
            stop = source.find("<", position)
            piece = _decoded(source[position : stop if stop >= 0 else len(source)])
            text.append(piece)
            length += units(piece)
            position = stop if stop >= 0 else len(source)
            continue
        tag = _TAG.match(source, position)
        where = len(source[:position].encode())
        if tag is None:
            raise _refusal(f'Unsupported start tag "{source[position + 1 : position + 9]}" at byte offset {where}')
        name = tag["name"].lower()
        if not tag["close"]:
            attributes = _attributes(tag["attributes"])
            if name not in _TAGS or (name == "span" and attributes.get("class") != "tg-spoiler"):
                raise _refusal(f'Unsupported start tag "{name}" at byte offset {where}')
            stack.append(_Open(name, length, attributes, where))
        else:
            if not stack:
                raise _refusal(f"Unexpected end tag at byte offset {where}")
            opened = stack.pop()
            if name != opened.name:
                raise _refusal(
                    f'Unmatched end tag at byte offset {where}, expected "</{opened.name}>", found "</{name}>"'
                )
            inner = "".join(text)
            entity = _entity(opened, length, inner, bool(stack) and stack[-1].name == "pre")
            entities += [entity] if entity else []
        position = tag.end()
    if stack:
        raise _refusal(f'Can\'t find end tag corresponding to start tag "{stack[-1].name}"')
    return "".join(text), _joined_code(entities)


def _refusal(reason: str) -> ApiError:
    return violation("parse_mode", f"can't parse entities: {reason}")


def _decoded(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        decimal, hexadecimal, name = match.groups()
        if name:
            return _NAMED[name]
        code = int(decimal) if decimal else int(hexadecimal, 16)
        known = 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF
        return chr(code) if known else match.group()

    return _REFERENCE.sub(character, text)


def _attributes(source: str) -> dict[str, str]:
    return {
        name.lower(): _decoded(double or single or bare) for name, double, single, bare in _ATTRIBUTE.findall(source)
    }


def _entity(opened: _Open, end: int, text: str, in_pre: bool) -> dict[str, Any] | None:
    if end == opened.offset:
        return None
    entity: dict[str, Any] = {"offset": opened.offset, "length": end - opened.offset}
    if opened.name == "a":
        inner = text.encode("utf-16-le")[opened.offset * 2 :].decode("utf-16-le")
        url = clean_url(opened.attributes.get("href") or inner)
        return entity | {"type": "text_link", "url": url} if url else None
    if opened.name == "blockquote":
        kind = "expandable_blockquote" if "expandable" in opened.attributes else "blockquote"
        return entity | {"type": kind}
    if opened.name == "tg-emoji":
        emoji = opened.attributes.get("emoji-id", "")
        if not emoji.isdigit():
            raise _refusal("Invalid custom emoji identifier specified")
        return entity | {"type": "custom_emoji", "custom_emoji_id": emoji}
    if opened.name == "tg-time":
        if not opened.attributes.get("unix", "").isdigit():
            raise _refusal("Invalid unix time specified")
        entity |= {"type": "date_time", "unix_time": int(opened.attributes["unix"])}
        shown = opened.attributes.get("format")
        return entity | ({"date_time_format": shown} if shown else {})
    language = opened.attributes.get("class", "").removeprefix("language-")
    if opened.name == "code" and in_pre and language:
        return entity | {"type": "code", "language": language}
    return entity | {"type": _PLAIN.get(opened.name, "spoiler")}


def _joined_code(entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """`<pre><code class="language-x">` is one entity: pre in that language."""
    languages = {(e["offset"], e["length"]): e["language"] for e in entities if "language" in e}
    joined: list[dict[str, Any]] = []
    for entity in entities:
        span = entity["offset"], entity["length"]
        if entity["type"] == "pre" and span in languages:
            joined.append(entity | {"language": languages[span]})
        elif "language" not in entity:
            joined.append(entity)
    return joined
