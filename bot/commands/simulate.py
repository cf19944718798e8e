"""`simulate`: a year of a town that does not exist, through the real bot, counted over again at its end."""

import argparse
import asyncio
import json
import logging
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.simulation.outcome import Outcome

CASES = 3000
FROM_OUTSIDE = ("XIANGYIN_STORAGE_PASSWORD",)
"""All that is taken from the environment: a simulated town shares nothing else with one that runs."""


def add_command(commands: Any) -> None:
    parser = commands.add_parser(
        "simulate", help="模拟样例镇的一年，再核对一遍 / a sample town's year through the real bot, then counted over"
    )
    parser.add_argument("--cases", type=int, default=CASES, help=f"多少件意见 / how many cases ({CASES})")
    parser.add_argument("--year", type=int, default=datetime.now().year, help="哪一年 / which year")  # noqa: DTZ005
    parser.add_argument("--seed", type=int, default=1, help="同一个数，同一年 / the same number, the same year")
    parser.add_argument(
        "--data", type=Path, help="放在哪个新文件夹（simulated-年份）/ the new folder for it (simulated-YEAR)"
    )
    parser.add_argument("--database", help="空的 postgresql:// 库，不用 SQLite / an empty PostgreSQL database instead")
    parser.add_argument("--json", action="store_true", help="结果给程序看 / the outcome for a program")
    parser.set_defaults(do=_simulate)


def _simulate(options: argparse.Namespace) -> int:
    from bot.compose.simulating import Plan, simulate, town_in
    from bot.config import ConfigError

    if options.cases < 1 or not 2004 <= options.year <= 9000:
        print("--cases ≥ 1，--year 2004–9000", file=sys.stderr)
        return 2
    logging.basicConfig(level=logging.ERROR)
    folder = options.data or Path(f"simulated-{options.year}")
    try:
        given = {name: os.environ[name] for name in FROM_OUTSIDE if name in os.environ}
        settings = town_in(folder, options.database, given)
        outcome = asyncio.run(simulate(settings, Plan(options.year, options.cases, options.seed), _progress))
    except FileExistsError as error:
        print(f"这里已经有数据了，换一个新的 / there is data already, name a new one: {error}", file=sys.stderr)
        return 2
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps(outcome.plain(), ensure_ascii=False))
    else:
        _print(outcome)
    return 1 if outcome.wrong else 0


def _progress(month: datetime) -> None:
    """On standard error, for who waits."""
    if sys.stderr.isatty():
        print(f"{month:%Y-%m} …", file=sys.stderr)


def _print(outcome: "Outcome") -> None:
    from bot.texts.catalogue import Catalogue

    for heading, rows in outcome.parts(Catalogue.load()):
        print(f"\n── {heading}")
        for name, value in rows:
            print(f"   {name}{' ' * max(1, 22 - _width(name))}{value}")
    print(f"\n核对：{outcome.events} 步经过、比率、台账 / {outcome.events} events, rates and registers counted over:")
    print("\n".join(outcome.wrong) or "都对得上 / all agree")
    for what, count in outcome.surprises.items():
        print(f"（{count} 次没照剧本 / not as scripted: {what}）")
    year, config = outcome.year, outcome.config
    print(
        f"\n接着看 / go on with:\n"
        f"  python -m bot rates  --config {config} --period {year}\n"
        f"  python -m bot export --config {config} --period {year} --register all --why 试看 --out {year}.xlsx\n"
        f"  python -m bot report --config {config} --period {year} --kind annual --out {year}.docx"
    )


def _width(text: str) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)
