"""`rates`: response, resolution and satisfaction of a period, with the cases behind each where they are wanted."""

import argparse
import asyncio
import sys
from typing import TYPE_CHECKING, Any

from bot.commands.options import add_config, settings_or_exit

if TYPE_CHECKING:
    from bot.domain.rates import Rate, Rates

GROUPS = ("station", "deputy", "village", "topic", "month")


def add_command(commands: Any) -> None:
    parser = commands.add_parser("rates", help="答复率、解决率、满意率 / response, resolution and satisfaction rates")
    add_config(parser)
    parser.add_argument("--period", required=True, help="2026, 2026Q1, 2026-03")
    parser.add_argument("--by", choices=GROUPS, help="按什么分 / in groups of")
    parser.add_argument("--cases", action="store_true", help="列出编号 / list the cases behind each rate")
    parser.set_defaults(do=_rates)


def _rates(options: argparse.Namespace) -> int:
    from bot.compose.office import rates_of
    from bot.config import ConfigError
    from bot.domain.periods import Period
    from storage.migrate import WrongRevisionError

    settings = settings_or_exit(options.config)
    try:
        period = Period.parse(options.period)
        groups = asyncio.run(rates_of(settings, period, options.by))
    except (ConfigError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    except WrongRevisionError as error:
        print(error, file=sys.stderr)
        return 1
    for name, found in groups.items():
        print(f"{name or period.name}: {_line(found)}")
        if options.cases:
            _list(found)
    return 0


def _said(rate: "Rate") -> str:
    return "无记录" if rate.value is None else f"{rate.value:.1%}（{len(rate.hits)}/{len(rate.of)}）"


def _line(found: "Rates") -> str:
    rates = (("答复率", found.response), ("解决率", found.resolution), ("满意率", found.satisfaction))
    return "，".join(f"{name} {_said(rate)}" for name, rate in rates) + f"，未评价 {len(found.unrated)}"


def _list(found: "Rates") -> None:
    """Those that count, and those that do not."""
    for name, rate in (("答复", found.response), ("解决", found.resolution), ("满意", found.satisfaction)):
        missing = [number for number in rate.of if number not in set(rate.hits)]
        print(f"  {name} ✓ {' '.join(rate.hits) or '—'}")
        print(f"  {name} ✗ {' '.join(missing) or '—'}")
    print(f"  未评价 {' '.join(found.unrated) or '—'}")
