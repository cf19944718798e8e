"""Renders texts by key from one folder of TOML files a language; zh-CN is the reference and the fallback."""

import tomllib
from collections.abc import Mapping
from importlib import resources
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
        templates = self._languages.get(language, self._languages[REFERENCE])
        values = {name: self._plain(language, value) for name, value in text.values.items()}
        return "\n".join(_filled(line, values) for line in templates[text.key].split("\n") if _stays(line, values))

    def _plain(self, language: str, value: object) -> str:
        if isinstance(value, Text):
            return self.render(language, value)
        if isinstance(value, tuple):
            return "\n".join(line for item in value if (line := self._plain(language, item)))
        return str(value)


def _filled(line: str, values: Mapping[str, str]) -> str:
    return line.format(**values)


def _stays(line: str, values: Mapping[str, str]) -> bool:
    """A line of the template that held only values, all of them empty, is left out."""
    return not line.strip() or bool(_filled(line, values).strip())


def language_of(tag: str) -> str:
    """The language to start with, from an app's IETF tag; anything not plainly English reads Chinese."""
    return "en" if tag.lower().startswith("en") else REFERENCE
