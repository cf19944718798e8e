"""The kinds of values that parameters take, and how each is read from a form's text and checked."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from handlers.sandbox.botapi.errors import ApiError, violation

__all__ = [
    "Fields",
    "Kind",
    "Upload",
    "array",
    "boolean",
    "chat_ref",
    "decode",
    "file_or_id",
    "integer",
    "number",
    "obj",
    "one_word",
    "string",
    "tagged",
    "upload",
]

_LARGEST = 2**63


@dataclass(frozen=True)
class Upload:
    """A file that came with the request."""

    data: bytes
    file_name: str
    mime_type: str


@dataclass(frozen=True)
class Kind:
    """What a value must be: `check(value, where)` returns it or raises the violation."""

    name: str
    check: Callable[[Any, str], Any]
    plain: bool = False  # in a form the text is the value; otherwise the text is JSON
    required: bool = False

    @property
    def needed(self) -> "Kind":
        """The same kind for a parameter that may not be left out."""
        return replace(self, required=True)

    def read(self, value: Any, where: str, as_text: bool) -> Any:
        """Check a value; `as_text` where a form or a query carried it, so that numbers and objects are texts."""
        if as_text and isinstance(value, str) and not self.plain:
            try:
                value = json.loads(value)
            except ValueError:
                raise _mistyped(where, self.name) from None
        return self.check(value, where)


Fields = Mapping[str, Kind]


def _mistyped(where: str, expected: str) -> ApiError:
    return violation("parameter_type", f"can't parse {where}: expected {expected}")


def _integer(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= _LARGEST:
        raise _mistyped(where, "an integer")
    return value


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _mistyped(where, "a number")
    return float(value)


def _boolean(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise _mistyped(where, "true or false")
    return value


def _string(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise _mistyped(where, "a string")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise violation("encoding", "strings must be encoded in UTF-8") from None
    return value


def _chat_ref(value: Any, where: str) -> int | str:
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,18}", value):
        return int(value)
    if isinstance(value, str):
        if re.fullmatch(r"@\w{4,32}", value):
            return value
        raise _mistyped(where, "an integer or @username")
    return _integer(value, where)


def _upload(value: Any, where: str) -> Upload | str:
    if isinstance(value, Upload) or (isinstance(value, str) and value.startswith("attach://")):
        return value
    raise _mistyped(where, "an uploaded file")


def _file_or_id(value: Any, where: str) -> Upload | str:
    if isinstance(value, Upload):
        return value
    if not isinstance(value, str) or not value:
        raise _mistyped(where, "a file, a file_id or an address")
    return value


integer = Kind("an integer", _integer)
number = Kind("a number", _number)
boolean = Kind("true or false", _boolean)
string = Kind("a string", _string, plain=True)
chat_ref = Kind("an integer or @username", _chat_ref, plain=True)
upload = Kind("an uploaded file", _upload, plain=True)
file_or_id = Kind("a file, a file_id or an address", _file_or_id, plain=True)


def one_word(*words: str) -> Kind:
    """One of these words."""

    def check(value: Any, where: str) -> str:
        if value not in words:
            raise _mistyped(where, "one of " + ", ".join(words))
        return str(value)

    return Kind("one of " + ", ".join(words), check, plain=True)


def array(item: Kind) -> Kind:
    """A JSON list of `item`."""

    def check(value: Any, where: str) -> list[Any]:
        if not isinstance(value, list):
            raise _mistyped(where, "an array")
        return [item.check(each, f"{where}[{index}]") for index, each in enumerate(value)]

    return Kind(f"an array of {item.name}", check)


def obj(name: str, fields: Fields) -> Kind:
    """A JSON object with exactly these fields; null counts as left out."""

    def check(value: Any, where: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise _mistyped(where, f"an object {name}")
        return _fields(value, fields, where)

    return Kind(f"an object {name}", check)


def tagged(name: str, tag: str, shapes: Mapping[str, Fields]) -> Kind:
    """A JSON object whose field `tag` says which of `shapes` it has."""

    def check(value: Any, where: str) -> dict[str, Any]:
        if not isinstance(value, dict) or value.get(tag) not in shapes:
            raise _mistyped(where, f"an object {name} whose {tag} is one of {', '.join(shapes)}")
        return _fields(value, {tag: string.needed, **shapes[value[tag]]}, where)

    return Kind(f"an object {name}", check)


def _fields(value: Mapping[str, Any], fields: Fields, where: str) -> dict[str, Any]:
    given = {key: each for key, each in value.items() if each is not None}
    if unknown := sorted(set(given) - set(fields)):
        raise violation("unknown_parameter", f"{where} has unknown fields: {', '.join(unknown)}")
    if missing := [key for key, kind in fields.items() if kind.required and key not in given]:
        raise violation("missing_parameter", f"{where} lacks {', '.join(missing)}")
    return {key: fields[key].check(each, f"{where}.{key}") for key, each in given.items()}


def decode(raw: Mapping[str, Any], fields: Fields, as_text: bool) -> dict[str, Any]:
    """Read one call's parameters, in the order given. Uploads that no parameter names are left to the caller.

    Raises ApiError for what is unknown, missing or mistyped. An empty text is the same as a parameter left out,
    as with Telegram's own server.
    """
    given = {key: value for key, value in raw.items() if value is not None and value != ""}
    loose = {key for key, value in given.items() if isinstance(value, Upload) and key not in fields}
    if unknown := sorted(set(given) - set(fields) - loose):
        raise violation("unknown_parameter", f"unknown parameters: {', '.join(unknown)}")
    if missing := [key for key, kind in fields.items() if kind.required and key not in given]:
        empty = {"text": "message text is empty", "chat_id": "chat_id is empty"}
        raise violation("missing_parameter", empty.get(missing[0], f"parameter {missing[0]} is missing"))
    return {key: fields[key].read(value, key, as_text) for key, value in given.items() if key not in loose}
