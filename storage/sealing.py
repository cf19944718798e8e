"""Encrypts a stream with a passphrase: AES-256-GCM in pieces of which none can go missing."""

import hashlib
import io
import secrets
from collections.abc import Iterator
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_MAGIC = b"XIANGYIN-SEALED-1\n"
_SALT = 16
_PREFIX = 7
_TAG = 16
_PIECE = 1024 * 1024
_MOST_PIECES = 2**32


class SealError(Exception):
    """The passphrase is wrong, or the file is damaged or no sealed file."""


class Sealer(io.RawIOBase):
    """A file to write to; what arrives in `out` is encrypted. Only `close` makes it complete."""

    def __init__(self, out: BinaryIO, passphrase: str) -> None:
        salt, prefix = secrets.token_bytes(_SALT), secrets.token_bytes(_PREFIX)
        self._out = out
        self._head = _MAGIC + salt + prefix
        self._cipher = AESGCM(_key(passphrase, salt))
        self._waiting = bytearray()
        self._number = 0
        out.write(self._head)

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self._waiting += data
        while len(self._waiting) > _PIECE:  # never all of it: the last piece is marked as such
            self._seal(bytes(self._waiting[:_PIECE]), last=False)
            del self._waiting[:_PIECE]
        return len(data)

    def close(self) -> None:
        try:
            if not self.closed:
                self._seal(bytes(self._waiting), last=True)
        finally:
            super().close()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        nonce = _nonce(self._head, self._number, last)
        self._out.write(self._cipher.encrypt(nonce, piece, self._head))
        self._number += 1


def unseal(sealed: BinaryIO, passphrase: str) -> Iterator[bytes]:
    """What was sealed, piece by piece. Raises SealError, at the latest at the end, so use nothing before that."""
    head = sealed.read(len(_MAGIC) + _SALT + _PREFIX)
    if not head.startswith(_MAGIC):
        raise SealError("this is no sealed file")
    cipher = AESGCM(_key(passphrase, head[len(_MAGIC) : len(_MAGIC) + _SALT]))
    number, piece = 0, sealed.read(_PIECE + _TAG)
    while True:
        following = sealed.read(_PIECE + _TAG)
        try:
            yield cipher.decrypt(_nonce(head, number, not following), piece, head)
        except InvalidTag:
            raise SealError("the passphrase is wrong, or the file is damaged or cut off") from None
        if not following:
            return
        number, piece = number + 1, following


def _key(passphrase: str, salt: bytes) -> bytes:
    return hashlib.scrypt(passphrase.encode(), salt=salt, n=2**15, r=8, p=1, dklen=32, maxmem=64 * 1024 * 1024)


def _nonce(head: bytes, number: int, last: bool) -> bytes:
    if number >= _MOST_PIECES:
        raise SealError("too large")
    return head[-_PREFIX:] + number.to_bytes(4, "big") + bytes([last])
