"""The keys that personal data is kept under: several by number, of which the newest seals, and one for looking up."""

import base64
import binascii
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

LOOKUP = "lookup"
LENGTH = 32
"""Bytes of a key: AES-256, HMAC-SHA-256."""


class KeyringError(ValueError):
    """This text is no keyring; the message says why and shows nothing of a key."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """Written as `lookup:…` and `1:…`, `2:…`, each 32 bytes in base64, a word or a line each; `#` begins a remark."""

    lookup: bytes = field(repr=False)
    keys: Mapping[str, bytes] = field(repr=False)

    @property
    def current(self) -> str:
        """The number of the key that seals what is written now: the highest."""
        return max(self.keys, key=int)

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(sorted(self.keys, key=int))

    @classmethod
    def new(cls) -> "Keyring":
        return cls(secrets.token_bytes(LENGTH), {"1": secrets.token_bytes(LENGTH)})

    def with_new_key(self) -> "Keyring":
        """The same with one more key, which from now on seals."""
        number = str(int(self.current) + 1)
        return replace(self, keys={**self.keys, number: secrets.token_bytes(LENGTH)})

    def with_current_only(self) -> "Keyring":
        return replace(self, keys={self.current: self.keys[self.current]})

    def text(self) -> str:
        lines = [(LOOKUP, self.lookup), *((number, self.keys[number]) for number in self.numbers)]
        return "".join(f"{name}:{base64.b64encode(key).decode()}\n" for name, key in lines)

    @classmethod
    def parse(cls, text: str) -> "Keyring":
        """Raises KeyringError."""
        found = dict(_words(text.splitlines()))
        lookup = found.pop(LOOKUP, None)
        if lookup is None or not found:
            raise KeyringError("a keyring needs `lookup:` and at least one key")
        return cls(lookup, found)


def _words(lines: Iterable[str]) -> Iterable[tuple[str, bytes]]:
    seen: set[str] = set()
    for word in (word for line in lines for word in line.partition("#")[0].split()):
        name, _, coded = word.partition(":")
        if name in seen or not (name == LOOKUP or (name.isascii() and name.isdecimal() and 0 < len(name) < 6)):
            raise KeyringError("a key is called `lookup`, or by a number of its own")
        seen.add(name)
        try:
            key = base64.b64decode(coded, validate=True)
        except (binascii.Error, ValueError):
            raise KeyringError(f"key {name} is not in base64") from None
        if len(key) != LENGTH:
            raise KeyringError(f"key {name} is not {LENGTH} bytes long")
        yield name, key
