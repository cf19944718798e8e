"""`migrate`: creates the database or brings it up to this program."""

import argparse
import asyncio
import sys
from typing import Any

from bot.commands.options import add_config, settings_or_exit


def add_command(commands: Any) -> None:
    parser = commands.add_parser("migrate", help="建库或升级数据库 / create or upgrade the database")
    add_config(parser)
    parser.set_defaults(do=_migrate)


def _migrate(options: argparse.Namespace) -> int:
    from bot.ports import StoreTrouble
    from storage.migrate import WrongRevisionError, migrate

    settings = settings_or_exit(options.config)
    try:
        done = asyncio.run(migrate(settings.storage.address().get_secret_value()))
    except (WrongRevisionError, StoreTrouble) as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(done) if done else "数据库已是最新 / the database is up to date")
    return 0
