"""Gives the town a new identity key, and seals everything anew under it while the bot goes on."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from bot.compose.stores import open_town_store
from bot.config import Settings
from bot.config.keyfile import key_file, keys_given, read_keys, replace_keys, write_keys
from bot.domain.keys import Keyring
from storage.rekeying import Rekeyed

PATIENCE = 2.5
"""Seconds until every running process has noticed a key file that changed."""


class CannotWriteKeysError(Exception):
    """The keys stand in the environment: a new one has to be put there by hand, on every machine."""


def make_keyring(settings: Settings | None, path: Path) -> Keyring:
    """Write a keyring to a file that is not there: the settings' own with one more key, else a new one.

    Raises FileExistsError, OSError.
    """
    given = keys_given(settings) if settings else None
    ring = given.with_new_key() if given else Keyring.new()
    write_keys(path, ring)
    return ring


async def rotate(
    settings: Settings, told: Callable[[str, int], None], *, forget_old: bool = False, patience: float = PATIENCE
) -> Rekeyed:
    """Make a new key, unless an earlier rotation was broken off: that one is then brought to its end.

    `forget_old` takes the old keys out of the file once nothing is sealed with them any more. Raises ConfigError,
    CannotWriteKeysError, UnknownKeyError, WrongRevisionError.
    """
    store = await open_town_store(settings)
    try:
        path = key_file(settings)
        if not await store.to_rekey():
            if path is None:
                raise CannotWriteKeysError
            replace_keys(path, read_keys(path).with_new_key())
            await asyncio.sleep(patience)
        found, files = Rekeyed(), store.files_in(settings.files_folder)
        while (this := await store.rekey(told)).rows + (kept := await files.rekey(told)).rows:
            found.rows += this.rows + kept.rows
        found.broken = this.broken + kept.broken
        if forget_old and path and not found.broken:
            replace_keys(path, read_keys(path).with_current_only())
        return found
    finally:
        await store.close()
