"""`backup`: the whole town, encrypted, in one file, while the bot goes on. `restore` brings it back."""

import argparse
import asyncio
import os
import secrets
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.commands.options import add_config, settings_or_exit
from bot.config import ConfigError, Settings
from bot.config.keyfile import key_file, keys_given, load_keys
from bot.config.mistakes import both

if TYPE_CHECKING:
    from storage.backup import Belongings

KEY = "XIANGYIN_BACKUP_KEY"


def add_command(commands: Any) -> None:
    parser = commands.add_parser("backup", help="加密备份 / make an encrypted backup while the bot goes on")
    add_config(parser)
    add_key(parser)
    parser.add_argument(
        "--to", type=Path, required=True, metavar="FOLDER", help="放备份的文件夹 / where backups are kept"
    )
    parser.add_argument(
        "--keep", type=int, metavar="DAYS", help="删掉更早的备份 / delete backups in the folder older than this"
    )
    parser.add_argument("--new-key", action="store_true", help="先生成 --key-file / make the --key-file first")
    parser.set_defaults(do=_back_up)


def add_key(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--key-file", type=Path, metavar="FILE", help=f"备份口令文件，或用环境变量 / holds the passphrase; else {KEY}"
    )


def passphrase_or_exit(file: Path | None) -> str:
    """The passphrase from the file or the environment. Says what is wrong with it and ends with exit code 2."""
    value = os.environ.get(KEY, "")
    if file:
        try:
            if os.name == "posix" and file.stat().st_mode & 0o077:
                raise SystemExit(
                    _said(f"别人能读 {file}，运行 chmod 600 {file}", f"others can read {file}: chmod 600 it")
                )
            value = file.read_text(encoding="utf-8")
        except OSError as error:
            raise SystemExit(_said(f"读不了 {file}", f"cannot read {file}: {error.strerror}")) from None
    if len(value.strip()) < 16:
        raise SystemExit(
            _said(
                f"备份口令要有 16 个字以上，放进 {KEY} 或 --key-file",
                f"a passphrase of 16 characters or more belongs in {KEY} or --key-file",
            )
        )
    return value.strip()


def _said(chinese: str, english: str) -> int:
    print(both(chinese, english), file=sys.stderr)
    return 2


def _back_up(options: argparse.Namespace) -> int:
    from bot.ports import StoreTrouble
    from storage.backup import back_up, forget_old
    from storage.copying import CopyError
    from storage.migrate import WrongRevisionError

    if options.new_key:
        if options.key_file is None:
            return _said("--new-key 要配 --key-file", "--new-key needs --key-file")
        _write_key(options.key_file)
    passphrase = passphrase_or_exit(options.key_file)
    settings = settings_or_exit(options.config)
    url, now = settings.storage.address().get_secret_value(), datetime.now(UTC)
    try:
        made = asyncio.run(back_up(url, options.to, passphrase, now, belongings_of(settings)))
    except (ConfigError, CopyError, WrongRevisionError, StoreTrouble, OSError) as error:
        _said("没有备份成功", f"no backup was made: {error}")
        return 1
    print(both("备份好了", "backed up") + f": {made} ({made.stat().st_size / 1e6:.1f} MB)")
    if options.keep is not None:
        for old in forget_old(options.to, now, timedelta(days=options.keep)):
            print(both("过期备份已删除", "out of date, deleted") + f": {old}")
    return 0


def belongings_of(settings: Settings) -> "Belongings":
    """The town's files, attachments, and identity keys: without these a restored town could write to nobody."""
    from storage.backup import Belongings

    given, path = keys_given(settings), key_file(settings)
    if given is None and path and path.exists():
        given = load_keys(settings)
    return Belongings(town_files(settings), settings.files_folder, given.text() if given else None)


def town_files(settings: Settings) -> list[Path]:
    """What describes the town besides its database. Secret files are not among them."""
    town = settings.town
    return [path for path in (settings.file, town.villages, town.roster, town.topics) if path and path.exists()]


def _write_key(file: Path) -> None:
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SystemExit(_said(f"{file} 已经有了", f"{file} exists already")) from None
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(secrets.token_urlsafe(32) + "\n")
    print(both(f"口令在 {file}，请另存一份在别处", f"the passphrase is in {file}: keep a copy of it elsewhere"))
