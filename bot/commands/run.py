"""`run`: the bot on Telegram."""

import argparse
import asyncio
import sys
from typing import Any

from bot.commands.options import add_config, settings_or_exit, start_log


def add_command(commands: Any) -> None:
    parser = commands.add_parser("run", help="开机器人 / run the bot on Telegram")
    add_config(parser)
    parser.set_defaults(do=_run)


def _run(options: argparse.Namespace) -> int:
    from bot.compose.live import run_live
    from bot.config import ConfigError
    from bot.delivery import ChannelError
    from bot.ports import StoreTrouble
    from storage.migrate import WrongRevisionError

    settings = settings_or_exit(options.config)
    start_log(settings.log.level, settings.log.format)
    try:
        asyncio.run(run_live(settings))
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    except StoreTrouble as error:
        print(f"数据库打不开，请运行 python -m bot doctor / the database cannot be opened: {error}", file=sys.stderr)
        return 1
    except (WrongRevisionError, ChannelError, ExceptionGroup) as error:
        known = error.exceptions if isinstance(error, ExceptionGroup) else (error,)
        unknown = [each for each in known if not isinstance(each, WrongRevisionError | ChannelError)]
        if unknown:
            raise
        print(*known, sep="\n", file=sys.stderr)
        return 1
    return 0
