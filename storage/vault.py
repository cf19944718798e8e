"""Seals personal data for the place where it stands, and opens it there and nowhere else."""

import base64
import binascii
import hmac
import json
import os
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic_core import PydanticSerializationError, to_json

from bot.domain.keys import Keyring
from bot.ports import StoreTrouble

_NONCE = 12
_LOOK_AGAIN = 1.0
_SEPARATOR = "\x1f"
_REMEMBERED = 1000


class UnknownKeyError(StoreTrouble):
    """Sealed with a key that this process does not have (yet): with the right keyring it can be read."""


class BrokenSealError(Exception):
    """What is sealed was changed, or stood somewhere else when it was sealed."""


def place(column: str, *row: object) -> str:
    """The name of one place: `table.column`, and what makes the row the one it is."""
    return _SEPARATOR.join((column, *map(str, row)))


class Vault:
    """AES-256-GCM; the key's number stands before the dot, and the place is authenticated with the text.

    A nonce is random, so one key is good for 2^32 sealings. `fresh` reads the keyring anew: it is asked now and then,
    and when a key is not known, so that a rotation reaches a running process.
    """

    def __init__(self, ring: Keyring, fresh: Callable[[], Keyring] | None = None) -> None:
        self._fresh = fresh
        self._looked = time.monotonic()
        self._keys = _Keys(ring)  # replaced as a whole: a thread may be sealing meanwhile

    def seal(self, where: str, plain: str) -> str:
        return self._seal(where, plain.encode("utf-8", "replace"))

    def seal_json(self, where: str, value: object) -> str:
        """As `seal`, for any JSON value."""
        try:
            return self._seal(where, to_json(value))
        except PydanticSerializationError:  # half of a surrogate pair
            return self.seal(where, json.dumps(value, ensure_ascii=False))

    def open_json(self, where: str, sealed: str) -> Any:
        return json.loads(self.open(where, sealed))

    def open(self, where: str, sealed: str) -> str:
        """Raises UnknownKeyError, BrokenSealError."""
        number, _, coded = sealed.partition(".")
        try:
            data = binascii.a2b_base64(coded.replace("-", "+").replace("_", "/"))
        except (binascii.Error, ValueError):
            raise BrokenSealError(where.partition(_SEPARATOR)[0]) from None
        return self._decrypt(number, where, data).decode()

    def seal_bytes(self, where: str, plain: bytes) -> bytes:
        """As `seal`, for a file: the number, a dot, and the sealed bytes as they are."""
        number, data = self._encrypt(where, plain)
        return number.encode() + b"." + data

    def open_bytes(self, where: str, sealed: bytes) -> bytes:
        """Raises UnknownKeyError, BrokenSealError."""
        number, _, data = sealed.partition(b".")
        return self._decrypt(number.decode("ascii", "replace"), where, data)

    def lookup(self, kind: str, value: str) -> str:
        """A keyed hash: the same for the same value, and without the key nobody can tell for which."""
        return self._keys.hashed(f"{kind}{_SEPARATOR}{value}")

    def renew(self) -> None:
        """Read the keyring anew, now."""
        self._look(at_once=True)

    @property
    def current(self) -> str:
        """The number of the key that seals now."""
        self._look()
        return self._keys.current

    def _seal(self, where: str, plain: bytes) -> str:
        number, data = self._encrypt(where, plain)
        return f"{number}.{base64.urlsafe_b64encode(data).decode()}"

    def _encrypt(self, where: str, plain: bytes) -> tuple[str, bytes]:
        self._look()
        keys, nonce = self._keys, os.urandom(_NONCE)
        number = keys.current
        return number, nonce + keys.ciphers[number].encrypt(nonce, plain, _bound(number, where))

    def _decrypt(self, number: str, where: str, data: bytes) -> bytes:
        if number not in self._keys.ciphers:
            self._look(at_once=True)
        cipher = self._keys.ciphers.get(number)
        if cipher is None and number.isdecimal():
            raise UnknownKeyError(f"identity key {number} is not in the keyring")
        try:
            if cipher:
                return cipher.decrypt(data[:_NONCE], data[_NONCE:], _bound(number, where))
        except (InvalidTag, ValueError):
            pass
        raise BrokenSealError(where.partition(_SEPARATOR)[0])

    def _look(self, *, at_once: bool = False) -> None:
        now = time.monotonic()
        if self._fresh and (at_once or now - self._looked >= _LOOK_AGAIN):
            self._looked = now
            if (ring := self._fresh()) is not self._keys.ring:
                self._keys = _Keys(ring)


class _Keys:
    """A keyring and what is made of it, which takes longer to make than to use."""

    def __init__(self, ring: Keyring) -> None:
        self.ring = ring
        self.current = ring.current
        self.hashed = lru_cache(_REMEMBERED)(self._hashed)  # an update asks for the same few again and again
        self._mac = hmac.new(ring.lookup, digestmod="sha256")
        self.ciphers = {number: AESGCM(key) for number, key in ring.keys.items()}

    def _hashed(self, told: str) -> str:
        mac = self._mac.copy()
        mac.update(told.encode("utf-8", "replace"))
        return mac.hexdigest()[:32]


def _bound(number: str, where: str) -> bytes:
    return f"{number}{_SEPARATOR}{where}".encode("utf-8", "replace")
