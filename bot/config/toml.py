"""Writes tables as TOML: what the office has changed can so be brought back into the files."""

import json
import re
from collections.abc import Mapping
from typing import Any


def dump(tables: Mapping[str, Any]) -> str:
    """Values first, then a `[[name]]` for each row of a list of tables, and tables within those likewise."""
    return "\n".join(_lines(tables, "")).strip() + "\n"


def _lines(table: Mapping[str, Any], above: str) -> list[str]:
    inner = {name: value for name, value in table.items() if _is_rows(value) and (not above or name == "subtopic")}
    found = [f"{_key(name)} = {value_of(value)}" for name, value in table.items() if name not in inner]
    for name, rows in inner.items():
        for row in rows:
            found += ["", f"[[{above}{_key(name)}]]", *_lines(row, f"{above}{_key(name)}.")]
    return found


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, Mapping) for row in value)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _text(name)


def value_of(value: Any) -> str:
    """One value, as it stands behind the equals sign."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(name)} = {value_of(each)}" for name, each in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(value_of, value)) + "]"
    return str(value)


def _text(text: str) -> str:
    """JSON's escapes are TOML's too, but for the one sign that JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
