"""`verify`: checks the hash chain of every history, of cases and of suggestions."""

import argparse
import asyncio
import sys
from typing import Any

from bot.commands.options import add_config, settings_or_exit


def add_command(commands: Any) -> None:
    parser = commands.add_parser("verify", help="查每件意见的经过有没有被改 / check that no history was changed")
    add_config(parser)
    parser.set_defaults(do=_verify)


def _verify(options: argparse.Namespace) -> int:
    from bot.compose.verify import verify
    from bot.config import ConfigError
    from storage.migrate import WrongRevisionError

    settings = settings_or_exit(options.config)
    try:
        cases, events, wrong = asyncio.run(verify(settings))
    except (ConfigError, WrongRevisionError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"查了 {cases} 件 {events} 步 / {cases} cases, {events} events")
    print("\n".join(wrong) or "都对得上 / every chain holds")
    return 1 if wrong else 0
