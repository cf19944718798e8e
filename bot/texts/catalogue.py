"""Renders texts by key from one folder of TOML files a language; zh-CN is the reference and the fallback."""

import tomllib
from collections.abc import Mapping
from importlib import resources
from string import Formatter
from typing import Any

from bot.domain.text import Text

REFERENCE = "zh-CN"
LANGUAGES = (REFERENCE, "en")


def _flatten(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            flat |= _flatten(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = value
    return flat


def read_texts(language: str) -> dict[str, str]:
    """Key -> template of one language. Templates use str.format's named fields. Raises ValueError on a key twice."""
    texts: dict[str, str] = {}
    for file in sorted(resources.files("bot.texts").joinpath(language).iterdir(), key=lambda file: file.name):
        found = _flatten(tomllib.loads(file.read_text(encoding="utf-8")))
        if twice := sorted(texts.keys() & found.keys()):
            raise ValueError(f"{language}/{file.name} says again: {', '.join(twice)}")
        texts |= found
    return texts


class Catalogue:
    """All languages at once; an unknown language reads the reference."""

    def __init__(self, languages: Mapping[str, Mapping[str, str]]) -> None:
        self._languages = languages
        self._read: dict[str, _Template] = {}

    @classmethod
    def load(cls) -> "Catalogue":
        return cls({language: read_texts(language) for language in LANGUAGES})

    @property
    def languages(self) -> Mapping[str, Mapping[str, str]]:
        """Key -> template, by language."""
        return self._languages

    def with_texts(self, texts: Mapping[str, Mapping[str, str]]) -> "Catalogue":
        """The same but for these templates: key -> template, by language."""
        return Catalogue({name: {**own, **texts.get(name, {})} for name, own in self._languages.items()})

    def render(self, language: str, text: Text) -> str:
        """The finished text. Raises KeyError for an unknown key or a missing value."""
        template = self._template(self._languages.get(language, self._languages[REFERENCE])[text.key])
        if template.fixed is not None:
            return template.fixed
        values = text.values
        return template.filled(
            {
                name: value if type(value := values[name]) is str else self._plain(language, value)
                for name in template.names
            }
        )

    def _template(self, text: str) -> "_Template":
        found = self._read.get(text)
        if found is None:
            found = self._read[text] = _Template(text)
        return found

    def _plain(self, language: str, value: object) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, Text):
            return self.render(language, value)
        if isinstance(value, tuple):
            return "\n".join(line for item in value if (line := self._plain(language, item)))
        return str(value)


class _Template:
    """A template, read once. A line of it that holds only values, all of them empty, is left out."""

    def __init__(self, text: str) -> None:
        parts: list[tuple[str, bool]] = []
        names: dict[str, None] = {}
        for line in text.split("\n"):
            read = list(Formatter().parse(line))
            fields = [name for _, name, _, _ in read if name is not None]
            names |= dict.fromkeys(fields)
            stays = not fields or any(words.strip() for words, *_ in read)
            if parts and stays and parts[-1][1]:
                parts[-1] = (f"{parts[-1][0]}\n{line}", True)
            else:
                parts.append((line, stays))
        self.names = tuple(names)
        self._parts = parts
        self._whole = parts[0][0] if len(parts) == 1 and parts[0][1] else None
        self.fixed = None if names else self.filled({})  # most buttons, and much else

    def filled(self, values: Mapping[str, str]) -> str:
        if self._whole is not None:  # most are one part, which always stays
            return self._whole.format_map(values)
        filled = ((part.format_map(values), stays) for part, stays in self._parts)
        return "\n".join(words for words, stays in filled if stays or words.strip())


def language_of(tag: str) -> str:
    """The language to start with, from an app's IETF tag; anything not plainly English reads Chinese."""
    return "en" if tag.lower().startswith("en") else REFERENCE
