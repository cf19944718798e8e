"""The file that holds the identity keys: made once for its owner alone, read anew when it changes, replaced whole."""

import contextlib
import logging
import os
import secrets
from pathlib import Path

from bot.config.mistakes import Findings, both
from bot.config.secrets import IDENTITY_KEYS, read_secret
from bot.config.settings import SQLITE, Settings
from bot.domain.keys import Keyring, KeyringError

NAME = "identity.keys"
REMARK = "# 身份密钥，丢了就再也读不出谁是谁：另存一份在别处，不要手改。 Keep a copy elsewhere, never edit by hand.\n"

log = logging.getLogger(__name__)


def key_file(settings: Settings) -> Path | None:
    """Where the keys stand, or would; None where they come from the environment, or have to be said."""
    identity = settings.identity
    if identity.keys_file:
        return identity.keys_file if _same(identity.keys_file, settings) else None
    if identity.keys is None and settings.storage.url.startswith(SQLITE):
        return Path(settings.storage.url.removeprefix(SQLITE)).parent / NAME
    return None


def _same(path: Path, settings: Settings) -> bool:
    """Whether the settings' keys are the file's: the environment goes before it."""
    given = settings.identity.keys
    try:
        return given is None or Keyring.parse(path.read_text(encoding="utf-8-sig")) == keys_given(settings)
    except (OSError, ValueError):
        return False


def keys_given(settings: Settings) -> Keyring | None:
    """The keys of the settings themselves, which were checked when they were read."""
    given = settings.identity.keys
    return Keyring.parse(given.get_secret_value()) if given else None


def load_keys(settings: Settings) -> Keyring | None:
    """The keys; None where they are to be made: a SQLite database with its own key file, not there yet.

    Raises ConfigError with file, key and mend.
    """
    if given := keys_given(settings):
        return given
    path = key_file(settings)
    findings = Findings()
    if path is None:
        findings.add(settings.file, IDENTITY_KEYS.path, *no_keys())
        findings.require(None)
    elif path.exists():
        text = read_secret(path, settings.file, f"{IDENTITY_KEYS.path}_file", findings)
        return findings.require(_parsed(path, text, findings))
    return None


def _parsed(path: Path, text: str | None, findings: Findings) -> Keyring | None:
    try:
        return Keyring.parse(text) if text else None
    except KeyringError as error:
        findings.add(path, IDENTITY_KEYS.path, both("身份密钥不对", f"this is no keyring: {error}"), from_backup(path))
        return None


def no_keys() -> tuple[str, str]:
    """Problem and mend where no keys are set and none can be made unasked."""
    return (
        both("还没有设置身份密钥", "no identity keys are set"),
        both(
            f"运行 python -m bot rotate-keys --make 文件，用 {IDENTITY_KEYS.path}_file 指明，几台机器用同一份",
            f"run python -m bot rotate-keys --make FILE and name it by {IDENTITY_KEYS.path}_file; one for all machines",
        ),
    )


def from_backup(path: Path) -> str:
    return both(
        f"从备份取回原来的 {path}（restore --files-to 会放出来）；没有它读不出谁是谁",
        f"bring the old {path.name} back from a backup (restore --files-to gives it out)",
    )


def read_keys(path: Path) -> Keyring:
    """The keyring as the file has it now. Raises OSError, KeyringError."""
    return Keyring.parse(path.read_text(encoding="utf-8-sig"))


def make_keys(path: Path) -> Keyring:
    """Write a new keyring for its owner alone. Whoever is first makes it. Raises OSError."""
    with contextlib.suppress(FileExistsError):
        write_keys(path, Keyring.new())
    return Keyring.parse(path.read_text(encoding="utf-8"))


def write_keys(path: Path, ring: Keyring) -> None:
    """All of it at once, and never over a file that is there. Raises FileExistsError, OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = _write_beside(path, ring)
    try:
        os.link(made, path)
    finally:
        made.unlink()


def replace_keys(path: Path, ring: Keyring) -> None:
    """Put another keyring in place of the one that is there, all of it at once. Raises OSError."""
    _write_beside(path, ring).replace(path)


def _write_beside(path: Path, ring: Keyring) -> Path:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(REMARK + ring.text())
        out.flush()
        os.fsync(out.fileno())
    return beside


class FileKeys:
    """Reads the keyring anew when its file has changed; one that cannot be read then is left alone, and told of."""

    def __init__(self, path: Path, ring: Keyring) -> None:
        self._path = path
        self._ring = ring
        self._seen = self._stamp()

    def __call__(self) -> Keyring:
        stamp = self._stamp()
        if stamp != self._seen:
            self._seen = stamp
            try:
                self._ring = Keyring.parse(self._path.read_text(encoding="utf-8-sig"))
            except (OSError, ValueError) as error:
                log.warning("the changed keyring %s cannot be read: %s", self._path, type(error).__name__)
        return self._ring

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino
