"""A text that is not written yet: its key and its values. The catalogue renders it in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Text:
    """`values` may hold plain strings and numbers, other Texts, or tuples of these (one a line)."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


def t(key: str, /, **values: object) -> Text:
    """Short for Text(key, values)."""
    return Text(key, values)
