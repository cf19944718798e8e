"""`export`: a register, or all of them, as a file; who takes it and why is kept."""

import argparse
import asyncio
import getpass
import sys
from pathlib import Path
from typing import Any

from bot.commands.options import add_config, settings_or_exit


def add_command(commands: Any) -> None:
    parser = commands.add_parser("export", help="导出台账 / export a register as xlsx or csv")
    add_config(parser)
    add_period(parser)
    parser.add_argument("--register", required=True, help="台账名或 all（密件台账须指名）/ a register's name, or all")
    parser.add_argument("--why", required=True, help="用途，留痕 / what for; it is kept")
    parser.add_argument("--who", default=None, help="经手人（默认登录名）/ who takes it (default: the login name)")
    parser.add_argument("--out", type=Path, required=True, help="FILE.xlsx, FILE.csv")
    parser.set_defaults(do=_export)


def add_period(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--period", required=True, help="2026, 2026Q1, 2026-03")


def _export(options: argparse.Namespace) -> int:
    from bot.compose.office import export_registers
    from bot.config import ConfigError
    from bot.domain.periods import Period
    from bot.domain.sheets import REGISTERS, registers_named
    from storage.migrate import WrongRevisionError

    settings = settings_or_exit(options.config)
    try:
        registers, period = registers_named(options.register), Period.parse(options.period)
    except KeyError:
        known = "、".join(f"{register.id} {register.title}" for register in REGISTERS.values())
        print(f"没有这本台账 / no such register: {options.register}\n{known}、all", file=sys.stderr)
        return 2
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    who = options.who or getpass.getuser()
    try:
        sheets = asyncio.run(export_registers(settings, registers, period, options.out, who, options.why))
    except (ConfigError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    except (WrongRevisionError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    for sheet in sheets:
        print(f"{sheet.register.title} {sheet.period}: {len(sheet.rows) or '无记录'}")
    return 0
