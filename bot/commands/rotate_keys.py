"""`rotate-keys`: a new key for what is kept of people; all is sealed anew while the bot goes on."""

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Any

from bot.commands.options import add_config, settings_or_exit
from bot.config.mistakes import both


def add_command(commands: Any) -> None:
    parser = commands.add_parser("rotate-keys", help="换身份密钥 / a new identity key, while the bot goes on")
    add_config(parser)
    parser.add_argument(
        "--make",
        type=Path,
        metavar="FILE",
        help="只生成密钥文件 / only write a keyring: new, or yours and one more",
    )
    parser.add_argument(
        "--forget-old", action="store_true", help="换完删掉旧密钥 / take the old keys out of the file at the end"
    )
    parser.set_defaults(do=_rotate)


def _rotate(options: argparse.Namespace) -> int:
    from bot.compose.rotation import CannotWriteKeysError, make_keyring, rotate
    from bot.config import ConfigError
    from bot.ports import StoreTrouble
    from storage.migrate import WrongRevisionError

    if options.make:
        return _make(options, make_keyring)
    settings = settings_or_exit(options.config)
    try:
        found = asyncio.run(rotate(settings, _told, forget_old=options.forget_old))
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    except CannotWriteKeysError:
        print(
            both(
                "密钥在环境变量里：先用 --make 文件 生成多一把的，每台机器都换上、重启，再运行一次",
                "the keys stand in the environment: --make FILE writes them and one more; put that into every "
                "machine's environment, restart, run this again",
            ),
            file=sys.stderr,
        )
        return 2
    except (StoreTrouble, WrongRevisionError, OSError) as error:
        print(both("没换完，再运行一次会接着换", f"broken off, call again to go on: {error}"), file=sys.stderr)
        return 1
    print(both(f"换好了，{found.rows} 条重新加密", f"done: {found.rows} sealed anew"))
    if found.broken:
        print(both(f"{found.broken} 条打不开，没有动", f"{found.broken} cannot be opened and were left as they are"))
    print(both("新密钥文件请另存一份", "keep a copy of the new key file"))
    return 1 if found.broken else 0


def _told(what: str, rows: int) -> None:
    if rows:
        print(f"  {what}: {rows}", flush=True)


def _make(options: argparse.Namespace, make: Any) -> int:
    settings = settings_or_exit(options.config) if options.config.exists() else None
    try:
        ring = make(settings, options.make)
    except OSError as error:
        print(both(f"写不了 {options.make}", f"cannot write it: {error.strerror}"), file=sys.stderr)
        return 1
    print(both(f"密钥 {ring.current} 在 {options.make}，另存一份在别处", "the keyring: keep a copy elsewhere"))
    return 0
