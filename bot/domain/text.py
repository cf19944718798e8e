"""A text that is not written yet: its key and its values. The catalogue renders it in the reader's language."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Text(NamedTuple):
    """`values` may hold plain strings and numbers, other Texts, or tuples of these (one a line)."""

    key: str
    values: Mapping[str, object] = MappingProxyType({})


def t(key: str, /, **values: object) -> Text:
    """Short for Text(key, values)."""
    return Text(key, values)
