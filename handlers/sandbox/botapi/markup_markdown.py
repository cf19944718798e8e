"""parse_mode=MarkdownV2: read from left to right, refusing every reserved character that is not escaped."""

import re
from dataclasses import dataclass
from typing import Any

from handlers.sandbox.botapi.entities import clean_url, units
from handlers.sandbox.botapi.errors import ApiError, violation

__all__ = ["parse_markdown"]

_RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
_MARKS = {
    "__": "underline",
    "||": "spoiler",
    "_": "italic",
    "*": "bold",
    "~": "strikethrough",
}


@dataclass
class _Open:
    type: str
    offset: int
    at: int


def parse_markdown(source: str) -> tuple[str, list[dict[str, Any]]]:
    """The text without marks and its entities, in UTF-16 units. Raises "can't parse entities: …"."""
    return _Reader(source).read()


def _refusal(reason: str) -> ApiError:
    return violation("parse_mode", f"can't parse entities: {reason}")


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.text: list[str] = []
        self.length = 0
        self.stack: list[_Open] = []
        self.entities: list[dict[str, Any]] = []

    def read(self) -> tuple[str, list[dict[str, Any]]]:
        while self.position < len(self.source):
            self._step()
        if self.stack and self.stack[-1].type == "blockquote":
            self._close()
        if self.stack:
            raise self._unclosed(self.stack[-1])
        return "".join(self.text), self.entities

    def _step(self) -> None:
        source, here = self.source, self.position
        character = source[here]
        if character == "\\" and here + 1 < len(source) and 0 < ord(source[here + 1]) <= 126:
            self._put(source[here + 1])
            self.position += 2
        elif self._at_line_start() and source.startswith((">", "**>"), here):
            self._quote_line()
        elif character == "\n":
            self._new_line()
        elif character == "`":
            self._code()
        elif mark := next((mark for mark in _MARKS if source.startswith(mark, here)), None):
            self._toggle(mark)
        elif character == "[" or source.startswith("![", here):
            self._open("text_link" if character == "[" else "custom_emoji")
            self.position += 1 if character == "[" else 2
        elif character == "]" and any(opened.type in ("text_link", "custom_emoji") for opened in self.stack):
            self._link()
        elif character in _RESERVED:
            raise _refusal(f"Character '{character}' is reserved and must be escaped with the preceding '\\'")
        else:
            self._put(character)
            self.position += 1

    def _put(self, text: str) -> None:
        self.text.append(text)
        self.length += units(text)

    def _bytes(self, position: int) -> int:
        return len(self.source[:position].encode())

    def _unclosed(self, opened: _Open) -> ApiError:
        name = "".join(word.title() for word in opened.type.split("_"))
        return _refusal(f"Can't find end of {name} entity at byte offset {opened.at}")

    def _open(self, type_: str) -> None:
        self.stack.append(_Open(type_, self.length, self._bytes(self.position)))

    def _close(self, **more: Any) -> None:
        opened = self.stack.pop()
        if self.length > opened.offset:
            span = {"offset": opened.offset, "length": self.length - opened.offset}
            self.entities.append({"type": more.pop("type", opened.type), **span, **more})

    def _toggle(self, mark: str) -> None:
        if mark == "||" and self._ends_expandable_quote():
            self._close(type="expandable_blockquote")
        elif self.stack and self.stack[-1].type == _MARKS[mark]:
            self._close()
        else:
            self._open(_MARKS[mark])
        self.position += len(mark)

    def _ends_expandable_quote(self) -> bool:
        after = self.source[self.position + 2 : self.position + 4]
        ends = not after or (after[0] == "\n" and after[1:] != ">")
        return ends and bool(self.stack) and self.stack[-1].type == "blockquote"

    def _at_line_start(self) -> bool:
        return self.position == 0 or self.source[self.position - 1] == "\n"

    def _quote_line(self) -> None:
        inside = any(opened.type == "blockquote" for opened in self.stack)
        if self.source.startswith("**>", self.position):
            if inside:
                self._end_quote()
            self.position += 2
            inside = False
        if not inside:
            self._open("blockquote")
        self.position += 1

    def _end_quote(self) -> None:
        if self.stack[-1].type != "blockquote":
            raise self._unclosed(self.stack[-1])
        self._close()

    def _new_line(self) -> None:
        inside = any(opened.type == "blockquote" for opened in self.stack)
        if inside and not self.source.startswith((">", "**>"), self.position + 1):
            self._end_quote()
        self._put("\n")
        self.position += 1

    def _code(self) -> None:
        start = self.position
        fence = "```" if self.source.startswith("```", start) else "`"
        self._open("pre" if fence == "```" else "code")
        self.position += len(fence)
        language = None
        if fence == "```":
            head = re.compile(r"([^\s`]*)\r?\n").match(self.source, self.position)
            if head:
                language = head[1] or None
                self.position = head.end()
        while not self.source.startswith(fence, self.position):
            if self.position >= len(self.source):
                raise self._unclosed(self.stack[-1])
            if self.source[self.position] == "\\" and self.position + 1 < len(self.source):
                self.position += 1
            self._put(self.source[self.position])
            self.position += 1
        self.position += len(fence)
        self._close(**({"language": language} if language else {}))

    def _link(self) -> None:
        opened = self.stack[-1]
        if opened.type not in ("text_link", "custom_emoji"):
            raise self._unclosed(opened)
        address = ""
        self.position += 1
        if self.source.startswith("(", self.position):
            match = re.compile(r"\(((?:\\.|[^\\)])*)\)", re.DOTALL).match(self.source, self.position)
            if match is None:
                raise _refusal(f"Can't find end of a URL at byte offset {self._bytes(self.position)}")
            address = re.sub(r"\\(.)", r"\1", match[1], flags=re.DOTALL)
            self.position = match.end()
        if opened.type == "custom_emoji":
            emoji = re.fullmatch(r"tg://emoji\?id=(\d+)", address)
            if emoji is None:
                raise _refusal("Custom emoji URL must have the form tg://emoji?id=…")
            self._close(custom_emoji_id=emoji[1])
        elif url := clean_url(address):
            self._close(url=url)
        else:
            self.stack.pop()
