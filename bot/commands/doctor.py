"""`doctor`: looks at token, webhook, database, clock, time zone, fonts, disk and permissions, and says the mend."""

import argparse
import asyncio
from typing import Any

from bot.commands.options import add_config, settings_or_exit

SIGNS = {"good": "✓", "weak": "!", "wrong": "✗"}


def add_command(commands: Any) -> None:
    parser = commands.add_parser("doctor", help="体检：逐项检查并说明办法 / check the installation and say the mends")
    add_config(parser)
    parser.set_defaults(do=lambda options: asyncio.run(_examine(options)))


async def _examine(options: argparse.Namespace) -> int:
    """Print each finding; 0 where nothing is wrong, else 1."""
    from bot.compose.doctor import Grade, examine
    from bot.config.mistakes import both

    settings = settings_or_exit(options.config)
    wrong = 0
    async for finding in examine(settings):
        wrong += finding.grade is Grade.WRONG
        print(f"{SIGNS[finding.grade]} {finding.what}", flush=True)
        if finding.mend:
            print(f"    办法 Mend: {finding.mend}")
    print(both(f"{wrong} 处要修", f"{wrong} to mend") if wrong else both("可以运行", "fit to run"))
    return 1 if wrong else 0
