"""Opens a town's store with the keys that its identities are sealed with."""

from pathlib import Path

from bot.config import ConfigError, Settings
from bot.config.keyfile import NAME, FileKeys, from_backup, key_file, load_keys, make_keys
from bot.config.mistakes import Mistake, both
from bot.config.secrets import IDENTITY_KEYS
from bot.domain.keys import Keyring
from storage.rekeying import WrongKeysError, holds_sealed
from storage.store import SqlStore, open_store


async def open_town_store(settings: Settings, *, alone: bool = False) -> SqlStore:
    """The keys are made where a SQLite database is new and none are set. `alone`: see `open_store`.

    Raises ConfigError (keys missing or wrong: nothing is changed then), WrongRevisionError.
    """
    url, path = settings.storage.address().get_secret_value(), key_file(settings)
    ring = await keys_of(settings)
    if ring is None:
        ring = make_keys(path or settings.file.with_name(NAME))
    try:
        return await open_store(url, ring, FileKeys(path, ring) if path else None, alone=alone)
    except WrongKeysError as error:
        where = path or settings.file
        problem = both("身份密钥和数据库对不上", f"these identity keys are not this database's: {error}")
        raise ConfigError([Mistake(where, IDENTITY_KEYS.path, problem, from_backup(where))]) from None


async def keys_of(settings: Settings) -> Keyring | None:
    """The town's keys; None where they are to be made, for nothing is sealed yet. Raises ConfigError."""
    ring, path = load_keys(settings), key_file(settings)
    if ring is None and (path is None or await holds_sealed(settings.storage.address().get_secret_value())):
        raise ConfigError([_missing(settings, path)])
    return ring


def _missing(settings: Settings, path: Path | None) -> Mistake:
    where = path or settings.file
    problem = both("身份密钥不见了，数据库里的人认不出来", "the identity keys are gone: nobody can be read")
    return Mistake(where, IDENTITY_KEYS.path, problem, from_backup(where))
